//! What a gate said last, as the reason of what came of a rollout.

use reports::{gate_breach, gate_figure};
use sim_core::policy::gate::{Flaw, Gate, Judgement, Limit, Relation};

use super::causes::samples;

/// What a gate said last.
#[derive(Clone, Copy, Debug)]
pub(super) struct SaidCause {
    pub judgement: Judgement,
    pub flaw: Option<Flaw>,
    pub value: f64,
    pub samples: u64,
    /// The stage in which it was said.
    pub stage: Option<u16>,
}

/// Why a gate fired, and what would have kept it from firing.
pub(super) fn fired(gate: &Gate, said: SaidCause) -> (String, String) {
    if let Some(flaw) = said.flaw {
        let what = format!("fired on bad data: {}", flawed(gate, flaw, said.samples));
        return (what, String::new());
    }
    let value = gate_figure(gate, said.value);
    let enough = match (gate.breach.is, gate.breach.limit) {
        (Relation::Above | Relation::AtLeast, Limit::Absolute(_)) => {
            format!("; a limit beyond {value} would not have fired there")
        }
        (Relation::Below | Relation::AtMost, Limit::Absolute(_)) => {
            format!("; a limit under {value} would not have fired there")
        }
        _ => String::new(),
    };
    let samples = samples(said.samples);
    let what = format!("read {value} on {samples} ({})", gate_breach(gate));
    (what, enough)
}

/// Why a gate did not fire, and what would have made it fire.
pub(super) fn missed(gate: &Gate, said: SaidCause) -> (String, String) {
    if let Some(flaw) = said.flaw {
        let what = format!("could not judge: {}", flawed(gate, flaw, said.samples));
        return (what, String::new());
    }
    let value = gate_figure(gate, said.value);
    let enough = match (said.judgement, gate.breach.limit) {
        (Judgement::Breach, _) => "; its window was not full".to_owned(),
        (_, Limit::Absolute(_)) if gate.breach.nearness(said.value) > 0.0 => {
            format!("; a limit short of {value} would have been breached")
        }
        _ => String::new(),
    };
    let samples = samples(said.samples);
    let what = format!(
        "came closest: it read {value} on {samples} ({})",
        gate_breach(gate)
    );
    (what, enough)
}

/// Why a criterion does not let a stage be left.
pub(super) fn held(gate: &Gate, said: SaidCause) -> String {
    match said.flaw {
        Some(flaw) => format!("could not be judged: {}", flawed(gate, flaw, said.samples)),
        None => format!(
            "read {} on {} ({})",
            gate_figure(gate, said.value),
            samples(said.samples),
            gate_breach(gate)
        ),
    }
}

fn flawed(gate: &Gate, flaw: Flaw, had: u64) -> String {
    match flaw {
        Flaw::Missing => "there were no data".to_owned(),
        Flaw::Stale => "the data were too old".to_owned(),
        Flaw::Nan => "the value was not a number".to_owned(),
        Flaw::ZeroDenominator => "the denominator was zero".to_owned(),
        Flaw::TooFew => format!("{} where {} are asked for", samples(had), gate.min_samples),
    }
}
