//! What there is to tell of a rollout that was stopped: the facts behind packets and notes.

use sim_core::history::StepResult;
use sim_core::policy::StepEffect;
use sim_core::{Event, Experiment, Outcome, Run};

use crate::common::figure::{clock, count, percent, span};
use crate::common::variant_label::variant_label;
use crate::result::{EventRow, RunReport};

/// The facts that a response packet and an incident note are made of. No field is ever empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentFacts {
    /// What was seen.
    pub symptom: String,
    /// In which stage, and when.
    pub stage: String,
    /// When it was seen first, in virtual time.
    pub first_observed: String,
    /// How far the release had reached.
    pub exposure: String,
    /// Which parts of the system are affected.
    pub levers: String,
    /// What was done, one sentence each, in order.
    pub mitigation: Vec<String>,
    /// Whether a kill switch was thrown, and what came of it.
    pub kill_switch: String,
    /// What serves users now.
    pub fallback: String,
    /// What users noticed.
    pub impact: String,
    /// Who follows up, and when the next news comes.
    pub owner: String,
    /// When the next news comes.
    pub eta: String,
    /// The command that shows it again.
    pub replay: String,
}

impl IncidentFacts {
    /// Tells the story of a rollout.
    pub fn of(experiment: &Experiment, run: &Run, report: &RunReport) -> Self {
        let first = first_stop(run);
        let row = first.and_then(|at| report.events.get(at));
        let nothing = || "nothing fired and nothing was flawed".to_owned();
        Self {
            symptom: first.map_or_else(nothing, |at| symptom(run, &report.events, at)),
            stage: row
                .and_then(|row| row.stage.clone())
                .unwrap_or_else(|| "none".to_owned()),
            first_observed: row.map_or("never".to_owned(), |row| clock(row.t_s)),
            exposure: exposure(report),
            levers: levers(experiment),
            mitigation: mitigation(run, &report.events),
            kill_switch: kill_switch(experiment, run),
            fallback: fallback(experiment, run, report),
            impact: impact(report),
            owner: owner(experiment),
            eta: eta(experiment, row),
            replay: report.replay.clone(),
        }
    }
}

/// The place of the first event that stopped the rollout or took it back.
fn first_stop(run: &Run) -> Option<usize> {
    let stops = |event: &Event| {
        matches!(
            event,
            Event::Triggered { .. }
                | Event::EvidenceFlawed { .. }
                | Event::Refused { .. }
                | Event::BlastExceeded { .. }
                | Event::Paused { .. }
                | Event::RollbackBegan
        )
    };
    run.history.iter().position(|(_, event)| stops(event))
}

/// The first stop in words, with what the gate that fired had read.
fn symptom(run: &Run, rows: &[EventRow], at: usize) -> String {
    let told = rows.get(at).map_or(String::new(), |row| row.detail.clone());
    let events: Vec<_> = run
        .history
        .iter()
        .take(at + 1)
        .map(|(_, event)| event)
        .collect();
    let Some(Event::Triggered { gate: fired, .. }) = events.last() else {
        return told;
    };
    let read = |event: &&Event| matches!(event, Event::Judged { gate, .. } if gate == fired);
    let last = events
        .iter()
        .rposition(read)
        .and_then(|read| rows.get(read));
    last.map_or(told.clone(), |row| format!("{}; {told}", row.detail))
}

fn exposure(report: &RunReport) -> String {
    let share = |of_hundred: f64| percent(of_hundred / 100.0);
    let (reached, declared) = (
        share(report.exposure.reached_max_percent),
        share(report.exposure.declared_max_percent),
    );
    let requests = count(report.harm.exposed_requests);
    format!("{reached} of the fleet at most ({declared} declared), {requests} requests")
}

fn levers(experiment: &Experiment) -> String {
    let policy = &experiment.policy;
    if policy.scope.is_empty() {
        policy.name.clone()
    } else {
        policy.scope.join(", ")
    }
}

fn mitigation(run: &Run, rows: &[EventRow]) -> Vec<String> {
    let acts = |event: &Event| {
        matches!(
            event,
            Event::StepEnded { .. }
                | Event::RungTaken { .. }
                | Event::KillThrown
                | Event::SteppedBack { .. }
                | Event::Drained { .. }
                | Event::Paused { .. }
                | Event::RollbackEnded { .. }
        )
    };
    let told = run
        .history
        .iter()
        .zip(rows)
        .filter(|((_, event), _)| acts(event));
    let told: Vec<_> = told
        .map(|(_, row)| format!("{} {}", clock(row.t_s), row.detail))
        .collect();
    if told.is_empty() {
        vec!["none".to_owned()]
    } else {
        told
    }
}

/// A switch can be thrown by a gate or as a step of the rollback.
fn kill_switch(experiment: &Experiment, run: &Run) -> String {
    let Some(switch) = &experiment.policy.kill_switch else {
        return "the policy has none".to_owned();
    };
    let steps = &experiment.policy.rollback.steps;
    let throws = |step: u16| {
        let step = steps.get(usize::from(step));
        step.is_some_and(|step| step.effect == StepEffect::ThrowKillSwitch)
    };
    let thrown = |event: &Event| match *event {
        Event::StepBegan { step, .. } => throws(step),
        _ => *event == Event::KillThrown,
    };
    let effective = |event: &Event| match *event {
        Event::StepEnded { step, result } => throws(step) && result == StepResult::Done,
        _ => *event == Event::KillEffective,
    };
    let any = |happened: &dyn Fn(&Event) -> bool| run.history.iter().any(|(_, it)| happened(it));
    let fate = match (any(&thrown), any(&effective)) {
        (false, _) => "was not thrown",
        (true, true) => "was thrown and took effect",
        (true, false) => "was thrown and took no effect",
    };
    format!("{} {fate}", switch.id)
}

fn fallback(experiment: &Experiment, run: &Run, report: &RunReport) -> String {
    match run.outcome {
        Outcome::Completed => "the new version serves everybody".to_owned(),
        Outcome::RolledBack => "the old version serves everybody".to_owned(),
        Outcome::FellBack => last_rung(experiment, run),
        Outcome::Killed => "the kill switch holds".to_owned(),
        Outcome::Paused | Outcome::Unfinished => format!(
            "the rollout stands; at most {} % are on the new version",
            report.exposure.reached_max_percent
        ),
        Outcome::Aborted => "the rollout was given up as it stood".to_owned(),
    }
}

fn last_rung(experiment: &Experiment, run: &Run) -> String {
    let mut taken = run.history.iter().filter_map(|(_, event)| match event {
        Event::RungTaken { rung } => Some(usize::from(*rung)),
        _ => None,
    });
    let rungs = experiment
        .policy
        .ladder
        .as_ref()
        .map_or(&[][..], |ladder| &ladder.rungs);
    let last = taken.next_back().and_then(|rung| rungs.get(rung));
    last.map_or("a rung of the ladder".to_owned(), |rung| {
        format!("{} holds", rung.id)
    })
}

fn impact(report: &RunReport) -> String {
    let harm = &report.harm;
    let errors = if harm.exposed_error_minutes > 0.0 {
        let outage = span(harm.exposed_error_minutes * 60.0);
        format!("the additional errors amount to {outage} of full outage")
    } else {
        "no additional errors".to_owned()
    };
    format!(
        "{} requests met the new version; {errors}",
        count(harm.exposed_requests)
    )
}

fn owner(experiment: &Experiment) -> String {
    let governed = experiment
        .policy
        .paper
        .governance
        .as_ref()
        .map(|said| said.owner.clone());
    let recovers = || {
        experiment
            .policy
            .recovery
            .as_ref()
            .and_then(|said| said.acknowledge.clone())
    };
    governed
        .or_else(recovers)
        .unwrap_or_else(|| "the release crew".to_owned())
}

/// The policy's own estimate or deadline of the rollback, else one round of the controller.
fn eta(experiment: &Experiment, first: Option<&EventRow>) -> String {
    let policy = &experiment.policy;
    let wait = policy.rollback.estimate.or(policy.rollback.deadline);
    let wait = wait.unwrap_or(policy.evaluate_every);
    let from = first.map_or("the end of the rollout".to_owned(), |row| clock(row.t_s));
    format!("{wait} after {from}")
}

/// Returns the ordered steps that a rollback of this policy takes, as words.
pub(crate) fn sequence(experiment: &Experiment) -> String {
    let steps = experiment.policy.rollback.steps.iter();
    let name = |effect: &StepEffect| match effect {
        StepEffect::RevertHosts(_) => "revert hosts".to_owned(),
        StepEffect::Replay { seed } => format!("replay seed {seed}"),
        plain => variant_label(plain),
    };
    let words: Vec<_> = steps
        .map(|step| format!("{} ({})", step.id, name(&step.effect)))
        .collect();
    words.join(", then ")
}
