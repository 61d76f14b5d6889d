//! The page of a chaos campaign.

use std::collections::BTreeMap;

use crate::chart::{Chart, DataCell, DataTable, bounds, gaps, label, promises_under, reach, shown};
use crate::common::badge::{Badge, Tint, Worst};
use crate::common::figure::{count, percent, span};
use crate::common::style::Tone;
use crate::result::{ChaosFault, ChaosReach, ChaosReport};
use crate::text::chaos::findings::findings;
use crate::text::chaos::tables::{covered, promises};
use crate::text::chaos::{failure, foot, harm, sentence, title};

use super::model::{Card, Page, PageFact, Section};
use super::outcomes::depth;
use super::words::section;

/// So many rows of what was not reached are listed.
const UNREACHED: usize = 60;

/// Returns the page of a campaign.
pub fn chaos_page(report: &ChaosReport) -> Page {
    let lead = "Violated inside and outside the declared tolerance, the upper bound of the probability inside it, and the least margin.";
    let tables = [
        section("findings", "Findings", FOUND, &findings(report)),
        section("promises", "Invariants", lead, &promises(report)),
        faults(report),
        section(
            "coverage",
            "Coverage",
            coverage_lead(report),
            &covered(report),
        ),
        unreached(report),
        outcomes(report),
        unseen(report),
    ];
    let charts = chaos_charts(report).into_iter().map(Section::from);
    Page {
        kind: "Chaos campaign".to_owned(),
        subject: label(&report.policy),
        facts: facts(report),
        badge: badge(report),
        cards: cards(report),
        worst: failure(report).map(|worst| Worst {
            sentence: shown(&sentence(worst)),
            command: crate::common::escape::escape(&worst.replay).into_owned(),
        }),
        sections: charts.chain(tables.into_iter().flatten()).collect(),
    }
}

const FOUND: &str = "Each way in which an invariant was violated, the worst first.";

/// Returns the charts of a campaign.
pub fn chaos_charts(report: &ChaosReport) -> Vec<Chart> {
    let charts = [
        bounds(report),
        reach(report),
        promises_under(report),
        gaps(report),
    ];
    charts.into_iter().flatten().collect()
}

fn facts(report: &ChaosReport) -> Vec<PageFact> {
    let inputs = &report.inputs;
    vec![
        PageFact::new("campaign", shown(&title(report))),
        PageFact::new("what counts", shown(&foot(report))),
        PageFact::new("made by", crate::common::escape::escape(&inputs.tool)),
        PageFact::new("policy", crate::common::escape::escape(&inputs.policy)),
        PageFact::new("digest of the inputs", &inputs.digest),
    ]
}

fn badge(report: &ChaosReport) -> Badge {
    let tint = match report.verdict.tone() {
        Tone::Good => Tint::Good,
        Tone::Bad => Tint::Bad,
        Tone::Doubt => Tint::Doubt,
        _ => Tint::Plain,
    };
    let why = report.reasons.first();
    Badge {
        word: report.verdict.word().to_owned(),
        why: why.map_or(
            "every invariant that was exercised held".to_owned(),
            |why| shown(why),
        ),
        tint,
    }
}

fn cards(report: &ChaosReport) -> Vec<Card> {
    let told = &report.harm;
    let card = |name: &str, value: Option<String>, note: String| {
        Some(Card {
            name: name.to_owned(),
            value: value?,
            interval: String::new(),
            note,
            tint: Tint::Plain,
        })
    };
    let say = |value: Option<f64>| value.map_or("-".to_owned(), span);
    let minutes = |value: Option<f64>| value.map_or("-".to_owned(), count);
    let runs = format!("of {} planned, {}", report.planned, report.stopped.words());
    let check = format!("{} differed", report.self_check.differed);
    let p95 = format!("p95 {}", say(told.detection_p95_s));
    let (longest, never) = (say(told.rollback_max_s), told.rollback_never);
    let never = format!("longest {longest}; {never} never ended");
    let (mean, worst) = (
        minutes(told.error_minutes_mean),
        minutes(told.error_minutes_max),
    );
    let outage = format!("mean {mean}, worst {worst}");
    let twice = report.self_check.runs.to_string();
    let cards = [
        card("experiments", Some(report.runs.to_string()), runs),
        card("detection, p50", told.detection_p50_s.map(span), p95),
        card("rollback, p50", told.rollback_p50_s.map(span), never),
        card(
            "minutes of full outage, p95",
            told.error_minutes_p95.map(count),
            outage,
        ),
        card("played twice", Some(twice), check),
    ];
    cards.into_iter().flatten().collect()
}

fn faults(report: &ChaosReport) -> Option<Section> {
    let mut table = DataTable::new([
        "fault",
        "to be withstood",
        "experiments",
        "shown",
        "with a violated invariant",
    ]);
    let row = |fault: &ChaosFault| {
        vec![
            DataCell::classed(label(&fault.name), "words"),
            DataCell::new(if fault.tolerated { "yes" } else { "no" }),
            DataCell::new(fault.runs.to_string()),
            DataCell::new(fault.shown.to_string()),
            depth(fault.broken, fault.shown),
        ]
    };
    table.rows = report.faults.iter().map(row).collect();
    let lead = "In how many experiments each fault was to happen, had an effect, and some invariant was violated: darker = more.";
    (!table.rows.is_empty()).then(|| Section::table("faults", "Fault × outcome", lead, table))
}

fn coverage_lead(report: &ChaosReport) -> String {
    let coverage = &report.coverage;
    format!(
        "{} ways through the policy were taken; the next experiment takes another with a probability of {} (Good and Turing), below {} with 95 % confidence.",
        coverage.ways,
        percent(coverage.missing_mass),
        percent(coverage.missing_mass_bound)
    )
}

fn unreached(report: &ChaosReport) -> Option<Section> {
    let mut table = DataTable::new(["kind", "where", "missing", "which"]);
    for reach in &report.coverage.reaches {
        for (place, names) in by_place(reach) {
            table.rows.push(vec![
                DataCell::classed(label(&reach.of), "words"),
                DataCell::classed(label(place), "words"),
                DataCell::new(names.len().to_string()),
                DataCell::classed(shown(&names.join("; ")), "words"),
            ]);
        }
    }
    table.rows.truncate(UNREACHED);
    let lead = "What can happen and has not, by the state, the anchor or the gate; the JSON has every name.";
    (!table.rows.is_empty()).then(|| Section::table("unreached", "Not reached", lead, table))
}

/// What is missing of a kind, by where it is missing: `FAULT while STATE`, or `ANCHOR: FAULTS`.
fn by_place(reach: &ChaosReach) -> BTreeMap<&str, Vec<&str>> {
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in &reach.missing {
        let state = name
            .split_once(" while ")
            .map(|(fault, state)| (state, fault));
        let (place, what) = state
            .or_else(|| name.split_once(": "))
            .unwrap_or(("", name));
        places.entry(place).or_default().push(what);
    }
    places
}

fn outcomes(report: &ChaosReport) -> Option<Section> {
    let mut table = DataTable::new(["outcome", "experiments"]);
    for (word, many) in &report.outcomes {
        table.rows.push(vec![
            DataCell::new(label(&word.replace('_', " "))),
            depth(*many, report.runs),
        ]);
    }
    (!table.rows.is_empty()).then(|| {
        Section::table(
            "outcomes",
            "How the rollouts ended",
            shown(&harm(report, true)),
            table,
        )
    })
}

fn unseen(report: &ChaosReport) -> Option<Section> {
    let mut table = DataTable::new(["fault", "why it cannot happen in this base"]);
    for (name, why) in &report.misfits {
        table.rows.push(vec![
            DataCell::classed(label(name), "words"),
            DataCell::classed(shown(why), "words"),
        ]);
    }
    let lead = "What this campaign says nothing about.";
    (!table.rows.is_empty()).then(|| Section::table("misfits", "Not exercised", lead, table))
}
