//! The kill switch: thrown at once, effective when everybody obeys, or never.

use crate::address;
use crate::effect::{Anchor, Change, State};
use crate::engine::{Draws, SimDuration, SimTime, sample};
use crate::fleet::departures;
use crate::history::{Event, Outcome};
use crate::policy::Phase;
use crate::traffic::Split;
use crate::world::{Happening, Then, World};

impl World<'_> {
    /// Throws the switch. One that does nothing leaves the release where it is, to the end.
    pub fn kill(&mut self) {
        self.epoch += 1;
        self.state.phase = Phase::Acting;
        self.retreat = crate::controller::Retreat::beginning(self.now);
        self.record(Event::KillThrown);
        self.anchor_first(Anchor::KillThrown, self.now);
        self.stands(State::Killed);
        self.spread.break_off(self.now);
        self.note_exposure();
        if self.switch_works() {
            let (delay, epoch) = (self.switch_delay(), self.epoch);
            self.plan_in(delay, Then::Command, Happening::ServersObey { epoch });
        }
    }

    /// The switch has reached the servers; it is effective when the last client has forgotten.
    pub fn servers_obey(&mut self) {
        let last = self.let_clients_forget();
        if last.is_zero() {
            self.kill_effective();
        } else {
            let epoch = self.epoch;
            self.plan_in(last, Then::World, Happening::KillEffective { epoch });
        }
    }

    /// Lets every client on the new version go on for a time of its own; returns when the last one has
    /// forgotten what it had loaded.
    pub fn let_clients_forget(&mut self) -> SimDuration {
        let switch = self.plan.experiment.policy.kill_switch.as_ref();
        let units = self.spread.units_at(self.now);
        let Some(memory) = switch
            .and_then(|switch| switch.client_memory.as_ref())
            .filter(|_| units > 0)
        else {
            return SimDuration::ZERO;
        };
        let tick = self.attempt.into();
        let mut draws = self.key.draws(address::STEP, address::CLIENTS, tick);
        self.note_cohorts();
        let (clients, held) = self.clients_of(units, &mut draws);
        let gone = departures(memory, clients, &mut draws);
        let last = gone.last().map_or(SimDuration::ZERO, |(after, _)| *after);
        let now = self.now;
        let of_units = |(after, gone): (SimDuration, u64)| {
            let part = u128::from(held) * u128::from(gone) / u128::from(clients);
            (now.saturating_add(after), units - held + part as u32)
        };
        let at_once = (held < units).then_some((now, units - held));
        let later = gone.into_iter().map(of_units);
        let leaving: Vec<(SimTime, u32)> = at_once.into_iter().chain(later).collect();
        self.spread.fade(leaving, now);
        last
    }

    /// Returns how many clients have loaded what so many units serve, and how many units they make up. A client
    /// is a user who has visited since joining, where users are declared, otherwise there is one for each unit.
    fn clients_of(&self, units: u32, draws: &mut Draws) -> (u64, u32) {
        let Split::StickyUsers {
            users,
            visits_per_hour,
        } = self.plan.experiment.traffic.split
        else {
            return (units.into(), units);
        };
        let of = |units: u32| {
            let part = u128::from(users) * u128::from(units);
            part.div_ceil(u128::from(self.plan.units)).max(1) as u64
        };
        let mut clients = 0;
        for (since, units) in &self.cohorts {
            let hours = self.now.saturating_since(*since).as_secs_f64() / 3600.0;
            // Visits come at random, so that a user has not come for so long with this chance's complement.
            let visited = -libm::expm1(-visits_per_hour * hours);
            clients += sample::binomial(draws, of(*units), visited);
        }
        let all = of(units);
        let held = u128::from(units) * u128::from(clients.min(all)) / u128::from(all);
        (clients.min(all), held as u32)
    }

    /// The switch has reached every server and client.
    pub fn kill_effective(&mut self) {
        self.switch_took_effect();
        let switch = self.plan.experiment.policy.kill_switch.as_ref();
        if switch.is_some_and(|switch| switch.cancels_pending) {
            self.drain_queue();
        }
        self.end(Outcome::Killed);
    }

    /// Nothing serves the feature any more.
    pub fn switch_took_effect(&mut self) {
        self.record(Event::KillEffective);
        for (index, plan) in self.plan.effects.iter().enumerate() {
            if plan.cured_by_kill {
                self.conditions.cured[index].get_or_insert(self.now);
            }
        }
        self.spread.cut(0);
        self.note_exposure();
        self.note_reverted();
    }

    /// Whether anything honours the switch.
    pub fn switch_works(&mut self) -> bool {
        let declared = self.plan.experiment.policy.kill_switch.as_ref();
        let noop = |change: &Change| matches!(change, Change::KillSwitchNoop).then_some(());
        declared.is_some_and(|switch| switch.works)
            && self.conditions.struck(self.now, noop).is_none()
    }

    /// Draws how long the switch takes until every server obeys it.
    pub fn switch_delay(&mut self) -> SimDuration {
        let Some(switch) = &self.plan.experiment.policy.kill_switch else {
            return SimDuration::ZERO;
        };
        let mut draws = self
            .key
            .draws(address::STEP, address::SWITCH, self.attempt.into());
        let servers = switch.takes.sample(&mut draws);
        servers.saturating_add(self.switch_extra())
    }

    /// Draws what a fault adds to it.
    fn switch_extra(&mut self) -> SimDuration {
        let slow = |change: &Change| match change {
            Change::SwitchSlow { by } => Some(by.clone()),
            _ => None,
        };
        let Some(by) = self.conditions.struck(self.now, slow) else {
            return SimDuration::ZERO;
        };
        let tick = self.attempt.into();
        let mut draws = self.key.draws(address::EXTRA, address::SWITCH, tick);
        by.sample(&mut draws)
    }
}
