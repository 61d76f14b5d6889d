//! Outages of the controller: what waits for it, and what it has forgotten when it is back.

use super::{NativeController, SplitDecision};
use crate::effect::{Anchor, Change, Memory};
use crate::engine::{SimDuration, SimTime};
use crate::history::Event;
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::RolloutPhase;

impl NativeController {
    /// The controller's own beat: an evaluation, unless the beat is lost.
    pub(super) fn tick(&mut self, plant: &mut Plant<'_>) -> Option<SplitDecision> {
        let awake = !matches!(self.state.phase, RolloutPhase::Over);
        if self.stopped.is_some() {
            if awake {
                Self::show_outage(plant);
            }
            return None;
        }
        if self.state.phase == RolloutPhase::Active && Self::tick_is_lost(plant) {
            return None;
        }
        self.evaluate(plant)
    }

    fn tick_is_lost(plant: &mut Plant<'_>) -> bool {
        let beat = plant.now().as_nanos() / plant.plan.experiment.policy.evaluate_every.as_nanos();
        let lost = |change: &Change| match change {
            Change::SkipBeats { keep_every: None } => Some(()),
            Change::SkipBeats {
                keep_every: Some(every),
            } => (!beat.is_multiple_of(u64::from(*every))).then_some(()),
            _ => None,
        };
        plant.evaluation_struck(lost).is_some()
    }

    /// The controller goes down for as long as the effect lasts.
    pub(super) fn stop_controller(&mut self, plant: &mut Plant<'_>, index: usize) {
        let until = plant.conditions.active_until(index, plant.now());
        if self.stopped.is_none() {
            plant.record(Event::ControllerStopped);
        }
        let until = until.unwrap_or(SimTime::MAX);
        self.stopped = self.stopped.max(Some(until));
        let effect = index as u16;
        let wait = until.saturating_since(plant.now());
        plant.schedule(
            wait,
            EventPriority::Fault,
            ScheduledEvent::ControllerBack { effect },
        );
    }

    /// Whether `event` must wait until the controller is back; it is planned anew if so.
    pub(super) fn postponed(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> bool {
        let Some(until) = self.stopped else {
            return false;
        };
        let controllers = match event {
            ScheduledEvent::WaveDone { epoch }
            | ScheduledEvent::Increment { epoch }
            | ScheduledEvent::Due { epoch }
            | ScheduledEvent::StepDone { epoch }
            | ScheduledEvent::StepReverted { epoch }
            | ScheduledEvent::RungEffective { epoch, .. }
            | ScheduledEvent::FixReady { epoch }
            | ScheduledEvent::Answer { epoch, .. }
            | ScheduledEvent::Settled { epoch } => epoch == self.epoch,
            _ => false,
        };
        if !controllers {
            return false;
        }
        plant.note_exposure();
        if matches!(event, ScheduledEvent::StepReverted { .. }) {
            // The hosts are back, whether or not anybody is there to see it.
            self.note_reverted(plant);
        }
        Self::show_outage(plant);
        let wait = until.saturating_since(plant.now());
        plant.schedule(wait, EventPriority::Command, event);
        true
    }

    fn show_outage(plant: &mut Plant<'_>) {
        let down = |change: &Change| matches!(change, Change::ControllerDown { .. }).then_some(());
        let _ = plant.struck(down);
    }

    /// The controller is back, without what it has forgotten.
    pub(super) fn controller_back(&mut self, plant: &mut Plant<'_>, index: usize) {
        if self.stopped.is_some_and(|until| until > plant.now()) {
            return;
        }
        self.stopped = None;
        let plan = plant.plan;
        let Change::ControllerDown { forgets } = &plan.effects[index].effect.change else {
            return;
        };
        let forgot = forgets.len() as u16;
        plant.record(Event::ControllerStarted { forgot });
        plant.anchor_first(Anchor::ControllerBack, plant.now());
        for memory in forgets {
            if self.forget(plant, *memory) {
                plant.conditions.faults.mark_manifested(index);
            }
        }
        let epoch = self.epoch;
        plant.schedule(
            SimDuration::ZERO,
            EventPriority::Command,
            ScheduledEvent::Due { epoch },
        );
    }

    /// Forgets one kind of thing; returns whether there was anything to forget.
    fn forget(&mut self, plant: &mut Plant<'_>, memory: Memory) -> bool {
        let active = self.state.phase == RolloutPhase::Active;
        match memory {
            Memory::Windows => {
                self.forget_windows(plant, true);
                active
            }
            Memory::Timer if active && self.state.observed_since.is_some() => {
                self.begin_observation(plant);
                true
            }
            Memory::Stage if active && self.state.stage > 0 => {
                self.shrink_to_stage(plant, 0);
                true
            }
            Memory::Retreat if self.state.phase == RolloutPhase::Acting => {
                self.shrink_to_stage(plant, self.state.stage);
                true
            }
            Memory::Approval => {
                let any = self.approved || self.state.asked.is_some();
                self.approved = false;
                self.state.asked = None;
                any
            }
            Memory::Baseline => self.bank.forget_baselines(),
            Memory::Timer | Memory::Stage | Memory::Retreat => false,
        }
    }
}
