//! The release checklist of a rollout: what was looked at before and after each promotion, and what was
//! decided when.

use serde::Serialize;
use serde_json::Value;
use sim_core::engine::SimTime;
use sim_core::{Event, Experiment, History, Outcome};

use super::instant::stamp;
use crate::common::markdown::plain;
use crate::common::variant_label::variant_label;
use crate::history::gate_words::figure;

/// The record of a rollout.
#[derive(Clone, Debug, Serialize)]
pub struct Checklist {
    /// The policy.
    pub policy: String,
    /// A record for each stage that was entered or refused.
    pub stages: Vec<ChecklistEntry>,
}

/// The record of one stage.
#[derive(Clone, Debug, Serialize)]
pub struct ChecklistEntry {
    /// The stage.
    pub stage: String,
    /// When it was entered; null where it was refused.
    pub entered_at: Option<String>,
    /// Before: the evidence that the stage asks for.
    pub before: Vec<Checked>,
    /// After: how long it was watched, in minutes.
    pub watched_minutes: f64,
    /// After: what the gates of the stage said last.
    pub gates: Vec<GateResult>,
    /// After: `pass` where the stage was left for the next or was the last, else `fail`.
    pub decision: &'static str,
    /// When it was decided.
    pub decided_at: String,
    /// The system's own gate evaluated on the same metrics, where the system has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate_evaluation: Option<Value>,
}

/// One piece of evidence.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// The evidence.
    pub item: String,
    /// `ok`, or what is wrong with it.
    pub status: String,
}

/// What a gate said last.
#[derive(Clone, Debug, Serialize)]
pub struct GateResult {
    /// The gate.
    pub gate: String,
    /// The signal that it reads.
    pub signal: String,
    /// `pass`, `hold`, `error` or `breach`.
    pub judgement: String,
    /// What it read; null where there was something wrong with the data.
    pub value: Option<f64>,
    /// The same in words.
    pub read: String,
    /// What the value rests on.
    pub samples: u64,
}

/// Returns the record of a rollout.
pub fn checklist(experiment: &Experiment, history: &History) -> Checklist {
    let mut clerk = Clerk {
        experiment,
        flaws: Vec::new(),
        open: None,
        closed: Vec::new(),
    };
    for &(at, event) in history {
        clerk.note(at, &event);
    }
    Checklist {
        policy: experiment.policy.name.clone(),
        stages: clerk.closed,
    }
}

/// Fills in the record while the history goes by.
struct Clerk<'e> {
    experiment: &'e Experiment,
    /// Evidence that was found flawed since the last stage was entered.
    flaws: Vec<Checked>,
    open: Option<(SimTime, usize, ChecklistEntry)>,
    closed: Vec<ChecklistEntry>,
}

impl Clerk<'_> {
    fn note(&mut self, at: SimTime, event: &Event) {
        match *event {
            Event::StageEntered { stage, .. } => self.enter(at, usize::from(stage)),
            Event::Refused { evidence, flaw } => {
                let item = self.evidence(evidence);
                let status = variant_label(&flaw);
                self.flaws.push(Checked { item, status });
            }
            Event::Judged { .. } => self.judged(event),
            Event::Advanced { .. }
            | Event::Ended {
                outcome: Outcome::Completed,
            } => self.decide(at, "pass"),
            Event::Ended { .. } => {
                self.decide(at, "fail");
                self.refuse(at);
            }
            _ if event.acts() && !matches!(event, Event::Triggered { .. }) => {
                self.decide(at, "fail");
            }
            _ => {}
        }
    }

    fn evidence(&self, index: u16) -> String {
        let known = self.experiment.policy.evidence.get(usize::from(index));
        known.map_or("?".to_owned(), |evidence| evidence.id.clone())
    }

    fn enter(&mut self, at: SimTime, index: usize) {
        self.decide(at, "fail");
        let policy = &self.experiment.policy;
        let Some(stage) = policy.stages.get(index) else {
            return;
        };
        let first: &[String] = if index == 0 {
            &policy.prerequisites
        } else {
            &[]
        };
        let flaws = std::mem::take(&mut self.flaws);
        let checked = |item: &String| {
            let flaw = flaws.iter().rev().find(|flaw| flaw.item == *item);
            flaw.cloned().unwrap_or_else(|| Checked {
                item: item.clone(),
                status: "ok".to_owned(),
            })
        };
        let mut entry = blank(&stage.id);
        entry.entered_at = Some(stamp(at));
        entry.before = first.iter().chain(&stage.entry).map(checked).collect();
        self.open = Some((at, index, entry));
    }

    /// Notes what a gate of the open stage said.
    fn judged(&mut self, event: &Event) {
        let Event::Judged {
            gate,
            judgement,
            flaw,
            value,
            samples,
            ..
        } = *event
        else {
            return;
        };
        let policy = &self.experiment.policy;
        let (Some((_, stage, entry)), Some(rule)) =
            (&mut self.open, policy.gates.get(usize::from(gate)))
        else {
            return;
        };
        let stage = &policy.stages[*stage];
        if !stage.criteria.contains(&rule.id) && !stage.triggers.contains(&rule.id) {
            return;
        }
        entry.gates.retain(|known| known.gate != rule.id);
        entry.gates.push(GateResult {
            gate: rule.id.clone(),
            signal: rule.signal.clone(),
            judgement: variant_label(&judgement),
            value: Some(value).filter(|value| flaw.is_none() && value.is_finite()),
            read: flaw.map_or_else(
                || figure(rule, value),
                |flaw| format!("data {}", variant_label(&flaw)),
            ),
            samples,
        });
    }

    fn decide(&mut self, at: SimTime, decision: &'static str) {
        let Some((entered, _, mut entry)) = self.open.take() else {
            return;
        };
        entry.watched_minutes = at.saturating_since(entered).as_secs_f64() / 60.0;
        entry.decision = decision;
        entry.decided_at = stamp(at);
        self.closed.push(entry);
    }

    /// Records the stage that was never entered, if evidence was in its way.
    fn refuse(&mut self, at: SimTime) {
        if self.flaws.is_empty() {
            return;
        }
        let stages = &self.experiment.policy.stages;
        let entered = |id: &str| self.closed.iter().any(|entry| entry.stage == id);
        let next = stages.iter().find(|stage| !entered(&stage.id));
        let mut entry = blank(next.map_or("?", |stage| &stage.id));
        entry.before = std::mem::take(&mut self.flaws);
        entry.decided_at = stamp(at);
        self.closed.push(entry);
    }
}

fn blank(stage: &str) -> ChecklistEntry {
    ChecklistEntry {
        stage: stage.to_owned(),
        entered_at: None,
        before: Vec::new(),
        watched_minutes: 0.0,
        gates: Vec::new(),
        decision: "fail",
        decided_at: String::new(),
        gate_evaluation: None,
    }
}

/// Writes the record as JSON.
pub fn checklist_json(record: &Checklist) -> String {
    serde_json::to_string_pretty(record).expect("a record has text keys") + "\n"
}

/// Writes the record as a list with boxes, ticked where all was well.
pub fn checklist_markdown(record: &Checklist) -> String {
    let mut text = format!("## Release checklist: {}\n", plain(&record.policy));
    for entry in &record.stages {
        text += &format!("\n### {}\n\nBefore promotion:\n\n", plain(&entry.stage));
        for checked in &entry.before {
            let Checked { item, status } = checked;
            text += &ticked(status == "ok", &format!("{item}: {status}"));
        }
        text += "\nAfter promotion:\n\n";
        let watched = format!("watched for {:.0} minutes", entry.watched_minutes);
        text += &ticked(entry.entered_at.is_some(), &watched);
        for gate in &entry.gates {
            let told = format!("{}: {} ({})", gate.gate, gate.read, gate.judgement);
            text += &ticked(gate.judgement == "pass", &told);
        }
        let decided = format!("decision: {} at {}", entry.decision, entry.decided_at);
        text += &ticked(entry.decision == "pass", &decided);
    }
    text
}

fn ticked(well: bool, what: &str) -> String {
    let mark = if well { 'x' } else { ' ' };
    format!("- [{mark}] {}\n", plain(what))
}
