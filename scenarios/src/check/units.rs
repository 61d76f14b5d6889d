//! Units: what stands behind a number fits what the signal is measured in.

use sim_core::effect::{Change, Misreading};
use sim_core::engine::{Quantity, Unit};
use sim_core::policy::gate::{Limit, Measure};
use sim_core::policy::{Gate, Policy};
use sim_core::telemetry::SignalKind;

use super::problem::{Problem, each};
use super::scenario::all_effects;
use crate::{Document, Scenario, World};

/// Checks the units of the limits of a policy, and of what its windows count in, as its text has them.
pub(crate) fn policy(policy: &Document<Policy>) -> Vec<Problem> {
    let misfits = |(path, gate): (String, &Gate)| {
        let misfit = move |key: String| misfit(policy, format!("{path}.{key}"), gate.measure);
        keys(gate)
            .into_iter()
            .filter_map(misfit)
            .collect::<Vec<_>>()
    };
    each("gates", &policy.value.gates)
        .flat_map(misfits)
        .collect()
}

/// The keys of a gate that hold a number in the unit of what it measures.
fn keys(gate: &Gate) -> Vec<String> {
    let limit = match gate.breach.limit {
        Limit::Absolute(_) => Some("breach.limit.absolute"),
        Limit::Plus { .. } => Some("breach.limit.plus.margin"),
        Limit::Times { .. } => None,
    };
    let chart = gate.window.is_chart();
    let window = chart.then(|| format!("window.{}.unit", gate.window.word()));
    let limit = limit.map(str::to_owned);
    limit.into_iter().chain(window).collect()
}

fn misfit(policy: &Document<Policy>, path: String, of: Measure) -> Option<Problem> {
    let unit = written(policy, &path)?.unit;
    let what = of_measure(of, unit).err()?;
    Some(problem(path, what, of == Measure::Ratio))
}

/// Whether a unit fits what a gate measures; else what that is.
///
/// # Errors
/// What the gate measures, where the unit does not fit.
pub const fn of_measure(measure: Measure, unit: Unit) -> Result<(), &'static str> {
    let (fits, what) = match measure {
        Measure::Ratio | Measure::Trend => (matches!(unit, Unit::Percent), "a fraction"),
        Measure::Quantile(_) => (matches!(unit, Unit::Time), "a latency"),
        Measure::Count => (false, "a number of events"),
        Measure::RatePerHostHour => (false, "a number of events for each host and hour"),
        Measure::Mean | Measure::Last => (false, "in the unit of its gauge"),
    };
    if fits || matches!(unit, Unit::Plain) {
        Ok(())
    } else {
        Err(what)
    }
}

/// The key of the number that a change adds to a signal or puts in its place, and the signal.
fn added(change: &Change) -> Option<(&'static str, &str)> {
    Some(match change {
        Change::Add(change) => ("add.by", &change.signal),
        Change::Multiply(change) => ("multiply.by", &change.signal),
        Change::Shock(change) => ("shock.by", &change.signal),
        Change::Misread(misread) => {
            let key = match misread.reads {
                Misreading::Constant(_) => "misread.reads.constant",
                Misreading::Rounded(_) => "misread.reads.rounded",
                Misreading::Infinite | Misreading::Times(_) => return None,
            };
            (key, misread.of.signal.as_ref()?)
        }
        _ => return None,
    })
}

/// Checks the units of what effects add to the signals of a world, as the text of the scenario has them.
pub(crate) fn scenario(scenario: &Document<Scenario>, world: &World) -> Vec<Problem> {
    let misfit = |(path, effect): (String, &sim_core::effect::Effect)| {
        let (key, signal) = added(&effect.change)?;
        let path = format!("{path}.change.{key}");
        let unit = written(scenario, &path)?.unit;
        let factor = matches!(key, "multiply.by" | "shock.by");
        let mut signals = world.telemetry.signals.iter();
        let kind = &signals.find(|known| known.id == signal)?.kind;
        let (fits, what) = match kind {
            _ if factor => (unit == Unit::Percent, "a factor"),
            SignalKind::Ratio { .. }
            | SignalKind::RatioOfRuns { .. }
            | SignalKind::Heartbeat { .. } => (unit == Unit::Percent, "a fraction"),
            SignalKind::Latency { .. } => (unit == Unit::Time, "a latency"),
            SignalKind::Count { .. } => (false, "a number of events for each host and hour"),
            SignalKind::Updates => (false, "what `fleet.update.fails` says"),
            SignalKind::Gauge { .. } => (false, "in the unit of its gauge"),
        };
        (!fits).then(|| problem(path, what, factor || what == "a fraction"))
    };
    all_effects(&scenario.value).filter_map(misfit).collect()
}

/// Returns the number at `path` if it is written with a unit.
pub(crate) fn written<T>(document: &Document<T>, path: &str) -> Option<Quantity> {
    let text = &document.source[document.spans.get(path)?];
    let read = Quantity::read(text.trim_matches(['"', '\'']))?;
    (read.unit != Unit::Plain).then_some(read)
}

fn problem(path: String, what: &str, percent: bool) -> Problem {
    let message = format!("the unit does not fit: this is {what}");
    let help = match (percent, what) {
        (true, _) => "write a number or a percentage, such as `0.01` or `1%`",
        (false, "a latency") => "write milliseconds or a length of time, such as `800` or `800ms`",
        _ => "write the number alone",
    };
    Problem::error("CM128", path, message)
        .reason("a limit in another unit than its signal never fires, or always")
        .help(help)
}
