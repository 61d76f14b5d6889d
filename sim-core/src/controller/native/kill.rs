//! The kill switch: thrown at once, effective when everybody obeys, or never.

use super::NativeController;
use super::rollback_progress::RollbackProgress;
use crate::effect::{Anchor, State};
use crate::history::{Event, Outcome};
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::RolloutPhase;

impl NativeController {
    /// Throws the switch. One that does nothing leaves the release where it is, to the end.
    pub(super) fn kill(&mut self, plant: &mut Plant<'_>) {
        self.epoch += 1;
        self.state.phase = RolloutPhase::Acting;
        self.rollback = RollbackProgress::beginning(plant.now());
        plant.record(Event::KillThrown);
        plant.anchor_first(Anchor::KillThrown, plant.now());
        self.enters(plant, State::Killed);
        plant.break_off();
        plant.note_exposure();
        if plant.switch_works() {
            let (delay, epoch) = (plant.switch_delay(self.attempt, 0), self.epoch);
            plant.schedule(
                delay,
                EventPriority::Command,
                ScheduledEvent::ServersObey { epoch },
            );
        }
    }

    /// The switch has reached the servers; it is effective when the last client has forgotten.
    pub(super) fn servers_obey(&mut self, plant: &mut Plant<'_>) {
        let last = plant.let_clients_forget(self.attempt);
        if last.is_zero() {
            self.kill_effective(plant);
        } else {
            let epoch = self.epoch;
            plant.schedule(
                last,
                EventPriority::World,
                ScheduledEvent::KillEffective { epoch },
            );
        }
    }

    /// The switch has reached every server and client.
    pub(super) fn kill_effective(&mut self, plant: &mut Plant<'_>) {
        self.switch_took_effect(plant);
        let switch = plant.plan.experiment.policy.kill_switch.as_ref();
        if switch.is_some_and(|switch| switch.cancels_pending) {
            plant.drain_queue(self.attempt);
        }
        self.end(plant, Outcome::Killed);
    }

    /// Nothing serves the feature any more.
    pub(super) fn switch_took_effect(&mut self, plant: &mut Plant<'_>) {
        plant.switch_took_effect();
        self.note_reverted(plant);
    }
}
