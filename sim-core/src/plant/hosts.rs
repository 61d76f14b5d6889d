//! Hosts that come and go by themselves: lost zones and their return, and updates that nobody ordered.

use super::{EventPriority, Plant, ScheduledEvent};
use crate::effect::{Change, Direction, HostReturn};
use crate::engine::{Share, SimDuration, SimTime};
use crate::history::Event;
use crate::traffic::Split;

impl Plant<'_> {
    /// Counts a move of hosts that is still to come, so that the rollout does not end before it.
    pub fn await_move(&mut self, change: &Change) {
        let moves = matches!(
            change,
            Change::HostsLost { .. } | Change::StrayUpdates { .. }
        );
        if moves {
            self.ending.await_move();
        }
    }

    /// What was to happen at once does not, because the world is not as it asks.
    pub fn never_comes(&mut self, index: usize) {
        let change = &self.plan.effects[index].effect.change;
        if matches!(
            change,
            Change::HostsLost { .. } | Change::StrayUpdates { .. }
        ) {
            self.came();
        }
    }

    /// One of the moves has come; the last one ends a rollout that has waited for it.
    fn came(&mut self) {
        if let Some(outcome) = self.ending.moved() {
            self.end(outcome);
        }
    }

    /// Takes hosts away, and plans their return.
    pub fn lose_hosts(&mut self, index: usize) {
        let plan = self.plan;
        let Change::HostsLost { share, .. } = plan.effects[index].effect.change else {
            return;
        };
        let strength = self.conditions.strength(index, self.now());
        let (hosts, exposed) = self.among_lost(share, strength);
        self.record(Event::HostsLost { hosts, exposed });
        self.note_exposure();
        self.deployment.versions.lose(exposed);
        self.note_exposure();
        self.conditions.faults.take_away(index, exposed);
        if exposed > 0 {
            self.conditions.faults.mark_manifested(index);
        }
        if let Some(end) = self.conditions.active_until(index, self.now()) {
            self.ending.await_move();
            let effect = index as u16;
            let wait = end.saturating_since(self.now());
            self.schedule(
                wait,
                EventPriority::Fault,
                ScheduledEvent::HostsReturn { effect },
            );
        }
        self.came();
    }

    /// How many hosts are lost, and how many of those that serve the new version; behind a router the
    /// hosts that are left serve the same shares.
    fn among_lost(&self, share: Share, strength: f64) -> (u32, u32) {
        let part = share.as_f64() * strength;
        let of = |whole: u32| (f64::from(whole) * part).round() as u32;
        let hosts = of(self.plan.experiment.fleet.hosts);
        if self.plan.experiment.traffic.split == Split::ByHost {
            let exposed = self.deployment.versions.units_at(self.now());
            (hosts, (f64::from(exposed) * part).ceil() as u32)
        } else {
            (hosts, 0)
        }
    }

    /// Lets the hosts of an effect come back, on the version that it says.
    pub fn hosts_return(&mut self, index: usize) {
        let plan = self.plan;
        let effect = &plan.effects[index].effect;
        let Change::HostsLost { share, returning } = effect.change else {
            return;
        };
        let (hosts, _) = self.among_lost(share, effect.course.strength);
        let away = self
            .conditions
            .faults
            .give_back(index)
            .min(self.deployment.versions.away());
        let exposed = self.put_back(returning, hosts, away);
        self.record(Event::HostsReturned { hosts, exposed });
        self.note_exposure();
        self.plan_next_loss(index);
        self.came();
    }

    fn plan_next_loss(&mut self, index: usize) {
        let course = self.plan.effects[index].effect.course;
        let Some(cycle) = course.cycle else { return };
        let next = self.now().saturating_add(cycle.off);
        if self.conditions.strength(index, next) > 0.0 && !self.ending.is_draining() {
            // It is the first loss that the rollout does not end before, and every return.
            self.ending.await_move();
            let effect = index as u16;
            self.schedule(
                cycle.off,
                EventPriority::Fault,
                ScheduledEvent::HostsLost { effect },
            );
        }
    }

    /// Puts `hosts` back, of which `away` were on the new version, and returns how many of them are now.
    fn put_back(&mut self, returning: HostReturn, hosts: u32, away: u32) -> u32 {
        let (now, units) = (self.now(), self.plan.units);
        let versions = &mut self.deployment.versions;
        match returning {
            HostReturn::Same => {
                versions.restore(away, 0);
                away
            }
            HostReturn::Old => {
                versions.renew(away, now);
                0
            }
            HostReturn::New => {
                let room = units - versions.committed(now).min(units);
                versions.restore(away, hosts.saturating_sub(away).min(room));
                hosts.max(away)
            }
        }
    }

    /// Moves hosts that nobody in charge told to move.
    pub fn stray_updates(&mut self, index: usize) {
        let (plan, now) = (self.plan, self.now());
        let effect = &plan.effects[index].effect;
        let Change::StrayUpdates {
            toward,
            hosts,
            within,
        } = effect.change
        else {
            return;
        };
        let wanted = f64::from(plan.units) * hosts.as_f64() * effect.course.strength;
        let versions = &mut self.deployment.versions;
        let room = match toward {
            Direction::New => plan.units - versions.committed(now).min(plan.units),
            Direction::Old => versions.units_at(now),
        };
        let units = (wanted.ceil() as u32).min(room);
        self.note_exposure();
        if units > 0 {
            self.conditions.faults.mark_manifested(index);
        }
        match toward {
            Direction::New => self.stray_to_new(units, within),
            Direction::Old => self.deployment.versions.drop_units(units, self.now()),
        }
        self.schedule(within, EventPriority::World, ScheduledEvent::StrayDone);
    }

    /// A router moves all its units at once, hosts move one after another.
    fn stray_to_new(&mut self, units: u32, within: SimDuration) {
        if self.plan.experiment.traffic.split != Split::ByHost {
            self.deployment.versions.restore(0, units);
            return;
        }
        let now = self.now();
        let at = |n: u32| {
            let part = f64::from(n) / f64::from(units);
            now.saturating_add(within.mul_f64(part))
        };
        let instants: Vec<SimTime> = (1..=units).map(at).collect();
        self.deployment.versions.stray(instants.into_iter());
    }

    /// The last of them has moved.
    pub fn stray_done(&mut self) {
        self.note_exposure();
        self.came();
    }
}
