//! The answer of Prometheus to `query_range`.

use super::defects::Defects;
use super::rows::{Row, Rows};
use super::timestamp::Timestamp;
use crate::Diagnostic;
use crate::adapter::Json;
use crate::quote::quote;

/// The labels that name a host, best first.
const HOST: [&str; 5] = ["instance", "pod", "host", "node", "kubernetes_pod_name"];

/// Says whether a value is such an answer.
pub(super) fn is_answer(json: &Json) -> bool {
    json.get("data")
        .and_then(|data| data.get("result"))
        .is_some()
        || json.get("status").and_then(Json::text) == Some("error")
}

/// Returns the rows of all series of the answer.
pub(super) fn rows(json: &Json, found: &mut Defects) -> Rows {
    let mut rows = Rows::default();
    if let Some(error) = json.get("error").and_then(Json::text) {
        found.whole(problem(format!(
            "Prometheus refused the query: {}",
            quote(error)
        )));
        return rows;
    }
    let result = json.get("data").and_then(|data| data.get("result"));
    let series = result.and_then(Json::list).unwrap_or_default();
    if series.iter().any(|one| one.get("values").is_none()) || result.and_then(Json::list).is_none()
    {
        found.whole(problem(
            "the answer holds no `values`: it is one to `query` and not to `query_range`".into(),
        ));
        return rows;
    }
    let label = host_label(series);
    if label.is_none() && series.len() > 1 {
        found.whole(ambiguous(series.len()));
        return rows;
    }
    for one in series {
        let name = |label: &str| {
            one.get("metric")
                .and_then(|metric| metric.get(label))
                .and_then(Json::text)
        };
        let host = rows.hosts.number(label.and_then(name).unwrap_or(""));
        let version = rows.versions.number(name("version").unwrap_or(""));
        for pair in one.get("values").and_then(Json::list).unwrap_or_default() {
            match sample(pair) {
                Some((time, value)) => rows.list.push(Row {
                    span: 0..0,
                    time,
                    value,
                    n: None,
                    host,
                    version,
                }),
                None => found.row("CM306", &(0..0), |mut it| {
                    it.message = "a sample is not of the form [unix time, \"number\"]".into();
                    it.whole_file()
                        .help("save the answer of /api/v1/query_range as it is")
                }),
            }
        }
    }
    rows
}

/// Returns the label that tells all series apart.
fn host_label(series: &[Json]) -> Option<&'static str> {
    let tells_apart = |label: &&str| {
        let name = |one: &Json| {
            let metric = one.get("metric")?;
            let version = metric.get("version").and_then(Json::text).unwrap_or("");
            Some((metric.get(label)?.text()?.to_owned(), version.to_owned()))
        };
        let names: Option<std::collections::BTreeSet<_>> = series.iter().map(name).collect();
        names.is_some_and(|names| names.len() == series.len())
    };
    HOST.into_iter().find(tells_apart)
}

fn sample(pair: &Json) -> Option<(Timestamp, Option<f64>)> {
    let [time, value] = pair.list()? else {
        return None;
    };
    let time = Timestamp::from_seconds(time.number()?)?;
    let value = match value {
        Json::Text(text) => {
            let read = super::number::value(text).filter(|value| value.unit.is_empty())?;
            (!read.is_absent).then_some(read.number)
        }
        Json::Null => None,
        other => Some(other.number()?),
    };
    Some((time, value))
}

fn problem(message: String) -> Diagnostic {
    Diagnostic::error("CM300", 0..0, message).whole_file().help(
        "curl -s 'http://PROMETHEUS/api/v1/query_range?query=...&start=...&end=...&step=60' > history.json",
    )
}

fn ambiguous(series: usize) -> Diagnostic {
    let message =
        format!("the answer holds {series} series and no label tells them apart as hosts");
    Diagnostic::error("CM313", 0..0, message)
        .whole_file()
        .reason("values of different things in one history are a mixture of nothing")
        .help("aggregate in the query: sum(...), or sum by (instance) (...)")
}
