//! A guard decides in the place of the gates.

use super::NativeController;
use crate::cohort::{EvaluationKind, Seen};
use crate::decider::{GateReading, GuardAnswer, GuardHandle, Question};
use crate::history::{Event, PauseReason};
use crate::plan::{Plan, StageGate};
use crate::plant::Plant;
use crate::policy::{Decision, GuardDecision, Observation};

impl NativeController {
    /// Asks the guard, and does what it says as far as the policy lets it: a promotion waits for the observation and the
    /// approval; too much exposure and flawed evidence come first.
    pub(super) fn decide_by(
        &mut self,
        plant: &mut Plant<'_>,
        guard: &GuardHandle,
        around: &Observation,
    ) {
        let answer = guard.0.decide(&self.question(plant, around));
        let seen = Seen {
            criteria_met: answer.decision == GuardDecision::Promote,
            fired: None,
        };
        let decision = self.decision(plant, seen, around);
        let overruled = matches!(decision, Decision::RollbackBlast | Decision::Act { .. });
        let acts = !overruled && answer.decision > GuardDecision::Hold;
        self.write_answer(plant, answer, acts || decision != Decision::Hold);
        if !acts {
            self.apply(plant, decision, around);
            return;
        }
        plant.catch_up();
        self.write_snapshot(plant);
        plant.note_action();
        match answer.decision {
            GuardDecision::Rollback => self.roll_back(plant, None),
            _ => self.pause(plant, PauseReason::Guard),
        }
    }

    /// Whether the guard is asked: at each evaluation, and once the stage has been observed for as long as it must be.
    pub(super) const fn asks_guard(kind: EvaluationKind) -> bool {
        kind.tick || kind.window_over
    }

    fn gate_reading(&self, plan: &Plan, gate: usize) -> GateReading {
        let memory = self.bank.memory(gate);
        let reading = memory.reading;
        let needed = plan.experiment.policy.gates[gate].min_samples;
        GateReading {
            gate,
            value: Some(reading.value).filter(|value| reading.noted.is_none() && value.is_finite()),
            samples: reading.samples,
            flaw: reading.flaw(needed),
            limit: memory.limit.filter(|limit| limit.is_finite()),
            judgement: memory.judgement,
            fires: memory.firing,
        }
    }

    fn question(&self, plant: &mut Plant<'_>, around: &Observation) -> Question {
        let plan = plant.plan;
        let read = |watch: &StageGate| self.gate_reading(plan, plan.members[0][watch.place]);
        Question {
            at: plant.now(),
            stage: self.state.stage,
            exposure: around.exposure,
            observed: self
                .state
                .observed_since
                .map(|since| around.now.saturating_since(since)),
            converged: around.converged,
            approved: around.approved,
            readings: plan.stages[self.state.stage]
                .watched
                .iter()
                .map(read)
                .collect(),
        }
    }

    /// Writes an answer that is news, or that something is done for.
    fn write_answer(&mut self, plant: &mut Plant<'_>, answer: GuardAnswer, acts: bool) {
        if acts || self.guard_said != Some(answer) {
            self.guard_said = Some(answer);
            let GuardAnswer { decision, fault } = answer;
            plant.record(Event::GuardAnswered { decision, fault });
        }
    }
}
