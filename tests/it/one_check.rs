//! `lint` and `simulate` refuse the same files for the same reasons at the same places.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::bad_input;
use crate::command::{coalmine_in, json, plain};

const POLICY: &str = "policy.yaml";
const WORLD: &str = "world.yaml";
const GOOD: &str = "good.scenario.yaml";
const BAD: &str = "bad.scenario.yaml";

/// An error: its file, line and code.
type Mistake = (String, u64, String);

/// What `lint` calls an error.
fn linted(folder: &Path, target: &str) -> BTreeSet<Mistake> {
    let ran = coalmine_in(folder, &["lint", target, "--format", "json"]);
    let answer = json(&ran);
    let findings = answer["findings"].as_array().unwrap();
    let errors = findings.iter().filter(|found| found["severity"] == "error");
    let errors: BTreeSet<_> = errors
        .map(|found| {
            let file = found["file"].as_str().unwrap();
            let file = file.strip_prefix("./").unwrap_or(file).to_owned();
            let code = found["code"].as_str().unwrap().to_owned();
            (file, found["line"].as_u64().unwrap_or(1), code)
        })
        .collect();
    assert_eq!(ran.code == 3, !errors.is_empty(), "{ran:?}");
    errors
}

/// What `simulate` refuses the files for, as it prints it.
fn refused(folder: &Path) -> BTreeSet<Mistake> {
    let ran = coalmine_in(folder, &["simulate", POLICY, "-n", "1", "--quiet"]);
    assert!(!ran.err.contains("panicked"), "{ran:?}");
    let mut mistakes = BTreeSet::new();
    let mut code = None;
    for line in ran.err.lines() {
        if let Some(rest) = line.strip_prefix("error[") {
            code = rest.split_once(']').map(|(code, _)| code.to_owned());
        } else if let Some((_, place)) = line.split_once("--> ") {
            let mut parts = place.split(':');
            let file = parts.next().unwrap();
            let file = file.strip_prefix("./").unwrap_or(file).to_owned();
            let at = parts.next().map_or(1, |line| line.parse().unwrap());
            mistakes.extend(code.take().map(|code| (file, at, code)));
        }
    }
    assert_eq!(ran.code == 3, !mistakes.is_empty(), "{ran:?}");
    mistakes
}

/// Checks that all agree, and returns what they agree on.
fn agreed(what: &str, folder: &Path) -> BTreeSet<Mistake> {
    let refused = refused(folder);
    assert_eq!(linted(folder, "."), refused, "{what}: lint of the folder");
    assert_eq!(
        linted(folder, POLICY),
        refused,
        "{what}: lint of the policy"
    );
    refused
}

#[test]
fn every_broken_file_of_these_tests_is_refused_by_both_for_the_same() {
    for (what, name, bytes) in bad_input::files() {
        let folder = plain();
        fs::write(folder.path().join(name), bytes).unwrap();
        assert!(!agreed(what, folder.path()).is_empty(), "{what}");
    }
}

/// For each code of the checks a file of the plain ones, what is replaced in it, and by what.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("CM101", POLICY, "- id: errors-high", "- id: errors-low"),
    ("CM102", POLICY, "signal: errors", "signal: error-rate"),
    ("CM102", BAD, "signal: errors", "signal: error-rate"),
    ("CM102", POLICY, "approval: crew", "approval: lead"),
    ("CM103", POLICY, "- id: canary", "- id: ''"),
    (
        "CM104",
        POLICY,
        "triggers: [errors-high]",
        "triggers: [errors-high, errors-high]",
    ),
    ("CM110", POLICY, "target: 100%", "target: 5%"),
    (
        "CM111",
        POLICY,
        "rounding: up",
        "rounding: up\ninitial: 50%",
    ),
    (
        "CM112",
        POLICY,
        "ramp: at-once",
        "ramp: {linear: {step: 0%, every: 1m}}",
    ),
    (
        "CM113",
        POLICY,
        "target: 100%\n    ramp: at-once",
        "target: 100%\n    ramp: {manual: {step: 10%}}",
    ),
    ("CM114", POLICY, "target: 10%", "target: 0%"),
    ("CM120", POLICY, "    class: regression\n", ""),
    ("CM121", POLICY, "measure: ratio", "measure: mean"),
    (
        "CM122",
        POLICY,
        "measure: ratio",
        "measure: {quantile: 1.5}",
    ),
    (
        "CM123",
        POLICY,
        "limit: {absolute: 0.01}",
        "limit: {times: {factor: 2, of: canary}}",
    ),
    (
        "CM124",
        POLICY,
        "    class: regression\n",
        "    class: regression\n    with: {all: [errors-high]}\n",
    ),
    ("CM125", POLICY, "{consecutive: 2}", "{consecutive: 0}"),
    (
        "CM126",
        POLICY,
        "{consecutive: 2}",
        "{bayes: {level: 2, failures: 1, successes: 1}}",
    ),
    (
        "CM127",
        POLICY,
        "{consecutive: 2}",
        "{msprt: {alpha: 0.01, effect: 1}}",
    ),
    ("CM128", POLICY, "absolute: 0.01", "absolute: 500ms"),
    ("CM128", BAD, "by: 0.2", "by: 500ms"),
    ("CM130", POLICY, "action: rollback", "action: next-rung"),
    ("CM131", POLICY, "action: rollback", "action: kill"),
    (
        "CM135",
        WORLD,
        "{constant: 5m}",
        "{uniform: {low: 2m, high: 1m}}",
    ),
    ("CM140", WORLD, "base: 0.002", "base: 2"),
    (
        "CM141",
        WORLD,
        "{ratio: {base: 0.002}}",
        "{latency: {cap: 900, parts: [{weight: 0.5, median: 40, sigma: 0.5}]}}",
    ),
    ("CM142", WORLD, "part: 100%", "part: 60%"),
    ("CM143", WORLD, "scrape-every: 15s", "scrape-every: 0s"),
    ("CM144", WORLD, "memory: 0}", "memory: 0, link: identity}"),
    (
        "CM145",
        WORLD,
        "memory: 0}",
        "memory: 0, dependence: {blocks: {step: 1m, block: 90s, residuals: [0.1, 0.2, 0.3], shared: 1}}}",
    ),
    (
        "CM150",
        POLICY,
        "required: true",
        "required: true\n      retries: 5000",
    ),
    ("CM151", POLICY, "evaluate-every: 1m", "evaluate-every: 1ns"),
    ("CM151", WORLD, "scrape-every: 15s", "scrape-every: 1us"),
    (
        "CM152",
        WORLD,
        "harms-users: true",
        "harms-users: true\n      slow-above: 100",
    ),
    (
        "CM153",
        WORLD,
        "split: by-host",
        "split: {requests: {workers: 4}}",
    ),
    (
        "CM154",
        POLICY,
        "rounding: up",
        "rounding: up\ncalendar: {from: 17h, to: 9h}",
    ),
    (
        "CM129",
        POLICY,
        "    class: regression\n",
        "    class: regression\n    already-red: refuse\n",
    ),
    ("CM160", GOOD, "false-rollback", "missed-regression"),
    ("CM161", GOOD, "at-least: 90%", "at-least: 0%"),
    ("CM163", BAD, "course:", "hosts: 0%\n      course:"),
    (
        "CM164",
        BAD,
        "  effects:\n    - id: broken\n      change: {add: {signal: errors, by: 0.2}}\n      course: {from: first-exposure, after: 10m}\n",
        "",
    ),
    (
        "CM162",
        GOOD,
        "{false-rollback: 5%}",
        "{false-rollback: 100%}",
    ),
    ("CM162", BAD, "deadline: 90%", "deadline: 0%"),
    ("CM164", BAD, "by: 0.2", "by: 0.0"),
    ("CM177", BAD, "by: 0.2", "by: -0.002"),
    (
        "CM178",
        GOOD,
        "{is: good}",
        "{is: good, effects: [{id: broken, change: {add: {signal: errors, by: 20%}}}]}",
    ),
    ("CM165", BAD, "after: 10m", "after: 7h"),
    ("CM166", GOOD, "horizon: 6h", "horizon: 1m"),
    (
        "CM167",
        GOOD,
        "horizon: 6h",
        "horizon: 6h\nnoise: [{signal: errors, model: {inline: {version: 1, name: x, kind: {gauge: {base: 1, sd: 1}}, noise: {own: 0}}}}]",
    ),
    (
        "CM168",
        GOOD,
        "horizon: 6h",
        "horizon: 6h\nrehearse: [{id: gap, fault: {telemetry.missing: {signal: error-rate}}, at: {from: first-exposure}}]",
    ),
    (
        "CM169",
        GOOD,
        "horizon: 6h",
        "horizon: 6h\npromises: [{id: OWN-A, title: x, formula: always(nothing_such)}]",
    ),
    (
        "CM172",
        GOOD,
        "at-least: 90%",
        "at-least: 90%, verdict: fail",
    ),
    (
        "CM173",
        GOOD,
        "horizon: 6h",
        "horizon: 6h\nrehearse: [{id: gap, fault: {telemetry.missing: {signal: errors}}, at: {time: 1h, when: state == paused}}]",
    ),
    (
        "CM174",
        GOOD,
        "horizon: 6h",
        "horizon: 6h\nrehearse: [{id: gap, fault: {telemetry.missing: {signal: errors}}, at: {when: state == asleep}}]",
    ),
    (
        "CM175",
        GOOD,
        "horizon: 6h",
        "horizon: 6h\nmethod: {id: nothing}",
    ),
    (
        "CM176",
        POLICY,
        "rounding: up",
        "rounding: up\ntolerance: {telemetry.missing: '<= much'}",
    ),
    (
        "CM179",
        POLICY,
        "rounding: up",
        "rounding: up\nwaives: [{gap: no-deadline, reason: ''}]",
    ),
    (
        "CM181",
        POLICY,
        "rounding: up",
        "rounding: up\ndecide: {exec: {command: [guard], protocol: once, deadline: 0s, \
         on: {crash: hold, deadline: hold, no-decision: hold, too-much-output: hold}}}",
    ),
];

/// Codes that no policy, world or scenario can have when it is read to be played, and what has them.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "CM100",
        "forms that no file was: a schema refuses the version of a file first (CM024)",
    ),
    ("CM170", "`curve`, which scales a release"),
    ("CM171", "`curve`, which scales a release"),
    ("CM180", "cases"),
    (
        "CM182",
        "what plays a policy whose program may not run; lint only says that there is one (CM246)",
    ),
];

#[test]
fn every_mistake_that_has_a_code_is_refused_by_both() {
    let mut missing = Vec::new();
    for (code, name, old, new) in MISTAKES {
        let folder = plain();
        let path = folder.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{code}: {old} is not in {name}");
        fs::write(&path, text.replacen(old, new, 1)).unwrap();
        let found = agreed(code, folder.path());
        let codes: Vec<_> = found.iter().map(|(_, _, code)| code.as_str()).collect();
        if !codes.contains(code) {
            missing.push(format!("{code}: {found:?}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_code_of_the_checks_is_among_the_mistakes_or_belongs_elsewhere() {
    let known = |code: &str| {
        let mistakes = MISTAKES.iter().map(|(code, ..)| *code);
        let mut known = mistakes.chain(ELSEWHERE.iter().map(|(code, _)| *code));
        known.any(|known| known == code)
    };
    let checks = scenarios::codes().map(|entry| entry.code);
    let checks = checks.filter(|code| ("CM100".."CM200").contains(code));
    let missing: Vec<_> = checks.filter(|code| !known(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
