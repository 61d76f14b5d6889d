//! The page of one rollout.

use crate::chart::{Chart, DataCell, DataTable, label, shown, timeline_chart};
use crate::common::badge::{Badge, Tint, Worst};
use crate::common::escape::escape;
use crate::common::figure::{clock, count, percent, span};
use crate::common::style::Tone;
use crate::result::{InvariantRow, InvariantStatus, RunReport};
use crate::text::run::rollback_took;

use super::model::{Card, Page, PageFact, Section};

/// So many events are listed; the JSON has all.
const EVENTS: usize = 600;

/// Returns the page of a rollout.
pub fn run_page(report: &RunReport) -> Page {
    let charts = run_charts(report).into_iter().map(Section::from);
    let tables = [promises(report), events(report)];
    let mut reasons: Vec<_> = report.reasons.iter().map(|why| shown(why)).collect();
    if reasons.is_empty() {
        reasons.push("Nothing speaks against it".to_owned());
    }
    Page {
        kind: "One rollout".to_owned(),
        subject: format!("{}, {}", label(&report.policy), label(&report.scenario)),
        facts: facts(report),
        badge: badge(report),
        cards: cards(report),
        worst: Some(Worst {
            sentence: reasons.join(". ").trim_end_matches('.').to_owned() + ".",
            command: escape(&report.replay).into_owned(),
        }),
        sections: charts.chain(tables.into_iter().flatten()).collect(),
    }
}

/// Returns the charts of a rollout.
pub fn run_charts(report: &RunReport) -> Vec<Chart> {
    let told = report.timeline.as_ref();
    told.map(|timeline| timeline_chart(timeline, report.blast_radius_percent))
        .into_iter()
        .collect()
}

fn facts(report: &RunReport) -> Vec<PageFact> {
    let inputs = &report.inputs;
    vec![
        PageFact::new("profile", label(&report.profile)),
        PageFact::new("seed", report.seed.to_string()),
        PageFact::new("replication", report.replication.to_string()),
        PageFact::new("made by", escape(&inputs.tool)),
        PageFact::new("policy", escape(&inputs.policy)),
        PageFact::new("digest of the inputs", &inputs.digest),
        PageFact::new("hash of the history", &report.hash),
    ]
}

fn badge(report: &RunReport) -> Badge {
    let tint = match report.verdict.tone() {
        Tone::Good => Tint::Good,
        Tone::Bad => Tint::Bad,
        Tone::Doubt => Tint::Doubt,
        _ => Tint::Plain,
    };
    Badge {
        word: report.verdict.word().to_owned(),
        why: format!(
            "the rollout ended {}",
            report.outcome.word().replace('_', " ")
        ),
        tint,
    }
}

fn cards(report: &RunReport) -> Vec<Card> {
    let card = |name: &str, value: String, note: String| Card {
        name: name.to_owned(),
        value,
        interval: String::new(),
        note,
        tint: Tint::Plain,
    };
    let time = |seconds: Option<f64>| seconds.map_or("none".to_owned(), span);
    let exposure = &report.exposure;
    let declared = percent(exposure.declared_max_percent / 100.0);
    let declared = format!("declared {declared}");
    let requests = count(report.harm.exposed_requests);
    let requests = format!("{requests} requests on the new version");
    let reached = percent(exposure.reached_max_percent / 100.0);
    let minutes = count(report.harm.exposed_error_minutes);
    let to_trigger = "from the first exposure to the trigger".to_owned();
    let to_last = "from the trigger to the last host".to_owned();
    vec![
        card("of the fleet reached at most", reached, declared),
        card("detection", time(report.detection_s), to_trigger),
        card("rollback", rollback_took(report), to_last),
        card("minutes of full outage", minutes, requests),
    ]
}

fn promises(report: &RunReport) -> Option<Section> {
    let mut table = DataTable::new(["invariant", "status", "margin", "what was seen"]);
    table.rows = report.invariants.iter().map(promise).collect();
    let lead =
        "Judged from the history alone; margin is how far an invariant was from being broken.";
    (!table.rows.is_empty()).then(|| Section::table("promises", "Invariants", lead, table))
}

fn promise(row: &InvariantRow) -> Vec<DataCell> {
    let class = match row.status {
        InvariantStatus::Holds => "good",
        InvariantStatus::NotReached => "faint",
        InvariantStatus::Violated => "bad",
    };
    let unit = row.unit.as_deref().unwrap_or("");
    let slack = row
        .slack
        .map_or("·".to_owned(), |slack| format!("{slack:.3} {unit}"));
    vec![
        DataCell::classed(label(&row.id), "words"),
        DataCell::classed(row.status.word(), class),
        DataCell::classed(escape(slack.trim_end()), "num"),
        DataCell::classed(shown(&row.detail), "words"),
    ]
}

fn events(report: &RunReport) -> Option<Section> {
    let mut table = DataTable::new(["time", "code", "stage", "what happened"]);
    for row in report.events.iter().take(EVENTS) {
        table.rows.push(vec![
            DataCell::new(clock(row.t_s)),
            DataCell::classed(label(&row.code), "words"),
            DataCell::classed(row.stage.as_deref().map_or(String::new(), label), "words"),
            DataCell::classed(shown(&row.detail), "words"),
        ]);
    }
    let all = report.events.len();
    let lead = if all > EVENTS {
        format!("The first of {all} events; the JSON has them all.")
    } else {
        "Everything that happened, in order.".to_owned()
    };
    (!table.rows.is_empty()).then(|| Section::table("events", "Events", lead, table))
}
