//! A policy against a past in which everything is known: one incident, one gap.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{coalmine_in, json, plain};

/// The first minute of the recording: 2026-03-01T00:30Z.
const ORIGIN: i64 = 1_772_325_000;

/// Five days of minutes, 5 errors of 1000 requests each. From 12:00 to 12:29 on the 3rd there are 100, and
/// from 02:00 to 04:59 on the 4th nothing was recorded.
fn recording() -> String {
    let minute = |day: i64, hour: i64, minute: i64| (day - 1) * 1440 + hour * 60 + minute - 30;
    let mut text = "timestamp,value,n\n".to_owned();
    for at in 0..5 * 1440 {
        let incident = (minute(3, 12, 0)..minute(3, 12, 30)).contains(&at);
        let gap = (minute(4, 2, 0)..minute(4, 5, 0)).contains(&at);
        let errors = if incident { 100 } else { 5 };
        if !gap {
            writeln!(text, "{},{errors},1000", ORIGIN + at * 60).unwrap();
        }
    }
    text
}

fn folder() -> tempfile::TempDir {
    let folder = plain();
    fs::write(folder.path().join("past.csv"), recording()).unwrap();
    folder
}

/// Plays the recording as the canary's own.
fn backtest(folder: &Path, more: &[&str]) -> Value {
    let args = [
        "backtest",
        "policy.yaml",
        "past.csv",
        "--population",
        "canary",
        "--format",
        "json",
    ];
    let ran = coalmine_in(folder, &[&args, more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    json(&ran)
}

/// The start at this instant.
fn start<'v>(report: &'v Value, at: &str) -> &'v Value {
    let events = report["events"].as_array().unwrap();
    let found = events.iter().find(|row| row["start"] == at);
    found.unwrap_or_else(|| panic!("no start at {at}"))
}

#[test]
fn a_known_incident_is_found_at_its_minute_and_nowhere_else() {
    let report = backtest(folder().path(), &["--every", "1h"]);
    // Rollouts take an hour and start at half past: only that of 11:30 meets the incident. Three of the last
    // five minutes are bad at 12:02, which is above 5 % for the first time, and the gate wants two
    // evaluations in a row: 12:03, when (4 * 100 + 5) / 5000 were bad.
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "{findings:?}");
    let finding = &findings[0];
    assert_eq!(finding["from"], "2026-03-03T12:03:00Z");
    assert_eq!(finding["gate"], "errors-high");
    assert_eq!(finding["decision"], "rolled_back");
    assert_eq!(finding["starts"], 1);
    assert_eq!(finding["value"], 0.081);
    let met = start(&report, "2026-03-03T11:30:00Z");
    assert_eq!(
        (&met["after_s"], &met["samples"]),
        (&1980.0.into(), &5000.into())
    );
    // The minute of 12:00 is bad already: 1 % in five minutes is too much to leave the first stage.
    assert_eq!(met["stage"], "canary");
    // 119 hours are left for a start after the first; all but one complete, and those of 1:30, 2:30
    // and 3:30 on the 4th wait for data until 5:00.
    assert_eq!(report["starts"], 119);
    let rows = report["decisions"].as_array().unwrap();
    let completed = rows
        .iter()
        .find(|row| row["decision"] == "completed")
        .unwrap();
    assert_eq!(completed["starts"], 115);
}

#[test]
fn a_start_inside_of_the_incident_fires_as_soon_as_it_has_seen_it_twice() {
    // The look-back does not reach behind the start: one bad minute is all that there is at 12:11.
    let report = backtest(folder().path(), &["--every", "10m"]);
    let met = start(&report, "2026-03-03T12:10:00Z");
    assert_eq!(met["at"], "2026-03-03T12:12:00Z");
    assert_eq!(
        (&met["value"], &met["samples"]),
        (&0.1.into(), &2000.into())
    );
    // Neighbours met the same: one finding, many starts, and few windows that do not overlap.
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings[0]["starts"].as_u64().unwrap() >= 8, "{findings:?}");
    let windows = report["windows"].as_u64().unwrap();
    assert!((100..=120).contains(&windows), "{windows}");
    let rows = report["decisions"].as_array().unwrap();
    let back = rows
        .iter()
        .find(|row| row["decision"] == "rolled_back")
        .unwrap();
    assert!(
        back["windows"].as_u64().unwrap() <= 1,
        "one incident of half an hour: {back}"
    );
}

#[test]
fn a_gap_is_never_a_pass() {
    let report = backtest(folder().path(), &["--every", "1h"]);
    for row in report["events"].as_array().unwrap() {
        let at = row["at"].as_str().unwrap();
        // Five minutes after the last sample nobody may pass any more.
        let inside = ("2026-03-04T02:05:00Z".."2026-03-04T05:00:00Z").contains(&at);
        assert!(!inside, "{row}");
    }
    let held = &report["findings"][1];
    assert_eq!(
        (&held["decision"], &held["gate"]),
        (&"completed_late".into(), &"errors-low".into())
    );
    assert_eq!(
        (&held["flaw"], &held["starts"]),
        (&"missing".into(), &3.into())
    );
    assert_eq!(held["from"], "2026-03-04T02:30:00Z");
    let late = start(&report, "2026-03-04T02:30:00Z");
    assert_eq!(
        late["at"], "2026-03-04T05:30:00Z",
        "it waited for data: {late}"
    );
    let history = &report["histories"][0];
    assert_eq!(
        (&history["missing"], &history["samples"]),
        (&180.into(), &7020.into())
    );
    assert_eq!(history["gaps"][0]["from"], "2026-03-04T01:59:00Z");
    assert_eq!(history["gaps"][0]["to"], "2026-03-04T05:00:00Z");
}

#[test]
fn a_start_that_waits_for_data_until_its_end_is_held_by_the_gate_that_has_none() {
    let report = backtest(folder().path(), &["--every", "1h", "--horizon", "90m"]);
    // Nothing was recorded in the look-back: a store that finds no sample has none that could be old.
    let gone = start(&report, "2026-03-04T01:30:00Z");
    assert_eq!(
        (&gone["decision"], &gone["flaw"]),
        (&"held".into(), &"missing".into())
    );
    assert_eq!(gone["gate"], "errors-low");
    let missing = start(&report, "2026-03-04T02:30:00Z");
    assert_eq!(
        (&missing["decision"], &missing["flaw"]),
        (&"held".into(), &"missing".into())
    );
}

#[test]
fn a_gate_without_a_history_is_listed_and_nothing_passes() {
    let folder = folder();
    let policy = fs::read_to_string(folder.path().join("policy.yaml")).unwrap();
    let gate = "  - id: latency-low\n    signal: latency\n    measure: {quantile: 0.99}\n    \
                population: canary\n    over: 5m\n    breach: {is: above, limit: {absolute: 500}}\n    \
                window: instant\n    min-samples: 1\n    on: {missing: pass, stale: pass, nan: pass, \
                zero-denominator: pass, too-few: pass}\nclasses:";
    let policy = policy.replacen("classes:", gate, 1).replace(
        "criteria: [errors-low]",
        "criteria: [errors-low, latency-low]",
    );
    fs::write(folder.path().join("policy.yaml"), policy).unwrap();
    let unnamed = coalmine_in(folder.path(), &["backtest", "policy.yaml", "past.csv"]);
    assert_eq!(unnamed.code, 2, "{unnamed:?}");
    assert!(unnamed.err.contains("SIGNAL=past.csv"), "{unnamed:?}");
    let args = [
        "backtest",
        "policy.yaml",
        "--signal",
        "errors=past.csv",
        "--every",
        "1h",
    ];
    let ran = coalmine_in(folder.path(), &args);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.out.contains("latency-low"), "{}", ran.out);
    assert!(ran.out.contains("no history of latency"), "{}", ran.out);
    assert!(ran.out.contains("completed, gates unjudged"), "{}", ran.out);
}

#[test]
fn text_fits_eighty_columns_and_csv_has_a_line_for_each_start() {
    let folder = folder();
    let args = [
        "backtest",
        "policy.yaml",
        "past.csv",
        "--population",
        "canary",
        "--every",
        "1h",
        "--out",
        "csv=starts.csv",
    ];
    let ran = coalmine_in(folder.path(), &args);
    assert_eq!(ran.code, 0, "{ran:?}");
    let long: Vec<_> = ran
        .out
        .lines()
        .filter(|line| line.chars().count() > 80)
        .collect();
    assert!(long.is_empty(), "{long:?}");
    assert!(ran.out.contains("2026-03-03 12:03Z"), "{}", ran.out);
    assert!(ran.out.contains("Starts overlap"), "{}", ran.out);
    let csv = fs::read_to_string(folder.path().join("starts.csv")).unwrap();
    assert_eq!(csv.lines().count(), 120, "a head and 119 starts");
    let line = "2026-03-03T11:30:00Z,rolled_back,2026-03-03T12:03:00Z,1980,canary,errors-high,0.081,5000,,1";
    assert!(csv.lines().any(|it| it == line), "{csv}");
}

#[test]
fn the_result_does_not_depend_on_the_threads() {
    let folder = folder();
    let one = backtest(folder.path(), &["--every", "1h", "--threads", "1"]);
    assert_eq!(
        one,
        backtest(folder.path(), &["--every", "1h", "--threads", "3"])
    );
}

#[test]
fn versions_are_told_apart_where_the_recording_does() {
    let folder = folder();
    // The new version is ten times as bad as the old one, which a control would not notice if the two
    // were added up: 5 of 1000 and 100 of 1000 are 5.25 % together.
    let mut text = "timestamp,value,n,version\n".to_owned();
    for at in 0..180 {
        let at = ORIGIN + at * 60;
        writeln!(text, "{at},5,1000,old\n{at},100,1000,new").unwrap();
    }
    fs::write(folder.path().join("past.csv"), text).unwrap();
    let report = backtest(folder.path(), &["--every", "1h"]);
    let first = &report["events"][0];
    assert_eq!(
        (&first["decision"], &first["value"]),
        (&"rolled_back".into(), &0.1.into())
    );
    let swapped = backtest(folder.path(), &["--every", "1h", "--canary", "old"]);
    assert_eq!(swapped["events"][0]["decision"], "completed");
}

#[test]
fn what_cannot_be_played_is_refused_with_what_to_do() {
    let folder = folder();
    let check = |name: &str, text: &str, says: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        let ran = coalmine_in(folder.path(), &["backtest", "policy.yaml", name]);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.err.contains(says), "{}", ran.err);
    };
    let rows = |n: i64, row: &str| {
        let line = |at: i64| format!("{},{row}\n", ORIGIN + at * 60);
        (0..n).map(line).collect::<String>()
    };
    let short = "timestamp,value,n\n".to_owned() + &rows(20, "5,1000");
    check("short.csv", &short, "longer recording");
    let bare = "timestamp,value\n".to_owned() + &rows(200, "17");
    check("bare.csv", &bare, "no column n");
    let upside_down = "timestamp,value,n\n".to_owned() + &rows(200, "1000,5");
    check("upside.csv", &upside_down, "1000 bad ones among 5");
    let missing = coalmine_in(folder.path(), &["backtest", "policy.yaml", "nowhere.csv"]);
    assert_eq!(missing.code, 3, "{missing:?}");
}

#[test]
fn what_is_left_out_is_missing_and_not_forgiven() {
    let out = "2026-03-03T11:59:30Z..2026-03-03T12:30:00Z";
    let report = backtest(folder().path(), &["--every", "1h", "--exclude", out]);
    let rows = report["decisions"].as_array().unwrap();
    assert!(
        rows.iter().all(|row| row["decision"] != "rolled_back"),
        "{rows:?}"
    );
    let met = start(&report, "2026-03-03T11:30:00Z");
    assert_eq!(met["decision"], "completed_late", "{met}");
}

/// A gauge of a CPU: 50 % for five hours and 90 % after them, against a limit of 80. Cells with and without `%` are the
/// same numbers, and the rollouts that see 90 are rolled back.
#[test]
fn a_level_in_percent_is_compared_with_a_limit_as_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let policy = "version: 1\nname: cpu\nprofile: own\nevaluate-every: 1m\nrounding: nearest\ngates:\n  - {id: cpu, signal: \
        cpu, measure: mean, population: fleet, over: 5m, breach: {is: above, limit: {absolute: 80}}, window: instant, \
        min-samples: 0, on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}, class: bad}\n\
        classes: [{id: bad, action: rollback}]\nstages: [{id: all, target: 100%, ramp: at-once, observe: 1h, observe-from: \
        entry, criteria: [], triggers: [cpu]}]\nrollback: {deadline: 5m, steps: [{id: b, effect: {revert-hosts: {takes: \
        {constant: 0}}}, takes: {constant: 0}, required: true}]}\n";
    fs::write(folder.path().join("p.yaml"), policy).unwrap();
    let shares = ["", "%"].map(|unit| {
        let level = |minute: i64| if minute < 300 { 50 } else { 90 };
        let row = |minute| format!("{},{}{unit}\n", ORIGIN + 60 * minute, level(minute));
        let text = "time,cpu\n".to_owned() + &(0..600).map(row).collect::<String>();
        fs::write(folder.path().join("cpu.csv"), text).unwrap();
        let ran = coalmine_in(
            folder.path(),
            &["backtest", "p.yaml", "cpu=cpu.csv", "--format", "json"],
        );
        let report = json(&ran);
        let rows = report["decisions"].as_array().unwrap().clone();
        let back = rows.iter().find(|row| row["decision"] == "rolled_back");
        back.map(|row| row["starts"].as_u64().unwrap())
    });
    assert!(shares[0].is_some_and(|starts| starts > 250), "{shares:?}");
    assert_eq!(shares[0], shares[1]);
}
