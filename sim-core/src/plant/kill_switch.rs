//! The kill switch: whether anything honours it, and how long it takes until everybody obeys.

use super::Plant;
use crate::address;
use crate::effect::Change;
use crate::engine::{SimDuration, SimTime};
use crate::fleet::departures;
use crate::history::Event;
use crate::traffic::Split;

impl Plant<'_> {
    /// Lets every client on the new version go on for a time of its own; returns when the last one has
    /// forgotten what it had loaded.
    pub fn let_clients_forget(&mut self, attempt: u16) -> SimDuration {
        let switch = self.plan.experiment.policy.kill_switch.as_ref();
        let units = self.deployment.versions.units_at(self.now());
        let Some(memory) = switch
            .and_then(|switch| switch.client_memory.as_ref())
            .filter(|_| units > 0)
        else {
            return SimDuration::ZERO;
        };
        let clients = self.clients_of(units);
        let tick = attempt.into();
        let mut draws = self.key.draws(address::STEP, address::CLIENTS, tick);
        let gone = departures(memory, clients, &mut draws);
        let last = gone.last().map_or(SimDuration::ZERO, |(after, _)| *after);
        let now = self.now();
        let of_units = |(after, gone): (SimDuration, u64)| {
            let part = u128::from(units) * u128::from(gone) / u128::from(clients);
            (now.saturating_add(after), part as u32)
        };
        let leaving: Vec<(SimTime, u32)> = gone.into_iter().map(of_units).collect();
        self.deployment.versions.fade(leaving, now);
        last
    }

    /// Returns how many clients are behind so many units: users where they are declared, otherwise one for
    /// each unit.
    fn clients_of(&self, units: u32) -> u64 {
        match self.plan.experiment.traffic.split {
            Split::StickyUsers { users, .. } => {
                let part = u128::from(users) * u128::from(units);
                part.div_ceil(u128::from(self.plan.units)).max(1) as u64
            }
            Split::ByHost | Split::ByRequest => units.into(),
        }
    }

    /// Whether anything honours the switch.
    pub fn switch_works(&mut self) -> bool {
        let declared = self.plan.experiment.policy.kill_switch.as_ref();
        let noop = |change: &Change| matches!(change, Change::KillSwitchNoop).then_some(());
        declared.is_some_and(|switch| switch.works) && self.struck(noop).is_none()
    }

    /// Draws how long the switch takes until every server obeys it.
    pub fn switch_delay(&mut self, attempt: u16) -> SimDuration {
        let Some(switch) = &self.plan.experiment.policy.kill_switch else {
            return SimDuration::ZERO;
        };
        let mut draws = self
            .key
            .draws(address::STEP, address::SWITCH, attempt.into());
        let servers = switch.takes.sample(&mut draws);
        servers.saturating_add(self.switch_extra(attempt))
    }

    /// Draws what a fault adds to it.
    fn switch_extra(&mut self, attempt: u16) -> SimDuration {
        let slow = |change: &Change| match change {
            Change::SwitchSlow { by } => Some(by.clone()),
            _ => None,
        };
        let Some(by) = self.struck(slow) else {
            return SimDuration::ZERO;
        };
        let tick = attempt.into();
        let mut draws = self.key.draws(address::EXTRA, address::SWITCH, tick);
        by.sample(&mut draws)
    }

    /// Nothing serves the feature any more.
    pub fn switch_took_effect(&mut self) {
        self.record(Event::KillEffective);
        let now = self.now();
        let faults = &mut self.conditions.faults;
        faults.cure_all(now, |plan| plan.cured_by_kill);
        self.deployment.versions.cut(0);
        self.note_exposure();
    }
}
