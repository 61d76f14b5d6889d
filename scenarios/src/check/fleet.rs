//! The fleet of a world: regions that make up the whole, and updates that end.

use sim_core::fleet::{Fleet, Update};

use super::actions::parallel;
use super::names::unique;
use super::numbers::{distribution, probability, within};
use super::problem::{Problem, each};

/// The largest standard deviation of a logarithm: a factor of 20 either way is one deviation.
pub(crate) const SIGMA_MAX: f64 = 3.0;

/// Checks a fleet.
pub(crate) fn check(fleet: &Fleet) -> Vec<Problem> {
    let names = each("fleet.regions", &fleet.regions)
        .map(|(path, region)| (format!("{path}.name"), region.name.as_str()));
    let mut problems = unique("region", names);
    problems.extend(parts(fleet));
    problems.extend(zones(fleet));
    problems.extend(within(
        "fleet.host-effect",
        fleet.host_effect,
        0.0..=SIGMA_MAX,
    ));
    problems.extend(update(&fleet.update));
    let gap = fleet.next_releases.as_ref();
    problems.extend(gap.and_then(|gap| distribution("fleet.next-releases", gap)));
    problems
}

fn parts(fleet: &Fleet) -> Option<Problem> {
    let ppm: u64 = fleet
        .regions
        .iter()
        .map(|region| u64::from(region.part.ppm()))
        .sum();
    if fleet.regions.is_empty() || ppm == 1_000_000 {
        return None;
    }
    let percent = ppm as f64 / 1e4;
    let message = format!("the parts of the regions add up to {percent}%, not to 100%");
    Some(Problem::error("CM142", "fleet.regions", message).help("make the parts add up to 100%"))
}

fn zones(fleet: &Fleet) -> impl Iterator<Item = Problem> {
    each("fleet.regions", &fleet.regions).filter_map(|(path, region)| {
        let zones = f64::from(region.zones);
        within(&format!("{path}.zones"), zones, 1.0..=1000.0)
    })
}

fn update(update: &Update) -> Vec<Problem> {
    let mut problems: Vec<Problem> = distribution("fleet.update.takes", &update.takes)
        .into_iter()
        .collect();
    problems.extend(parallel("fleet.update.parallel", update.parallel));
    problems.extend(within(
        "fleet.update.common",
        update.common,
        0.0..=SIGMA_MAX,
    ));
    problems.extend(probability("fleet.update.fails", update.fails));
    if let Some(slow) = &update.stragglers {
        let path = "fleet.update.stragglers";
        problems.extend(probability(
            &format!("{path}.probability"),
            slow.probability,
        ));
        problems.extend(within(&format!("{path}.factor"), slow.factor, 1.0..=1e6));
    }
    problems
}
