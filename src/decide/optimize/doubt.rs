//! What a strict reader doubts about a metric before it is compared.

use scenarios::adapter::Metric;
use sim_core::policy::gate::{Flaw, Reading};
use sim_core::policy::{Gate, gate::Relation};

/// Something wrong with a metric.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StageDoubt {
    /// The flaw by which the gate concludes.
    pub flaw: Flaw,
    /// The flaw in a word.
    pub word: &'static str,
    /// What was seen.
    pub detail: String,
}

/// Returns the reading as JavaScript takes it: whatever a value is, it compares as some number.
pub(super) fn plain_reading(metric: &Metric) -> Reading {
    match metric {
        Metric::Absent => Reading::flawed(Flaw::Missing),
        Metric::Number(value)
        | Metric::Other {
            compares_as: value, ..
        } => Reading::of(*value, 0),
    }
}

/// Returns the first doubt about `metric`; `runs` is how many runs it rests on, where the file says.
///
/// A count that the file does not give is not doubted: the least number is the policy's own, not the
/// document's.
pub(super) fn doubt(
    name: &str,
    metric: &Metric,
    gate: &Gate,
    runs: Option<f64>,
) -> Option<StageDoubt> {
    let doubt = |flaw, word, detail| Some(StageDoubt { flaw, word, detail });
    if let Some((flaw, word, what)) = no_number(metric, gate.breach.is == Relation::Above) {
        return doubt(flaw, word, format!("{name} is {what}"));
    }
    let runs = runs?;
    if runs < 1.0 || runs.is_nan() {
        return doubt(
            Flaw::ZeroDenominator,
            "zero-denominator",
            format!("{name} rests on {runs} runs"),
        );
    }
    if runs < gate.min_samples as f64 {
        let detail = format!(
            "{name} rests on {runs} runs; {} are needed",
            gate.min_samples
        );
        return doubt(Flaw::TooFew, "too-few", detail);
    }
    None
}

/// Why a metric is no number that could be judged: the flaw, the word for it, and what it is instead.
fn no_number(metric: &Metric, is_rate: bool) -> Option<(Flaw, &'static str, &str)> {
    Some(match metric {
        Metric::Absent => (Flaw::Missing, "missing", "not there"),
        Metric::Other { what, .. } => (Flaw::Nan, "not-a-number-type", what),
        Metric::Number(value) if value.is_nan() => (Flaw::Nan, "nan", "not a number"),
        // A rate that is infinite is a breach; an objective that is, is no measurement.
        Metric::Number(value) if value.is_infinite() && !is_rate => {
            (Flaw::Nan, "not-finite", "not finite")
        }
        Metric::Number(value) if *value < 0.0 && is_rate => {
            (Flaw::Nan, "negative", "a rate below zero")
        }
        Metric::Number(_) => return None,
    })
}
