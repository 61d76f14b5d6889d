//! A backtest judges what the canary would have seen, and plays holes as holes.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::command::{Ran, coalmine_in, json};

/// The first minute of the recordings: 2026-03-01T00:00Z.
const ORIGIN: i64 = 1_772_323_200;

/// One gate, one stage of `target` that is watched for an hour, and whatever the gate says otherwise.
fn policy(target: &str, gate: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("signal", "errors"),
        ("measure", "ratio"),
        ("population", "canary"),
        ("over", "1m"),
        ("breach", "{is: above, limit: {absolute: 0.01}}"),
        ("window", "instant"),
        ("min-samples", "100"),
        (
            "on",
            "{missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}",
        ),
        ("class", "halt"),
    ];
    for (key, value) in gate {
        fields.retain(|(known, _)| known != key);
        fields.push((key, value));
    }
    let fields: String = fields
        .iter()
        .map(|(key, value)| format!("    {key}: {value}\n"))
        .collect();
    format!(
        "version: 1\nname: watched\nprofile: own\nevaluate-every: 1m\nrounding: nearest\ngates:\n  - id: \
         errors-high\n{fields}classes: [{{id: halt, action: pause}}]\nstages:\n  - {{id: canary, target: {target}, \
         ramp: at-once, observe: 1h, observe-from: entry, criteria: [], triggers: [errors-high]}}\nrollback:\n  \
         steps:\n    - {{id: back, effect: {{revert-hosts: {{takes: {{constant: 0}}}}}}, takes: {{constant: 0}}, \
         required: true}}\n"
    )
}

fn played(policy: &str, past: &str, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.yaml"), policy).unwrap();
    fs::write(folder.path().join("past.csv"), past).unwrap();
    let args = ["backtest", "policy.yaml", "past.csv"];
    coalmine_in(folder.path(), &[&args, more].concat())
}

fn report(policy: &str, past: &str, more: &[&str]) -> Value {
    let ran = played(policy, past, &[more, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    json(&ran)
}

/// A row a minute.
fn minutes(header: &str, count: i64, row: impl Fn(i64) -> String) -> String {
    let mut text = header.to_owned() + "\n";
    for at in 0..count {
        writeln!(text, "{},{}", ORIGIN + 60 * at, row(at)).unwrap();
    }
    text
}

fn share(report: &Value, decision: &str) -> Value {
    let rows = report["decisions"].as_array().unwrap();
    let found = rows.iter().find(|row| row["decision"] == decision);
    found.cloned().unwrap_or(Value::Null)
}

/// `n` over `k`.
fn choose(n: u32, k: u32) -> f64 {
    (0..k)
        .map(|i| f64::from(n - i) / f64::from(i + 1))
        .product()
}

#[test]
fn a_canary_of_one_percent_is_judged_on_its_own_requests() {
    // 30 of 12 000 requests fail in every minute, a quarter of the limit. Of the canary's 120 a minute two
    // are above 1 %, and one is among fewer than 100, where the gate holds. P(at least 2 of 30 at 1 %) is
    // 3.61 %, and 12 000 requests leave at least 100 to the canary in 97.0 % of the minutes.
    let at_most_one: f64 = (0..2)
        .map(|k| choose(30, k) * 0.01_f64.powi(k as i32) * 0.99_f64.powi(30 - k as i32))
        .sum();
    // Normal law of Binomial(12 000, 0.01) above 99.5: (120 - 99.5) / 10.9 = 1.881.
    let minute = (1.0 - at_most_one) * 0.9700;
    let expect = 1.0 - (1.0 - minute).powi(60);
    assert!((0.87..0.89).contains(&expect), "{expect}");
    let past = minutes("timestamp,value,n", 4 * 1440, |_| "30,12000".to_owned());
    let found = report(&policy("1%", &[]), &past, &["--every", "1h", "-n", "60"]);
    let row = share(&found, "paused");
    let number = |key: &str| row[key].as_f64().unwrap();
    let (met, least, most) = (number("share"), number("least"), number("most"));
    // 95 starts in 60 replications: a standard error of sqrt(0.88 * 0.12 / 5700) = 0.0043; four of them,
    // and 0.003 for the normal law.
    assert!((met - expect).abs() < 0.0202, "{met} for {expect}");
    assert!(least < expect && expect < most, "{least} {expect} {most}");
    // A replication has 95 starts: sqrt(0.88 * 0.12 / 95) = 0.033 to each side twice.
    assert!((0.07..0.19).contains(&(most - least)), "{least} {most}");
    let who = &found["causes"][0];
    assert_eq!(
        (&who["gate"], &who["stage"]),
        (&"errors-high".into(), &"canary".into())
    );
    assert!(
        (100..140).contains(&who["samples"].as_u64().unwrap()),
        "{who}"
    );
    // The whole fleet never shows more than a quarter of a percent.
    let fleet = report(
        &policy("1%", &[("population", "fleet")]),
        &past,
        &["--every", "1h"],
    );
    assert_eq!(share(&fleet, "completed")["share"], 1.0);
    let whole = report(&policy("100%", &[]), &past, &["--every", "1h"]);
    assert_eq!(share(&whole, "completed")["share"], 1.0);
}

#[test]
fn min_samples_are_those_of_the_canary() {
    let past = minutes("timestamp,value,n", 300, |_| "300,12000".to_owned());
    // 2.5 % of 120 requests a minute are above the limit, but nobody has 1000 of them in a minute: a gate that never
    // judges has passed nothing.
    let few = played(
        &policy("1%", &[("min-samples", "1000")]),
        &past,
        &["--every", "1h"],
    );
    assert_eq!(few.code, 3, "{few:?}");
    assert!(few.err.contains("gets about 120 at most"), "{few:?}");
    let enough = report(
        &policy("1%", &[("min-samples", "60")]),
        &past,
        &["--every", "1h"],
    );
    assert_eq!(share(&enough, "paused")["share"], 1.0);
}

#[test]
fn without_request_counts_the_first_line_says_so_and_strict_is_undecided() {
    let past = minutes("timestamp,value", 300, |_| "0.0025".to_owned());
    let watched = policy("1%", &[]);
    let ran = played(&watched, &past, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let first = ran.out.lines().next().unwrap();
    assert!(
        first.contains("Not what the canary would have seen: errors"),
        "{first}"
    );
    assert_eq!(played(&watched, &past, &["--strict"]).code, 4);
    // With counts, for a canary's own recording, and where the canary is everybody, nothing is amiss.
    let counted = minutes("timestamp,value,n", 300, |_| "0.0025,12000".to_owned());
    assert_eq!(played(&watched, &counted, &["--strict"]).code, 0);
    let own = played(&watched, &past, &["--strict", "--population", "canary"]);
    assert_eq!(own.code, 0, "{own:?}");
    assert_eq!(played(&policy("100%", &[]), &past, &["--strict"]).code, 0);
}

#[test]
fn what_was_before_the_start_is_read_for_the_fleet_and_not_for_the_canary() {
    // Ten bad minutes, then good ones for ever. Both starts lie behind the bad minutes; the fleet's gate
    // looks back 15 minutes and finds them.
    let past = minutes("timestamp,value,n", 200, |at| {
        format!("{},1000", if at < 10 { 500 } else { 0 })
    });
    let from = |population| {
        let policy = policy("100%", &[("population", population), ("over", "15m")]);
        let found = report(&policy, &past, &["--every", "10m", "--phase", "0s"]);
        found["events"][1].clone()
    };
    let fleet = from("fleet");
    // At the first look, minute 11, minutes 0 to 11 are known but the oldest of 15: 10 * 500 of 12 000.
    assert_eq!(fleet["decision"], "paused", "{fleet}");
    assert_eq!(
        (&fleet["after_s"], &fleet["samples"]),
        (&60.0.into(), &12_000.into())
    );
    let canary = from("canary");
    assert_eq!(canary["decision"], "completed", "{canary}");
}

#[test]
fn a_value_that_is_no_number_asks_what_the_gate_does_with_one() {
    let past = |nothing: &str| {
        minutes("timestamp,value", 150, |at| {
            if at == 70 {
                nothing.to_owned()
            } else {
                "0.001".to_owned()
            }
        })
    };
    let on = "{missing: hold, stale: hold, nan: breach, zero-denominator: hold, too-few: hold}";
    let watched = policy("100%", &[("on", on)]);
    let nan = report(&watched, &past("NaN"), &["--every", "1h"]);
    let met = &nan["events"][1];
    assert_eq!(
        (&met["decision"], &met["flaw"]),
        (&"paused".into(), &"nan".into()),
        "{met}"
    );
    assert_eq!(met["at"], "2026-03-01T01:10:00Z");
    let empty = report(&watched, &past(""), &["--every", "1h"]);
    assert_eq!(
        share(&empty, "paused"),
        Value::Null,
        "an empty cell is missing"
    );
    // With counts, no errors among no requests is no traffic.
    let counted = minutes("timestamp,value,n", 150, |at| {
        if at == 70 {
            "NaN,0".to_owned()
        } else {
            "0.001,1000".to_owned()
        }
    });
    let on = "{missing: hold, stale: hold, nan: hold, zero-denominator: breach, too-few: hold}";
    let idle = report(&policy("100%", &[("on", on)]), &counted, &["--every", "1h"]);
    assert_eq!(idle["events"][1]["flaw"], "zero-denominator");
}

#[test]
fn the_phase_of_the_evaluations_can_be_set() {
    // The bad sample of 01:10 is seen at 01:10 by a controller in step with the recording, and 20 s later
    // by one that looks at 20 s past each minute.
    let past = minutes("timestamp,value,n", 150, |at| {
        format!("{},1000", if at == 70 { 500 } else { 0 })
    });
    let at = |phase| {
        let found = report(
            &policy("100%", &[]),
            &past,
            &["--every", "1h", "--phase", phase],
        );
        found["events"][1]["at"].clone()
    };
    assert_eq!(at("0s"), "2026-03-01T01:10:00Z");
    assert_eq!(at("20s"), "2026-03-01T01:10:20Z");
}

/// A daily crash rate of a phased release, of which days are missing (after aw-android#176).
fn days(rows: &[&str]) -> String {
    "date,userPerceivedCrashRate\n".to_owned() + &rows.join("\n") + "\n"
}

fn daily(missing: &str) -> String {
    let on = format!(
        "{{missing: {missing}, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}}"
    );
    policy(
        "100%",
        &[
            ("measure", "last"),
            ("over", "0"),
            ("breach", "{is: above, limit: {absolute: 0.08}}"),
            ("window", "{consecutive: 3}"),
            ("min-samples", "0"),
            ("on", &on),
        ],
    )
    .replace("evaluate-every: 1m", "evaluate-every: 1d")
    .replace("observe: 1h", "observe: 7d")
}

const DAILY: [&str; 6] = [
    "--every",
    "1d",
    "--column",
    "timestamp=date",
    "--column",
    "value=userPerceivedCrashRate",
];

#[test]
fn a_lost_day_is_played_as_missing() {
    let past = days(&[
        "2026-03-01,0.05",
        "2026-03-02,0.09",
        "2026-03-03,0.09",
        "2026-03-05,0.09",
        "2026-03-06,0.05",
        "2026-03-07,0.05",
        "2026-03-08,0.05",
        "2026-03-09,0.05",
        "2026-03-10,0.05",
        "2026-03-11,0.05",
        "2026-03-12,0.05",
        "2026-03-13,0.05",
        "2026-03-14,0.05",
        "2026-03-15,0.05",
        "2026-03-16,0.05",
    ]);
    // A gate that holds says nothing about the lost day: the third bad day is the 5th. One that passes
    // breaks the run, and one that breaches counts it.
    let held = report(&daily("hold"), &past, &DAILY);
    assert_eq!(
        (&held["histories"][0]["missing"], &held["starts"]),
        (&1.into(), &9.into())
    );
    let first = &held["events"][0];
    assert_eq!(
        (&first["at"], &first["value"]),
        (&"2026-03-05T00:00:00Z".into(), &0.09.into())
    );
    let passed = report(&daily("pass"), &past, &DAILY);
    assert_eq!(share(&passed, "paused"), Value::Null, "{passed}");
    let notes = held["notes"].to_string();
    assert!(
        notes.contains("1 steps have no sample: nothing was filled in"),
        "{notes}"
    );
    let breached = report(&daily("breach"), &past, &DAILY);
    let first = &breached["events"][0];
    assert_eq!(
        (&first["at"], &first["flaw"]),
        (&"2026-03-04T00:00:00Z".into(), &"missing".into())
    );
}

#[test]
fn a_recording_that_is_mostly_gaps_is_played() {
    let past = days(&[
        "2025-06-17,0.0",
        "2025-07-07,0.02",
        "2025-07-16,0.0333",
        "2025-07-21,0.0196",
        "2025-07-28,0.0893",
        "2025-07-29,0.0769",
        "2025-07-30,0.1852",
        "2025-07-31,0.1538",
        "2025-08-01,0.1091",
        "2025-08-04,0.0702",
        "2025-08-11,0.1",
        "2025-08-12,0.0877",
        "2025-08-13,0.0196",
        "2025-08-14,0.0577",
        "2025-08-15,0.098",
    ]);
    let found = report(&daily("hold"), &past, &DAILY);
    let history = &found["histories"][0];
    assert_eq!(
        (&history["step_s"], &history["samples"]),
        (&86_400.0.into(), &15.into())
    );
    assert_eq!(history["missing"], 45);
    // The three days above 8 % in a row end on August 1st.
    let row = &found["findings"][0];
    assert_eq!(
        (&row["from"], &row["decision"]),
        (&"2025-08-01T00:00:00Z".into(), &"paused".into())
    );
}
