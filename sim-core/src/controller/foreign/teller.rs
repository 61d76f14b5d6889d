//! Telling: what a foreign engine does, as events that every rollout has.

use crate::effect::{Anchor, State};
use crate::engine::SimTime;
use crate::history::{Event, Outcome, PauseReason, Request, StepResult};
use crate::plant::Plant;
use crate::policy::gate::Reading;
use crate::policy::{Action, Judgement};

/// Where a rollout stands, as its history has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Teller {
    stage: Option<u16>,
    converged: bool,
    rollback: Option<SimTime>,
    /// Counts the questions: an answer to an older one is void.
    asked: u32,
}

impl Teller {
    /// The rollout starts.
    pub fn start(plant: &mut Plant<'_>) {
        plant.record(Event::Started);
        let now = plant.now();
        plant.anchor_comes(Anchor::Start, now);
    }

    /// The stage that was entered last; the first before any was.
    pub fn stage(&self) -> u16 {
        self.stage.unwrap_or(0)
    }

    /// Goes on to `stage`, one after the other; one that was entered before stays entered.
    pub fn enter(&mut self, plant: &mut Plant<'_>, stage: u16) {
        while self.stage.is_none_or(|here| here < stage) {
            let next = self.stage.map_or(0, |here| here + 1);
            if let Some(from) = self.stage {
                plant.record(Event::Advanced { from, to: next });
            }
            self.entered(plant, next);
        }
    }

    fn entered(&mut self, plant: &mut Plant<'_>, stage: u16) {
        self.stage = Some(stage);
        self.converged = false;
        let plan = plant.plan;
        let at = usize::from(stage);
        let target = plan.experiment.policy.stages[at].target;
        plant.deployment.declare(target);
        plant.record(Event::StageEntered {
            stage,
            hosts: target.of_round(plan.experiment.fleet.hosts.into()) as u32,
            attempt: 0,
        });
        let now = plant.now();
        plant.anchor_first(Anchor::StageEntered(stage), now);
        plant.enters(State::Staged, at);
    }

    /// The weight of the stage is reached, and its observation begins.
    pub fn converge(&mut self, plant: &mut Plant<'_>) {
        if std::mem::replace(&mut self.converged, true) {
            return;
        }
        let stage = self.stage();
        plant.record(Event::Converged { stage });
        plant.record(Event::ObservationBegan { stage });
        let observe = plant.plan.experiment.policy.stages[usize::from(stage)].observe;
        let over = plant.now().saturating_add(observe);
        plant.anchor_first(Anchor::WindowOver(stage), over);
    }

    /// What was measured, and what the engine says of it.
    pub fn judged(plant: &mut Plant<'_>, gate: usize, judgement: Judgement, reading: Reading) {
        let limit = plant.plan.experiment.policy.gates[gate]
            .breach
            .limit
            .absolute();
        plant.record(Event::Judged {
            gate: gate as u16,
            judgement,
            flaw: reading.noted,
            value: reading.value,
            samples: reading.samples,
            limit: limit.unwrap_or(f64::NAN),
        });
    }

    /// A gate acts.
    fn triggered(plant: &mut Plant<'_>, (gate, class): (usize, u16), action: Action) {
        plant.note_action();
        plant.record(Event::Triggered {
            gate: gate as u16,
            class,
            action,
        });
    }

    /// Whether the rollback has begun.
    pub const fn rolls_back(&self) -> bool {
        self.rollback.is_some()
    }

    /// The rollback begins, because of a gate of a class or of something that is no gate.
    pub fn roll_back(&mut self, plant: &mut Plant<'_>, by: Option<(usize, u16)>) {
        if self.rolls_back() {
            return;
        }
        match by {
            Some(by) => Self::triggered(plant, by, Action::Rollback),
            None => plant.note_action(),
        }
        self.asked += 1;
        plant.ending.stand_as(Outcome::Unfinished);
        plant.record(Event::RollbackBegan);
        let now = plant.now();
        self.rollback = Some(now);
        plant.anchor_first(Anchor::Rollback, now);
        plant.enters(State::RollingBack, self.stage().into());
        plant.record(Event::StepBegan {
            step: 0,
            attempt: 0,
        });
    }

    /// Ends a rollback that has left nothing on the new version; says no where something is left.
    pub fn reverted(&self, plant: &mut Plant<'_>) -> bool {
        let Some(began) = self
            .rollback
            .filter(|_| plant.committed() == 0 && plant.serving() == 0)
        else {
            return false;
        };
        plant.record(Event::Reverted);
        let now = plant.now();
        plant.recorder.note_reverted(began, now);
        plant.anchor_first(Anchor::Reverted, now);
        let result = StepResult::Done;
        plant.record(Event::StepEnded { step: 0, result });
        plant.record(Event::RollbackEnded { recovered: true });
        plant.enters(State::Reverted, self.stage().into());
        plant.end(Outcome::RolledBack);
        true
    }

    /// Everything is on the new version, and the engine is done.
    pub fn complete(&mut self, plant: &mut Plant<'_>) {
        let last = plant.plan.stages.len() as u16 - 1;
        self.enter(plant, last);
        self.converge(plant);
        plant.end(Outcome::Completed);
    }

    /// A gate lets the rollout stand still until somebody signs off.
    pub fn pause_by(&mut self, plant: &mut Plant<'_>, by: (usize, u16)) {
        Self::triggered(plant, by, Action::Pause);
        let (stage, why) = (self.stage(), PauseReason::Trigger);
        plant.record(Event::Paused { stage, why });
        let now = plant.now();
        plant.anchor_first(Anchor::Paused, now);
        plant.enters(State::Paused, stage.into());
        self.ask(plant, Request::SignOff);
    }

    /// Asks the person who looks after rollouts.
    pub fn ask(&mut self, plant: &mut Plant<'_>, request: Request) {
        self.asked += 1;
        plant.ending.stand_as(Outcome::Paused);
        let operator = (!plant.plan.experiment.operators.is_empty()).then_some(0);
        plant.ask(operator, request, self.asked);
    }

    /// Somebody answers; says whether it is an answer to the last question.
    pub fn answered(
        &mut self,
        plant: &mut Plant<'_>,
        (epoch, operator, request): (u32, u16, Request),
    ) -> bool {
        plant.record(Event::Answered { operator, request });
        let is_last = epoch == self.asked;
        if is_last {
            self.asked += 1;
            plant.ending.stand_as(Outcome::Unfinished);
        }
        is_last
    }
}
