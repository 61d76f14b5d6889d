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
    pub(super) fn intervals_of(&self, time: SimDuration) -> u64 {
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
