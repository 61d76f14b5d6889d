//! Many rollouts for notebooks: comma-separated values and lines of JSON.

use crate::common::safe::csv_cell;
use crate::result::{Quantity, StudyReport};
use crate::text::causes::study_causes;

const HEAD: &str = "policy,profile,scenario,release,seed,runs,outcomes,detection_count,detection_never,detection_p50_s,\
                    detection_p95_s,detection_p99_s,rollback_count,rollback_never,rollback_p50_s,rollback_p95_s,\
                    rollback_p99_s,reached_max_percent,exposed_requests_mean,exposed_error_minutes_mean,hash,causes\n";

/// Returns one line for each scenario under a line of names; an empty field is a number that there is
/// not (RFC 4180).
pub fn study_csv(report: &StudyReport) -> String {
    each(report)
        .iter()
        .fold(HEAD.to_owned(), |text, scenario| text + &row(scenario))
}

/// Returns each scenario's report as one line of JSON.
pub fn study_lines(report: &StudyReport) -> String {
    let line = |scenario: &StudyReport| {
        let json = serde_json::to_string(scenario);
        json.expect("reports have text keys and finite numbers") + "\n"
    };
    each(report).iter().map(line).collect()
}

fn each(report: &StudyReport) -> &[StudyReport] {
    match &report.scenarios[..] {
        [] => std::slice::from_ref(report),
        several => several,
    }
}

fn row(report: &StudyReport) -> String {
    let number = |value: Option<f64>| value.map_or(String::new(), |it| it.to_string());
    let outcomes = report
        .outcomes
        .iter()
        .map(|(word, count)| format!("{word}={count}"));
    let quantities = &report.quantities;
    let time = |quantity: &Quantity| {
        let counts = [quantity.count.to_string(), quantity.never.to_string()];
        let times = [quantity.p50, quantity.p95, quantity.p99].map(number);
        counts.into_iter().chain(times).collect::<Vec<_>>()
    };
    let mut fields = vec![
        csv_cell(&report.policy),
        csv_cell(&report.profile),
        csv_cell(&report.scenario),
        report.release.map_or("", |kind| kind.word()).to_owned(),
        report.seed.to_string(),
        report.runs.to_string(),
        csv_cell(&outcomes.collect::<Vec<_>>().join(" ")),
    ];
    fields.extend(time(&quantities.detection_s));
    fields.extend(time(&quantities.rollback_s));
    fields.push(number(quantities.reached_max_percent.max));
    fields.push(number(quantities.exposed_requests.mean));
    fields.push(number(quantities.exposed_error_minutes.mean));
    fields.push(report.hash.clone());
    fields.push(csv_cell(&study_causes(report).join(". ")));
    fields.join(",") + "\n"
}
