//! The headline figures of today's policy and of the changed one.

use serde::Serialize;

use crate::common::figure::{count, percent, percent_range, span};
use crate::result::{BoundWord, ObjectiveRow, Quantity, StudyReport};
use crate::text::study::parts::limit;

/// A figure of both policies.
#[derive(Clone, Debug, Serialize)]
pub struct HeadlineFigure {
    /// What it is.
    pub name: &'static str,
    /// Of the policy as it is set.
    pub now: String,
    /// What else is to be known of it.
    pub note: String,
    /// Of today's policy, where that is another one.
    pub today: Option<String>,
    /// Whether the difference is shown: `better`, `worse`, or `unclear` where the intervals overlap.
    pub change: Option<&'static str>,
}

fn row<'r>(report: &'r StudyReport, id: &str) -> Option<&'r ObjectiveRow> {
    report.objectives.iter().find(|row| row.id == id)
}

/// Returns them: rates, times, exposure and harm.
pub fn figures(today: &StudyReport, changed: Option<&StudyReport>) -> Vec<HeadlineFigure> {
    let mut figures = rates(today, changed);
    let now = changed.unwrap_or(today);
    let time = |name, of: fn(&StudyReport) -> &Quantity, deadline| {
        let before = changed.is_some().then(|| of(today));
        time(name, of(now), before, deadline)
    };
    figures.extend(time(
        "detection delay",
        |report| &report.quantities.detection_s,
        None,
    ));
    let deadline = now.limits.and_then(|limits| limits.rollback_s);
    figures.extend(time(
        "rollback time",
        |report| &report.quantities.rollback_s,
        deadline,
    ));
    let mean = |name, of: fn(&StudyReport) -> &Quantity| {
        let before = changed.is_some().then(|| of(today));
        mean(name, of(now), before)
    };
    figures.extend(mean("exposed requests", |report| {
        &report.quantities.exposed_requests
    }));
    figures.extend(mean("error-minutes", |report| {
        &report.quantities.exposed_error_minutes
    }));
    figures
}

fn rates(today: &StudyReport, changed: Option<&StudyReport>) -> Vec<HeadlineFigure> {
    let of = |(id, name): (&str, &'static str)| {
        rate(
            name,
            row(today, id)?,
            changed.and_then(|report| row(report, id)),
        )
    };
    let rates = [
        ("false_rollback", "false rollbacks"),
        ("missed_regression", "missed regressions"),
    ];
    rates.into_iter().filter_map(of).collect()
}

fn rate(
    name: &'static str,
    today: &ObjectiveRow,
    changed: Option<&ObjectiveRow>,
) -> Option<HeadlineFigure> {
    let now = changed.unwrap_or(today);
    let change = changed.map(|now| {
        let (lower, higher) = (now.high < today.low, now.low > today.high);
        let (better, worse) = match now.bound {
            BoundWord::AtMost => (lower, higher),
            BoundWord::AtLeast => (higher, lower),
        };
        told(better, worse)
    });
    Some(HeadlineFigure {
        name,
        now: percent(now.value?),
        note: format!("{}, limit {}", percent_range(now.low, now.high), limit(now)),
        today: changed.map(|_| today.value.map_or("no data".to_owned(), percent)),
        change,
    })
}

const fn told(better: bool, worse: bool) -> &'static str {
    match (better, worse) {
        (true, _) => "better",
        (_, true) => "worse",
        _ => "unclear",
    }
}

/// The median of a time; less is better.
fn time(
    name: &'static str,
    now: &Quantity,
    today: Option<&Quantity>,
    deadline: Option<f64>,
) -> Option<HeadlineFigure> {
    if now.count + now.never == 0 {
        return None;
    }
    let say = |value: Option<f64>| value.map_or("never".to_owned(), span);
    let ends = |quantity: &Quantity| {
        let [low, high] = quantity.intervals.as_ref()?.p50;
        Some((low.unwrap_or(f64::INFINITY), high.unwrap_or(f64::INFINITY)))
    };
    let change = today.and_then(|today| {
        let ((low, high), (before_low, before_high)) = (ends(now)?, ends(today)?);
        Some(told(high < before_low, low > before_high))
    });
    let deadline = deadline.map_or(String::new(), |limit| format!(", deadline {}", span(limit)));
    let [p95, p99] = [now.p95, now.p99].map(say);
    Some(HeadlineFigure {
        name,
        now: say(now.p50),
        note: format!("median; p95 {p95}, p99 {p99}{deadline}"),
        today: today.map(|today| say(today.p50)),
        change,
    })
}

/// A mean, of which nothing is claimed.
fn mean(name: &'static str, now: &Quantity, today: Option<&Quantity>) -> Option<HeadlineFigure> {
    let p99 = now.p99.map_or("never".to_owned(), count);
    Some(HeadlineFigure {
        name,
        now: count(now.mean?),
        note: format!("a rollout, on average; p99 {p99}"),
        today: today.map(|today| today.mean.map_or("none".to_owned(), count)),
        change: None,
    })
}
