//! A unit test for `promtool test rules`: the series of a rollout, and when an alert must have fired.

use sim_core::engine::SimTime;

use super::exposition::{Exposition, MetricSeries};

/// What the rules are held to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleTest {
    /// The file of the rules, as the test names it.
    pub rules: String,
    /// The alert that is meant; none means any.
    pub alert: Option<String>,
    /// When it must have fired at the latest; none means that nothing may ever fire.
    pub fires_by: Option<SimTime>,
}

/// Writes the test.
pub fn promtest(exposition: &Exposition, wanted: &RuleTest) -> String {
    let every = seconds(exposition.instant(1));
    let mut text = format!(
        "# {}\nrule_files: [{}]\nevaluation_interval: {every}\ntests:\n  - interval: {every}\n    input_series:\n",
        exposition.title.replace('\n', " "),
        string(&wanted.rules),
    );
    let mut length = 0;
    for family in &exposition.families {
        for series in family.metrics.iter().flatten() {
            let name = string(&family.selector(series));
            let points = values(series);
            text += &format!("      - series: {name}\n        values: \"{points}\"\n");
            length = length.max(series.points.len());
        }
    }
    text + &expectation(exposition, wanted, length)
}

/// The values in promtool's notation. The first gap after a value is marked as stale, so that no value outlives it.
fn values(series: &MetricSeries) -> String {
    let mut stands = false;
    let mut words = Vec::new();
    for point in series.points.iter().chain([&None]) {
        words.push(match point {
            Some(value) => value.to_string(),
            None if stands => "stale".to_owned(),
            None => "_".to_owned(),
        });
        stands = point.is_some();
    }
    words.join(" ")
}

fn expectation(exposition: &Exposition, wanted: &RuleTest, length: usize) -> String {
    let every = exposition.instant(1);
    let steps = |at: SimTime| at.as_nanos().div_ceil(every.as_nanos().max(1)) as usize;
    let at = wanted.fires_by.map_or(length, steps);
    let eval = seconds(exposition.instant(at));
    let name = wanted.alert.as_ref();
    let name = name.map(|name| format!("alertname={},", string(name)));
    let alerts = format!(
        "ALERTS{{{}alertstate=\"firing\"}}",
        name.unwrap_or_default()
    );
    let fired = format!("count_over_time({alerts}[{eval}:{}])", seconds(every));
    let (expression, samples) = match wanted.fires_by {
        Some(_) => (
            format!("count({fired}) > bool 0"),
            "\n          - labels: '{}'\n            value: 1",
        ),
        None => (fired, " []"),
    };
    format!(
        "    promql_expr_test:\n      - expr: {}\n        eval_time: {eval}\n        exp_samples:{samples}\n",
        string(&expression)
    )
}

/// A duration as Prometheus reads it; at least a second.
fn seconds(at: SimTime) -> String {
    let millis = at.as_nanos() / 1_000_000;
    match millis % 1000 {
        0 => format!("{}s", millis / 1000),
        _ => format!("{millis}ms"),
    }
}

/// A text between quotes, in YAML as in JSON.
fn string(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// Writes a test of many rollouts that asks when each alert fired first: its expectations are that nothing ever did, so
/// that promtool tells what it got. The number of the rollout stands in its expression.
pub fn rehearsal(groups: &[(u64, Exposition)], named: &dyn Fn(&str) -> String) -> String {
    let every = groups
        .first()
        .map_or(SimTime::ZERO, |(_, one)| one.instant(1));
    let mut text = format!("evaluation_interval: {}\ntests:\n", seconds(every));
    for (number, exposition) in groups {
        let mut length = 0;
        text += &format!("  - interval: {}\n    input_series:\n", seconds(every));
        for family in &exposition.families {
            for series in family.metrics.iter().flatten() {
                let name = string(&named(&family.selector(series)));
                let points = values(series);
                text += &format!("      - series: {name}\n        values: \"{points}\"\n");
                length = length.max(series.points.len());
            }
        }
        let eval = seconds(exposition.instant(length));
        let fired = format!(
            "min by (alertname) (min_over_time(timestamp(ALERTS{{alertstate=\"firing\"}})[{eval}:{}])) + 0 * {number}",
            seconds(every)
        );
        text += &format!(
            "    promql_expr_test:\n      - expr: {}\n        eval_time: {eval}\n        exp_samples: []\n",
            string(&fired)
        );
    }
    text
}
