//! Standing still, going one stage back, and going on again.

use super::NativeController;
use crate::effect::{Anchor, State};
use crate::engine::SimDuration;
use crate::fleet::Toward;
use crate::history::{Event, Outcome, PauseReason, Request};
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::RolloutPhase;

impl NativeController {
    /// Stands still for good, unless somebody lets the rollout go on.
    pub(super) fn pause(&mut self, plant: &mut Plant<'_>, why: PauseReason) {
        let stage = self.state.stage as u16;
        plant.record(Event::Paused { stage, why });
        plant.anchor_first(Anchor::Paused, plant.now());
        self.enters(plant, State::Paused);
        self.end(plant, Outcome::Paused);
    }

    /// Returns to the stage before; the hosts that it does not need return to the old version.
    pub(super) fn step_back(&mut self, plant: &mut Plant<'_>, class: usize) {
        let from = self.state.stage;
        plant.record(Event::SteppedBack { from: from as u16 });
        self.state.step_backs += 1;
        self.forget_windows(plant, true);
        self.shrink_to_stage(plant, from - 1);
        self.await_sign_off(plant, class);
    }

    /// Plays `stage` again from above: what is exposed beyond it returns to the old version.
    pub(super) fn shrink_to_stage(&mut self, plant: &mut Plant<'_>, stage: usize) {
        plant.break_off();
        plant.note_exposure();
        self.set_stage(plant, stage);
        let surplus = plant.committed().saturating_sub(self.target_units);
        if surplus == 0 {
            self.next_increment(plant);
            return;
        }
        let plan = plant.plan;
        let update = &plan.experiment.fleet.update;
        let done = ScheduledEvent::WaveDone { epoch: self.epoch };
        plant.begin_wave(Toward::Old, surplus, update, done);
    }

    /// A trigger made the rollout stand still; a sign-off lets it go on, without one it ends.
    pub(super) fn pause_for(&mut self, plant: &mut Plant<'_>, class: usize) {
        if plant.plan.experiment.policy.classes[class]
            .sign_off
            .is_none()
        {
            self.pause(plant, PauseReason::Trigger);
            return;
        }
        plant.record(Event::Paused {
            stage: self.state.stage as u16,
            why: PauseReason::Trigger,
        });
        plant.anchor_first(Anchor::Paused, plant.now());
        self.enters(plant, State::Paused);
        self.forget_windows(plant, true);
        self.await_sign_off(plant, class);
    }

    /// Stands still until the class's role has signed off, where it names one.
    fn await_sign_off(&mut self, plant: &mut Plant<'_>, class: usize) {
        let plan = plant.plan;
        let Some(role) = &plan.experiment.policy.classes[class].sign_off else {
            return;
        };
        self.state.phase = RolloutPhase::Paused;
        plant.ending.stand_as(Outcome::Paused);
        let operator = plant.role(role);
        self.ask(plant, operator, Request::SignOff);
    }

    /// Goes on after a sign-off: the observation of the stage starts again.
    pub(super) fn resume(&mut self, plant: &mut Plant<'_>) {
        self.state.phase = RolloutPhase::Active;
        plant.ending.stand_as(Outcome::Unfinished);
        if self.state.observed_since.is_some() {
            self.begin_observation(plant);
        }
        let epoch = self.epoch;
        plant.schedule(
            SimDuration::ZERO,
            EventPriority::Command,
            ScheduledEvent::Due { epoch },
        );
    }
}
