//! What a gate read, as a sentence says it.

use sim_core::Event;
use sim_core::policy::gate::{Flaw, Limit, MeasureUnit, Population, Relation};
use sim_core::policy::{Gate, Judgement};

/// What a gate wrote to the history about one reading.
#[derive(Clone, Copy, Debug)]
pub struct Stated {
    /// What it said.
    pub judgement: Judgement,
    /// What was wrong with the data, if anything.
    pub flaw: Option<Flaw>,
    /// The value; it means nothing where the data had a flaw.
    pub value: f64,
    /// The limit that the value was compared with; not a number where what it refers to could not be read.
    pub limit: f64,
    /// On so many samples.
    pub samples: u64,
}

impl Stated {
    /// Returns the gate of a judgement, by its index in the policy, and what it stated.
    pub const fn of(event: &Event) -> Option<(u16, Self)> {
        let Event::Judged {
            gate,
            judgement,
            flaw,
            value,
            samples,
            limit,
        } = *event
        else {
            return None;
        };
        let stated = Self {
            judgement,
            flaw,
            value,
            limit,
            samples,
        };
        Some((gate, stated))
    }
}

/// Returns what `gate` read and what it is compared with, such as ``gate `errors` read 5.2 % on 312 samples (limit:
/// above 3 %)``; where the reading could not be compared, what was wrong with it.
pub fn read(gate: &Gate, stated: &Stated) -> String {
    let (id, limit, samples) = (&gate.id, limit(gate, stated.limit), stated.samples);
    match stated.flaw {
        Some(Flaw::TooFew) => format!(
            "gate `{id}` had {samples} of the {} samples that it asks for",
            gate.min_samples
        ),
        Some(flaw) => format!("gate `{id}` had {}", flaw_name(flaw)),
        None => format!(
            "gate `{id}` read {} on {samples} samples (limit: {limit})",
            figure(gate, stated.value)
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

/// What a gate calls a breach; where the limit is relative, also what that came to.
fn limit(gate: &Gate, resolved: f64) -> String {
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
    let relative = gate.breach.limit.refers_to().is_some();
    if relative && resolved.is_finite() {
        return format!("{relation} {bound}, here {}", figure(gate, resolved));
    }
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
    match gate.measure.unit() {
        MeasureUnit::Share => format!("{} %", plain(value * 100.0)),
        MeasureUnit::Milliseconds => format!("{} ms", plain(value)),
        MeasureUnit::PerHostHour | MeasureUnit::Number => plain(value),
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
    use super::*;

    #[test]
    fn a_relative_limit_is_told_with_what_it_came_to() {
        let mut gate: Gate = serde_json::from_value(serde_json::json!({
            "id": "errors", "signal": "errors", "measure": "ratio", "population": "canary", "over": "5m",
            "breach": {"is": "above", "limit": {"times": {"factor": 2.0, "of": "control"}}},
            "window": "instant", "min-samples": 0,
            "on": {"missing": "hold", "stale": "hold", "nan": "hold", "zero-denominator": "hold", "too-few": "hold"},
        }))
        .expect("it is a gate");
        let stated = |limit| Stated {
            judgement: Judgement::Breach,
            flaw: None,
            value: 0.052,
            limit,
            samples: 312,
        };
        let begin = "gate `errors` read 5.2 % on 312 samples (limit: above";
        for (limit, declared, end) in [
            (0.03, None, "2 times the control, here 3 %)"),
            (f64::NAN, None, "2 times the control)"),
            (0.04, Some(0.04), "4 %)"),
        ] {
            if let Some(declared) = declared {
                gate.breach.limit = Limit::Absolute(declared);
            }
            assert_eq!(read(&gate, &stated(limit)), format!("{begin} {end}"));
        }
    }

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
