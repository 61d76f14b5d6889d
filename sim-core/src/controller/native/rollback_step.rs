//! What a step of the rollback does when its own time is over, and what goes wrong with it.

use super::NativeController;
use crate::effect::Change;
use crate::engine::{Share, SimDuration};
use crate::fleet::{Toward, Update};
use crate::history::{Event, StepResult};
use crate::plant::{EventPriority, Plant, ScheduledEvent};
use crate::policy::{RevertHosts, Step, StepEffect};

impl NativeController {
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
            StepEffect::ThrowKillSwitch if plant.switch_works() => self.throw_switch(plant),
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
                self.reverts_after(plant, takes);
            }
            _ => self.end_step(plant, StepResult::Done),
        }
    }

    /// The effect of the step takes hold after a while.
    fn reverts_after(&self, plant: &mut Plant<'_>, after: SimDuration) {
        let done = ScheduledEvent::StepReverted { epoch: self.epoch };
        plant.schedule(after, EventPriority::World, done);
    }

    fn throw_switch(&mut self, plant: &mut Plant<'_>) {
        let last = plant.let_clients_forget(self.attempt);
        if last.is_zero() {
            self.switch_is_thrown(plant);
        } else {
            self.reverts_after(plant, last);
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
        self.reverts_after(plant, last);
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
