//! Scenarios a little different from those that a search has seen.

use scenarios::Verdict;
use sim_core::Experiment;
use sim_core::effect::Change;
use sim_core::telemetry::{Noise, SignalKind};

use super::part::Part;

/// Returns the scenario with a bad release's changes of signals so many times as large. A good release
/// stays: nobody knows whether it would still be good.
pub fn effects(part: &Part, times: f64) -> Part {
    let mut part = part.clone();
    if part.release == Verdict::Good {
        return part;
    }
    for effect in &mut part.experiment.release {
        match &mut effect.change {
            Change::Add(change) => change.by *= times,
            Change::Multiply(change) | Change::Shock(change) => {
                change.by = 1.0 + (change.by - 1.0) * times;
            }
            _ => {}
        }
    }
    part
}

/// Returns the scenario under so many times the load; what hosts do by themselves stays.
pub fn load(part: &Part, times: f64) -> Part {
    let mut part = part.clone();
    part.experiment.traffic.requests_per_second *= times;
    for signal in &mut part.experiment.telemetry.signals {
        if let SignalKind::RatioOfRuns { runs_per_hour, .. } = &mut signal.kind {
            *runs_per_hour *= times;
        }
    }
    part
}

/// Returns the scenario with the noise of each signal changed, and the differences between hosts.
pub fn noise(part: &Part, change: impl Fn(&mut Noise), host_effect: impl Fn(f64) -> f64) -> Part {
    let mut part = part.clone();
    let Experiment {
        telemetry, fleet, ..
    } = &mut part.experiment;
    telemetry
        .signals
        .iter_mut()
        .for_each(|signal| change(&mut signal.noise));
    fleet.host_effect = host_effect(fleet.host_effect);
    part
}
