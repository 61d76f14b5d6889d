//! Kinship: which policies can be played in one simulation.

use crate::engine::SimDuration;
use crate::policy::Policy;
use crate::policy::gate::{BadData, Comparison, Gate, Limit, Measure, Relation, Window};

/// Returns what all members of a family share: the policy, with every number of its gates taken out.
///
/// Two policies are of one family where their keys are equal. What is left of a gate is what it is for: its name,
/// its signal and whose it is, its class, and the population that its limit refers to. Limits, windows, look-back
/// times, measures, least samples and dealings with bad data may differ.
#[must_use]
pub fn family_key(policy: &Policy) -> Policy {
    let mut key = policy.clone();
    let apart = |gate: &Gate| gate.with.is_some() || gate.already_red.is_some();
    if policy.gates.iter().any(apart) {
        // A gate that is joined with another one says something else beside each setting of that, and what is red at the
        // start is red by its limit.
        return key;
    }
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
        on: BadData::CLOSED,
        keep: Vec::new(),
        with: gate.with.clone(),
        lasting: None,
        already_red: None,
        class: gate.class.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::wedge;
    use crate::policy::Judgement;
    use crate::policy::gate::Population;

    #[track_caller]
    fn check(change: fn(&mut Gate), one_family: bool) {
        let policy = wedge().policy;
        let mut other = policy.clone();
        change(&mut other.gates[0]);
        assert_ne!(policy, other, "the change is one");
        assert_eq!(family_key(&policy) == family_key(&other), one_family);
    }

    #[test]
    fn members_differ_in_the_numbers_of_their_gates() {
        check(|gate| gate.breach.limit = Limit::Absolute(0.5), true);
        check(|gate| gate.breach.is = Relation::Below, true);
        check(|gate| gate.window = Window::Instant, true);
        check(|gate| gate.over = SimDuration::from_mins(9), true);
        check(|gate| gate.measure = Measure::Count, true);
        check(|gate| gate.min_samples += 1, true);
        check(|gate| gate.on.missing = Judgement::Pass, true);
    }

    #[test]
    fn members_have_gates_for_one_and_the_same_purpose() {
        check(|gate| gate.id += "-2", false);
        check(|gate| gate.signal += "-2", false);
        check(|gate| gate.population = Population::Fleet, false);
        check(|gate| gate.class = None, false);
        let relative = |gate: &mut Gate| {
            gate.breach.limit = Limit::Times {
                factor: 2.0,
                of: Population::Control,
            };
        };
        check(relative, false);
    }

    #[test]
    fn all_but_gates_is_the_same_in_a_family() {
        let policy = wedge().policy;
        let mut other = policy.clone();
        other.stages[0].observe = SimDuration::from_mins(1);
        assert_ne!(family_key(&policy), family_key(&other));
    }
}
