//! Which promises a policy makes at all.

use sim_core::Experiment;

/// Whether the policy of `experiment` has what the promise `id` is about.
///
/// A promise that a policy cannot put to the test is no gap of a campaign: a policy without a kill
/// switch promises nothing about one.
pub fn promised(experiment: &Experiment, id: &str) -> bool {
    let policy = &experiment.policy;
    match id {
        "INV-KILL" => policy.kill_switch.is_some(),
        "INV-WAIVER" => !policy.waivers.is_empty(),
        "INV-RECOVER" => policy.recovery.is_some(),
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
