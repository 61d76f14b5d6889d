//! The kill switch: whether anything honours it, and how long it takes until everybody obeys.

use super::Plant;
use crate::address;
use crate::effect::Change;
use crate::engine::{Distribution, Draws, SimDuration, SimTime, sample};
use crate::fleet::departures;
use crate::history::Event;

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
        let tick = attempt.into();
        let mut draws = self.key.draws(address::STEP, address::CLIENTS, tick);
        self.note_joined();
        let clients = self.clients_of(units, &mut draws);
        self.let_go(memory, clients, units, &mut draws)
    }

    /// Sends nobody more to the new version and lets those who are there stay until their sessions end; returns when
    /// the last one does. Nothing where a weight of zero evicts them.
    pub fn let_sessions_end(&mut self, attempt: u16) -> Option<SimDuration> {
        let split = self.plan.experiment.traffic.split;
        let units = self.deployment.versions.units_at(self.now());
        let mean = split.session().filter(|_| units > 0)?;
        let mut draws = self.key.draws(address::SPLIT, 3, attempt.into());
        self.note_joined();
        let clients = self.clients_of(units, &mut draws);
        let memory = Distribution::Exponential { mean };
        Some(self.let_go(&memory, clients, units, &mut draws))
    }

    /// Lets so many clients, who make up so many of the units, go on for a time of their own.
    fn let_go(
        &mut self,
        memory: &Distribution,
        (clients, held): (u64, u32),
        units: u32,
        draws: &mut Draws,
    ) -> SimDuration {
        let gone = departures(memory, clients, draws);
        let last = gone.last().map_or(SimDuration::ZERO, |(after, _)| *after);
        let now = self.now();
        let of_units = |(after, gone): (SimDuration, u64)| {
            let part = u128::from(held) * u128::from(gone) / u128::from(clients);
            (now.saturating_add(after), units - held + part as u32)
        };
        let at_once = (held < units).then_some((now, units - held));
        let later = gone.into_iter().map(of_units);
        let leaving: Vec<(SimTime, u32)> = at_once.into_iter().chain(later).collect();
        self.deployment.versions.fade(leaving, now);
        last
    }

    /// Returns how many clients have loaded what so many units serve, and how many units they make up. A client
    /// is a user who has visited since joining, where users are declared, otherwise there is one for each unit.
    fn clients_of(&self, units: u32, draws: &mut Draws) -> (u64, u32) {
        let Some((users, visits_per_hour)) = self.plan.experiment.traffic.split.visitors() else {
            return (units.into(), units);
        };
        let of = |units: u32| {
            let part = u128::from(users) * u128::from(units);
            part.div_ceil(u128::from(self.plan.units)).max(1) as u64
        };
        let mut clients = 0;
        for (since, units) in &self.deployment.joined {
            let hours = self.now().saturating_since(*since).as_secs_f64() / 3600.0;
            // Visits come at random, so that a user has not come for so long with this chance's complement.
            let visited = -libm::expm1(-visits_per_hour * hours);
            clients += sample::binomial(draws, of(*units), visited);
        }
        let all = of(units);
        let held = u128::from(units) * u128::from(clients.min(all)) / u128::from(all);
        (clients.min(all), held as u32)
    }

    /// Whether anything honours the switch.
    pub fn switch_works(&mut self) -> bool {
        let declared = self.plan.experiment.policy.kill_switch.as_ref();
        let noop = |change: &Change| matches!(change, Change::KillSwitchNoop).then_some(());
        declared.is_some_and(|switch| switch.works) && self.struck(noop).is_none()
    }

    /// Draws how long the switch takes until every server obeys it, in this attempt of the rollout and this retry of the step.
    pub fn switch_delay(&mut self, attempt: u16, retry: u16) -> SimDuration {
        let Some(switch) = &self.plan.experiment.policy.kill_switch else {
            return SimDuration::ZERO;
        };
        let tick = u32::from(attempt) ^ (u32::from(retry) << 12);
        let mut draws = self.key.draws(address::STEP, address::SWITCH, tick);
        let servers = switch.takes.sample(&mut draws);
        servers.saturating_add(self.switch_extra(tick))
    }

    /// Draws what a fault adds to it.
    fn switch_extra(&mut self, tick: u32) -> SimDuration {
        let slow = |change: &Change| match change {
            Change::SwitchSlow { by } => Some(by.clone()),
            _ => None,
        };
        let Some(by) = self.struck(slow) else {
            return SimDuration::ZERO;
        };
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
