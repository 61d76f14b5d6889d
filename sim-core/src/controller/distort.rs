//! What goes wrong with the evaluation itself: clocks, masked triggers, gates that are not asked.

use crate::effect::Change;
use crate::engine::SimTime;
use crate::policy::gate::Judgement;
use crate::world::World;

impl World<'_> {
    /// Returns what time it is for the one who measures the stage's windows.
    pub fn perceived(&self) -> SimTime {
        let mut perceived = self.now;
        for &index in &self.plan.effects.layers.evaluation {
            let Change::Clock {
                ahead,
                behind,
                rate,
            } = self.plan.effects[index].effect.change
            else {
                continue;
            };
            if self.conditions.strength(index, self.now) > 0.0 {
                let since = self.state.observed_since.unwrap_or(perceived);
                let seen = perceived.saturating_since(since).mul_f64(rate);
                perceived = since
                    .saturating_add(seen)
                    .saturating_add(ahead)
                    .saturating_sub(behind);
            }
        }
        perceived
    }

    /// Notes that a wrong clock makes a difference to whether the window is over.
    pub fn note_wrong_clock(&mut self, window_over: bool) {
        let Some(since) = self.state.observed_since else {
            return;
        };
        let stage = &self.plan.experiment.policy.stages[self.state.stage];
        if (self.now.saturating_since(since) >= stage.observe) != window_over {
            let clock = |change: &Change| matches!(change, Change::Clock { .. }).then_some(());
            let _ = self.conditions.evaluation_struck(self.now, clock);
        }
    }

    /// Whether nobody looks at the triggers of the stage.
    pub fn triggers_are_masked(&mut self) -> bool {
        let plan = self.plan;
        let id = &plan.experiment.policy.stages[self.state.stage].id;
        let masked = |change: &Change| match change {
            Change::MaskTriggers { stage } => {
                stage.as_ref().is_none_or(|stage| stage == id).then_some(())
            }
            _ => None,
        };
        let watches = plan.stages[self.state.stage]
            .watched
            .iter()
            .any(|watch| watch.trigger);
        watches
            && self
                .conditions
                .evaluation_struck(self.now, masked)
                .is_some()
    }

    /// Lets a gate pass that is not asked.
    pub fn pass_unasked(&mut self, gate: usize) {
        if self.plan.effects.layers.evaluation.is_empty()
            || self.gates[gate].judgement == Judgement::Pass
        {
            return;
        }
        let id = &self.plan.experiment.policy.gates[gate].id;
        let passed = |change: &Change| match change {
            Change::PassGates { gate } => gate.as_ref().is_none_or(|gate| gate == id).then_some(()),
            _ => None,
        };
        if self
            .conditions
            .evaluation_struck(self.now, passed)
            .is_some()
        {
            std::sync::Arc::make_mut(&mut self.gates)[gate].judgement = Judgement::Pass;
        }
    }
}
