//! What a gate read, as a sentence says it.

use sim_core::policy::gate::{Flaw, Limit, Measure, Population, Relation};
use sim_core::policy::{Gate, Judgement};

/// Returns what `gate` read and what it is compared with, such as ``gate `errors` read 5.2 % on 312 samples (limit:
/// above 3 %)``; where the reading could not be compared, what was wrong with it.
pub fn read(gate: &Gate, value: f64, samples: u64, flaw: Option<Flaw>) -> String {
    let (id, limit) = (&gate.id, limit(gate));
    match flaw {
        Some(Flaw::TooFew) => format!(
            "gate `{id}` had {samples} of the {} samples that it asks for",
            gate.min_samples
        ),
        Some(flaw) => format!("gate `{id}` had {}", flaw_name(flaw)),
        None => format!(
            "gate `{id}` read {} on {samples} samples (limit: {limit})",
            figure(gate, value)
        ),
    }
}

/// Returns what a gate said, in a word.
pub const fn said(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Pass => "passed",
        Judgement::Hold => "held",
        Judgement::Error => "erred",
        Judgement::Breach => "breached",
    }
}

/// Returns what was wrong with data.
pub const fn flaw_name(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Missing => "no data",
        Flaw::Stale => "stale data",
        Flaw::Nan => "data that are not a number",
        Flaw::ZeroDenominator => "a denominator of zero",
        Flaw::TooFew => "too few samples",
    }
}

fn limit(gate: &Gate) -> String {
    let relation = match gate.breach.is {
        Relation::Above => "above",
        Relation::AtLeast => "at least",
        Relation::Below => "below",
        Relation::AtMost => "at most",
    };
    let bound = match gate.breach.limit {
        Limit::Absolute(limit) => figure(gate, limit),
        Limit::Times { factor, of } => format!("{} times {}", plain(factor), who(of)),
        Limit::Plus { margin, of } => format!("{} more than {}", figure(gate, margin), who(of)),
    };
    format!("{relation} {bound}")
}

const fn who(population: Population) -> &'static str {
    match population {
        Population::Canary => "the canary",
        Population::Control => "the control",
        Population::Fleet => "the fleet",
        Population::CanaryBaseline => "the canary's baseline",
    }
}

/// A value in the unit of what the gate measures.
fn figure(gate: &Gate, value: f64) -> String {
    match gate.measure {
        Measure::Ratio => format!("{} %", plain(value * 100.0)),
        Measure::Quantile(_) => format!("{} ms", plain(value)),
        _ => plain(value),
    }
}

/// Three significant figures, without zeros that say nothing.
fn plain(value: f64) -> String {
    let size = value.abs();
    let places: usize = match size {
        size if size >= 100.0 || size == 0.0 || !size.is_finite() => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.1 => 3,
        size if size >= 0.01 => 4,
        _ => 5,
    };
    let text = format!("{value:.places$}");
    if places == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_figure_has_three_digits_that_count() {
        for (value, text) in [
            (0.0, "0"),
            (0.2, "0.2"),
            (5.0, "5"),
            (51.987, "52"),
            (1_234.56, "1235"),
            (0.012_34, "0.0123"),
        ] {
            assert_eq!(plain(value), text);
        }
    }
}
