//! Retreat: the rollback, step by step, each step in its own time.

use crate::address;
use crate::effect::{Anchor, Change, Slip, State};
use crate::engine::{Share, SimDuration, SimTime};
use crate::fleet::{Toward, Update};
use crate::history::{Event, Outcome, Request, StepResult};
use crate::policy::{Phase, RevertHosts, Rollback, Step, StepEffect};
use crate::world::{Happening, Then, World};

/// How far a rollback is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Retreat {
    began: SimTime,
    /// The steps in the order in which they are taken, and how many of them have been.
    order: Vec<u16>,
    step: usize,
    attempt: u16,
    /// Whether a required step failed or the bad content came back.
    failed: bool,
    reverted: bool,
    partial: bool,
    /// The units that the step is taking back.
    moving: u32,
    /// The class that must sign off afterwards.
    class: Option<usize>,
}

impl Retreat {
    /// A retreat that begins at `now`.
    pub fn beginning(now: SimTime) -> Self {
        Self {
            began: now,
            ..Self::default()
        }
    }
}

impl World<'_> {
    /// Begins the rollback because of a trigger of `class`, or because too much was reached.
    pub fn roll_back(&mut self, class: Option<usize>) {
        if self.fixes_forward() {
            return;
        }
        self.epoch += 1;
        self.state.phase = Phase::Acting;
        self.record(Event::RollbackBegan);
        if self
            .conditions
            .faults
            .note_anchor(Anchor::Rollback, self.now)
        {
            self.anchor_comes(Anchor::Rollback, self.now);
        }
        self.stands(State::RollingBack);
        self.spread.break_off(self.now);
        self.note_exposure();
        self.retreat = Retreat {
            class,
            order: self.order_of_steps(),
            ..Retreat::beginning(self.now)
        };
        self.begin_step();
    }

    fn rollback(&self) -> &Rollback {
        &self.plan.experiment.policy.rollback
    }

    /// The step that is being taken, by its number in the policy.
    fn at_step(&self) -> usize {
        self.retreat.order[self.retreat.step].into()
    }

    /// Returns the order in which the steps are taken: the policy's, apart from slips.
    fn order_of_steps(&mut self) -> Vec<u16> {
        let declared: Vec<u16> = (0..self.rollback().steps.len() as u16).collect();
        let plan = self.plan;
        let mut order = declared.clone();
        for (index, plan) in plan.effects.iter().enumerate() {
            if let Change::Runbook(slip) = &plan.effect.change {
                let slips = |_| {
                    slipped(&mut order, slip);
                    ((), order != declared)
                };
                self.conditions.acting(index, self.now, slips);
            }
        }
        order
    }

    fn begin_step(&mut self) {
        let (step, attempt) = (self.at_step(), self.retreat.attempt);
        self.record(Event::StepBegan {
            step: step as u16,
            attempt,
        });
        let declared = &self.rollback().steps[step];
        let mut draws = self.key.draws(address::STEP, step as u32, attempt.into());
        let mut takes = declared.takes.sample(&mut draws);
        if declared.effect == StepEffect::ThrowKillSwitch {
            takes = takes.saturating_add(self.switch_delay());
        }
        let epoch = self.epoch;
        self.plan_in(takes, Then::Command, Happening::StepDone { epoch });
    }

    /// A step's own time is over: it fails, or its effect takes hold.
    pub fn step_done(&mut self) {
        let plan = self.plan;
        let step = &plan.experiment.policy.rollback.steps[self.at_step()];
        if self.fails(step) {
            self.step_failed(step);
            return;
        }
        match &step.effect {
            StepEffect::RevertHosts(hosts) => self.revert_hosts(hosts),
            StepEffect::ShiftTraffic => self.shift_traffic(step),
            StepEffect::ThrowKillSwitch if self.switch_works() => {
                let last = self.let_clients_forget();
                if last.is_zero() {
                    self.switch_is_thrown();
                } else {
                    let epoch = self.epoch;
                    self.plan_in(last, Then::World, Happening::StepReverted { epoch });
                }
            }
            StepEffect::ThrowKillSwitch => self.step_failed(step),
            StepEffect::RestoreConfig if self.same_content(step) => {
                self.end_step(StepResult::SameContent);
            }
            StepEffect::RestoreConfig => {
                self.spoilt = 0;
                self.end_step(StepResult::Done);
            }
            StepEffect::DrainQueue => {
                let takes = self.drain_queue();
                let epoch = self.epoch;
                self.plan_in(takes, Then::World, Happening::StepReverted { epoch });
            }
            _ => self.end_step(StepResult::Done),
        }
    }

    /// The switch of the step has reached everybody.
    fn switch_is_thrown(&mut self) {
        self.switch_took_effect();
        self.end_step(StepResult::Done);
    }

    fn revert_hosts(&mut self, hosts: &RevertHosts) {
        let all = self.spread.committed(self.now);
        let wanted = self.reach_of_step().of_ceil(all.into()) as u32;
        self.retreat.partial = wanted < all;
        let wanted = wanted - self.falsely_acknowledged(wanted);
        self.retreat.moving = wanted;
        let update = Update {
            parallel: hosts.parallel,
            takes: hosts.takes.clone(),
            ..self.plan.experiment.fleet.update.clone()
        };
        let done = Happening::StepReverted { epoch: self.epoch };
        self.begin_wave(Toward::Old, wanted, &update, done);
    }

    /// The hosts of the step are back.
    pub fn step_reverted(&mut self) {
        let step = &self.rollback().steps[self.at_step()];
        if step.effect == StepEffect::ThrowKillSwitch {
            self.switch_is_thrown();
            return;
        }
        self.note_exposure();
        self.note_reverted();
        let partial = std::mem::take(&mut self.retreat.partial);
        let plan = self.plan;
        let step = &plan.experiment.policy.rollback.steps[self.at_step()];
        let result = match partial {
            true => StepResult::Partial,
            false if self.same_content(step) => StepResult::SameContent,
            false => StepResult::Done,
        };
        if result == StepResult::SameContent {
            self.spoilt = self.spoilt.saturating_add(self.retreat.moving);
        }
        self.end_step(result);
    }

    /// How many of `wanted` hosts say that they were reverted and were not.
    fn falsely_acknowledged(&mut self, wanted: u32) -> u32 {
        let mut lying = 0;
        for (index, plan) in self.plan.effects.iter().enumerate() {
            if let Change::FalseAcks { share } = plan.effect.change {
                let lie = |strength: f64| {
                    let part = share.as_f64() * strength;
                    let hosts = (f64::from(wanted) * part).ceil() as u32;
                    (hosts, hosts > 0)
                };
                let hosts = self.conditions.acting(index, self.now, lie);
                lying = hosts.unwrap_or(0).max(lying);
            }
        }
        lying
    }

    fn shift_traffic(&mut self, step: &Step) {
        if self.standby_absent() {
            self.record(Event::StandbyAbsent);
            self.step_failed(step);
            return;
        }
        let share = self.reach_of_step();
        let all = self.spread.committed(self.now);
        self.spread.cut(all - share.of_ceil(all.into()) as u32);
        self.note_exposure();
        self.note_reverted();
        self.end_step(if share == Share::ONE {
            StepResult::Done
        } else {
            StepResult::Partial
        });
    }

    /// Notes the instant at which nothing serves the new version any more.
    pub fn note_reverted(&mut self) {
        if !self.retreat.reverted && self.spread.committed(self.now) == 0 {
            self.retreat.reverted = true;
            self.record(Event::Reverted);
            self.reverted.get_or_insert((self.retreat.began, self.now));
            self.anchor_first(Anchor::Reverted, self.now);
        }
    }

    fn step_failed(&mut self, step: &Step) {
        self.record(Event::StepEnded {
            step: self.at_step() as u16,
            result: StepResult::Failed,
        });
        if u32::from(self.retreat.attempt) < step.retries {
            self.retreat.attempt += 1;
            self.begin_step();
            return;
        }
        self.retreat.failed |= step.required;
        if step.required {
            self.end_rollback();
        } else {
            self.next_step();
        }
    }

    fn end_step(&mut self, result: StepResult) {
        self.record(Event::StepEnded {
            step: self.at_step() as u16,
            result,
        });
        let required = self.rollback().steps[self.at_step()].required;
        self.retreat.failed |= required && result != StepResult::Done;
        self.next_step();
    }

    fn next_step(&mut self) {
        self.retreat.step += 1;
        self.retreat.attempt = 0;
        if self.retreat.step < self.retreat.order.len() {
            self.begin_step();
        } else {
            self.note_reverted();
            self.end_rollback();
        }
    }

    fn end_rollback(&mut self) {
        let recovered = self.retreat.reverted && !self.retreat.failed;
        self.record(Event::RollbackEnded { recovered });
        self.stands(State::Reverted);
        self.standing = if recovered {
            Outcome::RolledBack
        } else {
            Outcome::Aborted
        };
        let class = self.retreat.class;
        let role =
            class.and_then(|class| self.plan.experiment.policy.classes[class].sign_off.as_ref());
        match role {
            Some(role) => {
                let operator = self.role(role);
                self.ask(operator, Request::SignOff);
            }
            None => self.seek_recovery(),
        }
    }

    fn fails(&mut self, step: &Step) -> bool {
        let attempt = u32::from(self.retreat.attempt);
        let failing = |change: &Change| match change {
            Change::StepFails { step: name, times } => {
                (*name == step.id && attempt < *times).then_some(())
            }
            _ => None,
        };
        self.conditions.struck(self.now, failing).is_some()
    }

    fn same_content(&mut self, step: &Step) -> bool {
        let same = |change: &Change| match change {
            Change::SameContent { step: name } => (*name == step.id).then_some(()),
            _ => None,
        };
        self.conditions.struck(self.now, same).is_some()
    }

    fn reach_of_step(&mut self) -> Share {
        let plan = self.plan;
        let step = &plan.experiment.policy.rollback.steps[self.at_step()];
        let partial = |change: &Change| match change {
            Change::StepPartial {
                step: name,
                reaches,
            } => (*name == step.id).then_some(*reaches),
            _ => None,
        };
        self.conditions
            .struck(self.now, partial)
            .unwrap_or(Share::ONE)
    }

    /// Whether the old version is gone: a fault took it, or its time after the new one took over is over.
    fn standby_absent(&mut self) -> bool {
        let kept = self.rollback().standby.unwrap_or(SimDuration::MAX);
        let full_for = self
            .taken_over
            .map(|since| self.now.saturating_since(since));
        let expired = full_for.is_some_and(|elapsed| elapsed > kept);
        let gone = |change: &Change| matches!(change, Change::StandbyAbsent).then_some(());
        expired || self.conditions.struck(self.now, gone).is_some()
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
