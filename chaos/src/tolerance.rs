//! Tolerance: what a policy is to withstand without breaking a promise.
//!
//! A promise that is broken by faults within the tolerance is a failure of the policy; one that is
//! broken by faults beyond it only shows where the policy ends.

use std::collections::BTreeSet;

use crate::catalogue::Injection;

/// The faults that a policy is to withstand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerance {
    beyond: BTreeSet<&'static str>,
}

/// Faults in which a part of the machinery does not do what it says, or somebody in charge does what
/// the policy forbids: no policy on paper withstands them.
const BEYOND: &[&str] = &[
    "controller.split_brain",
    "controller.evaluator_stopped",
    "controller.trigger_masked",
    "controller.verdict_race",
    "controller.skip_gate",
    "controller.config_reload",
    "actuation.stuck_hosts",
    "actuation.bad_target",
    "actuation.partial_rollback",
    "actuation.rollback_scales_wrong",
    "actuation.rollback_flap",
    "actuation.ack_lies",
    "actuation.same_content_bundle",
    "actuation.step_fails",
    "actuation.standby_absent",
    "human.override_advance",
    "human.fix_forward",
    "human.wrong_cohort",
    "human.typo_scope",
    "human.step_skipped",
    "human.fallback_misordered",
    "human.freeze",
    "human.repromotion_without_ack",
    "human.waiver_wrong",
    "defect.kill_switch_noop",
    "defect.stale_clients",
];

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            beyond: BEYOND.iter().copied().collect(),
        }
    }
}

impl Tolerance {
    /// Whether faults of this name are to be withstood.
    pub fn bears(&self, name: &str) -> bool {
        !self.beyond.contains(name)
    }

    /// Whether all of these are to be withstood.
    pub fn bears_all(&self, injections: &[Injection]) -> bool {
        injections.iter().all(|one| self.bears(one.fault.name()))
    }
}
