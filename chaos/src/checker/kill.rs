//! `INV-KILL`: a kill switch that is thrown works.

use sim_core::engine::SimTime;
use sim_core::policy::StepEffect;
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-KILL",
    title: "a kill switch that is thrown takes effect on every server and client",
    source: "optimize rollout runbook, Kill Switches",
    unit: None,
    judge,
    untested: "no kill switch was thrown",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let mut thrown: Option<SimTime> = None;
    for &(at, event) in past {
        match event {
            _ if is_throw(experiment, &event) => {
                thrown.get_or_insert(at);
            }
            Event::KillEffective if thrown.take().is_some() => recorder.holds(),
            _ => {}
        }
    }
    if let Some(at) = thrown {
        recorder.breaks(at, "the kill switch was thrown and never took effect");
    }
}

/// The switch is thrown by a trigger, or as a step of a rollback.
fn is_throw(experiment: &Experiment, event: &Event) -> bool {
    match event {
        Event::KillThrown => true,
        Event::StepBegan { step, .. } => {
            let steps = &experiment.policy.rollback.steps;
            let step = steps.get(usize::from(*step));
            step.is_some_and(|step| step.effect == StepEffect::ThrowKillSwitch)
        }
        _ => false,
    }
}
