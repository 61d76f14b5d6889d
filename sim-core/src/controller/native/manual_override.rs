//! People who take matters into their own hands: a promotion by word of mouth, a fix instead of a rollback.

use super::NativeController;
use crate::effect::Change;
use crate::history::Event;
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::RolloutPhase;

impl NativeController {
    /// Somebody lets the stage go on, whatever its gates say.
    pub(super) fn promote(&mut self, plant: &mut Plant<'_>, index: usize) {
        if self.state.phase != RolloutPhase::Active || self.stopped.is_some() {
            return;
        }
        plant.conditions.faults.mark_manifested(index);
        plant.record(Event::Overruled {
            stage: self.state.stage as u16,
        });
        if self.state.stage + 1 == plant.plan.stages.len() {
            self.complete(plant);
        } else {
            self.advance(plant);
        }
    }

    /// Whether a mended version is waited for instead of a rollback; the wait begins if so.
    pub(super) fn fixes_forward(&mut self, plant: &mut Plant<'_>) -> bool {
        let fix = |change: &Change| match change {
            Change::FixForward { after, .. } => Some(*after),
            _ => None,
        };
        let Some(after) = plant.struck(fix) else {
            return false;
        };
        self.epoch += 1;
        self.state.phase = RolloutPhase::Acting;
        plant.break_off();
        plant.note_exposure();
        plant.record(Event::FixAwaited);
        let epoch = self.epoch;
        plant.schedule(
            after,
            EventPriority::Command,
            ScheduledEvent::FixReady { epoch },
        );
        true
    }

    /// The mended version takes the place of the bad one, and the rollout begins anew.
    pub(super) fn fix_ready(&mut self, plant: &mut Plant<'_>) {
        let works = |change: &Change| match change {
            Change::FixForward { works, .. } => Some(*works),
            _ => None,
        };
        if plant.conditions.said_at(plant.now(), works) == Some(true) {
            for index in 0..plant.plan.experiment.release.len() {
                plant.conditions.faults.cure(index, plant.now());
            }
        }
        self.recover(plant, false);
    }
}
