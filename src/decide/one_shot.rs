//! A gate that is judged once.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::{Firing, Limit, Reading, Tracker, Window};
use sim_core::policy::{Gate, Judgement};

/// What a gate says about one reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GateAnswer {
    /// The judgement.
    pub judgement: Judgement,
    /// Whether the gate fires; one look is all there is, so the window is an instant.
    pub fired: bool,
    /// The limit that the value was compared with; NaN where there is none.
    pub limit: f64,
}

/// Judges a gate on one reading. `reference` is what a relative limit refers to.
///
/// A window that is longer than an instant cannot be seen in one look; the gate is judged as if its
/// breach had lasted.
pub fn judge_once(gate: &Gate, reading: Reading, reference: Option<Reading>) -> GateAnswer {
    let judged = gate.judge(reading, reference);
    let judgement = judged.judgement;
    let mut tracker = Tracker::new(Window::Instant, SimDuration::ZERO);
    let firing = tracker.observe(SimTime::ZERO, judgement, (reading, None), &gate.breach);
    GateAnswer {
        judgement,
        fired: firing == Firing::Fired,
        limit: judged.limit.unwrap_or(f64::NAN),
    }
}

/// Returns the gate with `number` as its limit, its margin or its factor.
pub fn with_limit(gate: &Gate, number: f64) -> Gate {
    let mut gate = gate.clone();
    gate.breach.limit = match gate.breach.limit {
        Limit::Absolute(_) => Limit::Absolute(number),
        Limit::Plus { of, .. } => Limit::Plus { margin: number, of },
        Limit::Times { of, .. } => Limit::Times { factor: number, of },
    };
    gate
}
