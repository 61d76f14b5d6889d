//! Probabilities too small to be counted, through the binary and a real policy.

use std::fs;
use std::path::Path;

use crate::command::{coalmine_in, json};

/// A gate that fires at `k` breaches in a row, over 1000 minutes with one request each, of which the
/// share `base` is bad.
pub fn write(folder: &Path, k: u32, base: f64) {
    let policy = format!(
        "version: 1
name: runs
profile: own
evaluate-every: 1m
rounding: nearest
gates:
  - id: bad
    signal: bad
    measure: ratio
    population: canary
    over: 1m
    breach: {{is: above, limit: {{absolute: 0.5}}}}
    window: {{consecutive: {k}}}
    min-samples: 1
    on: {{missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}}
    class: harm
classes:
  - {{id: harm, action: rollback}}
stages:
  - {{id: all, target: 100%, ramp: at-once, observe: 1000m, observe-from: entry, criteria: [], triggers: [bad]}}
kill-switch: {{id: off, works: true, takes: {{constant: 0}}}}
rollback:
  steps:
    - {{id: off, effect: throw-kill-switch, takes: {{constant: 0}}, required: true}}
"
    );
    let scenario = format!(
        "version: 1
name: good
world:
  inline:
    version: 1
    name: one
    fleet: {{hosts: 1, update: {{takes: {{constant: 0}}}}}}
    traffic: {{requests-per-second: 0.01666666667, arrivals: exact, split: by-request}}
    telemetry:
      scrape-every: 1m
      stale-after: 5m
      signals:
        - {{id: bad, kind: {{ratio: {{base: {base}}}}}}}
release: {{is: good}}
horizon: 1001m
"
    );
    fs::write(folder.join("runs.policy.yaml"), policy).unwrap();
    fs::write(folder.join("good.scenario.yaml"), scenario).unwrap();
}

fn estimate(k: u32, base: f64, words: &str) -> (i32, serde_json::Value) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), k, base);
    let words = format!(
        "simulate runs.policy.yaml -s good --rare false_rollback --format json --seed 42 {words}"
    );
    let args: Vec<_> = words.split_whitespace().collect();
    let ran = coalmine_in(folder.path(), &args);
    (ran.code, json(&ran))
}

/// Source: the recursion over the length of the run, 1000 evaluations: 8 in a row of probability 0.05
/// have 3.685156e-8, 4 in a row of 0.1 have 8.5864e-02 (an independent Python program).
#[test]
fn a_run_of_eight_is_found_with_an_error_of_a_tenth() {
    let (code, report) = estimate(8, 0.05, "");
    assert_eq!((code, &report["status"]), (0, &"sound".into()), "{report}");
    let found = |key: &str| report["answer"][key].as_f64().unwrap();
    let exact = 3.685_156e-8;
    assert!(found("error") <= 0.1 * found("probability"), "{report}");
    assert!(found("low") < exact && exact < found("high"), "{report}");
}

#[test]
fn what_is_not_rare_at_all_is_estimated_like_anything_else() {
    let (code, report) = estimate(4, 0.1, "-n 200");
    assert_eq!((code, &report["status"]), (0, &"sound".into()), "{report}");
    let found = |key: &str| report["answer"][key].as_f64().unwrap();
    let z = (found("probability") - 0.085_864) / found("error");
    assert!(z.abs() < 4.0, "{report}");
}

/// Without a single bad request nothing is ever near, and no number is printed.
#[test]
fn what_was_never_seen_has_no_probability() {
    let (code, report) = estimate(8, 0.0, "-n 20");
    assert_eq!((code, &report["status"]), (4, &"unseen".into()), "{report}");
    assert!(report["answer"].is_null());
}

#[test]
fn an_estimate_does_not_depend_on_the_number_of_threads() {
    let play = |threads| estimate(5, 0.1, &format!("-n 100 --threads {threads}")).1;
    assert_eq!(play(1), play(3));
}
