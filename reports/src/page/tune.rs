//! The page of a search for better thresholds.

use super::model::{Card, Page, PageFact, Section};
use super::words::section;
use crate::chart::{Chart, label, shown, tune_charts};
use crate::common::badge::{Badge, Tint, Worst};
use crate::result::{CandidateRow, TuneReport, TuneStatus};
use crate::text::tune::figures::range;
use crate::text::tune::tables::{confirmation, front, sensitivity};
use crate::text::tune::verdict::verdict;
use crate::text::tune::{notes, searched, title, unseen};

/// Returns the page of a search.
pub fn tune_page(report: &TuneReport) -> Page {
    let tables = [
        section("best", "Pareto front", front_lead(report), &front(report)),
        section(
            "unseen",
            "Held-out validation",
            shown(&unseen(report)),
            &confirmation(report),
        ),
        section(
            "noise",
            "Sensitivity to the noise model",
            "",
            &sensitivity(report),
        ),
    ];
    let charts = tune_charts(report).into_iter().map(Section::from);
    Page {
        kind: "Search for better thresholds".to_owned(),
        subject: label(&report.policy),
        facts: facts(report),
        badge: badge(report),
        cards: cards(report),
        worst: Some(recommended(report)),
        sections: charts
            .chain(tables.into_iter().flatten())
            .chain(patch(report))
            .collect(),
    }
}

/// What is recommended, with the command that finds it again.
fn recommended(report: &TuneReport) -> Worst {
    let lines: Vec<_> = verdict(report).iter().map(|line| shown(line)).collect();
    Worst {
        sentence: lines.join(". ") + ".",
        command: crate::common::escape::escape(&report.again).into_owned(),
    }
}

/// Returns the charts of a search.
pub fn tune_page_charts(report: &TuneReport) -> Vec<Chart> {
    tune_charts(report)
}

fn front_lead(report: &TuneReport) -> String {
    let mut lines = vec![searched(report)];
    lines.extend(notes(report));
    lines
        .iter()
        .map(|line| shown(line))
        .collect::<Vec<_>>()
        .join(". ")
}

fn facts(report: &TuneReport) -> Vec<PageFact> {
    let inputs = &report.inputs;
    vec![
        PageFact::new("search", shown(&title(report))),
        PageFact::new("rule", shown(&report.search.rule)),
        PageFact::new("made by", crate::common::escape::escape(&inputs.tool)),
        PageFact::new("policy", crate::common::escape::escape(&inputs.policy)),
        PageFact::new("digest of the inputs", &inputs.digest),
    ]
}

fn badge(report: &TuneReport) -> Badge {
    let tint = match report.status {
        TuneStatus::Better | TuneStatus::Keep => Tint::Good,
        TuneStatus::Infeasible => Tint::Bad,
        TuneStatus::Undecided | TuneStatus::Interrupted => Tint::Doubt,
    };
    let why = match report.status {
        TuneStatus::Better => {
            "other settings are better, and meet the constraints in held-out validation"
        }
        TuneStatus::Keep => "no candidate was shown to be better than the current settings",
        TuneStatus::Infeasible => "every candidate breaks a constraint",
        TuneStatus::Undecided => {
            "no candidate was shown to meet the constraints, in the search and on fresh seeds"
        }
        TuneStatus::Interrupted => "the search was interrupted",
    };
    Badge {
        word: report.status.word().to_uppercase(),
        why: why.to_owned(),
        tint,
    }
}

/// Each objective as it is and as recommended.
fn cards(report: &TuneReport) -> Vec<Card> {
    let say =
        |row: &CandidateRow, word: &str| row.figures.get(word).map(|figure| range(word, figure));
    let card = |word: &String| {
        let now = say(&report.current, word)?;
        let best = report.recommended.as_ref().and_then(|row| say(row, word));
        let (value, note) = match best {
            Some(best) => (best, format!("current: {now}")),
            None => (now, "current".to_owned()),
        };
        let (value, interval) = match value.split_once(" [") {
            Some((value, rest)) => (value.to_owned(), format!("[{rest}")),
            None => (value, String::new()),
        };
        Some(Card {
            name: label(&word.replace('_', " ")),
            value,
            interval,
            note,
            tint: Tint::Plain,
        })
    };
    report.objectives.iter().filter_map(card).collect()
}

fn patch(report: &TuneReport) -> Option<Section> {
    (!report.patch.is_empty()).then(|| Section::Text {
        id: "patch".to_owned(),
        title: "Patch".to_owned(),
        lead: "For `git apply`: the policy's own file, with its comments and its layout."
            .to_owned(),
        text: visible(&report.patch),
    })
}

/// Line breaks and tabs belong to a patch; everything else that hides is shown.
fn visible(text: &str) -> String {
    let line = |line: &str| {
        let cells: Vec<_> = line.split('\t').map(crate::escape).collect();
        cells.join("\t")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
