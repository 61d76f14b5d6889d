//! The audit trail as JSON lines.

use std::collections::BTreeMap;

use serde::Serialize;
use sim_core::engine::SimTime;
use sim_core::{Experiment, History};

use super::instant::stamp;
use crate::common::variant_label::variant_label;
use crate::history::audit::{Read, Seen, decisions};
use crate::result::EventRow;

/// One decision, with the five things that the Rollout Wedge Policy records (Audit Trail).
#[derive(Serialize)]
struct AuditLine<'a> {
    timestamp: String,
    stage_id: Option<&'a str>,
    target_percentage: Option<f64>,
    event_code: &'a str,
    operator: &'a str,
    metric_snapshot: BTreeMap<&'a str, Figure>,
}

/// What a gate had read last; without a value where there was something wrong with its data.
#[derive(Serialize)]
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
    let mut text = String::new();
    decisions(experiment, history, |at, event, seen| {
        text += &line(experiment, at, event, seen);
    });
    text
}

fn line(experiment: &Experiment, at: SimTime, event: &EventRow, seen: &Seen<'_>) -> String {
    let stages = &experiment.policy.stages;
    let entered = stages
        .iter()
        .find(|known| event.stage.as_ref() == Some(&known.id));
    let reads = seen.reads.values();
    let line = AuditLine {
        timestamp: stamp(at),
        stage_id: event.stage.as_deref(),
        target_percentage: entered.map(|stage| f64::from(stage.target.ppm()) / 1e4),
        event_code: &event.code,
        operator: seen.operator(),
        metric_snapshot: reads
            .map(|read| (read.gate.id.as_str(), read.into()))
            .collect(),
    };
    serde_json::to_string(&line).expect("a line has text keys") + "\n"
}

impl From<&Read<'_>> for Figure {
    fn from(read: &Read<'_>) -> Self {
        let sound = read.flaw.is_none() && read.value.is_finite();
        Self {
            value: sound.then_some(read.value),
            samples: read.samples,
            flaw: read.flaw.map(|flaw| variant_label(&flaw)),
        }
    }
}
