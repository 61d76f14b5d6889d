//! The page of many rollouts.

use super::model::{Page, PageFact, Section};
use super::outcomes::outcome_table;
use crate::chart::{
    Chart, DataCell, DataTable, DistributionOf, distribution, exposure, label, shown,
    timeline_chart,
};
use crate::common::escape::escape;
use crate::common::figure::{percent, percent_range};
use crate::page::study_cards::{cards, tint};
use crate::result::{InvariantCounts, ObjectiveRow, StudyReport};
use crate::text::causes::study_causes;
use crate::text::lowered::lowered_lines;
use crate::text::study::parts::{deciding, limit, title};
use crate::text::study::verdict::{study_badge, study_worst};

/// Returns the page of a study.
pub fn study_page(report: &StudyReport) -> Page {
    let charts = study_charts(report).into_iter().map(Section::from);
    let tables = [
        objectives(report),
        causes(report),
        outcome_table(report),
        promises(report),
        gates(report),
    ];
    Page {
        kind: "Simulation report".to_owned(),
        subject: label(&report.policy),
        facts: facts(report),
        badge: study_badge(report),
        cards: cards(report),
        worst: study_worst(report),
        sections: charts.chain(tables.into_iter().flatten()).collect(),
    }
}

/// Returns the charts of a study: the timeline of a rollout, the blast radius, the distributions of
/// detection and rollback.
pub fn study_charts(report: &StudyReport) -> Vec<Chart> {
    let limits = report.limits;
    let blast = limits.and_then(|limits| limits.reached_max_percent);
    let told = report.timeline.as_ref();
    let shown = report
        .scenarios
        .iter()
        .find(|scenario| told.is_some_and(|timeline| timeline.scenario == scenario.scenario));
    let [detection, rollback] = distributions(limits.and_then(|limits| limits.rollback_s));
    let charts = [
        told.map(|timeline| timeline_chart(timeline, blast)),
        exposure(shown.unwrap_or(report), "blast-radius", blast),
        distribution(report, &detection),
        distribution(report, &rollback),
        crate::chart::objectives(report),
    ];
    charts.into_iter().flatten().collect()
}

/// What is drawn as a distribution, with the limit of rollbacks.
const fn distributions(rollback_limit: Option<f64>) -> [DistributionOf<'static>; 2] {
    [
        DistributionOf {
            id: "detection",
            title: "Detection delay",
            what: "from the beginning of the regression to the trigger",
            of: |report| &report.quantities.detection_s,
            limit: None,
        },
        DistributionOf {
            id: "rollback",
            title: "Rollback time",
            what: "from the trigger to the last host reverted",
            of: |report| &report.quantities.rollback_s,
            limit: rollback_limit,
        },
    ]
}

fn facts(report: &StudyReport) -> Vec<PageFact> {
    let inputs = &report.inputs;
    let lowered = lowered_lines(inputs).into_iter();
    let lowered = lowered.map(|line| PageFact::new("taken as", escape(&line)));
    let facts = [
        PageFact::new("study", escape(&title(report))),
        PageFact::new("made by", escape(&inputs.tool)),
        PageFact::new("policy", escape(&inputs.policy)),
        PageFact::new("digest of the inputs", &inputs.digest),
        PageFact::new("hash of the result", &report.hash),
    ];
    facts.into_iter().chain(lowered).collect()
}

fn objectives(report: &StudyReport) -> Option<Section> {
    let mut table = DataTable::new([
        "objective",
        "value",
        "95 % interval",
        "limit",
        "events",
        "among",
        "status",
    ]);
    for row in &report.objectives {
        table.rows.push(objective_cells(row));
    }
    let mut lead = "Exact (Clopper-Pearson) intervals; a limit is met or missed only where the whole interval \
                    says so."
        .to_owned();
    for line in study_causes(report) {
        lead += &format!(" {}.", shown(&line));
    }
    (!table.rows.is_empty()).then(|| Section::table("objectives", "Objectives", lead, table))
}

fn objective_cells(row: &ObjectiveRow) -> Vec<DataCell> {
    let needs = match deciding(row) {
        none if none.is_empty() => none,
        what => format!(" ({what})"),
    };
    let status = format!("{}{needs}", row.status.word());
    vec![
        DataCell::new(label(&row.id)),
        DataCell::new(row.value.map_or("no data".to_owned(), percent)),
        DataCell::classed(percent_range(row.low, row.high), "num"),
        DataCell::classed(limit(row), "num"),
        DataCell::new(row.events.to_string()),
        DataCell::new(row.among.to_string()),
        DataCell::classed(status, &format!("words {}", tint(row.status).class())),
    ]
}

/// Who led to what went wrong, each with its share of the rollouts.
fn causes(report: &StudyReport) -> Option<Section> {
    let mut table = DataTable::new([
        "what",
        "who",
        "stage",
        "samples",
        "rollouts",
        "among",
        "95 % interval",
    ]);
    for row in &report.causes {
        let texts = [
            &row.kind,
            &row.who,
            row.stage.as_ref().unwrap_or(&String::new()),
        ]
        .map(|text| DataCell::classed(label(text), "words"));
        let mut cells = texts.to_vec();
        cells.push(DataCell::classed(
            row.samples.clone().unwrap_or_default(),
            "words",
        ));
        cells.push(DataCell::new(row.rollouts.to_string()));
        cells.push(DataCell::new(row.among.to_string()));
        cells.push(DataCell::classed(percent_range(row.low, row.high), "num"));
        table.rows.push(cells);
    }
    let lead = "What led to what went wrong, and on how many samples it decided.";
    (!table.rows.is_empty()).then(|| Section::table("causes", "Who did it", lead, table))
}

fn promises(report: &StudyReport) -> Option<Section> {
    let mut table = DataTable::new(["invariant", "held", "broken", "not exercised", "status"]);
    for row in &report.invariants {
        let (word, class) = standing(row);
        table.rows.push(vec![
            DataCell::new(label(&row.id)),
            DataCell::new(row.holds.to_string()),
            DataCell::new(row.violated.to_string()),
            DataCell::new(row.not_reached.to_string()),
            DataCell::classed(word, class),
        ]);
    }
    let lead = "In how many rollouts each invariant held. An invariant that no rollout exercised is untested, never a pass.";
    (!table.rows.is_empty()).then(|| Section::table("promises", "Invariants", lead, table))
}

const fn standing(row: &InvariantCounts) -> (&'static str, &'static str) {
    match (row.violated, row.holds) {
        (0, 0) => ("not exercised", "faint"),
        (0, _) => ("holds", "good"),
        _ => ("VIOLATED", "bad"),
    }
}

fn gates(report: &StudyReport) -> Option<Section> {
    let mut table = DataTable::new(["gate", "window", "false-positive guarantee", "rests on"]);
    for row in &report.gates {
        let texts = [&row.id, &row.window, &row.promise];
        let mut cells: Vec<_> = texts
            .map(|text| DataCell::classed(label(text), "words"))
            .to_vec();
        cells.push(DataCell::classed(shown(&row.rests_on), "words"));
        table.rows.push(cells);
    }
    let lead = "How often each gate may fire on a release that is harmless.";
    (!table.rows.is_empty()).then(|| Section::table("gates", "Gates", lead, table))
}
