//! `INV-WAIVER`: only waivers that count are relied upon.

use std::collections::BTreeSet;

use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::Waiver;
use sim_core::{Event, Experiment};

use super::artifact;
use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-WAIVER",
    title: "a waiver without two approvers or a reason, for more than 90 days or past its time is \
            refused, and nothing that is refused is relied upon",
    source: "Rollout Wedge Policy, Appeal Process",
    unit: Some("s"),
    judge,
    untested: "no waiver was looked at",
};

/// The longest time for which a waiver may be approved (Rollout Wedge Policy, Appeal Process).
const LONGEST: SimDuration = SimDuration::from_hours(90 * 24);

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let mut refused: Vec<&Waiver> = Vec::new();
    for (place, &(at, event)) in past.iter().enumerate() {
        match event {
            Event::WaiverJudged { waiver, refusal } => {
                let waiver = experiment.policy.waivers.get(usize::from(waiver));
                judgement(waiver, at, refusal.is_none(), recorder);
                refused.extend(waiver.filter(|_| refusal.is_some()));
            }
            Event::StageEntered { stage, .. } => {
                let before = &past[..place];
                for Waiver { rule, .. } in &refused {
                    if is_needed(experiment, before, rule, stage, at) {
                        recorder
                            .breaks(at, format!("a stage rests on a refused waiver of `{rule}`"));
                    }
                }
            }
            _ => {}
        }
    }
}

fn judgement(waiver: Option<&Waiver>, at: SimTime, accepted: bool, recorder: &mut CheckRecorder) {
    let Some(waiver) = waiver else {
        return recorder.breaks(at, "a waiver was judged that does not exist");
    };
    let rule = &waiver.rule;
    match (counts(waiver, at), accepted) {
        (false, true) => recorder.breaks(at, format!("a bad waiver of `{rule}` was accepted")),
        (true, false) => recorder.breaks(at, format!("a sound waiver of `{rule}` was refused")),
        (true, true) => {
            let used = waiver.age + at.elapsed();
            recorder.holds_by(waiver.valid_for.saturating_sub(used).as_secs_f64());
        }
        (false, false) => recorder.holds(),
    }
}

/// Says whether a waiver counts at `at`.
fn counts(waiver: &Waiver, at: SimTime) -> bool {
    let people: BTreeSet<&str> = waiver.approvers.iter().map(String::as_str).collect();
    let in_time = waiver.valid_for <= LONGEST && waiver.age + at.elapsed() <= waiver.valid_for;
    people.len() >= 2 && in_time && !waiver.rationale.trim().is_empty()
}

/// Says whether entering the stage breaks the rule, if the rule is a piece of evidence that the
/// stage asks for and no other waiver covers it.
fn is_needed(
    experiment: &Experiment,
    before: &[Line],
    rule: &str,
    stage: u16,
    at: SimTime,
) -> bool {
    let policy = &experiment.policy;
    let asked = policy
        .stages
        .get(usize::from(stage))
        .is_some_and(|rules| rules.entry.iter().any(|id| id == rule))
        || (stage == 0 && policy.prerequisites.iter().any(|id| id == rule));
    asked
        && artifact::flaw(experiment, before, rule, at).is_some()
        && !artifact::is_waived(experiment, before, rule)
}
