//! The audit trail as JSON lines.

use std::collections::BTreeMap;

use serde::Serialize;
use sim_core::engine::SimTime;
use sim_core::{Event, Experiment, History};

use super::instant::stamp;
use crate::audit::{is_decision, operator};
use crate::events::rows;
use crate::spoken::spoken;

/// One decision, with the five things that the Rollout Wedge Policy records (Audit Trail).
#[derive(Serialize)]
struct Line<'a> {
    timestamp: String,
    stage_id: Option<&'a str>,
    target_percentage: Option<f64>,
    event_code: &'a str,
    operator: &'a str,
    metric_snapshot: BTreeMap<&'a str, Figure>,
}

/// What a gate had read last; without a value where there was something wrong with its data.
#[derive(Clone, Serialize)]
struct Figure {
    value: Option<f64>,
    samples: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    flaw: Option<String>,
}

/// Returns a line for each decision of a rollout: advancing, pausing, going back, falling back,
/// completing. The code is the policy's own where it has one (RWG-001 to RWG-004), the operator is
/// `controller` where no person decided.
pub fn audit_lines(experiment: &Experiment, history: &History) -> String {
    let mut trail = Trail {
        experiment,
        figures: BTreeMap::new(),
        person: None,
    };
    let mut text = String::new();
    for (&(at, event), row) in history.iter().zip(rows(experiment, history)) {
        trail.note(&event);
        if is_decision(&event) {
            text += &trail.line(at, &row.code, row.stage.as_deref());
            trail.person = None;
        }
    }
    text
}

/// What has been seen since the last decision.
struct Trail<'e> {
    experiment: &'e Experiment,
    figures: BTreeMap<&'e str, Figure>,
    person: Option<&'e str>,
}

impl Trail<'_> {
    fn note(&mut self, event: &Event) {
        match *event {
            Event::Judged {
                gate,
                value,
                samples,
                flaw,
                ..
            } => {
                if let Some(rule) = self.experiment.policy.gates.get(usize::from(gate)) {
                    let figure = Figure {
                        value: Some(value).filter(|value| flaw.is_none() && value.is_finite()),
                        samples,
                        flaw: flaw.map(|flaw| spoken(&flaw)),
                    };
                    self.figures.insert(&rule.id, figure);
                }
            }
            Event::Answered { operator: who, .. } => self.person = operator(self.experiment, who),
            _ => {}
        }
    }

    fn line(&self, at: SimTime, code: &str, stage: Option<&str>) -> String {
        let stages = &self.experiment.policy.stages;
        let entered = stages.iter().find(|known| Some(known.id.as_str()) == stage);
        let line = Line {
            timestamp: stamp(at),
            stage_id: stage,
            target_percentage: entered.map(|stage| f64::from(stage.target.ppm()) / 1e4),
            event_code: code,
            operator: self.person.unwrap_or("controller"),
            metric_snapshot: self.figures.clone(),
        };
        serde_json::to_string(&line).expect("a line has text keys") + "\n"
    }
}
