//! `INV-APPROVAL`: what needs somebody's approval waits for it.

use sim_core::history::Request;
use sim_core::{Event, Experiment};

use super::docket::Docket;
use super::finding::{Invariant, Line};
use super::visit::{has_role, stage_name, visits};

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

fn judge(experiment: &Experiment, past: &[Line], docket: &mut Docket) {
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
        let approved = before.iter().any(|(_, event)| match *event {
            Event::Answered {
                operator,
                request: Request::Approval,
            } => has_role(experiment, operator, role),
            _ => false,
        });
        if approved {
            docket.holds();
        } else {
            let name = stage_name(experiment, visit.stage);
            docket.breaks(
                left,
                format!("{name} was left without the approval of `{role}`"),
            );
        }
    }
}
