//! Tolerance: what a policy is to withstand without breaking a promise.
//!
//! A promise that is broken by faults within the tolerance is a failure of the policy; one that is
//! broken by faults beyond it only shows where the policy ends.

use std::collections::BTreeSet;

use sim_core::Experiment;
use sim_core::operator::EvidenceChange;

use crate::catalogue::{ENTRIES, Injection};

/// The faults that a policy is to withstand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerance {
    beyond: BTreeSet<&'static str>,
}

/// Faults that no policy on paper withstands: a part of the machinery does not do what it says, somebody in
/// charge does what the policy forbids, or hosts come, go or stay as nobody told them to. A promise about
/// exposure, order or a deadline is then broken by the fault itself and not by a decision.
const BEYOND: &[&str] = &[
    "env.zone_loss",
    "env.host_crash",
    "env.restart_herd",
    "env.autoscale",
    "env.capacity_loss_in_rollback",
    "env.clock",
    "controller.crash",
    "controller.failover",
    "controller.shared_fate",
    "controller.split_brain",
    "controller.evaluator_stopped",
    "controller.evaluator_slow",
    "controller.trigger_masked",
    "controller.verdict_race",
    "controller.skip_gate",
    "controller.config_reload",
    "actuation.cmd_loss",
    "actuation.cmd_late",
    "actuation.cmd_dup",
    "actuation.cmd_reorder",
    "actuation.stuck_hosts",
    "actuation.slow_apply",
    "actuation.bad_target",
    "actuation.partial_rollback",
    "actuation.rollback_scales_wrong",
    "actuation.rollback_flap",
    "actuation.ack_lies",
    "actuation.quota",
    "actuation.kill_switch_slow",
    "actuation.same_content_bundle",
    "actuation.step_fails",
    "actuation.standby_absent",
    "human.waiver_wrong",
    "human.override_advance",
    "human.fix_forward",
    "human.wrong_cohort",
    "human.typo_scope",
    "human.step_skipped",
    "human.fallback_misordered",
    "human.shift_handover",
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
    /// Returns the usual tolerance with faults of these names taken in, and others left out; names that
    /// the catalogue does not have change nothing.
    #[must_use]
    pub fn with(mut self, withstands: &[String], beyond: &[String]) -> Self {
        for entry in ENTRIES {
            let named = |names: &[String]| names.iter().any(|name| name == entry.name);
            if named(withstands) {
                self.beyond.remove(entry.name);
            }
            if named(beyond) {
                self.beyond.insert(entry.name);
            }
        }
        self
    }

    /// Whether faults of this name are to be withstood.
    pub fn bears(&self, name: &str) -> bool {
        !self.beyond.contains(name)
    }

    /// Whether all of these are to be withstood by the policy of `experiment`.
    pub fn bears_all(&self, injections: &[Injection], experiment: &Experiment) -> bool {
        injections.iter().all(|one| {
            let lowered = one.lower(experiment);
            let evidence = lowered.map_or(Vec::new(), |lowered| lowered.evidence);
            let expected = |change: &EvidenceChange| is_looked_at(change, experiment);
            self.bears(one.fault.name()) && evidence.iter().all(expected)
        })
    }
}

/// Whether a policy that asks for a piece of evidence says that it looks at what is wrong with it.
///
/// That an artifact is there, can be read and says something is asked by whoever asks for it. How old it
/// may be and whether it must be green is the policy's own word; and what is flawed only later, when
/// nobody looks any more, is beyond it.
fn is_looked_at(change: &EvidenceChange, experiment: &Experiment) -> bool {
    let mut declared = experiment.policy.evidence.iter();
    let Some(rules) = declared.find(|known| known.id == change.evidence) else {
        return true;
    };
    let state = &change.state;
    let age = state.age.is_zero() || rules.max_age.is_some();
    let green = state.passes || rules.must_pass;
    change.from.is_zero() && age && green
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_beyond_the_tolerance_is_in_the_catalogue() {
        for name in BEYOND {
            assert!(ENTRIES.iter().any(|entry| entry.name == *name), "{name}");
        }
    }

    #[test]
    fn a_campaign_takes_faults_in_and_leaves_others_out() {
        let some = |name: &str| vec![name.to_owned()];
        let tolerance = Tolerance::default().with(&some("env.zone_loss"), &some("env.surge"));
        assert!(tolerance.bears("env.zone_loss"));
        assert!(!tolerance.bears("env.surge"));
        assert!(tolerance.bears("telemetry.nan"));
    }
}
