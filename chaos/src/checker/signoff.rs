//! `INV-SIGNOFF`: what needs somebody's sign-off after an action waits for it.

use sim_core::engine::SimTime;
use sim_core::history::Request;
use sim_core::policy::Action;
use sim_core::{Event, Experiment, Outcome};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::has_role;

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-SIGNOFF",
    title: "after an action of a class that demands a sign-off, nothing goes on before its role has \
            signed",
    source: "RaptorQ rollout policy, instability_signal (triage sign-off)",
    unit: None,
    judge,
    untested: "no class that demands a sign-off acted",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let mut owed: Vec<&str> = Vec::new();
    for &(at, event) in past {
        match event {
            Event::Triggered { class, action, .. } if action > Action::Record => {
                let class = experiment.policy.classes.get(usize::from(class));
                let role = class.and_then(|class| class.sign_off.as_deref());
                owed.extend(role.filter(|role| !owed.contains(role)));
            }
            Event::Answered {
                operator,
                request: Request::SignOff,
            } => {
                signed(experiment, operator, &mut owed, recorder);
            }
            Event::Advanced { .. }
            | Event::Recovered { .. }
            | Event::Ended {
                outcome: Outcome::Completed,
            } => {
                went_on(at, &owed, recorder);
            }
            Event::Ended { .. } if !owed.is_empty() => recorder.holds(),
            _ => {}
        }
    }
}

/// An operator signs off whatever is owed to a role of theirs.
fn signed(
    experiment: &Experiment,
    operator: u16,
    owed: &mut Vec<&str>,
    recorder: &mut CheckRecorder,
) {
    let before = owed.len();
    owed.retain(|role| !has_role(experiment, operator, role));
    if owed.len() < before {
        recorder.holds();
    }
}

/// Nobody's signature may be owed when a rollout goes on.
fn went_on(at: SimTime, owed: &[&str], recorder: &mut CheckRecorder) {
    if let Some(role) = owed.first() {
        recorder.breaks(
            at,
            format!("the rollout went on without the sign-off of `{role}`"),
        );
    }
}
