//! `INV-EVIDENCE`: no way forward on flawed evidence.

use sim_core::Experiment;

use super::artifact;
use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::{stage_name, visits};

/// The invariant. It is judged on how the artifacts really are, not on what the policy looks at.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-EVIDENCE",
    title: "no stage is left for the next one while a piece of evidence that it must hold is missing, \
            unreadable, stale, vacuous or red",
    source: "RaptorQ rollout policy, hold requirements; CP8 cutover runbook, Staged (gate results)",
    unit: Some("s"),
    judge,
    untested: "no stage that must hold evidence was left for the next one",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    for visit in visits(past) {
        let Some(rules) = visit.rules(&experiment.policy) else {
            continue;
        };
        let Some((left, before)) = visit.forward() else {
            continue;
        };
        for id in &rules.hold {
            match artifact::flaw(experiment, before, id, left) {
                None => match artifact::freshness(experiment, id, left) {
                    Some(left) => recorder.holds_by(left),
                    None => recorder.holds(),
                },
                Some(flaw) => {
                    let name = stage_name(experiment, visit.stage);
                    recorder.breaks(
                        left,
                        format!("{name} was left while `{id}` was flawed ({flaw:?})"),
                    );
                }
            }
        }
    }
}
