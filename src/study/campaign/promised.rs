//! Which promises a policy makes at all.

use sim_core::Experiment;
use sim_core::policy::Action;
use sim_core::telemetry::{Signal, SignalKind};

/// Whether the policy of `experiment` has what the promise `id` is about.
///
/// A promise that a policy cannot put to the test is no gap of a campaign: a policy without a kill
/// switch promises nothing about one.
pub fn promised(experiment: &Experiment, id: &str) -> bool {
    let policy = &experiment.policy;
    let acts = |wanted: fn(Action) -> bool| policy.classes.iter().any(|class| wanted(class.action));
    let enforced = policy.blast_radius.is_some_and(|radius| radius.enforced);
    let goes_back = enforced || acts(|action| matches!(action, Action::Rollback | Action::Kill));
    match id {
        "INV-ROLLBACK" | "INV-NOFALSE" => goes_back,
        "INV-GATE" => policy.stages.iter().any(|stage| !stage.criteria.is_empty()),
        "INV-CAUGHT" => experiment.telemetry.signals.iter().any(fails_plainly),
        "INV-TRIGGER" => acts(|action| action != Action::Record),
        "INV-KILL" => policy.kill_switch.is_some(),
        "INV-WAIVER" => !policy.waivers.is_empty(),
        "INV-RECOVER" => policy.recovery.is_some() && acts(|action| action > Action::StepBack),
        "INV-BLAST" => policy.blast_radius.is_some(),
        "INV-EVIDENCE" => policy.stages.iter().any(|stage| !stage.hold.is_empty()),
        "INV-PRE" => {
            let entry = policy.stages.iter().any(|stage| !stage.entry.is_empty());
            !policy.prerequisites.is_empty() || entry
        }
        "INV-APPROVAL" => policy.stages.iter().any(|stage| stage.approval.is_some()),
        "INV-PAUSE" => policy
            .stages
            .iter()
            .any(|stage| stage.pause_after_windows.is_some()),
        "INV-ORDER" => policy.rollback.steps.len() > 1 || policy.ladder.is_some(),
        "INV-SIGNOFF" => policy.classes.iter().any(|class| class.sign_off.is_some()),
        _ => true,
    }
}

/// Whether a release can fail so that users feel it plainly, as `INV-CAUGHT` understands it.
fn fails_plainly(signal: &Signal) -> bool {
    let plain = match signal.kind {
        SignalKind::Ratio { .. } | SignalKind::RatioOfRuns { .. } => true,
        SignalKind::Count { per_host_hour, .. } => per_host_hour == 0.0,
        SignalKind::Gauge { .. }
        | SignalKind::Latency { .. }
        | SignalKind::Heartbeat { .. }
        | SignalKind::Updates => false,
    };
    signal.harms_users && plain
}
