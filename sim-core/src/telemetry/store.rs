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
use crate::faults::Conditions;
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
    pub(super) spoils: bool,
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
