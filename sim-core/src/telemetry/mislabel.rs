//! What is wrong with samples that are there: labels, how often they count, and how they are read.

use super::query::{Query, Range};
use super::store::Store;
use super::sums::Sums;
use crate::effect::Change;
use crate::engine::SimTime;
use crate::faults::Conditions;
use crate::policy::gate::{Population, Reading};

/// How much of the samples of the canary and of the control answer a query.
pub(super) type LabelMixture = [f64; 2];

impl Store<'_> {
    /// The rows of labels that the query asks for.
    fn labels_of(&self, query: Query) -> &'static [usize] {
        match query.population {
            Population::Canary | Population::CanaryBaseline => &[0],
            Population::Control => &[1],
            Population::Fleet if self.places(query).len() == 1 => &[0],
            Population::Fleet => &[0, 1],
        }
    }

    /// Whose samples answer the query, and how many times, after all labels that are wrong.
    pub(super) fn mixture(
        &self,
        world: &mut Conditions<'_>,
        query: Query,
        now: SimTime,
    ) -> LabelMixture {
        // Rows are labels, columns are those that the samples really come from.
        let mut labels = [[1.0, 0.0], [0.0, 1.0]];
        let asked = self.labels_of(query);
        for (index, plan) in self.plan.effects.on_data() {
            let Change::Mislabel(wrong) = &plan.effect.change else {
                continue;
            };
            if !self.names(wrong.signal.as_ref(), query.signal) {
                continue;
            }
            let (from, to) = (row(wrong.from), row(wrong.to));
            let concerned =
                asked.len() == 1 && (asked[0] == to || !wrong.copied && asked[0] == from);
            let carry = |strength| {
                let share = wrong.share.as_f64() * strength;
                (share, share > 0.0 && concerned)
            };
            let share = world.acting(index, now, carry).unwrap_or(0.0);
            if share <= 0.0 {
                continue;
            }
            labels[to][from] += share;
            if !wrong.copied {
                labels[from][from] -= share;
            }
        }
        let sum = |of: usize| asked.iter().map(|label| labels[*label][of].max(0.0)).sum();
        [sum(0), sum(1)]
    }

    /// By what factor each sample counts, and from which interval on by another one: what is counted
    /// twice, and what is late.
    pub(super) fn weights(
        &self,
        world: &mut Conditions<'_>,
        (query, range): (Query, Range),
        now: SimTime,
    ) -> (f64, u64, f64) {
        let (mut all, mut newest, mut late) = (1.0, range.to, 1.0);
        for (index, plan) in self.plan.effects.on_data() {
            let (of, share) = match &plan.effect.change {
                Change::Duplicate(part) => (&part.of, part.share),
                Change::Straggle(straggling) => (&straggling.of, straggling.share),
                _ => continue,
            };
            if !self.concerns(of, query) {
                continue;
            }
            let weigh = |strength| {
                let share = share.as_f64() * strength;
                (share, share > 0.0 && range.to > range.from)
            };
            let share = world.acting(index, now, weigh).unwrap_or(0.0);
            if share <= 0.0 {
                continue;
            }
            if let Change::Straggle(straggling) = &plan.effect.change {
                let back = self.intervals_of(straggling.by).max(1);
                newest = newest.min(range.to.saturating_sub(back));
                late *= 1.0 - share;
            } else {
                all *= 1.0 + share;
            }
        }
        (all, newest.max(range.from), late)
    }

    /// Reads a value otherwise than it is.
    pub(super) fn misread(
        &self,
        world: &mut Conditions<'_>,
        (query, reading): (Query, Reading),
        now: SimTime,
    ) -> Reading {
        let mut read = reading;
        for (index, plan) in self.plan.effects.on_data() {
            let Change::Misread(misread) = &plan.effect.change else {
                continue;
            };
            let asked = misread
                .measure
                .is_none_or(|measure| measure == query.measure);
            if read.noted.is_some() || !asked || !self.concerns(&misread.of, query) {
                continue;
            }
            let misreads = |strength| {
                let value = misread.reads.of(read.value, strength);
                (value, value.to_bits() != read.value.to_bits())
            };
            read.value = world.acting(index, now, misreads).unwrap_or(read.value);
        }
        read
    }

    /// Counts what is read otherwise than it is; a fraction cannot be read as less than none or more than
    /// all.
    pub(super) fn misread_sums(
        &self,
        world: &mut Conditions<'_>,
        (query, sums): (Query, Sums),
        now: SimTime,
    ) -> Sums {
        if !self.plan.effects.any_on_data() || sums.denominator <= 0.0 {
            return sums;
        }
        let really = Reading::ratio(sums.numerator, sums.denominator);
        let read = self.misread(world, (query, really), now);
        if read.value.to_bits() == really.value.to_bits() {
            return sums;
        }
        Sums {
            numerator: libm::round(read.value.clamp(0.0, 1.0) * sums.denominator),
            denominator: sums.denominator,
        }
    }
}

fn row(population: Population) -> usize {
    usize::from(population == Population::Control)
}
