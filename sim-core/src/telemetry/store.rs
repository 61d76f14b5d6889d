//! The store: scrapes that have arrived, and the queries of gates.

use std::collections::BTreeMap;

use super::counts::Mark;
use super::query::{Query, Range};
use super::recording::Recording;
use super::sampling_plan::SamplingPlan;
use super::series::Series;
use super::sums::Sums;
use crate::effect::{Change, DataChange};
use crate::engine::{Key, SimDuration, SimTime};
use crate::faults::{Conditions, EffectPlan};
use crate::policy::gate::{Flaw, Population, Reading};

/// The samples of all signals.
#[derive(Clone)]
pub(crate) struct Store<'p> {
    pub(super) plan: SamplingPlan<'p>,
    pub(super) key: Key,
    /// Canary and control of each signal in turn.
    pub(super) series: Vec<Series>,
    /// For each signal that somebody asked for it: the sums of the intervals before the start, the last of them first.
    pub(super) before: BTreeMap<usize, Vec<Sums>>,
    /// Whether samples may carry a wrong label, so that any query may be answered by anybody's.
    mislabels: bool,
    /// Whether a single sample can spoil a whole look-back.
    spoils: bool,
}

impl<'p> Store<'p> {
    pub fn new(plan: SamplingPlan<'p>, key: Key) -> Self {
        let signals = 0..plan.telemetry.signals.len();
        let both = |signal| {
            [Population::Canary, Population::Control]
                .map(|population| Series::new(&plan, key, signal, population))
        };
        let suffers = |wanted: fn(&Change) -> bool| {
            let mut data = plan.effects.on_data();
            data.any(|(_, plan)| wanted(&plan.effect.change))
        };
        Self {
            plan,
            key,
            series: signals.flat_map(both).collect(),
            before: BTreeMap::new(),
            mislabels: suffers(|change| matches!(change, Change::Mislabel(_))),
            spoils: suffers(|change| matches!(change, Change::Nan(_) | Change::CounterReset(_))),
        }
    }

    /// Draws the intervals that have passed to their end, and those to come from another key.
    pub fn reseed(&mut self, world: &mut Conditions<'_>, key: Key) {
        let passed = world.environment.passed();
        for series in &mut self.series {
            let from = passed.saturating_sub(series.reach(&self.plan));
            series.cover(&self.plan, self.key, world, from, passed);
            series.reseed(key);
        }
        self.key = key;
    }

    /// Answers a query at `now`.
    pub fn read(&mut self, world: &mut Conditions<'_>, query: Query, now: SimTime) -> Reading {
        self.compare(world, (query, &[]), now)
    }

    /// Answers a query at `now` whose value is compared with `marks` and has no other use: it may be any on
    /// the same side of each. Without marks the answer is exact.
    pub fn compare(
        &mut self,
        world: &mut Conditions<'_>,
        (query, marks): (Query, &[Mark]),
        now: SimTime,
    ) -> Reading {
        if let Some(recording) = self.recording(query) {
            return self.read_recorded(world, recording, query, now);
        }
        let mut asked = self.asked(world, query, now);
        if self.plan.effects.any_on_data() {
            asked = self.shifted(world, (query, asked), now);
        }
        self.cover(world, query, asked, now);
        if self.plan.effects.any_on_data() {
            self.note_hidden(world, (query, asked), now);
        }
        let range = match self.range(world, query, asked, now) {
            Ok(range) => range,
            Err(flaw) => return Reading::flawed(flaw),
        };
        self.measured(world, (query, range), now, marks)
    }

    /// Draws what answering a query at `now` would draw.
    pub fn draw(&mut self, world: &mut Conditions<'_>, query: Query, now: SimTime) {
        let mut asked = self.asked(world, query, now);
        if self.plan.effects.any_on_data() {
            asked = self.shifted(world, (query, asked), now);
        }
        self.cover(world, query, asked, now);
    }

    /// Returns the scrapes in the look-back time. It counts from the newest sample that has arrived, so
    /// that a lag makes data older and not fewer.
    pub(super) fn asked(&self, world: &Conditions<'_>, query: Query, now: SimTime) -> Range {
        let lag = self.plan.telemetry.lag + self.more_lag(world, query, now);
        let newest = match lag {
            SimDuration::ZERO => world.environment.passed(),
            lag => now.saturating_sub(lag).as_nanos() / self.plan.interval.as_nanos(),
        };
        let asked = Range {
            from: newest.saturating_sub(query.back),
            to: newest,
        };
        match self.recording(query) {
            Some(recording) => on_steps(asked, recording, self.plan.interval),
            None => asked,
        }
    }

    /// Finds what of `asked` arrived, or what is wrong with it.
    pub(super) fn range(
        &self,
        world: &Conditions<'_>,
        query: Query,
        asked: Range,
        now: SimTime,
    ) -> Result<Range, Flaw> {
        let (range, hidden_age) = if self.plan.effects.any_on_data() {
            self.seen(world, query, asked, now)?
        } else {
            (asked, 0)
        };
        let stale_after = self.plan.telemetry.stale_after;
        let range = match self.recording(query) {
            Some(recording) => self.arrived(recording, query, range),
            None => range,
        };
        if range.to == 0 {
            return Err(Flaw::Missing);
        }
        if now.saturating_since(world.environment.scrape(range.to + hidden_age)) > stale_after {
            return Err(Flaw::Stale);
        }
        if range.to <= range.from {
            Err(Flaw::Missing)
        } else {
            Ok(range)
        }
    }

    /// Draws what is missing for any look-back from now, whatever arrived of it and however far this
    /// query looks: what is kept must not depend on which of several gates looked first.
    pub(super) fn cover(
        &mut self,
        world: &mut Conditions<'_>,
        query: Query,
        asked: Range,
        now: SimTime,
    ) {
        // What a frozen store does not serve is drawn when it serves it again.
        let newest = if self.plan.effects.any_on_data() {
            self.thawed(world, query, asked, now).to
        } else {
            asked.to
        };
        let from = newest.saturating_sub(self.plan.signals[query.signal].reach);
        let places = if self.mislabels {
            query.signal * 2..query.signal * 2 + 2
        } else {
            self.places(query)
        };
        for index in places {
            self.series[index].cover(&self.plan, self.key, world, from, newest);
            // The newest sample that can be seen becomes older again by what faults may do, and no more.
            let back = self.plan.hidden_back;
            self.series[index].let_go(from.saturating_sub(back));
        }
    }

    /// The series of a signal: the canary's and the control's.
    pub(super) fn both(&self, signal: usize) -> &[Series] {
        &self.series[signal * 2..signal * 2 + 2]
    }

    pub(super) fn sums(
        &self,
        world: &mut Conditions<'_>,
        (query, range): (Query, Range),
        now: SimTime,
    ) -> Sums {
        if self.plan.effects.any_on_data() {
            return self.distorted_sums(world, (query, range), now);
        }
        let mut all = Sums::default();
        for index in self.places(query) {
            let sums = self.series[index].between(range.from, range.to);
            all.numerator += sums.numerator;
            all.denominator += sums.denominator;
        }
        all
    }
    fn more_lag(&self, world: &Conditions<'_>, query: Query, now: SimTime) -> SimDuration {
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

    pub(super) fn names(&self, name: Option<&String>, signal: usize) -> bool {
        name.is_none_or(|name| self.plan.telemetry.signals[signal].id == *name)
    }

    /// Says whether the data effect `change` concerns the query.
    pub(super) fn concerns(&self, change: &DataChange, query: Query) -> bool {
        let population = change.population.is_none_or(|population| {
            population == query.population
                || population == Population::Fleet
                || query.population == Population::Fleet
        });
        population && self.names(change.signal.as_ref(), query.signal)
    }

    /// Narrows `range` to what really arrived: scrapes in an outage are not there, a frozen store
    /// serves the window before it froze, a sample that is not a number spoils its window. Also
    /// returns by how many intervals the newest sample pretends to be younger than it is.
    ///
    /// A gap inside the window is bridged, as the difference of two counters bridges it; states that are lost are left out
    /// when the others are added up.
    fn seen(
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
            let scrape = self.plan.interval.as_nanos();
            let mut frozen = began.as_nanos() / scrape;
            if plan.effect.only.is_some() {
                // It froze when the world last came to be as it asks, which may be later than its spell began.
                let stood = |k: &u64| world.strength(index, world.environment.scrape(*k)) <= 0.0;
                let later = frozen + 1..=range.to;
                frozen = later.rev().find(stood).unwrap_or(frozen);
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

/// A recording with longer steps is read step by step: the newest whole one, and no less than one.
fn on_steps(asked: Range, recording: &Recording, interval: SimDuration) -> Range {
    let to = recording.ended(asked.to, interval);
    let back = (asked.to - asked.from).max(recording.stride(interval));
    Range {
        from: to.saturating_sub(back),
        to,
    }
}
