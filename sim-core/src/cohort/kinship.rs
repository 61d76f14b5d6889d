//! Kinship: which policies can be played in one simulation.

use crate::engine::SimDuration;
use crate::policy::Policy;
use crate::policy::gate::{BadData, Comparison, Gate, Judgement, Limit, Measure, Relation, Window};

/// Returns what all members of a family share: the policy, with every number of its gates taken out.
///
/// Two policies are of one family where their keys are equal. What is left of a gate is what it is for: its name,
/// its signal and whose it is, its class, and the population that its limit refers to. Limits, windows, look-back
/// times, measures, least samples and dealings with bad data may differ.
#[must_use]
pub fn family_key(policy: &Policy) -> Policy {
    let mut key = policy.clone();
    key.gates = policy.gates.iter().map(role).collect();
    key
}

/// The gate with one and the same number for each of its own.
fn role(gate: &Gate) -> Gate {
    let limit = match gate.breach.limit.refers_to() {
        None => Limit::Absolute(0.0),
        Some(of) => Limit::Plus { margin: 0.0, of },
    };
    Gate {
        id: gate.id.clone(),
        signal: gate.signal.clone(),
        measure: Measure::Mean,
        population: gate.population,
        over: SimDuration::ZERO,
        breach: Comparison {
            is: Relation::Above,
            limit,
        },
        window: Window::Instant,
        min_samples: 0,
        on: BadData {
            missing: Judgement::Hold,
            stale: Judgement::Hold,
            nan: Judgement::Hold,
            zero_denominator: Judgement::Hold,
            too_few: Judgement::Hold,
        },
        class: gate.class.clone(),
    }
}
