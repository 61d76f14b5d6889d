//! `INV-RECOVER`: no new attempt without somebody's acknowledgement and a fresh canary.

use sim_core::engine::SimTime;
use sim_core::history::Request;
use sim_core::policy::{Action, Class};
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::has_role;

/// The invariant. It is judged strictly: a policy that asks for neither is found wanting.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-RECOVER",
    title: "a release that was rolled back climbs again only after an acknowledgement and from the \
            first stage, even where the policy asks for less",
    source: "Rollout Control-Plane Contract, Auto-Fallback Policy (explicit operator acknowledgment \
             and fresh canary run)",
    unit: None,
    judge,
    untested: "no new attempt was made",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let (mut acknowledged, mut taken_back, mut stepped_back) = (false, false, false);
    for (place, &(at, event)) in past.iter().enumerate() {
        match event {
            Event::RollbackBegan => (acknowledged, taken_back) = (false, true),
            Event::RungTaken { .. } => acknowledged = false,
            Event::Answered {
                operator,
                request: Request::Acknowledgement,
            } => {
                acknowledged |= is_asked(experiment, operator);
            }
            Event::Recovered { .. } => {
                began_again(experiment, acknowledged, &past[place..], recorder);
                (acknowledged, taken_back) = (false, false);
            }
            Event::SteppedBack { .. } => {
                let bounded = experiment.policy.classes.iter().all(is_bounded);
                stepped_back = !bounded;
                acknowledged = false;
            }
            Event::Advanced { .. } if stepped_back => {
                stepped_back = false;
                climbed_again(at, acknowledged, recorder);
            }
            Event::StageEntered { .. } if taken_back => covert(at, recorder),
            _ => {}
        }
    }
}

/// Whether a new attempt, the first event of `from_here`, was allowed to begin.
fn began_again(
    experiment: &Experiment,
    acknowledged: bool,
    from_here: &[Line],
    recorder: &mut CheckRecorder,
) {
    let &[
        (
            at,
            Event::Recovered {
                attempt,
                acknowledged: said,
                fresh,
            },
        ),
        ..,
    ] = from_here
    else {
        return;
    };
    match objection(experiment, attempt, said && acknowledged, fresh, from_here) {
        Some(why) => recorder.breaks(at, format!("attempt {attempt} began {why}")),
        None => recorder.holds(),
    }
}

/// Whether somebody knew when a release that had stepped back without bounds went on again.
fn climbed_again(at: SimTime, acknowledged: bool, recorder: &mut CheckRecorder) {
    if acknowledged {
        recorder.holds();
    } else {
        recorder.breaks(
            at,
            "the release climbed again after a step back without an acknowledgement, and no `at-most` \
             bounds how often",
        );
    }
}

/// Whether the class steps back no more often than it declares: such steps are attempts that the policy allows.
fn is_bounded(class: &Class) -> bool {
    class.action != Action::StepBack || class.at_most.is_some()
}

fn covert(at: SimTime, recorder: &mut CheckRecorder) {
    recorder.breaks(
        at,
        "a stage was entered after a rollback without a recovery",
    );
}

/// Says whether the operator is one whose acknowledgement counts.
fn is_asked(experiment: &Experiment, operator: u16) -> bool {
    let role = experiment
        .policy
        .recovery
        .as_ref()
        .and_then(|rules| rules.acknowledge.as_deref());
    role.is_none_or(|role| has_role(experiment, operator, role))
}

fn objection(
    experiment: &Experiment,
    attempt: u16,
    acknowledged: bool,
    fresh: bool,
    onward: &[Line],
) -> Option<&'static str> {
    let rules = experiment.policy.recovery.as_ref();
    let allowed = rules.map_or(0, |rules| rules.attempts);
    let entered = onward.iter().find_map(|(_, event)| match event {
        Event::StageEntered { stage, .. } => Some(*stage),
        _ => None,
    });
    if !acknowledged {
        let asks = rules.is_some_and(|rules| rules.acknowledge.is_some());
        return Some(if asks {
            "without the acknowledgement that the policy asks for"
        } else {
            "without an acknowledgement, and the policy asks for none"
        });
    }
    if !fresh || entered.is_some_and(|stage| stage > 0) {
        return Some("without a fresh canary");
    }
    (u32::from(attempt) > allowed).then_some("although no attempt was left")
}
