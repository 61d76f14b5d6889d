//! `INV-PROOF`: a flaw in evidence that a stage holds on to does what its class says.

use sim_core::engine::SimTime;
use sim_core::policy::{Action, Evidence, Policy, Stage};
use sim_core::{Event, Experiment, History};

use super::notes::Notes;
use crate::coverage::{Situation, steps};

pub(super) const PROOF: &str = "INV-PROOF";

pub(super) fn judge(experiment: &Experiment, told: &History, notes: &mut Notes) {
    for (place, evidence) in experiment.policy.evidence.iter().enumerate() {
        if acts(experiment, evidence)
            && let Some(flawed) = flawed_since(experiment, evidence)
        {
            heeded(experiment, told, (place, flawed), notes);
        }
    }
}

/// Whether a flaw in the evidence makes anybody do anything.
fn acts(experiment: &Experiment, evidence: &Evidence) -> bool {
    let class = evidence.class.as_ref();
    let class = class.and_then(|class| experiment.policy.class(class));
    class.is_some_and(|class| class.action > Action::Record)
}

/// From when on the evidence is flawed for good, as far as what was declared says so.
fn flawed_since(experiment: &Experiment, evidence: &Evidence) -> Option<SimTime> {
    let changes = experiment.evidence.iter();
    let own = changes.filter(|change| change.evidence == evidence.id);
    let last = own.max_by_key(|change| change.from)?;
    let flaw = evidence.flaw(last.state, last.state.age);
    flaw.map(|_| SimTime::after(last.from))
}

/// A stage that holds on to it is not played for longer than an evaluation with the flaw.
fn heeded(
    experiment: &Experiment,
    told: &History,
    (place, flawed): (usize, SimTime),
    notes: &mut Notes,
) {
    let policy = &experiment.policy;
    let id = &policy.evidence[place].id;
    let patience = policy.evaluate_every;
    let (mut due, mut down) = (None::<SimTime>, false);
    for step in steps(told) {
        if let Some(due) = due.filter(|due| !down && step.at > due.saturating_add(patience)) {
            let what = format!("`{id}` was flawed and nobody heeded it");
            notes.breaks(PROOF, due, what);
        }
        match *step.event {
            Event::ControllerStopped => down = true,
            Event::ControllerStarted { .. } => {
                down = false;
                due = due.map(|due| due.max(step.at));
            }
            _ => {}
        }
        if !active_stage(policy, step.now).is_some_and(|rules| rules.hold.contains(id)) {
            due = None;
        } else if due.is_none() || matches!(step.event, Event::StageEntered { .. }) {
            due = Some(flawed.max(step.at));
        }
    }
}

/// The stage that is being played.
fn active_stage(policy: &Policy, now: Situation) -> Option<&Stage> {
    let (Situation::Climbing(stage) | Situation::Watching(stage) | Situation::Asking(stage)) = now
    else {
        return None;
    };
    policy.stages.get(usize::from(stage))
}
