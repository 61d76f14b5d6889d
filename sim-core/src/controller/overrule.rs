//! People who take matters into their own hands: a promotion by word of mouth, a fix instead of a rollback.

use crate::effect::Change;
use crate::history::Event;
use crate::policy::Phase;
use crate::world::{Happening, Then, World};

impl World<'_> {
    /// Somebody lets the stage go on, whatever its gates say.
    pub fn promote(&mut self, index: usize) {
        if self.state.phase != Phase::Active || self.stopped.is_some() {
            return;
        }
        self.conditions.faults.mark_manifested(index);
        self.record(Event::Overruled {
            stage: self.state.stage as u16,
        });
        if self.state.stage + 1 == self.plan.stages.len() {
            self.complete();
        } else {
            self.advance();
        }
    }

    /// Whether a mended version is waited for instead of a rollback; the wait begins if so.
    pub fn fixes_forward(&mut self) -> bool {
        let fix = |change: &Change| match change {
            Change::FixForward { after, .. } => Some(*after),
            _ => None,
        };
        let Some(after) = self.conditions.struck(self.now, fix) else {
            return false;
        };
        self.epoch += 1;
        self.state.phase = Phase::Acting;
        self.spread.break_off(self.now);
        self.note_exposure();
        self.record(Event::FixAwaited);
        let epoch = self.epoch;
        self.plan_in(after, Then::Command, Happening::FixReady { epoch });
        true
    }

    /// The mended version takes the place of the bad one, and the rollout begins anew.
    pub fn fix_ready(&mut self) {
        let works = |change: &Change| match change {
            Change::FixForward { works, .. } => Some(*works),
            _ => None,
        };
        if self.conditions.said_at(self.now, works) == Some(true) {
            for index in 0..self.plan.experiment.release.len() {
                self.conditions.faults.cure(index, self.now);
            }
        }
        self.recover(false);
    }
}
