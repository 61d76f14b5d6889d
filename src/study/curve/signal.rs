//! What a factor on the effects of a release is in the units of the signals that it changes.

use reports::DetectableSignal;
use scenarios::ScaledLevel;
use sim_core::Experiment;
use sim_core::telemetry::SignalKind;

/// Returns the changes at the factors `[value, low, high]`, of which each may be unknown.
pub fn in_units(
    levels: &[ScaledLevel],
    experiment: &Experiment,
    factors: [Option<f64>; 3],
) -> Vec<DetectableSignal> {
    let of = |level: &ScaledLevel| {
        let [value, low, high] = factors.map(|factor| factor.map(|factor| level.at(factor)));
        DetectableSignal {
            signal: level.signal.clone(),
            adds: level.adds,
            unit: unit(experiment, &level.signal).to_owned(),
            value,
            low,
            high,
        }
    };
    levels.iter().map(of).collect()
}

/// The unit of a signal's level, as files declare it; empty for a level that has none.
fn unit(experiment: &Experiment, signal: &str) -> &'static str {
    let mut signals = experiment.telemetry.signals.iter();
    match signals.find(|it| it.id == signal).map(|it| &it.kind) {
        Some(
            SignalKind::Ratio { .. }
            | SignalKind::RatioOfRuns { .. }
            | SignalKind::Heartbeat { .. },
        ) => DetectableSignal::FRACTION,
        Some(SignalKind::Latency { .. }) => "ms",
        Some(SignalKind::Count { .. }) => "per host hour",
        Some(SignalKind::Gauge { .. } | SignalKind::Updates) | None => "",
    }
}
