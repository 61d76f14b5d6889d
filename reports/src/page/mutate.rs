//! The page of a campaign against mutants.

use crate::chart::{Chart, DataCell, DataTable, fates, label, shown};
use crate::common::badge::{Badge, Tint, Worst};
use crate::result::{MutantRow, MutateReport, MutateScore, MutateStatus};
use crate::text::mutate::{operators, title, verdict};

use super::model::{Card, Page, PageFact, Section};
use super::words::section;

/// So many mutants are listed; the JSON has all.
const MUTANTS: usize = 500;

/// Returns the page of a campaign against mutants.
pub fn mutate_page(report: &MutateReport) -> Page {
    let inputs = &report.inputs;
    let charts = mutate_charts(report).into_iter().map(Section::from);
    let operators = operators(report);
    let fates = "What became of the mutants of each operator.";
    let operators = section("operators", "Operators", fates, &operators);
    let tables = [survivors(report), operators, mutants(report)];
    Page {
        kind: "Mutants of a policy".to_owned(),
        subject: label(&report.policy),
        facts: vec![
            PageFact::new("campaign", shown(&title(report))),
            PageFact::new("made by", crate::common::escape::escape(&inputs.tool)),
            PageFact::new("policy", crate::common::escape::escape(&inputs.policy)),
            PageFact::new("digest of the inputs", &inputs.digest),
        ],
        badge: badge(report),
        cards: vec![
            card("mutants caught", &report.score),
            card("critical mutants caught", &report.critical),
        ],
        worst: worst(report),
        sections: charts.chain(tables.into_iter().flatten()).collect(),
    }
}

/// Returns the charts of a campaign against mutants.
pub fn mutate_charts(report: &MutateReport) -> Vec<Chart> {
    fates(report).into_iter().collect()
}

fn badge(report: &MutateReport) -> Badge {
    let (word, tint) = match report.status {
        MutateStatus::Met => ("PASS", Tint::Good),
        MutateStatus::Missed => ("MISS", Tint::Bad),
        MutateStatus::Interrupted => ("INTERRUPTED", Tint::Doubt),
    };
    Badge {
        word: word.to_owned(),
        why: shown(&verdict(report)),
        tint,
    }
}

fn card(name: &str, score: &MutateScore) -> Card {
    Card {
        name: name.to_owned(),
        value: format!("{} of {}", score.caught, score.of),
        interval: String::new(),
        note: format!("asked for: {}", crate::common::figure::percent(score.goal)),
        tint: if score.is_met() {
            Tint::Good
        } else {
            Tint::Bad
        },
    }
}

/// A critical mutant that nobody noticed, else any.
fn worst(report: &MutateReport) -> Option<Worst> {
    let told = report.mutants.iter().filter(|row| row.sentence.is_some());
    let row = told.min_by_key(|row| !row.critical)?;
    Some(Worst {
        sentence: shown(row.sentence.as_deref()?),
        command: String::new(),
    })
}

fn survivors(report: &MutateReport) -> Option<Section> {
    let mut table = DataTable::new(["operator", "where", "why", "what nobody would notice"]);
    for row in &report.mutants {
        if let Some(sentence) = &row.sentence {
            table.rows.push(vec![
                words(&row.operator),
                words(&row.site),
                words(row.why.as_deref().unwrap_or("")),
                words(sentence),
            ]);
        }
    }
    let lead = "What the policy could lose and no rehearsal would notice.";
    (!table.rows.is_empty()).then(|| Section::table("survivors", "Survivors", lead, table))
}

fn mutants(report: &MutateReport) -> Option<Section> {
    let head = [
        "operator",
        "where",
        "critical",
        "outcome",
        "invariant",
        "how",
        "rollouts",
    ];
    let mut table = DataTable::new(head);
    table.rows = report.mutants.iter().take(MUTANTS).map(mutant).collect();
    let lead = "Every mutant, in the order of operators.";
    (!table.rows.is_empty()).then(|| Section::table("mutants", "Mutants", lead, table))
}

fn mutant(row: &MutantRow) -> Vec<DataCell> {
    let tone = match row.verdict.as_str() {
        "caught" => "words good",
        "missed" => "words bad",
        "masked" => "words doubt",
        _ => "words faint",
    };
    vec![
        words(&row.operator),
        words(&row.site),
        DataCell::new(if row.critical { "yes" } else { "no" }),
        DataCell::classed(label(&row.verdict), tone),
        words(row.promise.as_deref().unwrap_or("·")),
        words(row.detail.as_deref().or(row.why.as_deref()).unwrap_or("·")),
        DataCell::new(row.runs.to_string()),
    ]
}

fn words(text: &str) -> DataCell {
    DataCell::classed(shown(text), "words")
}
