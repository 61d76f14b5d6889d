//! The page of many rollouts.

use crate::chart::{
    Cell, Chart, DataTable, DistributionOf, distribution, exposure, label, shown, story,
};
use crate::common::badge::Tint;
use crate::common::escape::escape;
use crate::common::figure::{count, percent, percent_range, span};
use crate::result::{InvariantCounts, ObjectiveRow, ObjectiveStatus, Quantity, StudyReport};
use crate::text::causes::study_causes;
use crate::text::study::parts::{limit, title};
use crate::text::study::verdict::{study_badge, study_worst};

use super::model::{Card, Fact, Page, Section};
use super::outcomes::outcome_table;

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
    let detection = DistributionOf {
        id: "detection",
        title: "Detection delay",
        what: "from the beginning of the regression to the trigger",
        of: |report| &report.quantities.detection_s,
        limit: None,
    };
    let rollback = DistributionOf {
        id: "rollback",
        title: "Rollback time",
        what: "from the trigger to the last host reverted",
        of: |report| &report.quantities.rollback_s,
        limit: limits.and_then(|limits| limits.rollback_s),
    };
    let charts = [
        told.map(|timeline| story(timeline, blast)),
        exposure(shown.unwrap_or(report), "blast-radius", blast),
        distribution(report, &detection),
        distribution(report, &rollback),
        crate::chart::objectives(report),
    ];
    charts.into_iter().flatten().collect()
}

fn facts(report: &StudyReport) -> Vec<Fact> {
    let inputs = &report.inputs;
    vec![
        Fact::new("study", escape(&title(report))),
        Fact::new("made by", escape(&inputs.tool)),
        Fact::new("policy", escape(&inputs.policy)),
        Fact::new("digest of the inputs", &inputs.digest),
        Fact::new("hash of the result", &report.hash),
    ]
}

fn tint(status: ObjectiveStatus) -> Tint {
    match status {
        ObjectiveStatus::Ok => Tint::Good,
        ObjectiveStatus::Undecided | ObjectiveStatus::Vacuous => Tint::Doubt,
        ObjectiveStatus::Untested => Tint::Plain,
        ObjectiveStatus::Miss => Tint::Bad,
    }
}

/// The rates that have limits, then times, exposure and harm.
fn cards(report: &StudyReport) -> Vec<Card> {
    let rates = [
        ("false_rollback", "good releases rolled back"),
        ("stalled_release", "stuck rollouts of good releases"),
        ("missed_regression", "missed regressions"),
        ("rollback_within_deadline", "rollbacks within the deadline"),
        ("blast_within", "rollouts within the blast radius"),
    ];
    let row = |id: &str| report.objectives.iter().find(|row| row.id == id);
    let mut cards: Vec<_> = rates
        .iter()
        .filter_map(|(id, name)| Some(rate_card(row(id)?, name)))
        .collect();
    let quantities = &report.quantities;
    cards.extend(time_card(
        &quantities.detection_s,
        "detection",
        ["p50", "p95", "p99"],
    ));
    cards.extend(
        time_card(&quantities.rollback_s, "rollback", ["p50", "p99", "max"])
            .map(|card| with_slack(report, card)),
    );
    cards.extend(exposure_card(report));
    cards.extend(harm_cards(report));
    cards
}

fn rate_card(row: &ObjectiveRow, name: &str) -> Card {
    Card {
        name: name.to_owned(),
        value: row.value.map_or("no data".to_owned(), percent),
        interval: percent_range(row.low, row.high),
        note: format!(
            "{} of {}; limit {}: {}",
            row.events,
            row.among,
            limit(row),
            row.status.word()
        ),
        tint: tint(row.status),
    }
}

/// A time with its median large and two other quantiles below.
fn time_card(quantity: &Quantity, what: &str, words: [&str; 3]) -> Option<Card> {
    if quantity.count + quantity.never == 0 {
        return None;
    }
    let say = |value: Option<f64>| value.map_or("never".to_owned(), span);
    let range = |ends: [Option<f64>; 2]| match (ends[1], quantity.never) {
        // So few values bound the quantile from below alone.
        (None, 0) => format!("[{}, unbounded]", say(ends[0])),
        _ => format!("[{}, {}]", say(ends[0]), say(ends[1])),
    };
    let intervals = quantity.intervals.as_ref();
    let of = |word: &str| match word {
        "p50" => (quantity.p50, intervals.map(|found| found.p50)),
        "p95" => (quantity.p95, intervals.map(|found| found.p95)),
        "p99" => (quantity.p99, intervals.map(|found| found.p99)),
        _ => (quantity.max, None),
    };
    let line = |word: &&str| {
        let (value, interval) = of(word);
        format!(
            "{word} {} {}",
            say(value),
            interval.map_or(String::new(), range)
        )
        .trim_end()
        .to_owned()
    };
    let (value, interval) = of(words[0]);
    Some(Card {
        name: format!("{what}, {}", words[0]),
        value: say(value),
        interval: interval.map_or(String::new(), range),
        note: words[1..].iter().map(line).collect::<Vec<_>>().join("; "),
        tint: Tint::Plain,
    })
}

fn with_slack(report: &StudyReport, card: Card) -> Card {
    let Some((limit, slack)) = report
        .limits
        .and_then(|limits| Some((limits.rollback_s?, limits.rollback_slack_p99_s)))
    else {
        return card;
    };
    let slack = match slack {
        Some(slack) if slack < 0.0 => {
            format!("p99 is {} over the limit of {}", span(-slack), span(limit))
        }
        Some(slack) => format!("p99 leaves {} of {}", span(slack), span(limit)),
        None => format!("limit {}", span(limit)),
    };
    Card {
        note: format!("{}; {slack}", card.note),
        ..card
    }
}

fn exposure_card(report: &StudyReport) -> Option<Card> {
    let reached = &report.quantities.reached_max_percent;
    let say = |share: f64| percent(share / 100.0);
    let limit = report.limits.and_then(|limits| limits.reached_max_percent);
    let limit = limit.map_or(String::new(), |limit| format!("; limit {}", say(limit)));
    Some(Card {
        name: "of the fleet reached at most, p99".to_owned(),
        value: say(reached.p99?),
        interval: String::new(),
        note: format!(
            "p50 {}, largest {}{limit}",
            say(reached.p50?),
            say(reached.max?)
        ),
        tint: Tint::Plain,
    })
}

fn harm_cards(report: &StudyReport) -> Option<Card> {
    let harm = &report.quantities.exposed_error_minutes;
    let requests = &report.quantities.exposed_requests;
    Some(Card {
        name: "minutes of full outage a rollout, on average".to_owned(),
        value: count(harm.mean?),
        interval: String::new(),
        note: format!(
            "p99 {}; {} requests exposed on average",
            harm.p99.map_or("never".to_owned(), count),
            count(requests.mean?)
        ),
        tint: Tint::Plain,
    })
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
        let needs = match (row.status, row.runs_needed) {
            (ObjectiveStatus::Undecided, Some(more)) => format!(" (needs about {more} more runs)"),
            _ => String::new(),
        };
        let status = format!("{}{needs}", row.status.word());
        table.rows.push(vec![
            Cell::new(label(&row.id)),
            Cell::new(row.value.map_or("no data".to_owned(), percent)),
            Cell::classed(percent_range(row.low, row.high), "num"),
            Cell::classed(limit(row), "num"),
            Cell::new(row.events.to_string()),
            Cell::new(row.among.to_string()),
            Cell::classed(status, &format!("words {}", tint(row.status).class())),
        ]);
    }
    let mut lead = "Exact (Clopper-Pearson) intervals; a limit is met or missed only where the whole interval \
                    says so."
        .to_owned();
    for line in study_causes(report) {
        lead += &format!(" {}.", shown(&line));
    }
    (!table.rows.is_empty()).then(|| Section::table("objectives", "Objectives", lead, table))
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
        .map(|text| Cell::classed(label(text), "words"));
        let mut cells = texts.to_vec();
        cells.push(Cell::classed(
            row.samples.clone().unwrap_or_default(),
            "words",
        ));
        cells.push(Cell::new(row.rollouts.to_string()));
        cells.push(Cell::new(row.among.to_string()));
        cells.push(Cell::classed(percent_range(row.low, row.high), "num"));
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
            Cell::new(label(&row.id)),
            Cell::new(row.holds.to_string()),
            Cell::new(row.violated.to_string()),
            Cell::new(row.not_reached.to_string()),
            Cell::classed(word, class),
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
            .map(|text| Cell::classed(label(text), "words"))
            .to_vec();
        cells.push(Cell::classed(shown(&row.rests_on), "words"));
        table.rows.push(cells);
    }
    let lead = "How often each gate may fire on a release that is harmless.";
    (!table.rows.is_empty()).then(|| Section::table("gates", "Gates", lead, table))
}
