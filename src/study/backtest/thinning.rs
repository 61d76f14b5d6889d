//! Which signals a canary would have seen a part of.

use reports::UnthinnedSignal;
use sim_core::engine::Share;
use sim_core::policy::gate::{Gate, Population};
use sim_core::policy::{Policy, Stage};
use sim_core::telemetry::Dealt;

use super::recorded_signal::RecordedSignal;
use super::recordings::Wishes;

pub(super) fn dealing(wishes: &Wishes) -> String {
    format!(
        "each recorded request reached the canary with the canary's share of the traffic at that time \
         (exact binomial thinning, seed {}); what it did not see, the old version did",
        wishes.seed
    )
}

/// Returns the gates of `signal` that look at a part of the fleet, with the least share in which they do.
fn partial<'p>(policy: &'p Policy, signal: &'p str) -> impl Iterator<Item = &'p Gate> {
    let part = |gate: &&Gate| {
        let own = [Some(gate.population), gate.breach.limit.refers_to()];
        own.into_iter().flatten().any(|it| it != Population::Fleet)
    };
    let used = |gate: &&Gate| {
        let here =
            |stage: &Stage| stage.criteria.contains(&gate.id) || stage.triggers.contains(&gate.id);
        let mut stages = policy.stages.iter().filter(|stage| here(stage));
        stages.any(|stage| stage.target < Share::ONE)
    };
    let gates = policy
        .gates
        .iter()
        .filter(move |gate| gate.signal == signal);
    gates.filter(part).filter(used)
}

pub(super) fn is_dealt(policy: &Policy, tapes: &[RecordedSignal]) -> bool {
    let dealt = |tape: &&RecordedSignal| tape.recording.dealt != Dealt::Whole;
    let mut tapes = tapes.iter().filter(dealt);
    tapes.any(|tape| partial(policy, &tape.signal).next().is_some())
}

/// Returns the signals of which a gate sees the whole fleet's values where it would have seen the canary's.
pub(super) fn unthinned(policy: &Policy, tapes: &[RecordedSignal]) -> Vec<UnthinnedSignal> {
    let of = |tape: &RecordedSignal| {
        let why = tape.unthinned?;
        let gates: Vec<_> = partial(policy, &tape.signal)
            .map(|gate| gate.id.clone())
            .collect();
        (!gates.is_empty()).then(|| UnthinnedSignal {
            signal: tape.signal.clone(),
            why: why.to_owned(),
            gates,
        })
    };
    tapes.iter().filter_map(of).collect()
}
