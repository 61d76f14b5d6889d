//! Hosts that come and go by themselves: lost zones and their return, and updates that nobody ordered.

use super::{Happening, Then, World};
use crate::effect::{Change, Direction, HostReturn};
use crate::engine::{Share, SimDuration, SimTime};
use crate::history::Event;
use crate::traffic::Split;

impl World<'_> {
    /// Counts a move of hosts that is still to come, so that the rollout does not end before it.
    pub(super) fn await_hosts(&mut self, change: &Change) {
        let moves = matches!(
            change,
            Change::HostsLost { .. } | Change::StrayUpdates { .. }
        );
        self.awaited += u32::from(moves);
    }

    /// What was to happen at once does not, because the world is not as it asks.
    pub(super) fn never_comes(&mut self, index: usize) {
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
        self.awaited = self.awaited.saturating_sub(1);
        if self.awaited == 0
            && let Some(outcome) = self.ending
        {
            self.end(outcome);
        }
    }

    /// Takes hosts away, and plans their return.
    pub(super) fn lose_hosts(&mut self, index: usize) {
        let plan = self.plan;
        let effect = &plan.effects[index].effect;
        let Change::HostsLost { share, .. } = effect.change else {
            return;
        };
        let strength = self.conditions.strength(index, self.now);
        let (hosts, exposed) = self.among_lost(share, strength);
        self.record(Event::HostsLost { hosts, exposed });
        self.note_exposure();
        self.spread.lose(exposed);
        self.note_exposure();
        self.conditions.take_away(index, exposed);
        if exposed > 0 {
            self.conditions.show(index);
        }
        let anchor = self.conditions.counted_from(effect);
        if let Some(end) = effect.course.spell_ends(self.now, anchor) {
            self.awaited += 1;
            let effect = index as u16;
            let wait = end.saturating_since(self.now);
            self.plan_in(wait, Then::Fault, Happening::HostsReturn { effect });
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
            let exposed = self.spread.units_at(self.now);
            (hosts, (f64::from(exposed) * part).ceil() as u32)
        } else {
            (hosts, 0)
        }
    }

    /// Lets the hosts of an effect come back, on the version that it says.
    pub(super) fn hosts_return(&mut self, index: usize) {
        let plan = self.plan;
        let effect = &plan.effects[index].effect;
        let Change::HostsLost { share, returning } = effect.change else {
            return;
        };
        let (hosts, _) = self.among_lost(share, effect.course.strength);
        let away = self.conditions.give_back(index).min(self.spread.away());
        let exposed = match returning {
            HostReturn::Same => {
                self.spread.restore(away, 0);
                away
            }
            HostReturn::Old => {
                self.spread.renew(away, self.now);
                0
            }
            HostReturn::New => {
                let room = self.plan.units - self.spread.committed(self.now).min(self.plan.units);
                self.spread
                    .restore(away, hosts.saturating_sub(away).min(room));
                hosts.max(away)
            }
        };
        self.record(Event::HostsReturned { hosts, exposed });
        self.note_exposure();
        self.plan_next_loss(index);
        self.came();
    }

    fn plan_next_loss(&mut self, index: usize) {
        let course = self.plan.effects[index].effect.course;
        let Some(cycle) = course.cycle else { return };
        let next = self.now.saturating_add(cycle.off);
        if self.conditions.strength(index, next) > 0.0 && self.ending.is_none() {
            // It is the first loss that the rollout does not end before, and every return.
            self.awaited += 1;
            let effect = index as u16;
            self.plan_in(cycle.off, Then::Fault, Happening::HostsLost { effect });
        }
    }

    /// Moves hosts that nobody in charge told to move.
    pub(super) fn stray(&mut self, index: usize) {
        let plan = self.plan;
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
        let committed = self.spread.committed(self.now).min(plan.units);
        let room = match toward {
            Direction::New => plan.units - committed,
            Direction::Old => self.spread.units_at(self.now),
        };
        let units = (wanted.ceil() as u32).min(room);
        self.note_exposure();
        if units > 0 {
            self.conditions.show(index);
        }
        match toward {
            Direction::New => self.stray_to_new(units, within),
            Direction::Old => self.spread.drop_units(units, self.now),
        }
        self.plan_in(within, Then::World, Happening::StrayDone);
    }

    /// A router moves all its units at once, hosts move one after another.
    fn stray_to_new(&mut self, units: u32, within: SimDuration) {
        if self.plan.experiment.traffic.split != Split::ByHost {
            self.spread.restore(0, units);
            return;
        }
        let now = self.now;
        let at = |n: u32| {
            let part = f64::from(n) / f64::from(units);
            now.saturating_add(within.mul_f64(part))
        };
        let instants: Vec<SimTime> = (1..=units).map(at).collect();
        self.spread.stray(instants.into_iter());
    }

    /// The last of them has moved.
    pub(super) fn stray_done(&mut self) {
        self.note_exposure();
        self.came();
    }
}
