//! The headline numbers of a study.

use crate::common::badge::Tint;
use crate::common::figure::{count, percent, percent_range, span};
use crate::page::model::Card;
use crate::result::{ObjectiveRow, ObjectiveStatus, Quantity, StudyReport};
use crate::text::study::parts::limit;

/// The rates that have limits, then times, exposure and harm.
pub(crate) fn cards(report: &StudyReport) -> Vec<Card> {
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

pub(crate) fn tint(status: ObjectiveStatus) -> Tint {
    match status {
        ObjectiveStatus::Ok => Tint::Good,
        ObjectiveStatus::Undecided | ObjectiveStatus::Vacuous => Tint::Doubt,
        ObjectiveStatus::Untested => Tint::Plain,
        ObjectiveStatus::Miss => Tint::Bad,
    }
}
