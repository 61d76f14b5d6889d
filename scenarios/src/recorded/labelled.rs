//! LabelledSeries with labels, as Prometheus and its tools export them, and what several of them are of one another.

use std::collections::{BTreeMap, BTreeSet};

use super::defects::Defects;
use super::rows::{Row, Rows};
use super::timestamp::Timestamp;
use crate::Diagnostic;
use crate::diagnostic::quote::quote;

/// One series: its name, its other labels, and its samples.
#[derive(Clone, Debug, Default)]
pub(super) struct LabelledSeries {
    pub name: String,
    pub labels: BTreeMap<String, String>,
    pub samples: Vec<(Timestamp, Option<f64>)>,
    /// Whether it only grows, so that differences are what happened.
    pub is_counter: bool,
}

/// The labels that name a host, best first.
const HOST: [&str; 5] = ["instance", "pod", "host", "node", "kubernetes_pod_name"];
/// The labels that say how a request ended.
const CODE: [&str; 6] = [
    "code",
    "status",
    "status_code",
    "http_status",
    "response_code",
    "status_class",
];

/// Makes rows of all series: those of several hosts, errors beside requests, requests by status code, or
/// one series alone.
pub(super) fn rows(mut all: Vec<LabelledSeries>, found: &mut Defects) -> Rows {
    all.iter_mut().for_each(differences);
    if all.len() > 1 {
        if let Some(both) = by_code(&all).or_else(|| by_name(&all)) {
            return errors_and_requests(&both);
        }
        if host_label(&all).is_none() {
            found.whole(ambiguous(&all));
            return Rows::default();
        }
    }
    let label = host_label(&all);
    let mut rows = Rows::default();
    for one in &all {
        let name = |label: &str| one.labels.get(label).map_or("", String::as_str);
        let host = rows.hosts.number(label.map_or("", name));
        let version = rows.versions.number(name("version"));
        let row = |&(time, value): &(Timestamp, Option<f64>)| Row {
            span: 0..0,
            time,
            value,
            n: None,
            host,
            version,
        };
        rows.list.extend(one.samples.iter().map(row));
    }
    rows.are_errors = all.len() == 1 && all[0].is_counter;
    rows
}

/// Turns a counter into what happened from one sample to the next; a counter that fell began again at 0.
fn differences(one: &mut LabelledSeries) {
    if !one.is_counter {
        return;
    }
    one.samples.sort_by_key(|(time, _)| *time);
    let mut before: Option<f64> = None;
    let mut steps = Vec::with_capacity(one.samples.len());
    for &(time, value) in &one.samples {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            continue;
        };
        if let Some(before) = before {
            let more = if value >= before {
                value - before
            } else {
                value
            };
            steps.push((time, Some(more)));
        }
        before = Some(value);
    }
    one.samples = steps;
}

/// Bad and all requests of each instant.
type Counts = BTreeMap<Timestamp, [f64; 2]>;

/// Adds up requests by how they ended: a status from 500 on is an error.
fn by_code(all: &[LabelledSeries]) -> Option<Counts> {
    let code = CODE
        .into_iter()
        .find(|label| all.iter().all(|one| one.labels.contains_key(*label)))?;
    if all.iter().any(|one| one.name != all[0].name) {
        return None;
    }
    let mut counts = Counts::new();
    for one in all {
        let failed = one.labels[code].starts_with('5');
        for &(time, value) in &one.samples {
            let Some(value) = value.filter(|value| value.is_finite()) else {
                continue;
            };
            let known = counts.entry(time).or_default();
            known[0] += if failed { value } else { 0.0 };
            known[1] += value;
        }
    }
    Some(counts)
}

/// Pairs a series of errors with one of all requests, told by their names.
fn by_name(all: &[LabelledSeries]) -> Option<Counts> {
    let [one, other] = all else { return None };
    let bad = |series: &LabelledSeries| {
        ["error", "fail", "5xx", "bad"]
            .iter()
            .any(|word| series.name.to_lowercase().contains(word))
    };
    let (errors, requests) = match (bad(one), bad(other)) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        _ => return None,
    };
    let known: BTreeMap<Timestamp, f64> = errors
        .samples
        .iter()
        .filter_map(|(time, value)| Some((*time, (*value)?)))
        .collect();
    let pair =
        |(time, value): &(Timestamp, Option<f64>)| Some((*time, [*known.get(time)?, (*value)?]));
    Some(requests.samples.iter().filter_map(pair).collect())
}

fn errors_and_requests(counts: &Counts) -> Rows {
    let row = |(time, [bad, all]): (&Timestamp, &[f64; 2])| Row {
        span: 0..0,
        time: *time,
        value: Some(*bad),
        n: Some(*all),
        host: None,
        version: None,
    };
    Rows {
        list: counts.iter().map(row).collect(),
        are_errors: true,
        ..Rows::default()
    }
}

/// Returns the label that tells all series apart.
fn host_label(all: &[LabelledSeries]) -> Option<&'static str> {
    let tells_apart = |label: &&str| {
        let name = |one: &LabelledSeries| {
            let version = one.labels.get("version").cloned().unwrap_or_default();
            Some((one.labels.get(*label)?.clone(), version))
        };
        let names: Option<BTreeSet<_>> = all.iter().map(name).collect();
        names.is_some_and(|names| names.len() == all.len())
    };
    HOST.into_iter().find(tells_apart)
}

fn ambiguous(all: &[LabelledSeries]) -> Diagnostic {
    let shown = |one: &LabelledSeries| {
        let labels: Vec<_> = one
            .labels
            .iter()
            .map(|(key, value)| format!("{key}={}", quote(value)))
            .collect();
        format!("{}{{{}}}", one.name, labels.join(", "))
    };
    let few: Vec<_> = all.iter().take(3).map(shown).collect();
    let message = format!(
        "the file holds {} series and no label tells them apart as hosts: {}",
        all.len(),
        few.join(" and ")
    );
    Diagnostic::error("CM313", 0..0, message)
        .whole_file()
        .reason("values of different things in one history are a mixture of nothing")
        .help("aggregate in the query: sum(...), sum by (instance) (...), or sum by (code) (...) for errors and requests; or export errors and requests as two files and say --requests FILE")
}
