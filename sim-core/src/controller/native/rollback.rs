//! RollbackProgress: the rollback, step by step, each step in its own time.

use super::NativeController;
use super::rollback_progress::RollbackProgress;
use crate::address;
use crate::effect::{Anchor, Change, Slip, State};
use crate::history::{Event, Outcome, Request, StepResult};
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::{RolloutPhase, Step, StepEffect};

impl NativeController {
    /// Begins the rollback because of a trigger of `class`, or because too much was reached.
    pub(super) fn roll_back(&mut self, plant: &mut Plant<'_>, class: Option<usize>) {
        if self.fixes_forward(plant) {
            return;
        }
        self.epoch += 1;
        self.state.phase = RolloutPhase::Acting;
        plant.record(Event::RollbackBegan);
        if plant
            .conditions
            .faults
            .note_anchor(Anchor::Rollback, plant.now())
        {
            plant.anchor_comes(Anchor::Rollback, plant.now());
        }
        self.enters(plant, State::RollingBack);
        plant.break_off();
        plant.note_exposure();
        self.rollback = RollbackProgress {
            class,
            order: Self::order_of_steps(plant),
            ..RollbackProgress::beginning(plant.now())
        };
        self.begin_step(plant);
    }

    /// The step that is being taken, by its number in the policy.
    pub(super) fn at_step(&self) -> usize {
        self.rollback.order[self.rollback.step].into()
    }

    /// The tick of what the step draws: another one in each rollback, for each retry, and where a slip repeats the step.
    fn tick_of_step(&self) -> u32 {
        let done = &self.rollback.order[..self.rollback.step];
        let again = done.iter().filter(|it| usize::from(**it) == self.at_step());
        let again = again.count() as u32;
        u32::from(self.rollback.attempt) ^ (u32::from(self.attempt) << 12) ^ (again << 24)
    }

    /// Returns the order in which the steps are taken: the policy's, apart from slips.
    fn order_of_steps(plant: &mut Plant<'_>) -> Vec<u16> {
        let declared: Vec<u16> =
            (0..plant.plan.experiment.policy.rollback.steps.len() as u16).collect();
        let plan = plant.plan;
        let mut order = declared.clone();
        for (index, plan) in plan.effects.iter().enumerate() {
            if let Change::Runbook(slip) = &plan.effect.change {
                let slips = |_| {
                    slipped(&mut order, slip);
                    ((), order != declared)
                };
                plant.conditions.acting(index, plant.now(), slips);
            }
        }
        order
    }

    fn begin_step(&mut self, plant: &mut Plant<'_>) {
        let (step, attempt) = (self.at_step(), self.rollback.attempt);
        plant.record(Event::StepBegan {
            step: step as u16,
            attempt,
        });
        let declared = &plant.plan.experiment.policy.rollback.steps[step];
        let tick = self.tick_of_step();
        let mut draws = plant.key.draws(address::STEP, step as u32, tick);
        let mut takes = declared.takes.sample(&mut draws);
        if declared.effect == StepEffect::ThrowKillSwitch {
            takes = takes.saturating_add(plant.switch_delay(self.attempt, attempt));
        }
        let epoch = self.epoch;
        plant.schedule(
            takes,
            EventPriority::Command,
            ScheduledEvent::StepDone { epoch },
        );
    }

    /// Notes the instant at which nothing serves the new version any more.
    pub(super) fn note_reverted(&mut self, plant: &mut Plant<'_>) {
        if !self.rollback.reverted && plant.committed() == 0 {
            self.rollback.reverted = true;
            plant.record(Event::Reverted);
            let now = plant.now();
            plant.recorder.note_reverted(self.rollback.began, now);
            plant.anchor_first(Anchor::Reverted, plant.now());
        }
    }

    pub(super) fn step_failed(&mut self, plant: &mut Plant<'_>, step: &Step) {
        plant.record(Event::StepEnded {
            step: self.at_step() as u16,
            result: StepResult::Failed,
        });
        if u32::from(self.rollback.attempt) < step.retries {
            self.rollback.attempt += 1;
            self.begin_step(plant);
            return;
        }
        self.rollback.failed |= step.required;
        if step.required {
            self.end_rollback(plant);
        } else {
            self.next_step(plant);
        }
    }

    pub(super) fn end_step(&mut self, plant: &mut Plant<'_>, result: StepResult) {
        plant.record(Event::StepEnded {
            step: self.at_step() as u16,
            result,
        });
        let required = plant.plan.experiment.policy.rollback.steps[self.at_step()].required;
        self.rollback.failed |= required && result != StepResult::Done;
        self.next_step(plant);
    }

    fn next_step(&mut self, plant: &mut Plant<'_>) {
        self.rollback.step += 1;
        self.rollback.attempt = 0;
        if self.rollback.step < self.rollback.order.len() {
            self.begin_step(plant);
        } else {
            self.note_reverted(plant);
            self.end_rollback(plant);
        }
    }

    fn end_rollback(&mut self, plant: &mut Plant<'_>) {
        let recovered = self.rollback.reverted && !self.rollback.failed;
        plant.record(Event::RollbackEnded { recovered });
        self.enters(plant, State::Reverted);
        plant.ending.stand_as(if recovered {
            Outcome::RolledBack
        } else {
            Outcome::Aborted
        });
        let class = self.rollback.class;
        let role = class.and_then(|class| {
            plant.plan.experiment.policy.classes[class]
                .sign_off
                .as_ref()
        });
        match role {
            Some(role) => {
                let operator = plant.role(role);
                self.ask(plant, operator, Request::SignOff);
            }
            None => self.seek_recovery(plant),
        }
    }
}

/// Changes the order of steps as a slip does; steps that do not exist are left alone.
fn slipped(order: &mut Vec<u16>, slip: &Slip) {
    match *slip {
        Slip::Skips(step) => {
            if order.len() > 1 {
                order.retain(|known| *known != step);
            }
        }
        Slip::Swaps { first, second } => {
            let places = [first, second].map(|step| order.iter().position(|known| *known == step));
            if let [Some(first), Some(second)] = places {
                order.swap(first, second);
            }
        }
        Slip::Repeats(step) => {
            if let Some(place) = order.iter().position(|known| *known == step) {
                order.insert(place, step);
            }
        }
    }
}
