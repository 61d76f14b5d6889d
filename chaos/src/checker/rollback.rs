//! `INV-ROLLBACK`: from the trigger to the last reverted host within the deadline.

use sim_core::engine::{Share, SimTime};
use sim_core::history::StepResult;
use sim_core::policy::Action;
use sim_core::{Event, Experiment, Outcome};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::margin;

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-ROLLBACK",
    title: "the last host serves the old version again within the deadline, counted from the trigger",
    source: "Rollout Wedge Policy, INV-RWG-ROLLBACK (60 s)",
    unit: Some("s"),
    judge,
    untested: "nothing was rolled back",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let (mut called, mut back) = (None::<SimTime>, None::<SimTime>);
    let mut bad_content: Option<u16> = None;
    for &(at, event) in past {
        if calls(experiment, &event) {
            called.get_or_insert(at);
        }
        if recovers_with_bad_content(&event, &mut bad_content) {
            let what = "it is said to have recovered, with the bad content put back";
            recorder.breaks(at, what);
        }
        match event {
            Event::Reverted => {
                if let Some(called) = called.take() {
                    reverted(experiment, called, at, recorder);
                    back = Some(at);
                }
            }
            Event::Exposure { reached } if reached > Share::ZERO && back.take().is_some() => {
                recorder.breaks(at, serves_again(reached));
            }
            Event::StageEntered { .. } => back = None,
            Event::Recovered { .. } if called.take().is_some() => recorder.breaks(at, TOO_EARLY),
            _ => {}
        }
    }
    if let (Some(called), Some(last)) = (called, past.last()) {
        never_reverted(experiment, called, *last, recorder);
    }
}

const TOO_EARLY: &str = "a new attempt began before the last host was reverted";

/// Whether an event calls for a rollback.
fn calls(experiment: &Experiment, event: &Event) -> bool {
    match event {
        Event::Triggered { action, .. } => *action == Action::Rollback,
        Event::BlastExceeded { .. } => {
            let radius = experiment.policy.blast_radius;
            radius.is_some_and(|radius| radius.enforced)
        }
        _ => matches!(event, Event::RollbackBegan),
    }
}

/// Keeps which step put the bad content back, and says whether it is said to have recovered in spite of that.
fn recovers_with_bad_content(event: &Event, bad_content: &mut Option<u16>) -> bool {
    match *event {
        Event::StepEnded {
            step,
            result: StepResult::SameContent,
        } => *bad_content = Some(step),
        Event::StepEnded { step, .. } if *bad_content == Some(step) => *bad_content = None,
        Event::RollbackEnded { recovered: true } => return bad_content.take().is_some(),
        _ => {}
    }
    false
}

fn reverted(experiment: &Experiment, called: SimTime, at: SimTime, recorder: &mut CheckRecorder) {
    let Some(deadline) = experiment.policy.rollback.deadline else {
        return match experiment.product() {
            None => recorder.holds(),
            // What a form cannot say is no promise that was kept.
            Some(product) => recorder.untested(format!(
                "{product} has no key for a deadline of the rollback"
            )),
        };
    };
    let slack = margin(deadline, at - called);
    if slack < 0.0 {
        recorder.breaks_by(
            at,
            slack,
            format!(
                "the last host was reverted after {}, {deadline} are allowed",
                at - called
            ),
        );
    } else {
        recorder.holds_by(slack);
    }
}

/// A rollback without an end is broken, unless the simulation stopped before the deadline, or no deadline
/// says when it should have ended.
fn never_reverted(
    experiment: &Experiment,
    called: SimTime,
    last: Line,
    recorder: &mut CheckRecorder,
) {
    let cut_off = !matches!(last.1, Event::Ended { outcome } if outcome != Outcome::Unfinished);
    let due = experiment
        .policy
        .rollback
        .deadline
        .map(|deadline| called.saturating_add(deadline));
    if cut_off && due.is_none_or(|due| last.0 <= due) {
        return recorder.untested(match due {
            Some(_) => "the simulation ended inside the deadline of a rollback",
            None => "the simulation ended before a rollback did, and no deadline was declared",
        });
    }
    let detail = match experiment.policy.rollback.deadline {
        Some(deadline) => format!("the last host was never reverted, {deadline} are allowed"),
        None => "the last host was never reverted".to_owned(),
    };
    recorder.breaks(called, detail);
}

fn serves_again(reached: Share) -> String {
    format!("{reached} serve the new version again after the rollback")
}
