//! Which faults a policy is to withstand, and up to which size.

use std::collections::BTreeMap;

use sim_core::Experiment;
use sim_core::operator::EvidenceChange;
use sim_core::policy::Policy;

use super::Bound;
use crate::catalogue::{Entry, Injection};
use crate::generator::Knob;

/// The faults that a policy is to withstand.
#[derive(Clone, Debug, PartialEq)]
pub struct Tolerance {
    /// The faults that are not to be withstood whatever their size, with the sizes up to which they are.
    bounds: BTreeMap<&'static str, Bound>,
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
    "defect.kill_switch_noop",
    "defect.stale_clients",
];

impl Default for Tolerance {
    fn default() -> Self {
        Self {
            bounds: BEYOND.iter().map(|name| (*name, Bound::None)).collect(),
        }
    }
}

impl Tolerance {
    /// Returns the usual tolerance with what `policy` declares; what cannot be read changes nothing, for
    /// files are checked.
    pub fn of(policy: &Policy) -> Self {
        let mut tolerance = Self::default();
        for (name, text) in &policy.tolerance {
            if let (Some(entry), Ok(bound)) = (Entry::of(name), Bound::read(text, name)) {
                tolerance.bounds.insert(entry.name, bound);
            }
        }
        tolerance
    }

    /// Returns the same with faults of these names taken in whatever their size, and others left out; names
    /// that the catalogue does not have change nothing.
    #[must_use]
    pub fn with(mut self, withstands: &[String], beyond: &[String]) -> Self {
        for (names, bound) in [(withstands, Bound::Any), (beyond, Bound::None)] {
            let entries = names.iter().filter_map(|name| Entry::of(name));
            self.bounds.extend(entries.map(|entry| (entry.name, bound)));
        }
        self
    }

    fn bound(&self, name: &str) -> Bound {
        self.bounds.get(name).copied().unwrap_or(Bound::Any)
    }

    /// Returns the faults that are to be withstood up to a size, each with that size.
    pub fn sizes(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        self.bounds.iter().filter_map(|(name, bound)| match bound {
            Bound::AtMost(most) => Some((*name, *most)),
            Bound::Any | Bound::None => None,
        })
    }

    /// Whether faults of this name are to be withstood, of some size at least.
    pub fn bears(&self, name: &str) -> bool {
        self.bound(name) != Bound::None
    }

    /// Returns the fault at the largest size that is to be withstood, where it is larger than that.
    pub fn limited(&self, injection: Injection) -> Injection {
        let name = injection.fault.name();
        match self.bound(name) {
            Bound::AtMost(most) if Knob::of(name).size(&injection) > most => Knob::of(name)
                .resized(&injection, most)
                .unwrap_or(injection),
            _ => injection,
        }
    }

    /// Whether all of these are to be withstood by the policy of `experiment`.
    pub fn bears_all(&self, injections: &[Injection], experiment: &Experiment) -> bool {
        injections.iter().all(|one| {
            let lowered = one.lower(experiment);
            let evidence = lowered.map_or(Vec::new(), |lowered| lowered.evidence);
            let expected = |change: &EvidenceChange| is_looked_at(change, experiment);
            let name = one.fault.name();
            self.bound(name).bears(Knob::of(name).size(one)) && evidence.iter().all(expected)
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
    use crate::catalogue::ENTRIES;
    use crate::catalogue::tests::ground::Ground;

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

    #[test]
    fn a_policy_declares_up_to_which_size_it_withstands_a_fault() {
        let mut experiment = Ground::Good.experiment();
        let declared = [
            ("controller.failover", "<= 12s"),
            ("actuation.cmd_loss", "<= 0.6"),
        ];
        let text = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        experiment.policy.tolerance = declared.map(text).into();
        let tolerance = Tolerance::of(&experiment.policy);
        let check = |name: &str, size: f64, expect: bool| {
            let fault = Injection::of(Entry::of(name).expect("a fault of the catalogue"));
            let sized = Knob::of(name)
                .resized(&fault, size)
                .expect("a size that it can have");
            assert_eq!(Knob::of(name).size(&sized), size, "{name}");
            let bears = tolerance.bears_all(std::slice::from_ref(&sized), &experiment);
            assert_eq!(bears, expect, "{name} at {size}");
            let limited = tolerance.limited(sized.clone());
            assert!(
                tolerance.bears_all(std::slice::from_ref(&limited), &experiment),
                "{limited:?}"
            );
            assert_eq!(limited == sized, expect, "{limited:?}");
        };
        check("controller.failover", 12.0, true);
        check("controller.failover", 12.5, false);
        check("actuation.cmd_loss", 0.6, true);
        check("actuation.cmd_loss", 0.61, false);
        assert!(
            !tolerance.bears("controller.crash"),
            "what nobody mentions stays as it was"
        );
    }
}
