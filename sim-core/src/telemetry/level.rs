//! Levels: what a signal is at in an interval, before any chance of counting.

use super::sample_loss::is_unseen;
use super::sampling_plan::SignalPlan;
use crate::effect::{Change, SignalChange};
use crate::engine::SimTime;
use crate::faults::Conditions;
use crate::policy::gate::Population;

/// A level in two parts: hosts that show an effect and hosts that do not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Level {
    /// The mean level over all hosts.
    pub mean: f64,
    /// The share of hosts that are worse.
    pub affected: f64,
    /// By what factor they are worse.
    pub slower: f64,
    /// What all hosts share: movements, shocks, the hosts' own factors.
    pub factor: f64,
}

/// Whose level, when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'s> {
    pub population: Population,
    /// The share of all that serve the new version.
    pub share: f64,
    /// From when to when; an instant where both are one.
    pub span: (SimTime, SimTime),
    /// The signal by its name, and the interval whose samples it is about, where what is asked for is what can
    /// be seen.
    pub seen_in: Option<(&'s str, u64)>,
}

impl<'s> Spot<'s> {
    /// `population` in interval `k`.
    pub fn in_interval(
        conditions: &Conditions<'_>,
        signal: &'s str,
        population: Population,
        k: u64,
    ) -> Self {
        Self {
            population,
            share: conditions.environment.interval(k).share,
            span: conditions.environment.span(population, k),
            seen_in: Some((signal, k)),
        }
    }
}

/// Returns the mean level of `signal` around `base` at `spot`.
///
/// `factor` is the movement of the signal. Where requests reach hosts at random, a mean over hosts
/// is exact for counts of requests: each request meets a bad host with the same probability.
pub(crate) fn level(
    signal: &SignalPlan,
    conditions: &mut Conditions<'_>,
    spot: Spot<'_>,
    base: f64,
    factor: f64,
) -> Level {
    let host = conditions
        .environment
        .host_factor(spot.population, spot.share);
    let mut level = Level {
        mean: base,
        affected: 0.0,
        slower: 1.0,
        factor: factor * host,
    };
    for index in &signal.effects {
        let strength = conditions.strength_over(*index, spot.span);
        let place = spot.seen_in.map(|(id, k)| (id, spot.population, k));
        let unseen =
            strength != 0.0 && place.is_some_and(|place| is_unseen(conditions, *index, place));
        if strength != 0.0 && !unseen {
            let affected = conditions.affected(*index, spot.share);
            apply(
                &mut level,
                conditions.change(*index),
                spot.population,
                strength,
                affected,
            );
        }
    }
    level.mean *= level.factor;
    level
}

fn apply(level: &mut Level, change: &Change, population: Population, strength: f64, affected: f64) {
    let reached = |change: &SignalChange| {
        change.population == population || change.population == Population::Fleet
    };
    match change {
        Change::Add(change) if reached(change) => {
            level.mean += affected * change.by * strength;
        }
        Change::Multiply(change) if reached(change) => {
            let times = 1.0 + (change.by - 1.0) * strength;
            level.mean *= 1.0 + affected * (times - 1.0);
            level.affected = level.affected.max(affected);
            level.slower *= times;
        }
        Change::Shock(change) if reached(change) => {
            level.factor *= 1.0 + (change.by - 1.0) * strength;
        }
        _ => {}
    }
}
