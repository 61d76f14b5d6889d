//! RollbackProgress: the rollback, step by step, each step in its own time.

use super::NativeController;
use super::rollback_progress::RollbackProgress;
use crate::address;
use crate::effect::{Anchor, Change, Slip, State};
use crate::engine::Share;
use crate::fleet::{Toward, Update};
use crate::history::{Event, Outcome, Request, StepResult};
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::{Phase, RevertHosts, Step, StepEffect};

impl NativeController {
    /// Begins the rollback because of a trigger of `class`, or because too much was reached.
    pub(super) fn roll_back(&mut self, plant: &mut Plant<'_>, class: Option<usize>) {
        if self.fixes_forward(plant) {
            return;
        }
        self.epoch += 1;
        self.state.phase = Phase::Acting;
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
    fn at_step(&self) -> usize {
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

    /// A step's own time is over: it fails, or its effect takes hold.
    pub(super) fn step_done(&mut self, plant: &mut Plant<'_>) {
        let plan = plant.plan;
        let step = &plan.experiment.policy.rollback.steps[self.at_step()];
        if self.fails(plant, step) {
            self.step_failed(plant, step);
            return;
        }
        match &step.effect {
            StepEffect::RevertHosts(hosts) => self.revert_hosts(plant, hosts),
            StepEffect::ShiftTraffic => self.shift_traffic(plant, step),
            StepEffect::ThrowKillSwitch if plant.switch_works() => {
                let last = plant.let_clients_forget(self.attempt);
                if last.is_zero() {
                    self.switch_is_thrown(plant);
                } else {
                    let epoch = self.epoch;
                    plant.schedule(
                        last,
                        EventPriority::World,
                        ScheduledEvent::StepReverted { epoch },
                    );
                }
            }
            StepEffect::ThrowKillSwitch => self.step_failed(plant, step),
            StepEffect::RestoreConfig if Self::same_content(plant, step) => {
                self.end_step(plant, StepResult::SameContent);
            }
            StepEffect::RestoreConfig => {
                plant.deployment.unspoil();
                self.end_step(plant, StepResult::Done);
            }
            StepEffect::DrainQueue => {
                let takes = plant.drain_queue(self.attempt);
                let epoch = self.epoch;
                plant.schedule(
                    takes,
                    EventPriority::World,
                    ScheduledEvent::StepReverted { epoch },
                );
            }
            _ => self.end_step(plant, StepResult::Done),
        }
    }

    /// The switch of the step has reached everybody.
    fn switch_is_thrown(&mut self, plant: &mut Plant<'_>) {
        self.switch_took_effect(plant);
        self.end_step(plant, StepResult::Done);
    }

    fn revert_hosts(&mut self, plant: &mut Plant<'_>, hosts: &RevertHosts) {
        let all = plant.committed();
        let wanted = self.reach_of_step(plant).of_ceil(all.into()) as u32;
        self.rollback.partial = wanted < all;
        let wanted = wanted - Self::falsely_acknowledged(plant, wanted);
        self.rollback.moving = wanted;
        if wanted == all && self.sessions_end(plant) {
            return;
        }
        let update = Update {
            parallel: hosts.parallel,
            takes: hosts.takes.clone(),
            ..plant.plan.experiment.fleet.update.clone()
        };
        let done = ScheduledEvent::StepReverted { epoch: self.epoch };
        plant.begin_wave(Toward::Old, wanted, &update, done);
    }

    /// Lets those who keep the new version at a weight of zero stay; whether anybody does. The step is over when the
    /// last one has left.
    fn sessions_end(&self, plant: &mut Plant<'_>) -> bool {
        let Some(last) = plant.let_sessions_end(self.attempt) else {
            return false;
        };
        let done = ScheduledEvent::StepReverted { epoch: self.epoch };
        plant.schedule(last, EventPriority::World, done);
        true
    }

    /// The hosts of the step are back.
    pub(super) fn step_reverted(&mut self, plant: &mut Plant<'_>) {
        let step = &plant.plan.experiment.policy.rollback.steps[self.at_step()];
        if step.effect == StepEffect::ThrowKillSwitch {
            self.switch_is_thrown(plant);
            return;
        }
        plant.note_exposure();
        self.note_reverted(plant);
        let partial = std::mem::take(&mut self.rollback.partial);
        let plan = plant.plan;
        let step = &plan.experiment.policy.rollback.steps[self.at_step()];
        let result = match partial {
            true => StepResult::Partial,
            false if Self::same_content(plant, step) => StepResult::SameContent,
            false => StepResult::Done,
        };
        if result == StepResult::SameContent {
            plant.deployment.spoil(self.rollback.moving);
        }
        self.end_step(plant, result);
    }

    /// How many of `wanted` hosts say that they were reverted and were not.
    fn falsely_acknowledged(plant: &mut Plant<'_>, wanted: u32) -> u32 {
        let mut lying = 0;
        for (index, plan) in plant.plan.effects.iter().enumerate() {
            if let Change::FalseAcks { share } = plan.effect.change {
                let lie = |strength: f64| {
                    let part = share.as_f64() * strength;
                    let hosts = (f64::from(wanted) * part).ceil() as u32;
                    (hosts, hosts > 0)
                };
                let hosts = plant.conditions.acting(index, plant.now(), lie);
                lying = hosts.unwrap_or(0).max(lying);
            }
        }
        lying
    }

    fn shift_traffic(&mut self, plant: &mut Plant<'_>, step: &Step) {
        if self.standby_absent(plant) {
            plant.record(Event::StandbyAbsent);
            self.step_failed(plant, step);
            return;
        }
        let share = self.reach_of_step(plant);
        let all = plant.committed();
        if share == Share::ONE && self.sessions_end(plant) {
            return;
        }
        plant.cut(all - share.of_ceil(all.into()) as u32);
        plant.note_exposure();
        self.note_reverted(plant);
        self.end_step(
            plant,
            if share == Share::ONE {
                StepResult::Done
            } else {
                StepResult::Partial
            },
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

    fn step_failed(&mut self, plant: &mut Plant<'_>, step: &Step) {
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

    fn end_step(&mut self, plant: &mut Plant<'_>, result: StepResult) {
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

    fn fails(&self, plant: &mut Plant<'_>, step: &Step) -> bool {
        let attempt = u32::from(self.rollback.attempt);
        let failing = |change: &Change| match change {
            Change::StepFails { step: name, times } => {
                (*name == step.id && attempt < *times).then_some(())
            }
            _ => None,
        };
        plant.struck(failing).is_some()
    }

    fn same_content(plant: &mut Plant<'_>, step: &Step) -> bool {
        let same = |change: &Change| match change {
            Change::SameContent { step: name } => (*name == step.id).then_some(()),
            _ => None,
        };
        plant.struck(same).is_some()
    }

    fn reach_of_step(&self, plant: &mut Plant<'_>) -> Share {
        let plan = plant.plan;
        let step = &plan.experiment.policy.rollback.steps[self.at_step()];
        let partial = |change: &Change| match change {
            Change::StepPartial {
                step: name,
                reaches,
            } => (*name == step.id).then_some(*reaches),
            _ => None,
        };
        plant.struck(partial).unwrap_or(Share::ONE)
    }

    /// Whether the old version is gone: a fault took it, or its time after the new one took over is over.
    fn standby_absent(&self, plant: &mut Plant<'_>) -> bool {
        let rollback = &plant.plan.experiment.policy.rollback;
        let full_for = self
            .taken_over
            .map(|since| plant.now().saturating_since(since));
        let expired = full_for.is_some_and(|elapsed| {
            let aged = rollback.standby.map(|kept| elapsed > kept);
            let pushed = rollback
                .keeps
                .map(|kept| plant.releases_by(elapsed) >= kept);
            match (aged, pushed) {
                (Some(aged), Some(pushed)) => aged && pushed,
                (aged, pushed) => aged.or(pushed).unwrap_or(false),
            }
        });
        let gone = |change: &Change| matches!(change, Change::StandbyAbsent).then_some(());
        expired || plant.struck(gone).is_some()
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
