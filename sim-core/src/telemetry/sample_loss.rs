//! Thinning: what is left of a sample when a part of it does not arrive.

use super::SignalKind;
use super::sampling_plan::SamplingPlan;
use super::sums::Sums;
use crate::address;
use crate::effect::Change;
use crate::engine::{Draws, Key, sample};
use crate::faults::Conditions;
use crate::policy::gate::Population;

/// Which sample: the signal, the population and the interval.
pub(super) type SamplePlace = (usize, Population, u64);

/// Returns which part of a sample arrives.
pub(super) fn arriving(
    plan: &SamplingPlan<'_>,
    world: &mut Conditions<'_>,
    place: SamplePlace,
) -> f64 {
    let (signal, population, k) = place;
    let mut arriving = 1.0;
    let id = &plan.telemetry.signals[signal].id;
    for (index, effect) in plan.effects.on_data() {
        if effect.silences_hosts() {
            let silent = silenced(world, index, (id, population, k));
            if silent > 0.0 {
                arriving *= 1.0 - silent;
                world.faults.mark_manifested(index);
            }
        }
        let Change::Thin(part) = &effect.effect.change else {
            continue;
        };
        let named = part.of.signal.as_ref().is_none_or(|name| name == id);
        let whose = part.of.population.unwrap_or(Population::Fleet);
        if named && (whose == Population::Fleet || whose == population) {
            let anybody = world.environment.part(population, k) > 0.0;
            let lost = |strength| (part.share.as_f64() * strength, anybody);
            let lost = world.acting(index, world.environment.scrape(k), lost);
            arriving *= lost.map_or(1.0, |lost| (1.0 - lost).max(0.0));
        }
    }
    arriving
}

/// Whose sample: the signal by its name, the population and the interval.
type Named<'s> = (&'s str, Population, u64);

/// Returns which part of the hosts behind a sample sends nothing because of effect `index`.
fn silenced(world: &mut Conditions<'_>, index: usize, (signal, population, k): Named<'_>) -> f64 {
    let Change::Outage(lost) = world.change(index) else {
        return 0.0;
    };
    let named = lost.signal.as_ref().is_none_or(|name| name == signal);
    // Hosts that show an effect are hosts of the new version, unless the outage is about the old one.
    let whose = lost.population.unwrap_or(Population::Canary);
    let theirs = whose == Population::Fleet || whose == population;
    let silent = named && theirs && world.environment.part(population, k) > 0.0;
    if !silent || world.strength(index, world.environment.scrape(k)) <= 0.0 {
        return 0.0;
    }
    world.affected(index, world.environment.interval(k).share)
}

/// Whether nothing of effect `index` is seen in a sample, because the hosts that show it send nothing.
pub(super) fn is_unseen(world: &mut Conditions<'_>, index: usize, place: Named<'_>) -> bool {
    let all = world.effects();
    let shown_by = all[index].hosts_of;
    all.on_data().any(|(silent, effect)| {
        effect.silences_hosts()
            && effect.hosts_of == shown_by
            && silenced(world, silent, place) > 0.0
    })
}

/// Draws what is left of `sums` when only this part arrives: which samples are lost does not depend on
/// what they say.
pub(super) fn thinned(
    (plan, key): (&SamplingPlan<'_>, Key),
    (signal, population, k): SamplePlace,
    sums: Sums,
    arriving: f64,
) -> Sums {
    let entity = signal as u32 * 4 + population as u32 + (1 << 20);
    let mut draws = key.draws(address::LOSS, entity, k as u32);
    let left = sums.denominator * arriving;
    match &plan.telemetry.signals[signal].kind {
        SignalKind::Ratio { .. }
        | SignalKind::RatioOfRuns { .. }
        | SignalKind::Heartbeat { .. }
        | SignalKind::Updates => {
            let (all, bad) = (sums.denominator as u64, sums.numerator as u64);
            let left = libm::round(left) as u64;
            Sums {
                numerator: sample::hypergeometric(&mut draws, all, bad, left) as f64,
                denominator: left as f64,
            }
        }
        SignalKind::Count { .. } => Sums {
            numerator: sample::binomial(&mut draws, sums.numerator as u64, arriving) as f64,
            denominator: left,
        },
        SignalKind::Gauge { sd, .. } => fewer_levels(&mut draws, sums, left, *sd),
        SignalKind::Latency { .. } => Sums {
            numerator: 0.0,
            denominator: sample::binomial(&mut draws, sums.denominator as u64, arriving) as f64,
        },
    }
}

/// The mean of fewer hosts varies more: by the variance of one host times 1 / left - 1 / all.
fn fewer_levels(draws: &mut Draws, sums: Sums, left: f64, sd: f64) -> Sums {
    if left <= 0.0 {
        return Sums::default();
    }
    let mean = sums.numerator / sums.denominator;
    let variance = (1.0 / left - 1.0 / sums.denominator).max(0.0);
    let level = sample::normal(draws, mean, sd * libm::sqrt(variance));
    Sums {
        numerator: level * left,
        denominator: left,
    }
}
