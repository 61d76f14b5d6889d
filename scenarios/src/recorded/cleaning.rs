//! From rows to a history: absent values, order, duplicates, gaps.

use std::collections::BTreeMap;
use std::ops::Range;

use sim_core::engine::SimDuration;

use super::defects::Defects;
use super::gaps::{complete, too_few};
use super::given::{Given, graded};
use super::reading::Purpose;
use super::rows::{Row, Rows};
use super::series::{Point, RecordedSeries};
use super::steps::{SampleStep, step};
use crate::{Diagnostic, Report};

/// The share of values that may be absent (NaN, infinite, empty) without harm.
const ABSENT_MAX: f64 = 0.01;
/// The share of rows that may stand before an earlier one.
const DISORDER_MAX: f64 = 0.001;
/// The share of rows that may be there twice, saying the same.
const TWICE_MAX: f64 = 0.01;
/// The share of rows that may be there twice, saying different things: the hour that summer time
/// repeats or skips is 0.3 % of two weeks.
const CONFLICT_MAX: f64 = 0.005;
/// What was found as a report: of warnings, or of why there is no history.
fn report(found: Defects, given: &Given<'_>) -> Result<Report, Report> {
    let useless = found.has_errors();
    let report = Report::new(given.name, given.source, found.into_diagnostics());
    if useless { Err(report) } else { Ok(report) }
}

/// Makes a history of the rows, or says why there is none.
pub(super) fn history(
    mut rows: Rows,
    mut found: Defects,
    given: &Given<'_>,
) -> Result<RecordedSeries, Report> {
    arranged(&mut rows.list, given, &mut found);
    let all: Vec<Point> = rows.list.iter().map(point).collect();
    let step = step(&all).unwrap_or(NO_STEP);
    let gaps = if given.requests || step.millis == 0 {
        Vec::new()
    } else {
        complete(&all, step, given, &mut found)
    };
    let (points, spoilt) = numbers(all, given, &mut found);
    if points.len() < 2 || (step.millis == 0 && !given.requests) {
        found.whole(too_few(points.len()));
    }
    let warnings = report(found, given)?;
    let millis = if given.requests {
        0
    } else {
        step.millis as u64
    };
    Ok(RecordedSeries {
        name: given.name.to_owned(),
        says_percent: rows.says_percent || said_by_name(given.name),
        are_errors: rows.are_errors,
        unit_said: None,
        unit: rows.unit,
        step: SimDuration::from_millis(millis),
        is_regular: step.is_regular,
        points,
        spoilt,
        gaps,
        hosts: rows.hosts.list,
        versions: rows.versions.list,
        excluded: given.excluded.to_vec(),
        warnings,
    })
}

/// Leaves out what is not meant, and puts the rest in order, each row once.
fn arranged(list: &mut Vec<Row>, given: &Given<'_>, found: &mut Defects) {
    let is_left_out = |row: &Row| given.excluded.iter().any(|one| one.contains(row.time));
    list.retain(|row| !is_left_out(row));
    present(list, given, found);
    if !given.requests {
        ordered(list, found);
        distinct(list, found);
    }
    list.sort_by_key(|row| row.time);
}

fn numbers(all: Vec<Point>, given: &Given<'_>, found: &mut Defects) -> (Vec<Point>, Vec<Point>) {
    let (points, spoilt): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.value.is_finite());
    if let Some(one) = no_numbers(&spoilt, &points, given) {
        found.whole(one);
    }
    (points, spoilt)
}

const NO_STEP: SampleStep = SampleStep {
    millis: 0,
    is_regular: false,
};

/// Whether the file is called percent.
fn said_by_name(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let file = file.to_lowercase();
    ["percent", "pct"].iter().any(|word| file.contains(word))
}

fn point(row: &Row) -> Point {
    Point {
        time: row.time,
        value: row.value.unwrap_or(f64::NAN),
        n: row.n,
        host: row.host,
        version: row.version,
    }
}

/// Drops the rows without a value.
fn present(rows: &mut Vec<Row>, given: &Given<'_>, found: &mut Defects) {
    let bad: Vec<_> = rows.iter().filter(|row| row.value.is_none()).collect();
    if let Some(first) = bad.first() {
        let message = format!("{} of {} values are absent (empty)", bad.len(), rows.len());
        let one = Diagnostic::error("CM310", first.span.clone(), message)
            .reason("nobody knows what was measured there; zero would be a guess")
            .help("ask the query for a value in each step (`... or vector(0)` only where no event means zero), or leave the stretch out with --exclude FROM..TO");
        found.whole(graded(
            one,
            bad.len(),
            rows.len(),
            given.most(ABSENT_MAX),
            "counted as missing",
        ));
    }
    rows.retain(|row| row.value.is_some());
}

/// Tells of values that are no numbers. They are no flaw of a recording: nothing divided by nothing is what
/// a service without traffic shows.
fn no_numbers(spoilt: &[Point], points: &[Point], given: &Given<'_>) -> Option<Diagnostic> {
    let first = spoilt.first()?;
    let all = spoilt.len() + points.len();
    let message = format!(
        "{} of {all} values are no numbers (NaN or infinite), the first at {}",
        spoilt.len(),
        first.time
    );
    let done = match given.purpose {
        Purpose::Fit => "taken for intervals without traffic, and left empty",
        Purpose::Play => "played as they are, and each gate's `on: {nan: ...}` decides",
    };
    let found = Diagnostic::warning("CM316", 0..0, format!("{message}: {done}")).whole_file();
    Some(found.help(
        "export the number of requests as well, so that no traffic is told from a broken query",
    ))
}

/// Complains of rows that stand behind a later one of the same series.
fn ordered(rows: &mut [Row], found: &mut Defects) {
    let (mut late, mut early, mut first) = (0, 0, None);
    let mut seen = BTreeMap::new();
    for row in rows.iter() {
        let known = seen.get(&row.key()).copied();
        let (before, newest) = known.unwrap_or((row.time, row.time));
        early += usize::from(before < row.time);
        if newest > row.time {
            late += 1;
            first.get_or_insert_with(|| row.span.clone());
        }
        seen.insert(row.key(), (row.time, newest.max(row.time)));
    }
    let Some(first) = first else { return };
    let message = format!("{late} rows stand behind a later one");
    let one = Diagnostic::error("CM311", first, message)
        .reason("a run of breaches means nothing where the order of the samples is in doubt")
        .help("sort by time: (head -1 FILE; tail -n +2 FILE | sort -t, -k1,1) > sorted.csv");
    // A recording that runs backwards from end to end is in order, too.
    let done = if early == 0 {
        "the recording was turned round"
    } else {
        "they were sorted in"
    };
    let most = if early == 0 { 1.0 } else { DISORDER_MAX };
    found.whole(graded(one, late, rows.len(), most, done));
    rows.sort_by_key(|row| row.time);
}

/// Keeps the first of several rows of one series and time.
fn distinct(rows: &mut Vec<Row>, found: &mut Defects) {
    let all = rows.len();
    let mut kept: BTreeMap<_, (u64, Option<f64>)> = BTreeMap::new();
    let (mut same, mut other) = (Vec::new(), Vec::new());
    rows.retain(|row| {
        let said = (row.value.unwrap_or(f64::NAN).to_bits(), row.n);
        match kept.get(&(row.key(), row.time)) {
            None => {
                kept.insert((row.key(), row.time), said);
                return true;
            }
            Some(before) if *before == said => same.push(row.span.clone()),
            Some(_) => other.push(row.span.clone()),
        }
        false
    });
    if let Some(first) = same.first() {
        let message = format!("{} rows are there twice", same.len());
        let one = Diagnostic::error("CM312", first.clone(), message)
            .reason("a sample that counts twice makes runs of breaches longer than they were")
            .help("remove the copies: sort -u, or query without overlapping ranges");
        found.whole(graded(one, same.len(), all, TWICE_MAX, "each counts once"));
    }
    conflicting(&other, all, found);
}

/// Complains of rows that contradict one that is known.
fn conflicting(other: &[Range<usize>], all: usize, found: &mut Defects) {
    if let Some(first) = other.first() {
        let message = format!(
            "{} rows say something else about a time that is known",
            other.len()
        );
        let one = Diagnostic::error("CM313", first.clone(), message)
            .reason("several series in one file look like this, and so does the end of summer time")
            .help("add a column `host` (or `version`) that tells the series apart, aggregate in the query, or write times in UTC; for single requests say --kind latency");
        found.whole(graded(
            one,
            other.len(),
            all,
            CONFLICT_MAX,
            "the first counts",
        ));
    }
}
