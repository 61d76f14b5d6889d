//! The answer of Prometheus to `query_range`.

use std::ops::Range;

use super::defects::Defects;
use super::labelled::{LabelledSeries, rows as of_series};
use super::rows::Rows;
use super::timestamp::Timestamp;
use crate::Diagnostic;
use crate::adapter::Json;
use crate::diagnostic::quote::quote;

/// Says whether a value is such an answer.
pub(super) fn is_answer(json: &Json) -> bool {
    json.get("data")
        .and_then(|data| data.get("result"))
        .is_some()
        || json.get("status").and_then(Json::text) == Some("error")
}

/// Returns the rows of all series of the answer, which stands in `text`.
pub(super) fn rows(json: &Json, text: &str, found: &mut Defects) -> Rows {
    let place = |key: &str| {
        let key = format!("\"{key}\"");
        text.find(&key).map_or(0..0, |at| at..at + key.len())
    };
    if let Some(error) = json.get("error").and_then(Json::text) {
        let kind = json.get("errorType").and_then(Json::text);
        let (kind, error) = (kind.unwrap_or("error"), quote(error));
        let message = format!("Prometheus answered with an error, {kind}: {error}");
        found.whole(problem(message, place("error")));
        return Rows::default();
    }
    let result = json.get("data").and_then(|data| data.get("result"));
    let list = result.and_then(Json::list);
    let series = list.unwrap_or_default();
    if list.is_none() || series.iter().any(|one| one.get("values").is_none()) {
        let message = "this is an instant vector, one value of each series: the answer to `query` and not to `query_range`";
        found.whole(problem(message.to_owned(), place("resultType")));
        return Rows::default();
    }
    if series.is_empty() {
        let message =
            "the result is empty: no series matched the query between its start and its end";
        let one = problem(message.to_owned(), place("result"));
        found.whole(one.help("check the names and labels of the query, and that `start` and `end` are unix times inside of what is kept"));
        return Rows::default();
    }
    let read = series.iter().map(|one| read(one, found)).collect();
    of_series(read, found)
}

fn read(one: &Json, found: &mut Defects) -> LabelledSeries {
    let members = one
        .get("metric")
        .and_then(Json::members)
        .unwrap_or_default();
    let label = |(key, value): &(String, Json)| Some((key.clone(), value.text()?.to_owned()));
    let mut labels: std::collections::BTreeMap<_, _> = members.iter().filter_map(label).collect();
    let name = labels.remove("__name__").unwrap_or_default();
    let mut samples = Vec::new();
    for pair in one.get("values").and_then(Json::list).unwrap_or_default() {
        match sample(pair) {
            Some(sample) => samples.push(sample),
            None => found.row("CM306", &(0..0), |mut it| {
                it.message = "a sample is not of the form [unix time, \"number\"]".into();
                it.whole_file()
                    .help("save the answer of /api/v1/query_range as it is")
            }),
        }
    }
    // A raw counter has the name of one; what a function made of it has none.
    let is_counter = name.ends_with("_total");
    LabelledSeries {
        name,
        labels,
        samples,
        is_counter,
    }
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

fn problem(message: String, place: Range<usize>) -> Diagnostic {
    let found = Diagnostic::error("CM300", place.clone(), message);
    let found = if place.is_empty() {
        found.whole_file()
    } else {
        found
    };
    found.help(
        "curl -s 'http://PROMETHEUS/api/v1/query_range?query=...&start=...&end=...&step=60' > history.json",
    )
}
