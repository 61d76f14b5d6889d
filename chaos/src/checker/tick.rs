//! `INV-TICK`: a controller that moves at its ticks moves at no other time.

use sim_core::engine::SimTime;
use sim_core::policy::{Advances, Policy};
use sim_core::{Event, Experiment, Outcome};

use super::check_recorder::CheckRecorder;
use super::finding::{DeclaredInvariant, Invariant, Line};
use super::stage_visit::stage_name;

/// The invariant. Whether a controller that goes by the clock skips enough stages hangs on gates, which it does not
/// know: `INV-PROMPT` holds a policy to it.
pub(super) const DECLARED: DeclaredInvariant = DeclaredInvariant {
    invariant: Invariant {
        id: "INV-TICK",
        title: "where stages are left at the controller's ticks, none is left between two of them, and at most \
                one a tick unless it goes by the clock",
        source: "growthbook/growthbook#5415 (a scheduler that looks once a minute)",
        unit: None,
        judge,
        untested: "no stage was left",
    },
    by: |policy: &Policy| !policy.advances.is_at_once(),
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let mut left = None;
    for instant in past.chunk_by(|(at, _), (next, _)| at == next) {
        let at = instant.first().expect("an instant has at least one line").0;
        let by_hand = |(_, event): &Line| matches!(event, Event::Overruled { .. });
        if instant.iter().any(by_hand) {
            continue;
        }
        for (_, event) in instant {
            if let Some(stage) = leaves(experiment, event) {
                let again = left == Some(at);
                moved(experiment, (stage, again), at, recorder);
                left = Some(at);
            }
        }
    }
}

/// Which stage an event leaves behind.
fn leaves(experiment: &Experiment, event: &Event) -> Option<u16> {
    match event {
        Event::Advanced { from, .. } => Some(*from),
        Event::Ended {
            outcome: Outcome::Completed,
        } => Some(experiment.policy.stages.len() as u16 - 1),
        _ => None,
    }
}

fn moved(
    experiment: &Experiment,
    (stage, again): (u16, bool),
    at: SimTime,
    recorder: &mut CheckRecorder,
) {
    let policy = &experiment.policy;
    let name = || stage_name(experiment, stage);
    if !at
        .as_nanos()
        .is_multiple_of(policy.evaluate_every.as_nanos().max(1))
    {
        recorder.breaks(at, format!("{} was left between two ticks", name()));
    } else if again && policy.advances == Advances::OnTick {
        let what = format!("{} was left at a tick that had left another one", name());
        recorder.breaks(at, what);
    } else {
        recorder.holds();
    }
}
