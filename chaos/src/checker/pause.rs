//! `INV-PAUSE`: a stage that is not satisfied in time pauses, exactly then.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::history::PauseReason;
use sim_core::policy::{ObservationStart, Stage};
use sim_core::{Event, Experiment};

use super::docket::Docket;
use super::finding::{Invariant, Line};
use super::visit::{Visit, margin, stage_name, visits};

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

fn judge(experiment: &Experiment, past: &[Line], docket: &mut Docket) {
    for visit in visits(past) {
        let Some(rules) = visit.rules(&experiment.policy) else {
            continue;
        };
        let Some(windows) = rules.pause_after_windows else {
            continue;
        };
        let patience = rules.observe.saturating_mul(u64::from(windows));
        watch(experiment, &visit, rules, patience, docket);
    }
}

fn watch(
    experiment: &Experiment,
    visit: &Visit<'_>,
    rules: &Stage,
    patience: SimDuration,
    docket: &mut Docket,
) {
    let name = || stage_name(experiment, visit.stage);
    let mut due: Option<SimTime> = None;
    for &(at, event) in visit.lines {
        // The controller looks at the clock once an evaluation: it may be late by less than that.
        let late = due.filter(|due| at >= due.saturating_add(experiment.policy.evaluate_every));
        if let Some(missed) = late {
            docket.breaks(missed, format!("{} was due to pause and did not", name()));
            due = None;
        }
        match event {
            Event::StageEntered { .. } if rules.observe_from == ObservationStart::Entry => {
                due = Some(at.saturating_add(patience));
            }
            Event::Converged { .. } if rules.observe_from == ObservationStart::Convergence => {
                due.get_or_insert(at.saturating_add(patience));
            }
            Event::ObservationBegan { .. } => due = Some(at.saturating_add(patience)),
            Event::Paused {
                why: PauseReason::Overdue,
                ..
            } => {
                if late.is_none() {
                    paused(experiment, visit, due, at, docket);
                }
                due = None;
            }
            _ if ends_the_wait(&event) => due = None,
            _ => {}
        }
    }
}

fn paused(
    experiment: &Experiment,
    visit: &Visit<'_>,
    due: Option<SimTime>,
    at: SimTime,
    docket: &mut Docket,
) {
    let name = stage_name(experiment, visit.stage);
    let Some(due) = due else {
        return docket.breaks(
            at,
            format!("{name} was paused as overdue and was not observed"),
        );
    };
    if at < due {
        let early = margin(at.elapsed(), due.elapsed());
        docket.breaks_by(at, early, format!("{name} was paused {} early", due - at));
    } else {
        docket.holds_by((experiment.policy.evaluate_every - (at - due)).as_secs_f64());
    }
}

/// What takes the place of the pause: the stage is left, or something else is being done.
fn ends_the_wait(event: &Event) -> bool {
    matches!(
        event,
        Event::Advanced { .. }
            | Event::SteppedBack { .. }
            | Event::Paused { .. }
            | Event::RollbackBegan
            | Event::RungTaken { .. }
            | Event::LadderExhausted
            | Event::KillThrown
            | Event::Recovered { .. }
            | Event::Ended { .. }
    )
}
