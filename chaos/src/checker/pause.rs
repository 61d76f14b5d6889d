//! `INV-PAUSE`: a stage that is not satisfied in time pauses, exactly then.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::history::{PauseReason, Request};
use sim_core::policy::{ObservationStart, Stage};
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::{Visit, ends_the_wait, margin, stage_name, visits};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-PAUSE",
    title: "a stage that is not satisfied within so many windows is paused at the first evaluation \
            after them, not before and not later",
    source: "Rollout Wedge Policy, Observation Windows (RWG-002, three windows)",
    unit: Some("s"),
    judge,
    untested: "no stage lasted until its pause was due",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    for visit in visits(past) {
        let Some(rules) = visit.rules(&experiment.policy) else {
            continue;
        };
        let Some(windows) = rules.pause_after_windows else {
            continue;
        };
        let patience = rules.observe.saturating_mul(u64::from(windows));
        watch(experiment, &visit, rules, patience, recorder);
    }
}

fn watch(
    experiment: &Experiment,
    visit: &Visit<'_>,
    rules: &Stage,
    patience: SimDuration,
    recorder: &mut CheckRecorder,
) {
    let evaluate_every = experiment.policy.evaluate_every;
    let (mut due, mut owed) = (None::<SimTime>, false);
    for &(at, event) in visit.lines {
        // The controller looks at the clock once an evaluation: it may be late by less than that.
        let late = due.filter(|due| at >= due.saturating_add(evaluate_every));
        if let Some(missed) = late {
            let name = stage_name(experiment, visit.stage);
            recorder.breaks(missed, format!("{name} was due to pause and did not"));
            due = None;
        }
        if is_pause(&event) && late.is_none() {
            paused(experiment, visit, due, at, recorder);
        }
        owed = owes_sign_off(&event).unwrap_or(owed);
        if owed || ends_the_wait(&event) {
            due = None;
        } else if begins_anew(&event, rules) {
            due = Some(at.saturating_add(patience));
        }
    }
}

fn is_pause(event: &Event) -> bool {
    matches!(
        event,
        Event::Paused {
            why: PauseReason::Overdue,
            ..
        }
    )
}

/// Whether the observation begins, for the first time or again.
fn begins_anew(event: &Event, rules: &Stage) -> bool {
    match event {
        Event::StageEntered { .. } => rules.observe_from == ObservationStart::Entry,
        Event::Converged { .. } => rules.observe_from == ObservationStart::Convergence,
        Event::ObservationBegan { .. } => true,
        _ => false,
    }
}

/// Whether a sign-off is awaited from now on, during which nothing is observed; none where nothing
/// changes.
fn owes_sign_off(event: &Event) -> Option<bool> {
    match event {
        Event::Asked {
            request: Request::SignOff,
            ..
        } => Some(true),
        Event::Answered {
            request: Request::SignOff,
            ..
        } => Some(false),
        _ => None,
    }
}

fn paused(
    experiment: &Experiment,
    visit: &Visit<'_>,
    due: Option<SimTime>,
    at: SimTime,
    recorder: &mut CheckRecorder,
) {
    let name = stage_name(experiment, visit.stage);
    let Some(due) = due else {
        return recorder.breaks(
            at,
            format!("{name} was paused as overdue and was not observed"),
        );
    };
    if at < due {
        let early = margin(at.elapsed(), due.elapsed());
        recorder.breaks_by(at, early, format!("{name} was paused {} early", due - at));
    } else {
        recorder.holds_by((experiment.policy.evaluate_every - (at - due)).as_secs_f64());
    }
}
