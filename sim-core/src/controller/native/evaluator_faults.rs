//! What goes wrong with the evaluation itself: clocks, masked triggers, gates that are not asked.

use super::NativeController;
use crate::effect::Change;
use crate::engine::SimTime;
use crate::plant::Plant;
use crate::policy::gate::Judgement;

impl NativeController {
    /// Returns what time it is for the one who measures the stage's windows.
    pub(super) fn perceived(&self, plant: &Plant<'_>) -> SimTime {
        let mut perceived = plant.now();
        for &index in &plant.plan.effects.layers.evaluation {
            let Change::Clock {
                ahead,
                behind,
                rate,
            } = plant.plan.effects[index].effect.change
            else {
                continue;
            };
            if plant.conditions.strength(index, plant.now()) > 0.0 {
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
    pub(super) fn note_wrong_clock(&mut self, plant: &mut Plant<'_>, window_over: bool) {
        let Some(since) = self.state.observed_since else {
            return;
        };
        let stage = &plant.plan.experiment.policy.stages[self.state.stage];
        if (plant.now().saturating_since(since) >= stage.observe) != window_over {
            let clock = |change: &Change| matches!(change, Change::Clock { .. }).then_some(());
            let _ = plant.evaluation_struck(clock);
        }
    }

    /// Whether nobody looks at the triggers of the stage.
    pub(super) fn triggers_are_masked(&mut self, plant: &mut Plant<'_>) -> bool {
        let plan = plant.plan;
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
        watches && plant.evaluation_struck(masked).is_some()
    }

    /// Lets a gate pass that is not asked.
    pub(super) fn pass_unasked(&mut self, plant: &mut Plant<'_>, gate: usize) {
        if plant.plan.effects.layers.evaluation.is_empty()
            || self.bank.memory(gate).judgement == Judgement::Pass
        {
            return;
        }
        let id = &plant.plan.experiment.policy.gates[gate].id;
        let passed = |change: &Change| match change {
            Change::PassGates { gate } => gate.as_ref().is_none_or(|gate| gate == id).then_some(()),
            _ => None,
        };
        if plant.evaluation_struck(passed).is_some() {
            self.bank.memory_mut(gate).judgement = Judgement::Pass;
        }
    }
}
