//! Drivers: what brings a rollout to the instant that a fault is tied to.
//!
//! A good release never rolls back, and a controller that never went down is never back: a fault that is
//! tied to such an instant needs company.

use serde_json::{Value, json};
use sim_core::Experiment;
use sim_core::effect::{Anchor, Course};
use sim_core::telemetry::SignalKind;

use super::Kind;
use crate::catalogue::{Entry, Fault, Injection};

/// How many times worse a signal is, so that any gate on it fires.
const WORSE: f64 = 30.0;

/// So many more requests fail that nobody can overlook it.
const PLAIN: f64 = 0.5;

/// Bad releases on which the policy acts: its first signal, and each signal that a trigger looks at.
pub(super) fn releases(experiment: &Experiment) -> Vec<Injection> {
    let mut signals: Vec<Option<&String>> = vec![None];
    for gate in experiment
        .policy
        .gates
        .iter()
        .filter(|gate| gate.class.is_some())
    {
        if !signals.contains(&Some(&gate.signal)) {
            signals.push(Some(&gate.signal));
        }
    }
    let users = experiment.telemetry.signals.iter().filter(|signal| {
        let ratio = matches!(signal.kind, SignalKind::Ratio { .. });
        signal.harms_users && ratio
    });
    let plain = users.map(|signal| (Some(&signal.id), json!({ "plus": PLAIN })));
    let step = |(signal, by): (Option<&String>, Value)| {
        let parameters = [("signal", json!(signal)), ("by", by)];
        let fault = fault("version.step", &parameters)?;
        let injection = named("driver release", fault, None);
        injection.lower(experiment).is_ok().then_some(injection)
    };
    let worse = signals
        .into_iter()
        .map(|signal| (signal, json!({ "times": WORSE })));
    worse.chain(plain).filter_map(step).collect()
}

/// What goes with a fault at `anchor`; `choice` chooses among bad releases.
pub(super) fn toward(anchor: Anchor, releases: &[Injection], choice: u64) -> Vec<Injection> {
    let release = || {
        let place = choice % releases.len().max(1) as u64;
        releases.get(place as usize).cloned()
    };
    let other = |name: &str, at: Option<Course>| {
        Entry::of(name).map(|entry| named(&format!("driver {name}"), (entry.default)(), at))
    };
    let from = |anchor| {
        Some(Course {
            from: anchor,
            ..Course::default()
        })
    };
    match anchor {
        Anchor::Rollback | Anchor::Reverted | Anchor::Recovered | Anchor::KillThrown => {
            release().into_iter().collect()
        }
        Anchor::Paused if choice.is_multiple_of(2) => {
            let silence = other("telemetry.missing", from(Anchor::StageEntered(0)));
            silence.into_iter().collect()
        }
        Anchor::Paused => release().into_iter().collect(),
        Anchor::ControllerBack => other("controller.crash", None).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The fault of this name with these parameters; none where it has no such parameters.
pub(super) fn fault(name: &str, parameters: &[(&str, Value)]) -> Option<Fault> {
    Kind::of(Entry::of(name)?).with(parameters)
}

pub(super) fn named(id: &str, fault: Fault, at: Option<Course>) -> Injection {
    Injection {
        id: id.to_owned(),
        fault,
        at,
        cured_by: Vec::new(),
    }
}
