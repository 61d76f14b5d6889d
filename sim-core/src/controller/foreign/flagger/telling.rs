//! What a tick did, told in the words of any rollout.

use controllers::flagger::policy::Strategy;
use controllers::flagger::{Asked, Event as Told, Tick};

use super::super::reader::called;
use super::super::teller::Teller;
use super::FlaggerController;
use crate::decider::Hook;
use crate::plant::Plant;
use crate::policy::Judgement;
use crate::policy::gate::Reading;

impl FlaggerController {
    /// What was read, and which of it failed the check: the last that was asked, for a failure ends the check.
    pub(super) fn tell_checks(
        &mut self,
        plant: &mut Plant<'_>,
        done: &Tick,
        seen: &[(usize, Reading)],
    ) {
        let is_failed = done.state.failed_checks > self.state.failed_checks;
        let failed = if is_failed { self.failed(done) } else { None };
        for (gate, reading) in seen {
            let judgement = if failed == Some(*gate) {
                Judgement::Breach
            } else {
                Judgement::Pass
            };
            Teller::judged(plant, *gate, judgement, *reading);
            let now = plant.now();
            if let Some(taken) = &mut self.taken {
                taken.push((now, *gate, *reading));
            }
        }
        if let Some(gate) = failed {
            if !seen.iter().any(|(known, _)| *known == gate) {
                Teller::judged(plant, gate, Judgement::Breach, called(false));
            }
            self.culprit = Some(gate);
        }
    }

    /// The gate of what failed a check.
    fn failed(&self, done: &Tick) -> Option<usize> {
        let metric = |index: &usize| {
            let probe = self.decider.probes.get(*index).and_then(Option::as_ref);
            probe.map(|probe| probe.gate)
        };
        let told = done.events.iter().find_map(|event| match event {
            Told::MetricFailed(index) => metric(index),
            _ => None,
        });
        told.or_else(|| match done.asked.last() {
            Some(Asked::Metric(index)) => metric(index),
            Some(Asked::Hook(index)) => self.gate_of_hook(*index),
            None => None,
        })
    }

    fn gate_of_hook(&self, index: usize) -> Option<usize> {
        match self.decider.hooks.get(index) {
            Some(Hook::Chance { gate, .. }) => *gate,
            _ => None,
        }
    }

    /// The release is noticed: the first stage is entered. One that sends nothing to the new version is there at once.
    pub(super) fn tell_beginning(&mut self, plant: &mut Plant<'_>) {
        self.teller.enter(plant, 0);
        if self.decider.weights.first() == Some(&0) {
            self.teller.converge(plant);
        }
    }

    /// A weight is set: the stage that stands for it is entered and reached.
    pub(super) fn tell_weight(&mut self, plant: &mut Plant<'_>, now: i64, weight: i64) {
        let ab = self.decider.policy.strategy() == Strategy::AbTesting;
        let mut stages = self.decider.weights.iter();
        let stage = if ab {
            Some(0)
        } else {
            stages.position(|known| *known == weight)
        };
        if let Some(stage) = stage {
            self.teller.enter(plant, stage as u16);
            self.expose(plant, now);
            self.teller.converge(plant);
        }
    }

    /// The release is given up: by failed checks, by a webhook that asks for it, or by pods that never came.
    pub(super) fn tell_rollback(&mut self, plant: &mut Plant<'_>, done: &Tick) {
        let by_checks = |event: &Told| matches!(event, Told::ThresholdReached(_));
        let gate = if done.events.iter().any(by_checks) {
            self.culprit
        } else {
            let mut asked = done.events.iter();
            asked.find_map(|event| match event {
                Told::HookPassed(index) => self.gate_of_hook(*index),
                _ => None,
            })
        };
        self.teller.roll_back(plant, gate.map(|gate| (gate, 0)));
    }
}
