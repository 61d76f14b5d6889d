//! `INV-PRE`: no stage is entered before what it needs is in order.

use sim_core::engine::SimTime;
use sim_core::policy::Judgement;
use sim_core::policy::gate::AlreadyRed;
use sim_core::{Event, Experiment};

use super::artifact;
use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::stage_name;

/// The invariant. It is judged on how the artifacts really are, not on what the policy looks at.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-PRE",
    title: "no stage is entered while a prerequisite or an entry requirement is missing, unreadable, \
            stale, vacuous or red, unless a waiver that counts covers it, nor any while a gate is red that \
            refuses the start then",
    source: "RaptorQ rollout policy, Prerequisite Gates; optimize rollout runbook, Preconditions; \
             CP8 cutover runbook, Preconditions",
    unit: Some("s"),
    judge,
    untested: "no stage with prerequisites was entered or refused",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let mut red = false;
    for (place, &(at, event)) in past.iter().enumerate() {
        match event {
            Event::Refused { .. } => recorder.holds(),
            Event::Judged {
                gate, judgement, ..
            } => {
                let begun = past[..place]
                    .iter()
                    .any(|(_, it)| matches!(it, Event::StageEntered { .. }));
                red |= !begun && judgement == Judgement::Breach && refuses(experiment, gate);
            }
            Event::Ended { .. } if red => recorder.holds(),
            Event::StageEntered { stage, .. } if red => {
                let name = stage_name(experiment, stage);
                recorder.breaks(
                    at,
                    format!("{name} was entered though a gate was red before the start"),
                );
            }
            Event::StageEntered { stage, .. } => {
                let before = &past[..place];
                entered(experiment, before, stage, at, recorder);
            }
            _ => {}
        }
    }
}

/// Whether all evidence that a stage asks for was sound, or waived, when it was entered.
fn entered(
    experiment: &Experiment,
    before: &[Line],
    stage: u16,
    at: SimTime,
    recorder: &mut CheckRecorder,
) {
    for id in needed(experiment, stage) {
        let flaw = artifact::flaw(experiment, before, id, at);
        match flaw.filter(|_| !artifact::is_waived(experiment, before, id)) {
            None => match artifact::freshness(experiment, id, at) {
                Some(left) => recorder.holds_by(left),
                None => recorder.holds(),
            },
            Some(flaw) => {
                let name = stage_name(experiment, stage);
                recorder.breaks(
                    at,
                    format!("{name} was entered while `{id}` was flawed ({flaw:?})"),
                );
            }
        }
    }
}

/// Whether the policy does not start where this gate breaches before.
fn refuses(experiment: &Experiment, gate: u16) -> bool {
    let gate = experiment.policy.gates.get(usize::from(gate));
    gate.is_some_and(|gate| gate.already_red == Some(AlreadyRed::Refuse))
}

/// Returns what must be in order to enter a stage; the first one needs the prerequisites too.
fn needed(experiment: &Experiment, stage: u16) -> impl Iterator<Item = &String> {
    let policy = &experiment.policy;
    let first = policy.prerequisites.iter().filter(move |_| stage == 0);
    first.chain(
        policy
            .stages
            .get(usize::from(stage))
            .into_iter()
            .flat_map(|rules| &rules.entry),
    )
}
