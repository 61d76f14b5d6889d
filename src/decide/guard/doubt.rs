//! What a strict reader doubts about a number before it is compared.

use sim_core::policy::Gate;
use sim_core::policy::gate::{Flaw, Reading};

use super::signals::{RateUnit, Signal};

/// Something wrong with a number or its limit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GuardDoubt {
    /// The flaw by which the gate concludes.
    pub flaw: Flaw,
    /// The flaw in a word.
    pub word: &'static str,
    /// What was seen.
    pub detail: String,
}

impl GuardDoubt {
    fn new(flaw: Flaw, word: &'static str, detail: String) -> Self {
        Self { flaw, word, detail }
    }
}

/// Returns the reading as the script takes it: a number is a number, whatever it rests on.
pub(super) fn plain_reading(signal: &Signal) -> Reading {
    signal
        .value
        .map_or(Reading::flawed(Flaw::Missing), |value| {
            Reading::of(value, 0)
        })
}

/// Returns the first doubt about `signal`; `p95` is the percentile that the other one contains.
///
/// A count of samples that the input does not give is not doubted: the least number is the
/// policy's own, not the document's.
pub(super) fn doubt(signal: &Signal, gate: &Gate, p95: f64) -> Option<GuardDoubt> {
    let name = signal.name;
    let Some(value) = signal.value else {
        let option = signal.option.unwrap_or("the number");
        let detail = format!("{name} was not measured; {option} gives it");
        return Some(GuardDoubt::new(Flaw::Missing, "missing", detail));
    };
    if value.is_nan() {
        return Some(GuardDoubt::new(
            Flaw::Nan,
            "nan",
            format!("{name} is not a number"),
        ));
    }
    if signal.limit.is_some_and(|limit| !limit.is_finite()) {
        let detail = format!("the limit of {name} is not a finite number");
        return Some(GuardDoubt::new(Flaw::Nan, "limit-not-finite", detail));
    }
    if value < 0.0 {
        let detail = format!("{name} is below zero, as after a counter reset");
        return Some(GuardDoubt::new(Flaw::Nan, "negative", detail));
    }
    if signal.gate == "latency_p99" && value < p95 {
        let detail = "p99 is below p95, which no distribution allows".to_owned();
        return Some(GuardDoubt::new(Flaw::Nan, "inconsistent", detail));
    }
    doubt_samples(signal, gate)
}

fn doubt_samples(signal: &Signal, gate: &Gate) -> Option<GuardDoubt> {
    let samples = signal.samples?;
    let what = match signal.unit {
        RateUnit::Latency => "requests",
        RateUnit::Rate => "finalized runs",
    };
    let detail = format!("{} rests on {samples} {what}", signal.name);
    if samples < 1.0 || samples.is_nan() {
        return Some(GuardDoubt::new(
            Flaw::ZeroDenominator,
            "zero-denominator",
            detail,
        ));
    }
    let few = samples < gate.min_samples as f64;
    few.then(|| {
        GuardDoubt::new(
            Flaw::TooFew,
            "too-few",
            format!("{detail}; {} are needed", gate.min_samples),
        )
    })
}
