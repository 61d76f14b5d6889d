//! The audit trail of a rollout: what was decided, by whom, on which numbers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::{Event, Experiment, History, Outcome};

use crate::events::{figure, rows};
use crate::figure::clock;
use crate::markdown::plain;
use crate::run_json::EventRow;

/// One row of the audit trail (Rollout Wedge Policy, Audit Trail). No field is ever empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditRow {
    /// When, in virtual time.
    pub timestamp: String,
    /// The stage and the share of the fleet that it aims at.
    pub stage_and_target: String,
    /// The policy's own code where it has one, else a general word.
    pub event_code: String,
    /// Who decided: a person, or the controller.
    pub operator: String,
    /// What each gate had read last.
    pub metric_snapshot: String,
}

/// Returns a row for each decision: advancing, pausing, going back, falling back, completing.
pub fn audit_trail(experiment: &Experiment, history: &History) -> Vec<AuditRow> {
    let mut seen = Seen::default();
    let mut trail = Vec::new();
    for ((_, event), row) in history.iter().zip(rows(experiment, history)) {
        seen.note(experiment, event);
        if is_decision(event) {
            trail.push(seen.row(experiment, &row));
            seen.person = None;
        }
    }
    trail
}

/// Whether the audit trail has a row for the event.
pub(crate) const fn is_decision(event: &Event) -> bool {
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

/// What has been seen since the last decision.
#[derive(Default)]
struct Seen {
    /// The last figure of each gate, in the order of the policy.
    metrics: BTreeMap<u16, String>,
    /// Who answered last.
    person: Option<String>,
}

impl Seen {
    fn note(&mut self, experiment: &Experiment, event: &Event) {
        match *event {
            Event::Judged {
                gate,
                value,
                samples,
                flaw,
                ..
            } => {
                if let Some(rule) = experiment.policy.gates.get(usize::from(gate)) {
                    let read = flaw.map_or_else(|| figure(rule, value), |_| "no data".to_owned());
                    self.metrics
                        .insert(gate, format!("{} {read} (n={samples})", rule.id));
                }
            }
            Event::Answered { operator: who, .. } => {
                self.person = operator(experiment, who).map(str::to_owned);
            }
            _ => {}
        }
    }

    fn row(&self, experiment: &Experiment, event: &EventRow) -> AuditRow {
        let metrics: Vec<_> = self.metrics.values().cloned().collect();
        AuditRow {
            timestamp: clock(event.t_s),
            stage_and_target: place(experiment, event),
            event_code: event.code.clone(),
            operator: self
                .person
                .clone()
                .unwrap_or_else(|| "controller".to_owned()),
            metric_snapshot: if metrics.is_empty() {
                "no gate had been read".to_owned()
            } else {
                metrics.join(", ")
            },
        }
    }
}

/// The name of an operator of the experiment, or the role of one who has no name.
pub(crate) fn operator(experiment: &Experiment, index: u16) -> Option<&str> {
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

/// Returns the audit trail as a Markdown table.
pub fn audit_markdown(trail: &[AuditRow]) -> String {
    let mut text = String::from(
        "## Audit trail\n\n| timestamp | stage and target | event | operator | metrics |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for row in trail {
        let cells = [
            &row.timestamp,
            &row.stage_and_target,
            &row.event_code,
            &row.operator,
            &row.metric_snapshot,
        ];
        let cells: Vec<_> = cells.iter().map(|cell| plain(cell)).collect();
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}
