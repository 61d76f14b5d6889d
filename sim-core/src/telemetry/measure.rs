//! Measures: from the samples of a look-back time to the one number that a gate compares.

use super::counts::Mark;
use super::query::{Query, Range};
use super::store::Store;
use super::sums::Sums;
use crate::engine::SimTime;
use crate::faults::Conditions;
use crate::policy::gate::{Flaw, Measure, Reading};

impl Store<'_> {
    /// Measures what lies in a range, which has arrived. Where there are `marks`, a quantile may be any value
    /// on the same side of each.
    pub(super) fn measured(
        &mut self,
        world: &mut Conditions<'_>,
        seen: (Query, Range),
        now: SimTime,
        marks: &[Mark],
    ) -> Reading {
        let query = seen.0;
        let reading = match (self.recording(query), query.measure) {
            (Some(recording), _) => self.recorded(world, recording, seen, now),
            (None, Measure::Quantile(q)) => self.quantile(world, seen, now, (q, marks)),
            (None, _) => self.computed(world, seen, now),
        };
        if self.plan.effects.any_on_data() {
            self.misread(world, (query, reading), now)
        } else {
            reading
        }
    }

    /// Computes a measure from sums; of a quantile nothing but the mean is known there.
    pub(super) fn computed(
        &self,
        world: &mut Conditions<'_>,
        seen: (Query, Range),
        now: SimTime,
    ) -> Reading {
        match seen.0.measure {
            Measure::Trend => self.trend(world, seen, now),
            Measure::Last => self.newest(world, seen, now),
            measure => value(measure, self.sums(world, seen, now)),
        }
    }

    /// The newest sample of the look-back time that there is.
    fn newest(
        &self,
        world: &mut Conditions<'_>,
        (query, range): (Query, Range),
        now: SimTime,
    ) -> Reading {
        let sample = |to| self.sums(world, (query, Range { from: to - 1, to }), now);
        let mut samples = (range.from + 1..=range.to).rev().map(sample);
        let newest = samples.find(|sums| sums.denominator > 0.0);
        newest.map_or(Reading::flawed(Flaw::ZeroDenominator), ratio)
    }

    /// The change from the first half of the look-back time to the second.
    fn trend(
        &self,
        world: &mut Conditions<'_>,
        (query, range): (Query, Range),
        now: SimTime,
    ) -> Reading {
        let middle = range.from.midpoint(range.to);
        let mut half = |from, to| ratio(self.sums(world, (query, Range { from, to }), now));
        let (before, after) = (half(range.from, middle), half(middle, range.to));
        match before.noted.or(after.noted) {
            Some(flaw) => Reading::flawed(flaw),
            None => Reading::of(
                after.value - before.value,
                before.samples.min(after.samples),
            ),
        }
    }
}

/// Turns sums into what a measure without a memory reads of them.
pub(super) fn value(measure: Measure, sums: Sums) -> Reading {
    match measure {
        Measure::Count if sums.denominator > 0.0 => {
            Reading::of(sums.numerator, sums.numerator as u64)
        }
        _ => ratio(sums),
    }
}

fn ratio(sums: Sums) -> Reading {
    Reading::ratio(sums.numerator, sums.denominator)
}
