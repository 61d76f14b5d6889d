//! How gates read a recording: what was recorded, as far as their population has seen it.

use super::measure::value;
use super::query::{Query, Range};
use super::recording::{Recording, Steps};
use super::store::Store;
use super::sums::Sums;
use crate::engine::SimTime;
use crate::faults::Conditions;
use crate::policy::gate::{Flaw, Measure, Population, Reading};

impl<'p> Store<'p> {
    pub(super) fn recording(&self, query: Query) -> Option<&'p Recording> {
        self.plan.telemetry.signals[query.signal].recording.as_ref()
    }

    /// Answers a query about a recorded signal at `now`.
    ///
    /// The look-back of everybody and of the old version reaches behind the start of the rollout, as that
    /// of a real store does; a new version was not there before. Where nothing was recorded in the look-back
    /// the data are missing: a store that finds no sample has nothing that could be old.
    pub(super) fn read_recorded(
        &mut self,
        world: &mut Conditions<'_>,
        recording: &'p Recording,
        query: Query,
        now: SimTime,
    ) -> Reading {
        let asked = self.asked(world, query, now);
        self.cover(world, query, asked, now);
        let Some(steps) = self.steps(recording, query, now) else {
            return Reading::flawed(Flaw::Missing);
        };
        if self.is_old(recording, steps.newest, now) {
            return Reading::flawed(Flaw::Stale);
        }
        let newest = Steps {
            oldest: steps.newest,
            ..steps
        };
        let steps = if query.measure == Measure::Last {
            newest
        } else {
            steps
        };
        if recording.is_spoilt(query.population, steps) {
            return Reading::flawed(Flaw::Nan);
        }
        self.of_steps(recording, query, steps)
    }

    /// Returns the steps in the look-back, the newest one of which has a sample; none where none has.
    fn steps(&self, recording: &Recording, query: Query, now: SimTime) -> Option<Steps> {
        let (step, lag) = (recording.step, self.plan.telemetry.lag);
        let passed = now.saturating_sub(lag).as_nanos() + recording.phase.as_nanos();
        let now = (passed / step.as_nanos()) as i64;
        let back = self.plan.interval.saturating_mul(query.back).as_nanos();
        let back = back.div_ceil(step.as_nanos()).max(1) as i64;
        let oldest = now.saturating_sub(back).saturating_add(1);
        let oldest = oldest.max(recording.first(query.population));
        let mut places = (oldest..=now).rev();
        let newest = places.find(|step| recording.is_recorded(query.population, *step))?;
        Some(Steps { oldest, newest })
    }

    fn is_old(&self, recording: &Recording, newest: i64, now: SimTime) -> bool {
        let telemetry = &self.plan.telemetry;
        let since = |end: i64| now.as_nanos() as i64 - end;
        let end = newest * recording.step.as_nanos() as i64 - recording.phase.as_nanos() as i64;
        since(end) > telemetry.stale_after.as_nanos() as i64
    }

    /// Reads steps. Where a step holds the value of a whole distribution, such as its 99th percentile,
    /// several steps are averaged: a recording has nothing else to offer.
    fn of_steps(&self, recording: &Recording, query: Query, steps: Steps) -> Reading {
        let sums = |steps| self.sums_of(recording, query, steps);
        let mut reading = match query.measure {
            Measure::Trend => {
                let middle = steps.oldest + (steps.newest - steps.oldest + 1) / 2;
                let before = Steps {
                    newest: middle - 1,
                    ..steps
                };
                let after = Steps {
                    oldest: middle,
                    ..steps
                };
                change(
                    value(Measure::Mean, sums(before)),
                    value(Measure::Mean, sums(after)),
                )
            }
            Measure::Quantile(_) => value(Measure::Mean, sums(steps)),
            measure => value(measure, sums(steps)),
        };
        if !recording.counted && reading.noted.is_none() {
            reading.samples = u64::MAX;
        }
        reading
    }

    fn sums_of(&self, recording: &Recording, query: Query, steps: Steps) -> Sums {
        if recording.is_whole(query.population) {
            return recording.whole(query.population, steps);
        }
        let end = |step| recording.end_of(step, self.plan.interval);
        let (from, to) = (end(steps.oldest - 1), end(steps.newest));
        let mut all = recording.before_start(query.population, steps);
        for index in self.places(query) {
            all.add(self.series[index].between(from, to.max(from)));
        }
        all
    }

    /// Reads what arrived in a range of intervals after the start, for the steps of a rank test.
    pub(super) fn recorded(
        &self,
        world: &mut Conditions<'_>,
        recording: &Recording,
        (query, range): (Query, Range),
        now: SimTime,
    ) -> Reading {
        let newest = range.to;
        let spoilt = (range.from + 1..=newest)
            .filter_map(|k| recording.step_at(k, self.plan.interval))
            .any(|step| {
                let steps = Steps {
                    oldest: step,
                    newest: step,
                };
                recording.is_spoilt(query.population, steps)
            });
        if spoilt {
            return Reading::flawed(Flaw::Nan);
        }
        let mut reading = self.computed(world, (query, range), now);
        if !recording.counted && reading.noted.is_none() {
            reading.samples = u64::MAX;
        }
        reading
    }

    /// The end of the range goes back to the newest sample that was recorded.
    pub(super) fn arrived(&self, recording: &Recording, query: Query, range: Range) -> Range {
        let interval = self.plan.interval;
        let recorded = |k: u64| {
            let step = recording.step_at(k, interval);
            step.is_some_and(|step| recording.is_recorded(query.population, step))
        };
        let mut to = range.to;
        while to > 0 && !recorded(to) {
            to = recording.ended(to - 1, interval);
        }
        Range { to, ..range }
    }

    /// The places of the series that a query adds up.
    pub(super) fn places(&self, query: Query) -> std::ops::Range<usize> {
        let canary = query.signal * 2;
        // Where both populations show all that was recorded, one of them is everybody.
        let alike = self
            .recording(query)
            .is_some_and(Recording::shows_all_to_all);
        match query.population {
            Population::Canary | Population::CanaryBaseline => canary..canary + 1,
            Population::Control => canary + 1..canary + 2,
            Population::Fleet if alike => canary..canary + 1,
            Population::Fleet => canary..canary + 2,
        }
    }
}

fn change(before: Reading, after: Reading) -> Reading {
    match before.noted.or(after.noted) {
        Some(flaw) => Reading::flawed(flaw),
        None => Reading::of(
            after.value - before.value,
            before.samples.min(after.samples),
        ),
    }
}
