//! The figures of today's policy and of the changed one, in words.

use serde::Serialize;

use super::drawn::DrawnChart;
use super::pair::{Spread, characteristic_pair, delay_pair, spread_pair};
use crate::chart::{label, shown};
use crate::common::figure::{count, percent, percent_range, span};
use crate::page::tint;
use crate::result::{BoundWord, CurveReport, ObjectiveRow, ObjectiveStatus, Quantity, StudyReport};
use crate::text::causes::study_causes;
use crate::text::curve::{answer, heading};
use crate::text::study::parts::limit;
use crate::text::study::verdict::study_badge;

/// What so many rollouts say.
#[derive(Clone, Debug, Serialize)]
pub struct StudyView {
    /// How many rollouts of each scenario there are.
    pub runs: u64,
    /// How many in all, of one policy.
    pub total: u64,
    /// The hash of today's result, which is that of `coalmine simulate`.
    pub hash: String,
    /// The hash of the changed one.
    pub changed_hash: Option<String>,
    /// The verdict on each: word, why, tint.
    pub verdicts: Vec<[String; 3]>,
    /// The headline figures.
    pub figures: Vec<HeadlineFigure>,
    /// The objectives.
    pub objectives: Vec<ObjectivePair>,
    /// How the rollouts of each scenario ended.
    pub endings: Vec<EndingPair>,
    /// Who led to what went wrong, in sentences, under the policy as it is set.
    pub causes: Vec<String>,
    /// The distributions.
    pub charts: Vec<DrawnChart>,
}

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

/// An objective under both.
#[derive(Clone, Debug, Serialize)]
pub struct ObjectivePair {
    /// The name.
    pub id: String,
    /// The limit.
    pub limit: String,
    /// Under today's policy.
    pub today: Option<ObjectiveView>,
    /// Under the changed one.
    pub changed: Option<ObjectiveView>,
}

/// An objective.
#[derive(Clone, Debug, Serialize)]
pub struct ObjectiveView {
    /// The rate in words.
    pub value: String,
    /// Its interval in words.
    pub interval: String,
    /// What may be said.
    pub status: &'static str,
    /// How it is to be taken.
    pub tint: &'static str,
    /// About how many runs more would decide.
    pub needs: Option<u64>,
    /// The rollout that shows it worst: its scenario and its replication.
    pub why: Option<(String, u64)>,
    /// The rate and the ends of its interval.
    pub exact: (Option<f64>, f64, f64),
    /// Events, and among how many.
    pub counted: (u64, u64),
}

/// How the rollouts of a scenario ended.
#[derive(Clone, Debug, Serialize)]
pub struct EndingPair {
    /// The scenario.
    pub scenario: String,
    /// Whether its release is good or bad.
    pub release: &'static str,
    /// Outcome and count under today's policy.
    pub today: Vec<(String, u64)>,
    /// Under the changed one.
    pub changed: Option<Vec<(String, u64)>>,
}

/// Returns what two studies say; each comes with what a rollout does to users in minutes of full outage.
pub fn study_view(
    today: (&StudyReport, &Quantity),
    changed: Option<(&StudyReport, &Quantity)>,
) -> StudyView {
    let (report, now) = (today.0, changed.unwrap_or(today));
    let each = [Some(today), changed].into_iter().flatten();
    let verdict = |(report, _): (&StudyReport, &Quantity)| {
        let badge = study_badge(report);
        [badge.word, badge.why, badge.tint.class().to_owned()]
    };
    StudyView {
        runs: report
            .scenarios
            .first()
            .map_or(report.runs, |scenario| scenario.runs),
        total: report.runs,
        hash: report.hash.clone(),
        changed_hash: changed.map(|(report, _)| report.hash.clone()),
        verdicts: each.map(verdict).collect(),
        figures: figures(report, changed.map(|(report, _)| report)),
        objectives: objectives(report, changed.map(|(report, _)| report)),
        endings: endings(report, changed.map(|(report, _)| report)),
        causes: study_causes(now.0).iter().map(|line| shown(line)).collect(),
        charts: charts(today, changed),
    }
}

fn row<'r>(report: &'r StudyReport, id: &str) -> Option<&'r ObjectiveRow> {
    report.objectives.iter().find(|row| row.id == id)
}

fn figures(today: &StudyReport, changed: Option<&StudyReport>) -> Vec<HeadlineFigure> {
    let rates = [
        ("false_rollback", "false rollbacks"),
        ("missed_regression", "missed regressions"),
    ];
    let mut figures: Vec<_> = rates
        .iter()
        .filter_map(|(id, name)| {
            rate(
                name,
                row(today, id)?,
                changed.and_then(|report| row(report, id)),
            )
        })
        .collect();
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
    Some(HeadlineFigure {
        name,
        now: say(now.p50),
        note: format!(
            "median; p95 {}, p99 {}{deadline}",
            say(now.p95),
            say(now.p99)
        ),
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

/// What is missed stands first, then what is undecided.
fn objectives(today: &StudyReport, changed: Option<&StudyReport>) -> Vec<ObjectivePair> {
    let view = |report: &StudyReport, id: &str| Some(objective(report, row(report, id)?));
    let now = changed.unwrap_or(today);
    let gone = today
        .objectives
        .iter()
        .filter(|row| self::row(now, &row.id).is_none());
    let mut all: Vec<_> = now.objectives.iter().chain(gone).collect();
    let place = |row: &&ObjectiveRow| match row.status {
        ObjectiveStatus::Miss => 0,
        ObjectiveStatus::Undecided => 1,
        ObjectiveStatus::Ok => u8::from(row.id.starts_with("INV-")) + 2,
        ObjectiveStatus::Vacuous => 4,
        ObjectiveStatus::Untested => 5,
    };
    all.sort_by_key(place);
    let pair = |row: &ObjectiveRow| ObjectivePair {
        id: label(&row.id),
        limit: limit(row),
        today: view(today, &row.id),
        changed: changed.and_then(|report| view(report, &row.id)),
    };
    all.into_iter().map(pair).collect()
}

fn objective(report: &StudyReport, row: &ObjectiveRow) -> ObjectiveView {
    let failure = report.worst.iter().find(|failure| failure.kind == row.id);
    ObjectiveView {
        value: row.value.map_or("no data".to_owned(), percent),
        interval: percent_range(row.low, row.high),
        status: row.status.word(),
        tint: tint(row.status).class(),
        needs: row.runs_needed,
        why: failure.map(|failure| (failure.scenario.clone(), failure.replication)),
        exact: (row.value, row.low, row.high),
        counted: (row.events, row.among),
    }
}

fn endings(today: &StudyReport, changed: Option<&StudyReport>) -> Vec<EndingPair> {
    let each = |report: &StudyReport| -> Vec<StudyReport> {
        if report.scenarios.is_empty() {
            vec![report.clone()]
        } else {
            report.scenarios.clone()
        }
    };
    let counted = |report: &StudyReport| -> Vec<(String, u64)> {
        let outcomes = report.outcomes.iter();
        outcomes.map(|(word, many)| (word.clone(), *many)).collect()
    };
    let changed = changed.map(each);
    let pair = |(at, report): (usize, &StudyReport)| EndingPair {
        scenario: report.scenario.clone(),
        release: report.release.map_or("", |kind| kind.word()),
        today: counted(report),
        changed: changed.as_ref().map(|all| counted(&all[at])),
    };
    each(today).iter().enumerate().map(pair).collect()
}

fn charts(
    today: (&StudyReport, &Quantity),
    changed: Option<(&StudyReport, &Quantity)>,
) -> Vec<DrawnChart> {
    let now = changed.unwrap_or(today).0;
    let detection = Spread {
        id: "detection",
        title: "Detection delay",
        what: "from the beginning of the regression to the trigger",
        is_time: true,
        limit: None,
    };
    let rollback = Spread {
        id: "rollback",
        title: "Rollback time",
        what: "from the trigger to the last host reverted",
        limit: now.limits.and_then(|limits| limits.rollback_s),
        ..detection
    };
    let harm = Spread {
        id: "harm",
        title: "User impact",
        what: "error-minutes of a rollout (full-outage equivalent)",
        is_time: false,
        ..detection
    };
    let pair = |what: &Spread, of: fn(&StudyReport) -> &Quantity| {
        spread_pair(what, of(today.0), changed.map(|(report, _)| of(report)))
    };
    let charts = [
        pair(&detection, |report| &report.quantities.detection_s),
        pair(&rollback, |report| &report.quantities.rollback_s),
        spread_pair(&harm, today.1, changed.map(|(_, harm)| harm)),
    ];
    charts.iter().flatten().map(DrawnChart::from).collect()
}

/// What a policy does to regressions of each size.
#[derive(Clone, Debug, Serialize)]
pub struct CurveView {
    /// The scenario whose release is scaled.
    pub scenario: String,
    /// How many rollouts of each size there are.
    pub runs: u64,
    /// What a size of 1 is.
    pub scaled: Vec<String>,
    /// The sizes, in order, with what both policies do.
    pub sizes: Vec<SizePair>,
    /// The minimum detectable effects in words; empty before they are known.
    pub detectable: Vec<[String; 2]>,
    /// Probability and delay.
    pub charts: Vec<DrawnChart>,
}

/// A regression of one size.
#[derive(Clone, Debug, Serialize)]
pub struct SizePair {
    /// The factor on what the scenario says.
    pub size: f64,
    /// Under today's policy.
    pub today: SizeView,
    /// Under the changed one.
    pub changed: Option<SizeView>,
}

/// What a policy does to a regression of one size.
#[derive(Clone, Debug, Serialize)]
pub struct SizeView {
    /// How often it acts.
    pub acted: String,
    /// With which interval.
    pub interval: String,
    /// Half are acted upon within this time.
    pub delay: String,
    /// In how many rollouts, and among how many.
    pub counted: (u64, u64),
}

/// Returns what two curves say.
pub fn curve_view(today: &CurveReport, changed: Option<&CurveReport>) -> CurveView {
    let now = changed.unwrap_or(today);
    let size = |report: &CurveReport, at: usize| {
        let point = report.points.get(at)?;
        Some(SizeView {
            acted: percent(point.acted),
            interval: percent_range(point.low, point.high),
            delay: point.delay_p50_s.map_or("never".to_owned(), span),
            counted: (point.events, point.among.unwrap_or(report.runs)),
        })
    };
    let pair = |at: usize| {
        Some(SizePair {
            size: today.points[at].effect,
            today: size(today, at)?,
            changed: changed.and_then(|report| size(report, at)),
        })
    };
    let found = |found: &crate::result::Detectable| [heading(found), answer(now, found)];
    let charts = [
        Some(characteristic_pair(today, changed)),
        delay_pair(today, changed),
    ];
    CurveView {
        scenario: today.scenario.clone(),
        runs: today.runs,
        scaled: now.scaled.iter().map(|line| shown(line)).collect(),
        sizes: (0..today.points.len()).filter_map(pair).collect(),
        detectable: if now.refined.is_empty() {
            Vec::new()
        } else {
            now.detectable.iter().map(found).collect()
        },
        charts: charts.iter().flatten().map(DrawnChart::from).collect(),
    }
}
