//! Effects by themselves: strengths, courses and sizes that mean something.

use sim_core::effect::{
    AnswerTrouble, Change, CommandTrouble, Course, Effect, Misreading, SignalChange,
};
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::gate::Population;

use super::numbers::{
    distribution, factor, finite, not_negative, positive, positive_factor, probability, within,
};
use super::problem::Problem;
use super::sizes::ticks;
use super::unread;

/// Checks one effect that a scenario writes, in a scenario that ends at `horizon`.
pub(crate) fn check(path: &str, effect: &Effect, horizon: SimDuration) -> Vec<Problem> {
    let mut problems = lowered(path, effect, horizon);
    problems.extend(unread::check(path, effect));
    problems
}

/// Checks one effect that a fault of the catalogue was lowered to: its course is that of the fault, whole.
pub(crate) fn lowered(path: &str, effect: &Effect, horizon: SimDuration) -> Vec<Problem> {
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
            let by = factor(&format!("{path}.multiply.by"), signal.by);
            by.into_iter()
                .chain(past(&format!("{path}.multiply"), signal))
                .collect()
        }
        Change::Shock(signal) => {
            let by = factor(&format!("{path}.shock.by"), signal.by);
            by.into_iter()
                .chain(past(&format!("{path}.shock"), signal))
                .collect()
        }
        Change::SlowHosts { factor } => {
            positive_factor(&format!("{path}.slow-hosts.factor"), *factor)
                .into_iter()
                .collect()
        }
        other => of_trouble(path, other).into_iter().collect(),
    }
}

/// Checks the numbers of what goes wrong between the hosts and the people.
fn of_trouble(path: &str, change: &Change) -> Option<Problem> {
    match change {
        Change::Load { factor: by } => factor(&format!("{path}.load.factor"), *by),
        Change::Clock { rate, .. } => positive_factor(&format!("{path}.clock.rate"), *rate),
        Change::SwitchSlow { by } => distribution(&format!("{path}.switch-slow.by"), by),
        Change::SkipBeats {
            keep_every: Some(every),
        } => positive(&format!("{path}.skip-beats.keep-every"), f64::from(*every)),
        Change::Misread(misread) => reads(&format!("{path}.misread.reads"), misread.reads),
        Change::Commands(change) => command(&format!("{path}.commands.trouble"), &change.trouble),
        Change::Answers(change) => match &change.trouble {
            AnswerTrouble::Late(by) => distribution(&format!("{path}.answers.trouble.late"), by),
            _ => None,
        },
        _ => None,
    }
}

fn reads(path: &str, reads: Misreading) -> Option<Problem> {
    match reads {
        Misreading::Constant(value) => finite(&format!("{path}.constant"), value),
        Misreading::Times(factor) => finite(&format!("{path}.times"), factor),
        Misreading::Rounded(step) => not_negative(&format!("{path}.rounded"), step),
        Misreading::Infinite => None,
    }
}

fn command(path: &str, trouble: &CommandTrouble) -> Option<Problem> {
    match trouble {
        CommandTrouble::Late(by) => distribution(&format!("{path}.late"), by),
        CommandTrouble::Lost { chance, .. } => probability(&format!("{path}.lost.chance"), *chance),
        CommandTrouble::Limited { per_second } => within(
            &format!("{path}.limited.per-second"),
            *per_second,
            1e-6..=1e9,
        ),
        CommandTrouble::Stuck => None,
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

pub(crate) fn course(path: &str, course: &Course, horizon: SimDuration) -> Vec<Problem> {
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
