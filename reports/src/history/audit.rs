//! The audit trail of a rollout: what was decided, by whom, on which numbers.

use std::collections::BTreeMap;

use sim_core::engine::SimTime;
use sim_core::policy::Gate;
use sim_core::policy::gate::Flaw;
use sim_core::{Event, Experiment, History, Outcome};

use crate::common::figure::clock;
use crate::result::{AuditRow, EventRow};

use super::events::rows;
use super::gate_words::figure;

/// Returns a row for each decision: advancing, pausing, going back, falling back, completing.
pub fn audit_trail(experiment: &Experiment, history: &History) -> Vec<AuditRow> {
    let mut trail = Vec::new();
    decisions(experiment, history, |_, event, seen| {
        trail.push(seen.row(experiment, event));
    });
    trail
}

/// Walks through a rollout and hands over each decision: when, its row, and what had been seen by then.
pub(crate) fn decisions<'e>(
    experiment: &'e Experiment,
    history: &History,
    mut each: impl FnMut(SimTime, &EventRow, &Seen<'e>),
) {
    let mut seen = Seen::default();
    for (&(at, event), row) in history.iter().zip(rows(experiment, history)) {
        seen.note(experiment, &event);
        if is_decision(&event) {
            each(at, &row, &seen);
            seen.person = None;
        }
    }
}

/// Whether the audit trail has a row for the event.
const fn is_decision(event: &Event) -> bool {
    matches!(
        event,
        Event::Advanced { .. }
            | Event::Paused { .. }
            | Event::SteppedBack { .. }
            | Event::RollbackEnded { .. }
            | Event::RungTaken { .. }
            | Event::KillThrown
            | Event::Recovered { .. }
            | Event::Ended {
                outcome: Outcome::Completed
            }
    )
}

/// What a gate had read.
#[derive(Clone, Copy)]
pub(crate) struct Read<'e> {
    /// The gate.
    pub gate: &'e Gate,
    /// The value; it means nothing where the data had a flaw.
    pub value: f64,
    /// On how many samples.
    pub samples: u64,
    /// What was wrong with the data, if anything.
    pub flaw: Option<Flaw>,
}

/// What had been seen when something was decided.
#[derive(Default)]
pub(crate) struct Seen<'e> {
    /// What each gate had read last, in the order of the policy.
    pub reads: BTreeMap<u16, Read<'e>>,
    /// Who answered since the decision before.
    pub person: Option<&'e str>,
}

impl<'e> Seen<'e> {
    fn note(&mut self, experiment: &'e Experiment, event: &Event) {
        match *event {
            Event::Judged {
                gate,
                value,
                samples,
                flaw,
                ..
            } => {
                if let Some(rule) = experiment.policy.gates.get(usize::from(gate)) {
                    let read = Read {
                        gate: rule,
                        value,
                        samples,
                        flaw,
                    };
                    self.reads.insert(gate, read);
                }
            }
            Event::Answered { operator: who, .. } => self.person = operator(experiment, who),
            _ => {}
        }
    }

    /// Returns who decided: a person, or the controller.
    pub fn operator(&self) -> &'e str {
        self.person.unwrap_or("controller")
    }

    fn row(&self, experiment: &Experiment, event: &EventRow) -> AuditRow {
        let metrics: Vec<_> = self.reads.values().map(Read::words).collect();
        AuditRow {
            timestamp: clock(event.t_s),
            stage_and_target: place(experiment, event),
            event_code: event.code.clone(),
            operator: self.operator().to_owned(),
            metric_snapshot: if metrics.is_empty() {
                "no gate had been read".to_owned()
            } else {
                metrics.join(", ")
            },
        }
    }
}

impl Read<'_> {
    fn words(&self) -> String {
        let read = match self.flaw {
            None => figure(self.gate, self.value),
            Some(_) => "no data".to_owned(),
        };
        format!("{} {read} (n={})", self.gate.id, self.samples)
    }
}

/// The name of an operator of the experiment, or the role of one who has no name.
fn operator(experiment: &Experiment, index: u16) -> Option<&str> {
    let person = experiment.operators.get(usize::from(index))?;
    Some(if person.name.is_empty() {
        &person.role
    } else {
        &person.name
    })
}

fn place(experiment: &Experiment, event: &EventRow) -> String {
    let Some(id) = &event.stage else {
        return "before the first stage".to_owned();
    };
    let stages = &experiment.policy.stages;
    let target = stages
        .iter()
        .find(|stage| stage.id == *id)
        .map(|stage| stage.target);
    target.map_or_else(|| id.clone(), |target| format!("{id} at {target}"))
}
