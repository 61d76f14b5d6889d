//! `INV-SIGNOFF`: what needs somebody's sign-off after an action waits for it.

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
                let before = owed.len();
                owed.retain(|role| !has_role(experiment, operator, role));
                if owed.len() < before {
                    recorder.holds();
                }
            }
            Event::Advanced { .. }
            | Event::Recovered { .. }
            | Event::Ended {
                outcome: Outcome::Completed,
            } => {
                if let Some(role) = owed.first() {
                    recorder.breaks(
                        at,
                        format!("the rollout went on without the sign-off of `{role}`"),
                    );
                }
            }
            Event::Ended { .. } if !owed.is_empty() => recorder.holds(),
            _ => {}
        }
    }
}
