//! Effects by themselves: strengths, courses and sizes that mean something.

use sim_core::effect::{Change, Course, Effect, SignalChange};
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::gate::Population;

use super::numbers::{finite, not_negative, positive, within};
use super::problem::Problem;
use super::sizes::ticks;

/// Checks one effect in a scenario that ends at `horizon`.
pub(crate) fn check(path: &str, effect: &Effect, horizon: SimDuration) -> Vec<Problem> {
    let mut problems = change(&format!("{path}.change"), &effect.change);
    problems.extend(course(&format!("{path}.course"), &effect.course, horizon));
    if effect.hosts == Some(Share::ZERO) {
        let problem = Problem::error("CM163", format!("{path}.hosts"), "no host shows the effect");
        problems.push(problem.help("leave the effect out instead, or give it a strength of 0"));
    }
    problems
}

fn change(path: &str, change: &Change) -> Vec<Problem> {
    match change {
        Change::Add(signal) => {
            let by = finite(&format!("{path}.add.by"), signal.by);
            by.into_iter()
                .chain(past(&format!("{path}.add"), signal))
                .collect()
        }
        Change::Multiply(signal) => {
            let by = not_negative(&format!("{path}.multiply.by"), signal.by);
            by.into_iter()
                .chain(past(&format!("{path}.multiply"), signal))
                .collect()
        }
        Change::Shock(signal) => {
            let by = not_negative(&format!("{path}.shock.by"), signal.by);
            by.into_iter()
                .chain(past(&format!("{path}.shock"), signal))
                .collect()
        }
        Change::SlowHosts { factor } => positive(&format!("{path}.slow-hosts.factor"), *factor)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// The baseline of the canary is a number that was written down; nothing changes it later.
fn past(path: &str, signal: &SignalChange) -> Option<Problem> {
    (signal.population == Population::CanaryBaseline).then(|| {
        let path = format!("{path}.population");
        Problem::error(
            "CM163",
            path,
            "nothing can change the baseline of the canary",
        )
        .help("change `canary` instead")
    })
}

fn course(path: &str, course: &Course, horizon: SimDuration) -> Vec<Problem> {
    let mut problems: Vec<Problem> =
        within(&format!("{path}.strength"), course.strength, 0.0..=1.0)
            .into_iter()
            .collect();
    if course.after >= horizon && !horizon.is_zero() {
        let message = format!("the effect begins after {horizon}, the end of the simulation");
        let problem = Problem::error("CM165", format!("{path}.after"), message);
        problems.push(problem.help("lengthen `horizon`, or let the effect begin earlier"));
    }
    if let Some(cycle) = course.cycle {
        let path = format!("{path}.cycle");
        if cycle.on.is_zero() {
            let path = format!("{path}.on");
            problems.push(Problem::error(
                "CM143",
                path,
                "the effect would never be on",
            ));
        }
        let period = cycle.on.saturating_add(cycle.off);
        problems.extend(ticks(&path, "cycles", horizon, period));
    }
    problems
}
