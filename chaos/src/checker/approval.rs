//! `INV-APPROVAL`: what needs somebody's approval waits for it.

use sim_core::history::Request;
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::{has_role, stage_name, visits};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-APPROVAL",
    title: "a stage that needs an approval is not left for the next one before its role has approved",
    source: "Rollout Wedge Policy, Increment Policies (manual); CP8 cutover runbook, Staged (canary \
             sign-off)",
    unit: None,
    judge,
    untested: "no stage that needs an approval was left for the next one",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    for visit in visits(past) {
        let Some(role) = visit
            .rules(&experiment.policy)
            .and_then(|rules| rules.approval.as_ref())
        else {
            continue;
        };
        let Some((left, before)) = visit.forward() else {
            continue;
        };
        if is_approved(experiment, before, role) {
            recorder.holds();
        } else {
            let name = stage_name(experiment, visit.stage);
            recorder.breaks(
                left,
                format!("{name} was left without the approval of `{role}`"),
            );
        }
    }
}

/// Says whether the role was asked and then approved; an answer to what an earlier stage asked does
/// not count.
fn is_approved(experiment: &Experiment, before: &[Line], role: &str) -> bool {
    let mut asked = false;
    before.iter().any(|(_, event)| match *event {
        Event::Asked {
            operator,
            request: Request::Approval,
        } => {
            asked |= has_role(experiment, operator, role);
            false
        }
        Event::Answered {
            operator,
            request: Request::Approval,
        } => asked && has_role(experiment, operator, role),
        _ => false,
    })
}
