//! The page of a policy against a recorded past.

use crate::chart::{Chart, label, past, shown};
use crate::common::badge::{Badge, Tint, Worst};
use crate::common::escape::escape;
use crate::common::figure::{percent, percent_range};
use crate::common::style::Tone;
use crate::result::{BacktestReport, DecisionRow, FindingRow};
use crate::text::backtest::tables::{
    decisions, found, histories, read, short, tone, unjudged, who,
};
use crate::text::backtest::{UNJUDGED, independence, title, warning};

use super::model::{Card, Page, PageFact, Section};
use super::words::section;

/// So many findings are listed; the JSON has all.
const FINDINGS: usize = 200;

/// Returns the page of a backtest.
pub fn backtest_page(report: &BacktestReport) -> Page {
    let charts = backtest_charts(report).into_iter().map(Section::from);
    let because = warning(report).unwrap_or_else(|| WHO.to_owned());
    let notes = shown(&report.notes.join(". "));
    let tables = [
        who(report).and_then(|table| section("who", "Who did it", shown(&because), &table)),
        section(
            "findings",
            "When something was decided",
            notes,
            &found(report, FINDINGS),
        ),
        section(
            "decisions",
            "Decisions",
            independence(report),
            &decisions(report),
        ),
        section("unjudged", UNJUDGED_TITLE, UNJUDGED, &unjudged(report)),
        section(
            "recordings",
            "Recordings",
            "What was played.",
            &histories(report),
        ),
    ];
    Page {
        kind: "Backtest".to_owned(),
        subject: label(&report.policy),
        facts: facts(report),
        badge: badge(report),
        cards: report
            .decisions
            .iter()
            .map(|row| card(report, row))
            .collect(),
        worst: report
            .findings
            .iter()
            .min_by_key(|one| gravity(one))
            .map(|finding| worst(report, finding)),
        sections: charts.chain(tables.into_iter().flatten()).collect(),
    }
}

const UNJUDGED_TITLE: &str = "Gates that could not be judged";

/// What is said above the gates that decided.
const WHO: &str = "Which gate, in which stage, on how many samples.";

/// Returns the charts of a backtest.
pub fn backtest_charts(report: &BacktestReport) -> Vec<Chart> {
    past(report).into_iter().collect()
}

fn facts(report: &BacktestReport) -> Vec<PageFact> {
    let inputs = &report.inputs;
    vec![
        PageFact::new("backtest", shown(&title(report))),
        PageFact::new("made by", escape(&inputs.tool)),
        PageFact::new("policy", escape(&inputs.policy)),
        PageFact::new("digest of the inputs", &inputs.digest),
    ]
}

/// A backtest asks for nothing: it says what would have happened, as far as gates could be judged.
fn badge(report: &BacktestReport) -> Badge {
    let (word, why, tint) = match report.inadequate.len() {
        0 if !report.unthinned.is_empty() => {
            let why = warning(report).unwrap_or_default();
            ("INCONCLUSIVE", why, Tint::Doubt)
        }
        0 => {
            let why = format!("{} starts, {} of them apart", report.starts, report.windows);
            ("MEASURED", why, Tint::Plain)
        }
        many => {
            let why = format!("{many} gates could not be judged");
            ("INCONCLUSIVE", why, Tint::Doubt)
        }
    };
    let word = word.to_owned();
    Badge { word, why, tint }
}

fn card(report: &BacktestReport, row: &DecisionRow) -> Card {
    Card {
        name: label(&row.decision.replace('_', " ")),
        value: percent(row.share),
        interval: String::new(),
        note: format!(
            "{} of {} starts; {} of {} windows, {}",
            row.starts,
            report.starts,
            row.windows,
            report.windows,
            percent_range(row.low, row.high)
        ),
        tint: Tint::Plain,
    }
}

/// What stopped a rollout comes before what held one up.
fn gravity(finding: &FindingRow) -> u8 {
    match tone(&finding.decision) {
        Tone::Bad => 0,
        Tone::Doubt => 1,
        _ => 2,
    }
}

fn worst(report: &BacktestReport, finding: &FindingRow) -> Worst {
    let gate = finding.gate.as_deref().map_or(String::new(), |gate| {
        format!(
            " on {}, which read {}",
            label(gate),
            label(&read(report, finding))
        )
    });
    Worst {
        sentence: format!(
            "From {} to {}: {}{gate}; {} starts met it.",
            short(&finding.from),
            short(&finding.to),
            label(&finding.decision.replace('_', " ")),
            finding.starts
        ),
        command: String::new(),
    }
}
