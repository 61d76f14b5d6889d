//! Distortions: what faults do to data between the hosts and a gate.
//!
//! Every function here is asked only where some effect is on the data's way.

use super::latencies::{Span, Spans};
use super::query::{Query, Range};
use super::store::Store;
use super::sums::Sums;
use crate::address;
use crate::effect::{Change, DataChange, Part};
use crate::engine::{SimDuration, SimTime};
use crate::faults::{Conditions, EffectPlan};
use crate::policy::gate::{Population, Reading};

/// How much of the samples of the canary and of the control answer a query.
pub(super) type Mixture = [f64; 2];

impl Store<'_> {
    /// Moves the range back that a query asks for.
    pub(super) fn shifted(
        &self,
        world: &mut Conditions<'_>,
        (query, range): (Query, Range),
        now: SimTime,
    ) -> Range {
        let mut back = 0;
        for (index, plan) in self.plan.effects.on_data() {
            if let Change::ShiftWindow { of, by } = &plan.effect.change
                && self.concerns(of, query)
            {
                let shift = |_| (self.intervals_of(*by), range.to > 0);
                let by = world.acting(index, now, shift);
                back = by.unwrap_or(0).max(back);
            }
        }
        Range {
            from: range.from.saturating_sub(back),
            to: range.to.saturating_sub(back),
        }
    }

    /// Returns how many intervals `time` fills.
    fn intervals_of(&self, time: SimDuration) -> u64 {
        time.as_nanos() / self.plan.interval.as_nanos()
    }

    /// Whether scrape `k` as a whole was lost by chance.
    pub(super) fn dropped(&self, world: &Conditions<'_>, query: Query, k: u64) -> bool {
        let mut effects = self.plan.effects.on_data();
        effects.any(|(index, plan)| match &plan.effect.change {
            Change::DropScrapes(part) if self.concerns(&part.of, query) => {
                self.drops(world, (index, part), k)
            }
            _ => false,
        })
    }

    fn drops(&self, world: &Conditions<'_>, (index, part): (usize, &Part), k: u64) -> bool {
        let chance = part.share.as_f64() * world.strength(index, world.environment.scrape(k));
        let mut draws = self.key.draws(address::LOSS, index as u32, k as u32);
        chance > 0.0 && draws.chance(chance)
    }

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
    ) -> Mixture {
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

    /// Notes which of the effects that hide, age or spoil data do so for this query.
    pub(super) fn note_hidden(
        &self,
        world: &mut Conditions<'_>,
        (query, asked): (Query, Range),
        now: SimTime,
    ) {
        for (index, plan) in self.plan.effects.on_data() {
            world.manifests(index, |world| {
                self.hides(world, (index, plan), (query, asked), now)
            });
        }
    }

    /// Whether an effect hides, ages or spoils data that a query asks for.
    fn hides(
        &self,
        world: &Conditions<'_>,
        (index, plan): (usize, &EffectPlan),
        (query, asked): (Query, Range),
        now: SimTime,
    ) -> bool {
        let of = |change: &DataChange| self.concerns(change, query);
        let any = |hit: &dyn Fn(u64) -> bool| (asked.from + 1..=asked.to).any(hit);
        let strong = |k: u64| world.strength(index, world.environment.scrape(k)) > 0.0;
        match &plan.effect.change {
            Change::Outage(_) if plan.silences_hosts() => false,
            Change::Outage(change) | Change::Nan(change) => of(change) && any(&strong),
            Change::DropScrapes(part) => {
                of(&part.of) && any(&|k| self.drops(world, (index, part), k))
            }
            Change::CounterReset(change) => of(change) && any(&|k| self.reset_in(world, query, k)),
            Change::Lag { signal, .. } => {
                self.names(signal.as_ref(), query.signal) && world.strength(index, now) > 0.0
            }
            Change::Freeze(change) => {
                of(change)
                    && world.strength(index, now) > 0.0
                    && self.thawed(world, query, asked, now).to < asked.to
            }
            _ => false,
        }
    }

    /// Adds up a range as faults let it be seen.
    pub(super) fn distorted_sums(
        &self,
        world: &mut Conditions<'_>,
        (query, range): (Query, Range),
        now: SimTime,
    ) -> Sums {
        let mixture = self.mixture(world, query, now);
        let (all, newest, late) = self.weights(world, (query, range), now);
        let mut sums = Sums::default();
        for (from, to) in self.arrived_runs(world, query, range) {
            let spans = [
                (from, to.min(newest), all),
                (from.max(newest), to, all * late),
            ];
            for (series, part) in self.both(query.signal).iter().zip(mixture) {
                for (from, to, weight) in spans {
                    if part * weight > 0.0 && to > from {
                        let more = series.between(from, to);
                        sums.numerator += more.numerator * part * weight;
                        sums.denominator += more.denominator * part * weight;
                    }
                }
            }
        }
        sums
    }

    /// Returns the parts of a range that arrived. Counters bridge what is lost between two scrapes: they have one part.
    fn arrived_runs(&self, world: &Conditions<'_>, query: Query, range: Range) -> Vec<(u64, u64)> {
        let loses = |plan: &EffectPlan| {
            matches!(
                plan.effect.change,
                Change::Outage(_) | Change::DropScrapes(_)
            )
        };
        let counted = !self.plan.telemetry.signals[query.signal].kind.is_state();
        if counted || !self.plan.effects.on_data().any(|(_, plan)| loses(plan)) {
            return vec![(range.from, range.to)];
        }
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for k in range.from + 1..=range.to {
            if !self.is_lost(world, query, k) {
                match runs.last_mut() {
                    Some(run) if run.1 == k - 1 => run.1 = k,
                    _ => runs.push((k - 1, k)),
                }
            }
        }
        runs
    }

    /// Returns what latencies answer a query as faults let them be seen.
    pub(super) fn distorted_spans(
        &self,
        world: &mut Conditions<'_>,
        (query, range): (Query, Range),
        now: SimTime,
    ) -> Spans {
        let mixture = self.mixture(world, query, now);
        let (all, newest, late) = self.weights(world, (query, range), now);
        let old = Range {
            to: newest,
            ..range
        };
        let new = Range {
            from: newest,
            ..range
        };
        std::array::from_fn(|place| {
            let (range, weight) = [(old, all), (new, all * late)][place % 2];
            let empty = range.to <= range.from;
            Span {
                series: query.signal * 2 + place / 2,
                range,
                weight: if empty {
                    0.0
                } else {
                    mixture[place / 2] * weight
                },
            }
        })
    }
}

fn row(population: Population) -> usize {
    usize::from(population == Population::Control)
}
