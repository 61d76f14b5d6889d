//! Recordings in the forms that people export, in the units that they have.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Ran, coalmine_in, json};

const ORIGIN: i64 = 1_759_999_980;
const HOURS: i64 = 26;

/// Errors and requests of a minute: 12 000 requests and what 1 in 400 of them comes to, a little moved.
fn minute(at: i64) -> [i64; 2] {
    let moved = (at * 7919 + 13) % 101;
    [20 + moved % 21, 12_000 + moved - 50]
}

fn every_minute(row: impl Fn(i64, i64, i64) -> String) -> String {
    let mut text = String::new();
    for at in 0..60 * HOURS {
        let [errors, requests] = minute(at);
        writeln!(text, "{}", row(ORIGIN + 60 * at, errors, requests)).unwrap();
    }
    text
}

const POLICY: &str = "version: 1\nname: watched\nprofile: own\nevaluate-every: 1m\nrounding: nearest\ngates:\n  - id: \
    high\n    signal: errors\n    measure: ratio\n    population: fleet\n    over: 5m\n    breach: {is: above, limit: \
    {absolute: 0.02}}\n    window: instant\n    min-samples: 0\n    on: {missing: hold, stale: hold, nan: hold, \
    zero-denominator: hold, too-few: hold}\n    class: halt\nclasses: [{id: halt, action: pause}]\nstages:\n  - {id: all, \
    target: 100%, ramp: at-once, observe: 1h, observe-from: entry, criteria: [], triggers: [high]}\nrollback:\n  \
    steps:\n    - {id: back, effect: {revert-hosts: {takes: {constant: 0}}}, takes: {constant: 0}, required: true}\n";

fn write(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.yaml"), POLICY).unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn backtest(folder: &Path, file: &str, more: &[&str]) -> Ran {
    let args = ["backtest", "policy.yaml", file, "--every", "1h"];
    coalmine_in(folder, &[&args, more].concat())
}

/// Plays a file and says how many starts there are, all of which must have completed.
#[track_caller]
fn completes(name: &str, text: &str, more: &[&str]) -> Value {
    let folder = write(&[(name, text)]);
    let ran = backtest(folder.path(), name, &[more, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{name}: {ran:?}");
    let report = json(&ran);
    assert_eq!(
        report["decisions"][0]["decision"], "completed",
        "{name}: {}",
        report["decisions"]
    );
    assert_eq!(report["decisions"][0]["share"], 1.0, "{name}");
    report
}

#[test]
fn what_grafana_and_promtool_and_spreadsheets_write_is_played() {
    completes(
        "counts.csv",
        &format!(
            "time,errors,requests\n{}",
            every_minute(|t, e, n| format!("{t},{e},{n}"))
        ),
        &[],
    );
    let ratio = |e: i64, n: i64| e as f64 / n as f64;
    completes(
        "panel.csv",
        &format!(
            "\"Time\",\"error_rate{{job=\"\"payments\"\"}}\"\n{}",
            every_minute(|t, e, n| format!("{t},{:.3}%", 100.0 * ratio(e, n)))
        ),
        &[],
    );
    completes(
        "excel.csv",
        &format!(
            "\u{feff}sep=,\n\"Time\",\"payments\"\n{}",
            every_minute(|t, e, n| format!("{}000,{}", t, ratio(e, n)))
        ),
        &[],
    );
    let local = every_minute(|t, e, n| format!("{t};{}", ratio(e, n)).replace('.', ","));
    completes("local.csv", &format!("time;value\n{local}"), &[]);
    let local = every_minute(|t, e, n| format!("{t};{};{n}", ratio(e, n)).replace('.', ","));
    completes(
        "counted.csv",
        &format!("sep=;\ntime;error_rate;requests\n{local}"),
        &[],
    );
    completes(
        "dump.txt",
        &every_minute(|t, e, n| {
            format!(
                "{{__name__=\"job:error_ratio:1m\", job=\"payments\"}} {} {t}000",
                ratio(e, n)
            )
        }),
        &[],
    );
}

#[test]
fn counters_by_status_become_errors_and_requests() {
    let (mut good, mut bad) = (0, 0);
    let mut text = "# TYPE http_requests_total counter\n".to_owned();
    for at in 0..60 * HOURS {
        let [errors, requests] = minute(at);
        (good, bad) = (good + requests - errors, bad + errors);
        let time = ORIGIN + 60 * at;
        writeln!(text, "http_requests_total{{code=\"200\"}} {good} {time}").unwrap();
        writeln!(text, "http_requests_total{{code=\"500\"}} {bad} {time}").unwrap();
    }
    text += "# EOF\n";
    // The increase of the first minute is unknown; all others are what was served. A limit just above the
    // highest five minutes would complete, so a limit below any of them must pause at once, at the true ratio.
    completes("metrics.txt", &text, &[]);
    let folder = write(&[("metrics.txt", &text)]);
    fs::write(
        folder.path().join("policy.yaml"),
        POLICY.replace("0.02", "0.0001"),
    )
    .unwrap();
    let report = json(&backtest(
        folder.path(),
        "metrics.txt",
        &["--format", "json"],
    ));
    let met = &report["events"][1];
    // The start lies 60 steps behind the first increase, that of minute 1: five minutes up to minute 62.
    let sum = (58..=62)
        .map(minute)
        .fold([0, 0], |sum, [e, n]| [sum[0] + e, sum[1] + n]);
    let expect = sum[0] as f64 / sum[1] as f64;
    let value = met["value"].as_f64().unwrap();
    assert!((value / expect - 1.0).abs() < 1e-9, "{value} for {expect}");
    assert_eq!(met["samples"].as_u64(), Some(sum[1] as u64));
}

/// An answer of Prometheus.
fn answer(value: impl Fn(i64) -> i64) -> String {
    let mut values = Vec::new();
    for at in 0..60 * HOURS {
        values.push(format!("[{}, \"{}\"]", ORIGIN + 60 * at, value(at)));
    }
    format!(
        "{{\"status\": \"success\", \"data\": {{\"resultType\": \"matrix\", \"result\": [{{\"metric\": {{}}, \"values\": [{}]}}]}}}}",
        values.join(", ")
    )
}

#[test]
fn errors_and_requests_may_be_two_answers_of_prometheus() {
    let (errors, requests) = (answer(|at| minute(at)[0]), answer(|at| minute(at)[1]));
    let folder = write(&[("errors.json", &errors), ("requests.json", &requests)]);
    let more = ["--requests", "requests.json", "--format", "json"];
    let ran = backtest(folder.path(), "errors.json", &more);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(json(&ran)["decisions"][0]["decision"], "completed");
    // Alone they are no ratio, and the next step is named.
    let alone = backtest(folder.path(), "errors.json", &[]);
    assert_eq!(alone.code, 3, "{alone:?}");
    assert!(alone.err.contains("--requests FILE"), "{alone:?}");
    let fitted = coalmine_in(
        folder.path(),
        &[
            "calibrate",
            "errors.json",
            "--requests",
            "requests.json",
            "--block",
            "30m",
            "--format",
            "json",
        ],
    );
    assert!(fitted.out.contains("\"kind\": \"ratio\""), "{fitted:?}");
}

#[test]
fn an_answer_that_is_no_history_says_what_it_is() {
    let check = |name: &str, text: &str, says: &str| {
        let folder = write(&[(name, text)]);
        let ran = backtest(folder.path(), name, &[]);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.err.contains(says), "{ran:?}");
        assert!(ran.err.contains(&format!("{name}:1:")), "located: {ran:?}");
    };
    check(
        "vector.json",
        r#"{"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}, "value": [1759999980, "0.003"]}]}}"#,
        "instant vector",
    );
    check(
        "empty.json",
        r#"{"status": "success", "data": {"resultType": "matrix", "result": []}}"#,
        "the result is empty",
    );
    check(
        "error.json",
        r#"{"status": "error", "errorType": "bad_data", "error": "invalid parameter \"query\""}"#,
        "answered with an error, bad_data",
    );
}

#[test]
fn percent_read_as_a_ratio_is_asked_about() {
    let percent = every_minute(|t, e, n| format!("{t},{:.3},{n}", 100.0 * e as f64 / n as f64));
    let percent = format!("timestamp,value,n\n{percent}");
    let folder = write(&[("past.csv", &percent)]);
    let fitted = |more: &[&str]| {
        coalmine_in(
            folder.path(),
            &[&["calibrate", "past.csv", "--block", "30m"], more].concat(),
        )
    };
    let asked = fitted(&[]);
    assert_eq!(asked.code, 3, "{asked:?}");
    assert!(asked.err.contains("did you mean percent?"), "{asked:?}");
    assert!(asked.err.contains("--unit percent"), "{asked:?}");
    let said = fitted(&["--unit", "percent"]);
    assert!(
        said.out.contains("0.25 %"),
        "the mean of a quarter of a percent: {said:?}"
    );
    let played = backtest(folder.path(), "past.csv", &[]);
    assert_eq!(played.code, 3, "{played:?}");
    assert!(played.err.contains("did you mean percent?"), "{played:?}");
    completes("past.csv", &percent, &["--unit", "percent"]);
    // Values above 1 are no ratio, and a name may say what they are.
    let high = every_minute(|t, e, _| format!("{t},{}.5", e % 7));
    let folder = write(&[("high.csv", &format!("timestamp,value\n{high}"))]);
    let ran = backtest(folder.path(), "high.csv", &[]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.err.contains("a ratio ends at 1") && ran.err.contains("--unit percent"),
        "{ran:?}"
    );
    let named = every_minute(|t, e, n| format!("{t},{}", 100.0 * e as f64 / n as f64));
    let folder = write(&[("named.csv", &format!("timestamp,error_percent\n{named}"))]);
    let ran = backtest(folder.path(), "named.csv", &[]);
    assert!(ran.err.contains("its name says percent"), "{ran:?}");
    // A ratio whose counts are whole is one, however many errors it has.
    let many = every_minute(|t, e, n| format!("{t},{},{n}", (e * 100) as f64 / n as f64));
    let folder = write(&[("many.csv", &format!("timestamp,value,n\n{many}"))]);
    let ran = backtest(folder.path(), "many.csv", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.out.contains("percent?"), "{ran:?}");
}

#[test]
fn latencies_in_seconds_are_asked_about_as_seconds_and_not_as_percent() {
    let rows = |value: &str| every_minute(|t, _, _| format!("{t},{value}"));
    let asked = |value: &str| {
        let text = format!("timestamp,value\n{}", rows(value));
        let folder = write(&[("latency.csv", &text)]);
        let made = coalmine_in(folder.path(), &["init", "svc"]);
        assert_eq!(made.code, 0, "{made:?}");
        let args = ["backtest", "svc/policy.yaml", "latency=latency.csv"];
        let ran = coalmine_in(folder.path(), &args);
        format!("{}{}", ran.out, ran.err)
    };
    let said = asked("0.45");
    assert!(said.contains("if they are seconds"), "{said}");
    assert!(!said.contains("percent?"), "{said}");
    let said = asked("450");
    assert!(!said.contains("if they are seconds"), "{said}");
}

/// A canary of 5 % of 500 requests a minute has 25 of them, and the only trigger asks for 90: it never judges.
#[test]
fn a_trigger_that_never_has_its_samples_is_no_pass() {
    let policy = "version: 1
name: five
profile: own
evaluate-every: 1m
rounding: nearest
gates:
  - {id: errors, signal: error_rate, measure: ratio, population: canary, over: 1m, breach: {is: above, limit: {absolute: 0.02}},
     window: instant, min-samples: ASKED, class: harm,
     on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}}
classes: [{id: harm, action: rollback}]
stages:
  - {id: c, target: 5%, ramp: at-once, observe: 1h, observe-from: entry, criteria: [], triggers: [errors]}
rollback:
  deadline: 5m
  steps: [{id: off, effect: {revert-hosts: {takes: {constant: 0}}}, takes: {constant: 0}, required: true}]
";
    let rows = every_minute(|t, _, _| format!("{t},0.3,500"));
    let past = format!("timestamp,value,n\n{rows}");
    let played = |asked: &str| {
        let folder = write(&[
            ("policy.yaml", &policy.replace("ASKED", asked)),
            ("past.csv", &past),
        ]);
        backtest(folder.path(), "past.csv", &["--unit", "ratio"])
    };
    let starved = played("90");
    assert_eq!(starved.code, 3, "{starved:?}");
    let why = "asks for 90 samples over 1m and gets about 25 at most";
    assert!(starved.err.contains(why), "{starved:?}");
    let fed = played("10");
    assert!(fed.out.contains("rolled_back"), "{fed:?}");
}
