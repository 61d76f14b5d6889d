//! The native controller as one controller among others.

use super::{NativeController, SplitDecision};
use crate::controller::Control;
use crate::engine::SimTime;
use crate::plant::{Plant, ScheduledEvent};

impl Control for NativeController {
    type Parting = SplitDecision;

    fn begin(&mut self, plant: &mut Plant<'_>) {
        self.start(plant);
    }

    fn next_wake(&self) -> SimTime {
        self.ticks.next()
    }

    fn wake(&mut self, plant: &mut Plant<'_>) -> Option<SplitDecision> {
        self.ticks.advance();
        self.tick(plant)
    }

    fn postpones(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> bool {
        self.postponed(plant, event)
    }

    fn hear(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> Option<SplitDecision> {
        match event {
            ScheduledEvent::ControllerStops { effect } => {
                self.stop_controller(plant, effect.into());
            }
            ScheduledEvent::ControllerBack { effect } => self.controller_back(plant, effect.into()),
            ScheduledEvent::Promotes { effect } => self.promote(plant, effect.into()),
            ScheduledEvent::Answer {
                epoch,
                operator,
                request,
            } => return self.answered(plant, (epoch, operator, request)),
            ScheduledEvent::Due { epoch } if epoch == self.epoch => return self.due(plant),
            event if event.epoch() == Some(self.epoch) => self.go_on(plant, event),
            // What the rollout has moved on from is void.
            _ => {}
        }
        None
    }

    /// The largest group stays here, the others go on elsewhere.
    fn part<'p>(&mut self, plant: &mut Plant<'p>, split: SplitDecision) -> Vec<(Plant<'p>, Self)> {
        let mut groups = split.groups.into_iter();
        let first = groups.next().expect("there is at least one member");
        let mut parted = Vec::new();
        for group in groups {
            let mut plant = plant.clone();
            let mut other = self.part_with(plant.plan, group.members);
            other.apply(&mut plant, group.decision, &split.around);
            parted.push((plant, other));
        }
        self.apply(plant, first.decision, &split.around);
        parted
    }
}

impl NativeController {
    /// Goes on with what it has been waiting for.
    fn go_on(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) {
        match event {
            ScheduledEvent::FixReady { .. } => self.fix_ready(plant),
            ScheduledEvent::WaveDone { .. } => self.wave_done(plant),
            ScheduledEvent::Increment { .. } => self.next_increment(plant),
            ScheduledEvent::StepDone { .. } => self.step_done(plant),
            ScheduledEvent::StepReverted { .. } => self.step_reverted(plant),
            ScheduledEvent::RungEffective { rung, .. } => self.rung_effective(plant, rung),
            ScheduledEvent::Settled { .. } => self.seek_recovery(plant),
            ScheduledEvent::ServersObey { .. } => self.servers_obey(plant),
            ScheduledEvent::KillEffective { .. } => self.kill_effective(plant),
            _ => {}
        }
    }
}
