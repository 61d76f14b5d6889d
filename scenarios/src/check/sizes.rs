//! Sizes: bounds that no real rollout reaches and that keep a hostile file from hanging the machine.

use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

use super::problem::Problem;
use crate::{Scenario, World};

/// The most entries of any list: places in lists are 16-bit numbers in a history.
const ENTRIES_MAX: usize = 1_000;
/// The most hosts of a fleet.
const HOSTS_MAX: u32 = 10_000_000;
/// The most often that anything periodic happens in a run.
const TICKS_MAX: u64 = 100_000_000;
/// The most scrapes of a run: each leaves up to 150 bytes of a signal's history.
const SCRAPES_MAX: u64 = 10_000_000;
/// The most evaluations or samples that one window remembers.
const REMEMBERED_MAX: u64 = 1_000_000;
/// The most attempts and retries.
const TRIES_MAX: u32 = 1_000;

/// Checks the sizes of a policy.
pub(crate) fn policy(policy: &Policy) -> Vec<Problem> {
    let rungs = policy
        .ladder
        .as_ref()
        .map_or(0, |ladder| ladder.rungs.len());
    let lists = [
        ("stages", policy.stages.len()),
        ("gates", policy.gates.len()),
        ("classes", policy.classes.len()),
        ("evidence", policy.evidence.len()),
        ("waivers", policy.waivers.len()),
        ("waives", policy.waives.len()),
        ("promises", policy.promises.len()),
        ("rollback.steps", policy.rollback.steps.len()),
        ("ladder.rungs", rungs),
    ];
    let empty = [
        ("stages", policy.stages.len()),
        ("rollback.steps", policy.rollback.steps.len()),
    ];
    let mut problems: Vec<Problem> = lists.into_iter().filter_map(few).collect();
    problems.extend(empty.into_iter().filter_map(some));
    problems.extend(attempts(policy));
    problems
}

/// Checks the sizes of a world.
pub(crate) fn world(world: &World) -> Vec<Problem> {
    let lists = [
        ("telemetry.signals", world.telemetry.signals.len()),
        ("operators", world.operators.len()),
        ("fleet.regions", world.fleet.regions.len()),
        ("traffic.shape", world.traffic.shape.len()),
    ];
    let hosts = hosts("fleet.hosts", world.fleet.hosts);
    lists.into_iter().filter_map(few).chain(hosts).collect()
}

/// Checks the sizes of a scenario.
pub(crate) fn scenario(scenario: &Scenario) -> Vec<Problem> {
    let lists = [
        ("release.effects", scenario.release.effects.len()),
        ("faults", scenario.faults.len()),
        ("evidence", scenario.evidence.len()),
        ("noise", scenario.noise.len()),
        ("rehearse", scenario.rehearse.len()),
        ("promises", scenario.promises.len()),
    ];
    let hosts = scenario.hosts.and_then(|count| hosts("hosts", count));
    lists.into_iter().filter_map(few).chain(hosts).collect()
}

/// Checks that something that happens `every` so often does not happen too often until `horizon`.
pub(crate) fn ticks(
    path: &str,
    what: &str,
    horizon: SimDuration,
    every: SimDuration,
) -> Option<Problem> {
    too_many(path, what, horizon, every, TICKS_MAX)
}

/// Checks that there are not too many scrapes until `horizon`.
pub(crate) fn scrapes(path: &str, horizon: SimDuration, every: SimDuration) -> Option<Problem> {
    too_many(path, "scrapes", horizon, every, SCRAPES_MAX)
}

/// Checks that a window of length `over` does not hold too much of what comes `every` so often.
pub(crate) fn remembered(
    path: &str,
    what: &str,
    over: SimDuration,
    every: SimDuration,
) -> Option<Problem> {
    too_many(path, what, over, every, REMEMBERED_MAX)
}

fn too_many(
    path: &str,
    what: &str,
    long: SimDuration,
    every: SimDuration,
    most: u64,
) -> Option<Problem> {
    let count = long.as_nanos().checked_div(every.as_nanos())?;
    (count > most).then(|| {
        Problem::error(
            "CM151",
            path,
            format!("{long} holds {count} {what}, at most {most}"),
        )
        .reason("a run would take hours and fill the memory")
        .help(format!(
            "shorten it, or lengthen {every}, the time from one to the next"
        ))
    })
}

/// Checks that the list at a path has no more entries than a list may have.
pub(crate) fn few((path, count): (&str, usize)) -> Option<Problem> {
    (count > ENTRIES_MAX).then(|| {
        let message = format!("{count} entries, at most {ENTRIES_MAX}");
        Problem::error("CM150", path, message)
    })
}

fn some((path, count): (&str, usize)) -> Option<Problem> {
    (count == 0).then(|| Problem::error("CM150", path, "at least one entry is needed"))
}

fn hosts(path: &str, count: u32) -> Option<Problem> {
    let sound = (1..=HOSTS_MAX).contains(&count);
    (!sound).then(|| {
        let message = format!("{count} hosts: there must be 1 to {HOSTS_MAX}");
        Problem::error("CM150", path, message)
    })
}

fn attempts(policy: &Policy) -> Vec<Problem> {
    let steps = policy.rollback.steps.iter().enumerate();
    let retries = steps.map(|(at, step)| (format!("rollback.steps[{at}].retries"), step.retries));
    let again = policy
        .recovery
        .iter()
        .map(|it| ("recovery.attempts".to_owned(), it.attempts));
    let tries = retries.chain(again).filter(|(_, count)| *count > TRIES_MAX);
    tries
        .map(|(path, count)| {
            Problem::error("CM150", path, format!("{count} tries, at most {TRIES_MAX}"))
        })
        .collect()
}
