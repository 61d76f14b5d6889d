//! Outages of the controller: what waits for it, and what it has forgotten when it is back.

use crate::effect::{Anchor, Change, Memory};
use crate::engine::SimTime;
use crate::history::Event;
use crate::policy::Phase;
use crate::world::{Happening, Then, World};

impl World<'_> {
    /// The controller's own beat: an evaluation, unless the beat is lost.
    pub fn beat(&mut self) {
        let awake = !matches!(self.state.phase, Phase::Over);
        if self.stopped.is_some() {
            if awake {
                self.show_outage();
            }
            return;
        }
        if self.state.phase == Phase::Active && self.beat_is_lost() {
            return;
        }
        self.evaluate();
    }

    fn beat_is_lost(&mut self) -> bool {
        let beat = self.now.as_nanos() / self.plan.experiment.policy.evaluate_every.as_nanos();
        let lost = |change: &Change| match change {
            Change::SkipBeats { keep_every: None } => Some(()),
            Change::SkipBeats {
                keep_every: Some(every),
            } => (!beat.is_multiple_of(u64::from(*every))).then_some(()),
            _ => None,
        };
        self.conditions.evaluation_struck(self.now, lost).is_some()
    }

    /// The controller goes down for as long as the effect lasts.
    pub fn stop_controller(&mut self, index: usize) {
        let until = self.conditions.active_until(index, self.now);
        if self.stopped.is_none() {
            self.record(Event::ControllerStopped);
        }
        let until = until.unwrap_or(SimTime::MAX);
        self.stopped = self.stopped.max(Some(until));
        let effect = index as u16;
        let wait = until.saturating_since(self.now);
        self.plan_in(wait, Then::Fault, Happening::ControllerBack { effect });
    }

    /// Whether `happening` must wait until the controller is back; it is planned anew if so.
    pub fn postponed(&mut self, happening: Happening) -> bool {
        let Some(until) = self.stopped else {
            return false;
        };
        let controllers = match happening {
            Happening::WaveDone { epoch }
            | Happening::Increment { epoch }
            | Happening::Due { epoch }
            | Happening::StepDone { epoch }
            | Happening::StepReverted { epoch }
            | Happening::RungEffective { epoch, .. }
            | Happening::FixReady { epoch }
            | Happening::Answer { epoch, .. }
            | Happening::Settled { epoch } => epoch == self.epoch,
            _ => false,
        };
        if !controllers {
            return false;
        }
        self.note_exposure();
        if matches!(happening, Happening::StepReverted { .. }) {
            // The hosts are back, whether or not anybody is there to see it.
            self.note_reverted();
        }
        self.show_outage();
        let wait = until.saturating_since(self.now);
        self.plan_in(wait, Then::Command, happening);
        true
    }

    fn show_outage(&mut self) {
        let down = |change: &Change| matches!(change, Change::ControllerDown { .. }).then_some(());
        let _ = self.conditions.struck(self.now, down);
    }

    /// The controller is back, without what it has forgotten.
    pub fn controller_back(&mut self, index: usize) {
        if self.stopped.is_some_and(|until| until > self.now) {
            return;
        }
        self.stopped = None;
        let plan = self.plan;
        let Change::ControllerDown { forgets } = &plan.effects[index].effect.change else {
            return;
        };
        let forgot = forgets.len() as u16;
        self.record(Event::ControllerStarted { forgot });
        self.anchor_first(Anchor::ControllerBack, self.now);
        for memory in forgets {
            if self.forget(*memory) {
                self.conditions.faults.mark_manifested(index);
            }
        }
        let epoch = self.epoch;
        self.plan_in(
            crate::engine::SimDuration::ZERO,
            Then::Command,
            Happening::Due { epoch },
        );
    }

    /// Forgets one kind of thing; returns whether there was anything to forget.
    fn forget(&mut self, memory: Memory) -> bool {
        let active = self.state.phase == Phase::Active;
        match memory {
            Memory::Windows => {
                self.forget_windows(true);
                active
            }
            Memory::Timer if active && self.state.observed_since.is_some() => {
                self.begin_observation();
                true
            }
            Memory::Stage if active && self.state.stage > 0 => {
                self.shrink_to_stage(0);
                true
            }
            Memory::Retreat if self.state.phase == Phase::Acting => {
                self.shrink_to_stage(self.state.stage);
                true
            }
            Memory::Approval => {
                let any = self.people.approved || self.state.asked;
                self.people.approved = false;
                self.state.asked = false;
                any
            }
            Memory::Baseline => {
                let any = self.gates.iter().any(|gate| gate.baseline.is_some());
                for gate in std::sync::Arc::make_mut(&mut self.gates) {
                    gate.baseline = None;
                }
                any
            }
            Memory::Timer | Memory::Stage | Memory::Retreat => false,
        }
    }
}
