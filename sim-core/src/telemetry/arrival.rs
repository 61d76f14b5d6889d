//! What of the samples arrived at a store: outages, lost scrapes, counters that start again, stores that freeze.

use super::query::{Query, Range};
use super::store::Store;
use crate::effect::Change;
use crate::engine::{SimDuration, SimTime};
use crate::faults::{Conditions, EffectPlan};
use crate::policy::gate::Flaw;

impl Store<'_> {
    pub(super) fn more_lag(
        &self,
        world: &Conditions<'_>,
        query: Query,
        now: SimTime,
    ) -> SimDuration {
        if !self.plan.effects.any_on_data() {
            return SimDuration::ZERO;
        }
        let mut lag = SimDuration::ZERO;
        for (index, plan) in self.plan.effects.on_data() {
            if let Change::Lag { signal, by } = &plan.effect.change
                && self.names(signal.as_ref(), query.signal)
                && world.strength(index, now) > 0.0
            {
                lag = lag.max(*by);
            }
        }
        lag
    }

    /// Narrows `range` to what really arrived: scrapes in an outage are not there, a frozen store
    /// serves the window before it froze, a sample that is not a number spoils its window. Also
    /// returns by how many intervals the newest sample pretends to be younger than it is.
    ///
    /// A gap inside the window is bridged, as the difference of two counters bridges it; states that are lost are left out
    /// when the others are added up.
    pub(super) fn seen(
        &self,
        world: &Conditions<'_>,
        query: Query,
        range: Range,
        now: SimTime,
    ) -> Result<(Range, u64), Flaw> {
        let Range { mut from, mut to } = self.thawed(world, query, range, now);
        let hidden_age = range.to - to;
        // A whole spell at a time: an outage of a day is one step, not one for each scrape.
        loop {
            if let Some(began) = self.outage_at(world, query, to) {
                to = self.scrapes_before(began);
            } else if to > 0 && self.dropped(world, query, to) {
                to -= 1;
            } else {
                break;
            }
        }
        // An interval whose first scrape is lost has no difference of counters.
        let counted = !self.plan.telemetry.signals[query.signal].kind.is_state();
        while counted && from < to && from > 0 && self.is_lost(world, query, from) {
            from += 1;
        }
        let seen = Range { from, to };
        let flaw = self.spoils.then(|| self.spoilt(world, query, seen));
        flaw.flatten().map_or(Ok((seen, hidden_age)), Err)
    }

    /// Whether scrape `k` did not arrive.
    pub(super) fn is_lost(&self, world: &Conditions<'_>, query: Query, k: u64) -> bool {
        self.outage_at(world, query, k).is_some() || self.dropped(world, query, k)
    }

    /// Returns what is wrong with the first sample of a range that spoils it all.
    fn spoilt(&self, world: &Conditions<'_>, query: Query, range: Range) -> Option<Flaw> {
        let nan = |change: &Change| match change {
            Change::Nan(change) => self.concerns(change, query),
            _ => false,
        };
        (range.from + 1..=range.to).find_map(|k| {
            if world.at_work(world.environment.scrape(k), nan) {
                Some(Flaw::Nan)
            } else {
                self.reset_in(world, query, k).then_some(Flaw::Missing)
            }
        })
    }

    /// Returns since when scrape `k` and those before it have been lost on their way; none if it arrived.
    fn outage_at(&self, world: &Conditions<'_>, query: Query, k: u64) -> Option<SimTime> {
        let began = |(index, plan): (usize, &EffectPlan)| match &plan.effect.change {
            Change::Outage(change) if !plan.silences_hosts() && self.concerns(change, query) => {
                let at = world.environment.scrape(k);
                let began = world.active_since(index, at)?;
                // Within its spell it is away and back as the world is or is not as it asks.
                Some(if plan.effect.only.is_some() {
                    at
                } else {
                    began
                })
            }
            _ => None,
        };
        let effects = self.plan.effects.on_data();
        (k > 0).then(|| effects.filter_map(began).min()).flatten()
    }

    fn scrapes_before(&self, instant: SimTime) -> u64 {
        let scrape = self.plan.telemetry.scrape_every.as_nanos();
        instant.as_nanos().saturating_sub(1) / scrape
    }

    /// Whether a counter started again inside `asked` as it was when the store last changed.
    pub(super) fn is_reset_within(
        &self,
        world: &Conditions<'_>,
        query: Query,
        asked: Range,
        now: SimTime,
    ) -> bool {
        let Range { from, to } = self.thawed(world, query, asked, now);
        self.plan.effects.any_on_data() && (from + 1..=to).any(|k| self.reset_in(world, query, k))
    }

    /// Whether a counter started again inside interval `k` and the query cannot handle it.
    pub(super) fn reset_in(&self, world: &Conditions<'_>, query: Query, k: u64) -> bool {
        self.plan.telemetry.resets_unhandled
            && self.plan.effects.on_data().any(|(index, plan)| {
                let Change::CounterReset(change) = &plan.effect.change else {
                    return false;
                };
                let begin = world
                    .faults
                    .counted_from(&plan.effect)
                    .map(|anchor| anchor.saturating_add(plan.effect.course.after));
                let (after, upto) = (world.environment.scrape(k - 1), world.environment.scrape(k));
                let here = |at: SimTime| at > after && at <= upto;
                plan.effect.course.strength > 0.0
                    && self.concerns(change, query)
                    && begin.is_some_and(|at| here(at) && world.may_happen_in(index, at, k))
            })
    }

    /// A frozen store answers as it did when it froze.
    pub(super) fn thawed(
        &self,
        world: &Conditions<'_>,
        query: Query,
        range: Range,
        now: SimTime,
    ) -> Range {
        for (index, plan) in self.plan.effects.on_data() {
            let Change::Freeze(change) = &plan.effect.change else {
                continue;
            };
            if !self.concerns(change, query) {
                continue;
            }
            let Some(began) = world.active_since(index, now) else {
                continue;
            };
            let mut frozen = began.as_nanos() / self.plan.interval.as_nanos();
            if plan.effect.only.is_some() {
                frozen = last_stood(world, index, (frozen, range.to));
            }
            let back = range.to.saturating_sub(frozen);
            return Range {
                from: range.from.saturating_sub(back),
                to: range.to - back,
            };
        }
        range
    }
}

/// The interval after `from` up to `to` in which the world last came to be as the effect asks, which may be later
/// than its spell began.
fn last_stood(world: &Conditions<'_>, index: usize, (from, to): (u64, u64)) -> u64 {
    let stood = |k: &u64| world.strength(index, world.environment.scrape(*k)) <= 0.0;
    (from + 1..=to).rev().find(stood).unwrap_or(from)
}
