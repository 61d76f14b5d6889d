//! `INV-OBSERVE`: no stage is left before its observation window has passed.

use sim_core::Experiment;

use super::docket::Docket;
use super::finding::{Invariant, Line};
use super::visit::{margin, stage_name, visits};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-OBSERVE",
    title: "no stage is left for the next one before it was observed for its whole window",
    source: "Rollout Wedge Policy, INV-RWG-OBSERVE; CP8 cutover runbook, Canary (24 h soak); \
             optimize rollout runbook, Release Checklist (30 min watch)",
    unit: Some("s"),
    judge,
    untested: "no stage was left for the next one",
};

fn judge(experiment: &Experiment, past: &[Line], docket: &mut Docket) {
    for visit in visits(past) {
        let Some(rules) = visit.rules(&experiment.policy) else {
            continue;
        };
        let Some((left, _)) = visit.forward() else {
            continue;
        };
        let name = || stage_name(experiment, visit.stage);
        let Some(from) = visit.observed_from(rules).filter(|from| *from <= left) else {
            docket.breaks(
                left,
                format!("{} was left before its observation began", name()),
            );
            continue;
        };
        let slack = margin(left - from, rules.observe);
        if slack < 0.0 {
            let detail = format!(
                "{} was left after {} of {}",
                name(),
                left - from,
                rules.observe
            );
            docket.breaks_by(left, slack, detail);
        } else {
            docket.holds_by(slack);
        }
    }
}
