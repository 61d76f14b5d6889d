//! Reading: the questions of foreign metrics, asked of our telemetry.

use crate::address;
use crate::decider::MetricUnit;
use crate::engine::SimTime;
use crate::plan::Source;
use crate::plant::Plant;
use crate::policy::gate::{Flaw, Population, Reading};

/// A reading that was taken: when, of which gate, and what it was.
pub(crate) type ReadingTaken = (SimTime, usize, Reading);

/// Reads the signal of a gate.
pub(super) fn read(plant: &mut Plant<'_>, gate: usize) -> Reading {
    let plan = plant.plan;
    match plan.gates[gate].reads {
        Source::Query(query) => {
            let now = plant.now();
            let query = plan.queries[query];
            plant
                .store
                .read_with_past(&mut plant.conditions, query, now)
        }
        Source::Baseline => Reading::flawed(Flaw::Missing),
    }
}

/// What a metrics server answers to the question of a gate: a number, NaN where there were no requests to divide by,
/// nothing where nothing was measured. The series of the new version begin with its first request, and a rate needs two
/// scrapes of them; those of the service have been there for long.
pub(super) fn number(
    plant: &Plant<'_>,
    (gate, unit): (usize, MetricUnit),
    reading: Reading,
) -> Option<f64> {
    let population = plant.plan.experiment.policy.gates[gate].population;
    if population == Population::Canary && !two_scrapes(plant) {
        return None;
    }
    match reading.noted {
        None => Some(unit.of(reading.value, reading.samples)),
        Some(Flaw::ZeroDenominator | Flaw::TooFew | Flaw::Nan) => Some(f64::NAN),
        Some(Flaw::Missing | Flaw::Stale) => None,
    }
}

/// Whether the new version has been scraped twice since it served somebody.
fn two_scrapes(plant: &Plant<'_>) -> bool {
    let Some(began) = plant.conditions.faults.first_exposure() else {
        return false;
    };
    let scrape = plant.plan.experiment.telemetry.scrape_every.as_nanos();
    let first = began.as_nanos() / scrape + 1;
    plant.now().as_nanos() / scrape > first
}

/// Whether something passes that does so with a probability; `nth` counts the calls of the gate.
pub(super) fn chance(plant: &Plant<'_>, passes: f64, (gate, nth): (usize, u32)) -> bool {
    let mut draws = plant.key.draws(address::FOREIGN, gate as u32, nth);
    draws.chance(passes)
}

/// The reading that stands for a call that passed or not: 1 where it failed.
pub(super) fn called(passed: bool) -> Reading {
    Reading::of(if passed { 0.0 } else { 1.0 }, 1)
}
