//! Boundary values: right below, at and right above every limit, and right before, at and right after
//! the end of every window.

use serde_json::json;
use sim_core::Seed;
use sim_core::effect::{Anchor, Course};
use sim_core::engine::SimDuration;
use sim_core::policy::Gate;
use sim_core::policy::gate::Limit;

use super::FaultSpace;
use super::driver::{fault, named};
use super::single_fault::healed;
use crate::catalogue::Injection;
use crate::rehearsal::Rehearsal;

/// Every number and window of the policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Boundary;

/// By how much a value is right below or above a limit, as a part of it.
const NEXT_TO: f64 = 5e-4;
/// The values around a limit.
const VALUES: [f64; 3] = [1.0 - NEXT_TO, 1.0, 1.0 + NEXT_TO];
/// By how many times the release is worse, so that the value is rounded to the limit and not to zero or
/// to twice the limit; a gate's normal value is not known here.
const LIFTS: [f64; 12] = [
    1.0, 1.5, 2.2, 3.3, 5.0, 7.5, 11.0, 17.0, 25.0, 38.0, 57.0, 85.0,
];
/// How much longer or shorter than a window a regression lasts, in seconds.
const OFF: [i64; 3] = [-1, 0, 1];

impl Boundary {
    /// Returns how many rehearsals there are.
    pub fn count(self, space: &FaultSpace) -> u64 {
        let values = limits(space).len() * VALUES.len() * LIFTS.len();
        (values + lengths(space).len()) as u64
    }

    /// Returns rehearsal `number` of [`Boundary::count`].
    pub fn rehearsal(self, space: &FaultSpace, number: u64, seed: Seed) -> Rehearsal {
        let limits = limits(space);
        let values = limits.len() * VALUES.len() * LIFTS.len();
        let number = number as usize % (self.count(space).max(1) as usize);
        let mut injections = if number < values {
            let (gate, limit) = limits[number % limits.len()];
            let rest = number / limits.len();
            at_value(
                gate,
                limit * VALUES[rest % VALUES.len()],
                LIFTS[rest / VALUES.len()],
            )
        } else {
            let lengths = lengths(space);
            let (gate, lasts) = lengths.get(number - values).copied().unzip();
            gate.zip(lasts)
                .map_or(Vec::new(), |(gate, lasts)| for_so_long(gate, lasts))
        };
        injections.retain(|one| one.lower(&space.experiment).is_ok());
        healed(space, &mut injections);
        Rehearsal {
            experiment: space.experiment.clone(),
            injections,
            seed,
        }
    }
}

/// The gates that compare with a number of their own.
fn limits(space: &FaultSpace) -> Vec<(&Gate, f64)> {
    let gates = space.experiment.policy.gates.iter();
    let absolute = |gate: &'_ Gate| match gate.breach.limit {
        Limit::Absolute(limit) if limit > 0.0 => Some(limit),
        _ => None,
    };
    gates
        .filter_map(|gate| Some((gate, absolute(gate)?)))
        .collect()
}

/// For each trigger, how long a regression lasts that just fills its look-back, or just does not.
fn lengths(space: &FaultSpace) -> Vec<(&Gate, SimDuration)> {
    let gates = space.experiment.policy.gates.iter();
    let triggers = gates.filter(|gate| gate.class.is_some());
    let around = |gate| {
        let whole = span(space, gate);
        OFF.map(|off| {
            let second = SimDuration::from_secs(off.unsigned_abs());
            let length = if off < 0 {
                whole.saturating_sub(second)
            } else {
                whole.saturating_add(second)
            };
            (gate, length)
        })
    };
    triggers.flat_map(around).collect()
}

/// The look-back of a gate and the time for which it must be breached.
fn span(space: &FaultSpace, gate: &Gate) -> SimDuration {
    let beat = space.experiment.policy.evaluate_every;
    let run = gate.window.run_length(beat).unwrap_or(SimDuration::ZERO);
    // Each evaluation in a row stands for the time until the next.
    let last = if gate.window.counts_evaluations() {
        beat
    } else {
        SimDuration::ZERO
    };
    run.saturating_add(last).max(gate.over).max(beat)
}

/// A release that is worse by `lift`, read in steps of `value`.
fn at_value(gate: &Gate, value: f64, lift: f64) -> Vec<Injection> {
    let signal = json!(gate.signal);
    let at = Some(Course {
        from: Anchor::FirstExposure,
        ..Course::default()
    });
    let worse = [("signal", signal.clone()), ("by", json!({ "times": lift }))];
    let read = [("signal", signal), ("step", json!(value))];
    let worse = fault("version.step", &worse).map(|fault| named("release", fault, at));
    let read = fault("telemetry.quantise", &read).map(|fault| named("read in steps", fault, at));
    worse.into_iter().chain(read).collect()
}

/// A release that is much worse for so long.
fn for_so_long(gate: &Gate, lasts: SimDuration) -> Vec<Injection> {
    let worse = [
        ("signal", json!(gate.signal)),
        ("by", json!({ "times": 30.0 })),
    ];
    let at = Some(Course {
        from: Anchor::FirstExposure,
        after: SimDuration::from_mins(2),
        lasts: Some(lasts),
        ..Course::default()
    });
    let worse = fault("version.step", &worse).map(|fault| named("release", fault, at));
    worse.into_iter().collect()
}
