//! Units: what stands behind a number fits what the signal is measured in.

use sim_core::effect::Change;
use sim_core::engine::{Quantity, Unit};
use sim_core::policy::Policy;
use sim_core::policy::gate::{Limit, Measure};
use sim_core::telemetry::SignalKind;

use super::problem::{Problem, each};
use super::scenario::all_effects;
use crate::{Document, Scenario, World};

/// Checks the units of the limits of a policy, as its text has them.
pub(crate) fn policy(policy: &Document<Policy>) -> Vec<Problem> {
    let misfit = |(path, gate): (String, &sim_core::policy::Gate)| {
        let (key, of) = match gate.breach.limit {
            Limit::Absolute(_) => ("absolute", gate.measure),
            Limit::Plus { .. } => ("plus.margin", gate.measure),
            Limit::Times { .. } => return None,
        };
        let path = format!("{path}.breach.limit.{key}");
        let written = written(policy, &path)?;
        let (fits, what) = match of {
            Measure::Ratio | Measure::Trend => (written.unit == Unit::Percent, "a fraction"),
            Measure::Quantile(_) => (written.unit == Unit::Time, "a latency"),
            Measure::Count => (false, "a number of events"),
            Measure::RatePerHostHour => (false, "a number of events for each host and hour"),
            Measure::Mean | Measure::Last => (false, "in the unit of its gauge"),
        };
        (!fits).then(|| problem(path, what, of == Measure::Ratio))
    };
    each("gates", &policy.value.gates)
        .filter_map(misfit)
        .collect()
}

/// Checks the units of what effects add to the signals of a world, as the text of the scenario has them.
pub(crate) fn scenario(scenario: &Document<Scenario>, world: &World) -> Vec<Problem> {
    let misfit = |(path, effect): (String, &sim_core::effect::Effect)| {
        let (key, change) = match &effect.change {
            Change::Add(change) => ("add", change),
            Change::Multiply(change) => ("multiply", change),
            Change::Shock(change) => ("shock", change),
            _ => return None,
        };
        let path = format!("{path}.change.{key}.by");
        let unit = written(scenario, &path)?.unit;
        let mut signals = world.telemetry.signals.iter();
        let kind = &signals.find(|signal| signal.id == change.signal)?.kind;
        let (fits, what) = match kind {
            _ if key != "add" => (unit == Unit::Percent, "a factor"),
            SignalKind::Ratio { .. }
            | SignalKind::RatioOfRuns { .. }
            | SignalKind::Heartbeat { .. } => (unit == Unit::Percent, "a fraction"),
            SignalKind::Latency { .. } => (unit == Unit::Time, "a latency"),
            SignalKind::Count { .. } => (false, "a number of events for each host and hour"),
            SignalKind::Updates => (false, "what `fleet.update.fails` says"),
            SignalKind::Gauge { .. } => (false, "in the unit of its gauge"),
        };
        (!fits).then(|| problem(path, what, key != "add" || what == "a fraction"))
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
