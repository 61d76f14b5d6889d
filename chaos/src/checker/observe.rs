//! `INV-OBSERVE`: no stage is left before its observation window has passed.

use sim_core::Experiment;
use sim_core::engine::SimTime;
use sim_core::policy::Stage;

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::{Visit, margin, stage_name, visits};

/// The invariant. Every document has each stage observed for some time, so that a policy that lets one be left
/// at once breaks it as well.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-OBSERVE",
    title: "no stage is left for the next one before it was observed for its whole window",
    source: "Rollout Wedge Policy, INV-RWG-OBSERVE; CP8 cutover runbook, Canary (24 h soak); \
             optimize rollout runbook, Release Checklist (30 min watch)",
    unit: Some("s"),
    judge,
    untested: "no stage was left for the next one",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    for visit in visits(past) {
        let Some(rules) = visit.rules(&experiment.policy) else {
            continue;
        };
        let Some((left, _)) = visit.forward() else {
            continue;
        };
        judge_visit(experiment, &visit, rules, left, recorder);
    }
}

/// Whether the observation of a stage was long enough when the stage was left.
fn judge_visit(
    experiment: &Experiment,
    visit: &Visit<'_>,
    rules: &Stage,
    left: SimTime,
    recorder: &mut CheckRecorder,
) {
    let name = || stage_name(experiment, visit.stage);
    let Some(from) = visit.observed_from(rules).filter(|from| *from <= left) else {
        let what = format!("{} was left before its observation began", name());
        recorder.breaks(left, what);
        return;
    };
    if rules.observe.is_zero() && !is_last(experiment, visit.stage) {
        recorder.breaks(left, format!("{} asks for no observation at all", name()));
        return;
    }
    let slack = margin(left - from, rules.observe);
    if slack < 0.0 {
        let detail = format!(
            "{} was left after {} of {}",
            name(),
            left - from,
            rules.observe
        );
        recorder.breaks_by(left, slack, detail);
    } else {
        recorder.holds_by(slack);
    }
}

/// Whether nothing comes after the stage: what is observed there can hold nothing back.
fn is_last(experiment: &Experiment, stage: u16) -> bool {
    usize::from(stage) + 1 >= experiment.policy.stages.len()
}
