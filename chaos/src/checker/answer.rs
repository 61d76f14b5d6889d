//! `INV-ANSWER`: an approval that is not given in time has the consequence that the policy declares.

use sim_core::engine::SimTime;
use sim_core::history::{PauseReason, Request};
use sim_core::policy::{ApprovalLimit, Policy, Stage, Unanswered};
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{DeclaredInvariant, Invariant, Line};
use super::stage_visit::{Visit, ends_the_wait, has_role, margin, stage_name, visits};

/// The invariant.
pub(super) const DECLARED: DeclaredInvariant = DeclaredInvariant {
    invariant: Invariant {
        id: "INV-ANSWER",
        title: "an approval that nobody gives within its time limit is given up at the first evaluation after it, \
                not before and not later, and what is declared is done then",
        source: "willowtreeapps/vocable-android#690 (a staged rollout that nobody finishes)",
        unit: Some("s"),
        judge,
        untested: "no approval was waited for until its time limit",
    },
    by: |policy: &Policy| {
        let mut stages = policy.stages.iter();
        stages.any(|stage| stage.approval_within.is_some())
    },
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    for visit in visits(past) {
        let Some(rules) = visit.rules(&experiment.policy) else {
            continue;
        };
        if let (Some(role), Some(within)) = (&rules.approval, rules.approval_within) {
            watch(experiment, &visit, (rules, role, within), recorder);
        }
    }
}

/// What somebody is waiting for.
type Awaited<'r> = (&'r Stage, &'r String, ApprovalLimit);

fn watch(
    experiment: &Experiment,
    visit: &Visit<'_>,
    awaited: Awaited<'_>,
    recorder: &mut CheckRecorder,
) {
    let (_, role, within) = awaited;
    let every = experiment.policy.evaluate_every;
    let mut due = None::<SimTime>;
    for (place, &(at, event)) in visit.lines.iter().enumerate() {
        // The controller looks at the clock once an evaluation: it may be late by less than that.
        if let Some(missed) = due.filter(|due| at > due.saturating_add(every)) {
            let what = "was waited in beyond the time limit of its approval";
            return broken(experiment, visit, (missed, what), recorder);
        }
        match event {
            Event::Asked {
                operator,
                request: Request::Approval,
            } if due.is_none() && has_role(experiment, operator, role) => {
                due = Some(at.saturating_add(within.limit));
            }
            Event::Unanswered { .. } => {
                let rest = &visit.lines[place..];
                return given_up(experiment, visit, (due, rest, within), recorder);
            }
            Event::Answered {
                request: Request::Approval,
                ..
            }
            | Event::FixAwaited => return,
            _ if ends_the_wait(&event) => return,
            _ => {}
        }
    }
}

/// Judges the instant at which nobody had answered.
fn given_up(
    experiment: &Experiment,
    visit: &Visit<'_>,
    (due, rest, within): (Option<SimTime>, &[Line], ApprovalLimit),
    recorder: &mut CheckRecorder,
) {
    let at = rest.first().expect("it begins with the event").0;
    let Some(due) = due else {
        let what = "gave an approval up that nobody had been asked for";
        return broken(experiment, visit, (at, what), recorder);
    };
    if at < due {
        let early = margin(at.elapsed(), due.elapsed());
        let name = stage_name(experiment, visit.stage);
        let what = format!("{name} gave its approval up {} early", due - at);
        return recorder.breaks_by(at, early, what);
    }
    let now = rest.iter().take_while(|(when, _)| *when == at);
    if now
        .map(|(_, event)| event)
        .any(|event| does(event, within.then))
    {
        recorder.holds_by(margin(experiment.policy.evaluate_every, at - due));
    } else {
        let what = "gave its approval up, and what is declared for that was not done";
        broken(experiment, visit, (at, what), recorder);
    }
}

fn broken(
    experiment: &Experiment,
    visit: &Visit<'_>,
    (at, what): (SimTime, &str),
    recorder: &mut CheckRecorder,
) {
    let name = stage_name(experiment, visit.stage);
    recorder.breaks(at, format!("{name} {what}"));
}

const fn does(event: &Event, then: Unanswered) -> bool {
    match then {
        Unanswered::Rollback => matches!(event, Event::RollbackBegan),
        Unanswered::Pause => matches!(
            event,
            Event::Paused {
                why: PauseReason::Unanswered,
                ..
            }
        ),
    }
}
