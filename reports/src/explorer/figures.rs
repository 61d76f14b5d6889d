//! The figures of today's policy and of the changed one, in words.

use serde::Serialize;

use super::drawn::DrawnChart;
use super::headline::{HeadlineFigure, figures};
use super::pair::{Spread, spread_pair};
use crate::chart::{label, shown};
use crate::common::figure::{percent, percent_range};
use crate::page::tint;
use crate::result::{ObjectiveRow, ObjectiveStatus, Quantity, StudyReport};
use crate::text::causes::study_causes;
use crate::text::study::parts::limit;
use crate::text::study::verdict::study_badge;

/// What so many rollouts say.
#[derive(Clone, Debug, Serialize)]
pub struct StudyView {
    /// How many rollouts of each scenario there are.
    pub runs: u64,
    /// How many in all, of one policy.
    pub total: u64,
    /// A hash of what happened under today's policy; not that of `coalmine simulate`, which holds values too.
    pub hash: String,
    /// That of the changed one.
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
        needs: row.decided_at,
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
    let [detection, rollback, harm] = spreads(now);
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

/// What is drawn: how long it takes until a regression is noticed and undone, and what users suffer.
fn spreads(now: &StudyReport) -> [Spread; 3] {
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
    [detection, rollback, harm]
}
