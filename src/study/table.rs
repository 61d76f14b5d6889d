//! The table of objectives: every one of them from the first rollout on, each event under one limit.

use std::cmp::Ordering;

use reports::{BoundWord, ObjectiveRow, ObjectiveStatus, StudyCause, ToldRow};
use sim_core::engine::Share;

use super::case::Case;
use super::causes::{Blamed, Cause, Causes};
use super::interval::clopper_pearson;
use super::objective::{Bound, Status, judge};
use super::rate::Rate;
use super::tally::{Count, Tally};

/// Returns the objectives of one case: its rates, then its invariants.
pub(super) fn of_case(case: &Case, tally: &Tally) -> Vec<ObjectiveRow> {
    let limited = |&rate: &Rate| {
        let counts = rate == Rate::ExpectedOutcome || case.counts_for(rate);
        let (bound, limit) = case.limit(rate).filter(|_| counts)?;
        let count = tally.rates.get(&rate).copied().unwrap_or_default();
        Some(row(rate.word(), count, bound, limit))
    };
    let mut rows: Vec<_> = Rate::ALL.iter().filter_map(limited).collect();
    let ids = tally.invariants.keys();
    rows.extend(ids.filter_map(|id| invariant(case, tally, id)));
    rows
}

/// Returns the objectives over several cases: pooled rates, what each case expects of its ending, and
/// for each invariant the case in which it fares worst.
pub(super) fn of_suite(cases: &[Case], tallies: &[Tally]) -> Vec<ObjectiveRow> {
    let pairs = || cases.iter().zip(tallies);
    let mut rows: Vec<_> = Rate::ALL
        .iter()
        .filter_map(|&rate| pooled(pairs(), rate))
        .collect();
    rows.extend(pairs().filter_map(expected));
    let mut ids: Vec<_> = tallies.iter().flat_map(|it| it.invariants.keys()).collect();
    ids.sort();
    ids.dedup();
    let judged = |id: &str| {
        let same = |row: &&ObjectiveRow| reports::invariant_of(&row.id) == Some(id);
        rows.iter().any(|row| same(&row))
    };
    let worst = |id: &String| {
        let each = pairs().filter_map(|(case, tally)| invariant(case, tally, id));
        each.reduce(|worst, row| if is_worse(&row, &worst) { row } else { worst })
    };
    let invariants: Vec<_> = ids
        .into_iter()
        .filter(|id| !judged(id))
        .filter_map(worst)
        .collect();
    rows.extend(invariants);
    rows
}

/// Whether one row is worse than another.
fn is_worse(one: &ObjectiveRow, other: &ObjectiveRow) -> bool {
    let place = |status| match status {
        ObjectiveStatus::Miss => 4,
        ObjectiveStatus::Undecided => 3,
        ObjectiveStatus::Ok => 2,
        ObjectiveStatus::Vacuous => 1,
        ObjectiveStatus::Untested => 0,
    };
    let rate = |row: &ObjectiveRow| row.value.unwrap_or(0.0);
    let order = place(one.status).cmp(&place(other.status));
    order.then(rate(one).total_cmp(&rate(other))) == Ordering::Greater
}

/// The rollouts that broke an invariant among all, where it has a limit of its own.
///
/// All rollouts count, also those that never came to where it matters: what is limited is how often a
/// rollout breaks it, and a situation that is rare is rare with many rollouts as well.
fn invariant(case: &Case, tally: &Tally, id: &str) -> Option<ObjectiveRow> {
    let limit = case.invariant_limit(id)?;
    let promise = tally.invariants.get(id)?;
    let tested = promise.holds + promise.violated > 0;
    let count = Count {
        events: promise.violated,
        among: if tested { tally.runs } else { 0 },
    };
    Some(row(id, count, BoundWord::AtMost, limit))
}

/// One row for a rate over all cases that limit it and count for it, held against the strictest limit.
fn pooled<'a>(
    pairs: impl Iterator<Item = (&'a Case, &'a Tally)>,
    rate: Rate,
) -> Option<ObjectiveRow> {
    let (mut strictest, mut all, mut own) = (None::<(BoundWord, Share)>, Count::default(), false);
    for (case, tally) in pairs.filter(|(case, _)| case.counts_for(rate)) {
        let Some((bound, limit)) = case.suite_limit(rate) else {
            continue;
        };
        own |= case.limit(rate).is_some();
        strictest = Some(strictest.map_or((bound, limit), |(_, known)| match bound {
            BoundWord::AtMost => (bound, known.min(limit)),
            BoundWord::AtLeast => (bound, known.max(limit)),
        }));
        let count = tally.rates.get(&rate).copied().unwrap_or_default();
        all.events += count.events;
        all.among += count.among;
    }
    let (bound, limit) = strictest.filter(|_| own)?;
    Some(row(rate.word(), all, bound, limit))
}

/// What a case expects of its ending.
fn expected((case, tally): (&Case, &Tally)) -> Option<ObjectiveRow> {
    let rate = Rate::ExpectedOutcome;
    let (bound, limit) = case.limit(rate)?;
    let count = tally.rates.get(&rate).copied().unwrap_or_default();
    let id = format!("{}/{}", rate.word(), case.name);
    Some(row(&id, count, bound, limit))
}

/// A judged objective.
fn row(id: &str, count: Count, bound: BoundWord, limit: Share) -> ObjectiveRow {
    let Count { events, among } = count;
    let (side, vacuous) = match bound {
        BoundWord::AtMost => (Bound::AtMost, limit == Share::ONE),
        BoundWord::AtLeast => (Bound::AtLeast, limit == Share::ZERO),
    };
    let judged = judge(events, among, side, limit.as_f64());
    let status = match judged.status {
        _ if vacuous => ObjectiveStatus::Vacuous,
        _ if among == 0 => ObjectiveStatus::Untested,
        Status::Ok => ObjectiveStatus::Ok,
        Status::Undecided => ObjectiveStatus::Undecided,
        Status::Miss => ObjectiveStatus::Miss,
    };
    let open = status == ObjectiveStatus::Undecided;
    ObjectiveRow {
        id: id.to_owned(),
        value: judged.value,
        low: judged.interval.low,
        high: judged.interval.high,
        limit: limit.as_f64(),
        bound,
        status,
        runs_needed: judged.runs_needed.filter(|_| open),
        decided_at: None,
        events,
        among,
    }
}

/// Returns the rates that have no limit and happened at least once.
pub(super) fn told(tally: &Tally) -> Vec<ToldRow> {
    let rates = tally.rates.iter().filter(|(rate, _)| rate.is_told());
    let row = |(rate, count): (&Rate, &Count)| {
        let interval = clopper_pearson(count.events, count.among);
        ToldRow {
            id: rate.word().to_owned(),
            value: count.events as f64 / count.among as f64,
            low: interval.low,
            high: interval.high,
            events: count.events,
            among: count.among,
        }
    };
    rates
        .filter(|(_, count)| count.events > 0)
        .map(row)
        .collect()
}

/// Returns who led to what, the most frequent cause of each kind first.
pub(super) fn causes(tally: &Tally) -> Vec<StudyCause> {
    cause_rows(&tally.causes, |kind| {
        let mut rates = tally.rates.iter();
        let known = rates.find(|(rate, _)| rate.word() == kind);
        known.map_or(tally.runs, |(_, count)| count.among)
    })
}

/// Returns who led to what over several cases: each kind in the cases that count for its rate, so that it is no
/// more often named than it is counted.
pub(super) fn causes_of_suite(cases: &[Case], tallies: &[Tally]) -> Vec<StudyCause> {
    let pairs = || cases.iter().zip(tallies);
    let rate = |kind: &str| Rate::ALL.into_iter().find(|rate| rate.word() == kind);
    let counts = |case: &Case, kind: &str| match rate(kind) {
        // No rate over several cases; its causes are of each case.
        None | Some(Rate::ExpectedOutcome) => true,
        Some(rate) => case.counts_for(rate),
    };
    let mut all = Causes::default();
    for (case, tally) in pairs() {
        all.merge(&tally.causes.counted(|kind| counts(case, kind)));
    }
    cause_rows(&all, |kind| {
        let counted = pairs().filter(|(case, _)| counts(case, kind));
        let among = |(_, tally): (&Case, &Tally)| match rate(kind) {
            Some(rate) => tally.rates.get(&rate).map_or(0, |count| count.among),
            None => tally.runs,
        };
        counted.map(among).sum()
    })
}

/// Returns the rows of a tally of causes, the most frequent cause of each kind first; `among` says in how
/// many rollouts a kind could have happened.
pub fn cause_rows(causes: &Causes, among: impl Fn(&str) -> u64) -> Vec<StudyCause> {
    let row = |(kind, cause, blamed): (&str, &Cause, &Blamed)| {
        let among = among(kind);
        let interval = clopper_pearson(blamed.rollouts, among);
        StudyCause {
            kind: kind.to_owned(),
            who: cause.who.clone(),
            stage: cause.stage.clone(),
            samples: cause.samples.map(|size| size.word().to_owned()),
            fewest: blamed.samples.map(|(few, _)| few),
            most: blamed.samples.map(|(_, many)| many),
            rollouts: blamed.rollouts,
            among,
            low: interval.low,
            high: interval.high,
            replication: blamed.replication,
        }
    };
    let mut rows: Vec<_> = causes.iter().map(row).collect();
    rows.sort_by(|a, b| a.kind.cmp(&b.kind).then(b.rollouts.cmp(&a.rollouts)));
    rows
}
