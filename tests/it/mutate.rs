//! `coalmine mutate`: what a policy could lose without anybody noticing.

use std::collections::BTreeSet;
use std::path::Path;

use chaos::mutant::{Mutant, OPERATORS, add_oracle_gates, mutants, tell};
use scenarios::{library, load};
use serde_json::Value;
use sim_core::policy::{Policy, Profile};
use sim_core::{Event, Experiment, Plan, Seed};

use crate::command::{Ran, coalmine, coalmine_in, json, plain};

fn policies() -> Vec<Policy> {
    let policy = |system: &'static library::System| {
        let text = system.policy(Profile::AsWritten).unwrap();
        load::policy(system.name, text.as_bytes()).unwrap().value
    };
    let reports = library::reports().iter().flat_map(|report| report.files);
    let told = reports.filter(|(name, _)| name.ends_with(".policy.yaml"));
    let told = told.map(|(name, text)| load::policy(name, text.as_bytes()).unwrap().value);
    library::systems().iter().map(policy).chain(told).collect()
}

/// The places at which two documents differ.
fn differences(one: &Value, other: &Value, at: &str, found: &mut BTreeSet<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let [one, other] = [one, other].map(|map| map.get(key).unwrap_or(&Value::Null));
                differences(one, other, &format!("{at}/{key}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (place, (one, other)) in one.iter().zip(other).enumerate() {
                differences(one, other, &format!("{at}/{place}"), found);
            }
        }
        _ if one != other => {
            found.insert(at.to_owned());
        }
        _ => {}
    }
}

/// What each operator may change in a policy: the words of the only paths that may differ; none for those
/// that leave the policy alone and weaken the machine.
const MAY_CHANGE: &[(&str, &str)] = &[
    ("limit-", "/breach/"),
    ("sign-flipped", "/breach/is"),
    ("reference-swapped", "/breach/limit/"),
    ("window-", "/window"),
    ("trigger-dropped", "/triggers"),
    ("criterion-dropped", "/criteria"),
    ("missing-passes", "/on/missing"),
    ("stale-passes", "/on/stale"),
    ("nan-passes", "/on/nan"),
    ("zero-passes", "/on/zero-denominator"),
    ("few-passes", "/on/too-few"),
    ("samples-unneeded", "/min-samples"),
    ("fleet-aggregate", "/population"),
    ("stage", "/stages"),
    ("observation-moved", "/observe-from"),
    ("observation-", "/observe"),
    ("pause-", "/pause-after-windows"),
    ("approval-dropped", "/approval"),
    ("entry-dropped", "/entry"),
    ("hold-dropped", "/hold"),
    ("last-unwatched", "/triggers"),
    ("rounding-changed", "/rounding"),
    ("initial-dropped", "/initial"),
    ("ramp-", "/ramp"),
    ("blast-unenforced", "/blast-radius/enforced"),
    ("blast-widened", "/blast-radius/max"),
    ("evaluation-halved", "/evaluate-every"),
    ("action-", "/action"),
    ("rollback-to-stage", "/action"),
    ("sign-off-dropped", "/sign-off"),
    ("step-backs-unbounded", "/at-most"),
    ("existence-unchecked", "/must-exist"),
    ("parse-unchecked", "/must-parse"),
    ("vacuity-unchecked", "/must-not-be-vacuous"),
    ("result-unchecked", "/must-pass"),
    ("age-unchecked", "/max-age"),
    ("evidence-unheeded", "/class"),
    ("prerequisites-dropped", "/prerequisites"),
    ("revert-dropped", "/rollback/steps"),
    ("step-optional", "/required"),
    ("step-required", "/required"),
    ("step", "/rollback/steps"),
    ("retries-dropped", "/retries"),
    ("deadline-relaxed", "/rollback/deadline"),
    ("standby-unbounded", "/rollback"),
    ("duration-dropped", "/for"),
    ("kept-dropped", "/keep"),
    ("joined-dropped", "/with"),
    ("already-red-unasked", "/already-red"),
    ("calendar-dropped", "/calendar"),
    ("advances-at-once", "/advances"),
    ("approval-unlimited", "/approval-within"),
    ("starts-go-on", "/no-new-starts"),
    ("switch-broken", "/kill-switch/works"),
    ("pending-kept", "/kill-switch/cancels-pending"),
    ("rung", "/ladder/rungs"),
    ("escalation-dropped", "/ladder/escalate-to"),
    ("acknowledgement-dropped", "/recovery/acknowledge"),
    ("fresh-canary-dropped", "/recovery/fresh-canary"),
    ("attempt", "/recovery/attempts"),
];

fn check(policy: &Policy, mutant: &Mutant) {
    let [before, after] =
        [policy, &mutant.policy].map(|policy| serde_json::to_value(policy).unwrap());
    let mut paths = BTreeSet::new();
    differences(&before, &after, "", &mut paths);
    let rule = MAY_CHANGE
        .iter()
        .find(|(name, _)| mutant.operator.starts_with(name));
    let name = format!("{} on {}: {paths:?}", mutant.operator, mutant.site);
    if let Some((_, part)) = rule {
        assert!(!paths.is_empty(), "{name}");
        assert!(paths.iter().all(|path| path.contains(part)), "{name}");
        assert!(
            mutant.forgets.is_empty() && mutant.lapses.is_empty(),
            "{name}"
        );
    } else {
        assert!(paths.is_empty(), "{name}");
        let worse = !mutant.forgets.is_empty() || mutant.gives_up || !mutant.lapses.is_empty();
        assert!(worse, "{name}");
    }
}

#[test]
fn every_operator_changes_what_it_says_and_nothing_else() {
    let mut applied = BTreeSet::new();
    for policy in policies() {
        for mutant in mutants(&policy) {
            check(&policy, &mutant);
            applied.insert(mutant.operator);
        }
    }
    let idle: Vec<_> = OPERATORS
        .iter()
        .map(|operator| operator.name)
        .filter(|name| !applied.contains(name))
        .collect();
    assert!(
        idle.is_empty(),
        "no library policy has a place for {idle:?}"
    );
}

fn experiment(system: &'static library::System, scenario: &str) -> Experiment {
    let policy = load::policy(
        system.name,
        system.policy(Profile::AsWritten).unwrap().as_bytes(),
    );
    let text = system.scenario(scenario).unwrap();
    let scenario = load::scenario(scenario, text.as_bytes()).unwrap();
    let world = scenarios::files::world_of(&scenario, Path::new(".")).unwrap();
    load::experiment(&policy.unwrap().value, &scenario.value, &world).unwrap()
}

/// What happened, apart from what gates said.
fn story(events: impl IntoIterator<Item = Event>) -> Vec<Event> {
    let told = |event: &Event| !matches!(event, Event::Judged { .. });
    events.into_iter().filter(told).collect()
}

#[test]
fn witnesses_change_nothing_that_a_policy_does() {
    for system in library::systems() {
        for scenario in ["healthy", "step-regression"] {
            let alone = experiment(system, scenario);
            let mut watched = alone.clone();
            add_oracle_gates(&mut watched, &alone.policy);
            let seed = Seed {
                root: 42,
                replication: 0,
            };
            let [one, other] =
                [&alone, &watched].map(|experiment| Plan::new(experiment).play(seed));
            let effects = alone.release.len();
            let told = tell(&other.history, &watched.policy, &alone.policy, effects);
            let [one, other] =
                [&one.history, &told].map(|history| story(history.iter().map(|line| line.1)));
            assert_eq!(one, other, "{} {scenario}", system.name);
        }
    }
}

fn mutate(folder: &Path, more: &[&str]) -> Ran {
    let mut args = vec!["mutate", "policy.yaml", "-q"];
    args.extend(more);
    coalmine_in(folder, &args)
}

/// The verdict on each mutant of a report: operator, verdict, why, promise.
fn verdicts(report: &Value) -> Vec<[String; 4]> {
    let rows = report["mutants"].as_array().unwrap();
    let word = |row: &Value, key: &str| row[key].as_str().unwrap_or("-").to_owned();
    let row = |row: &Value| ["operator", "verdict", "why", "promise"].map(|key| word(row, key));
    rows.iter().map(row).collect()
}

#[test]
fn a_trigger_that_is_gone_is_noticed_and_a_deadline_that_nothing_reads_is_equivalent() {
    let folder = plain();
    let args = [
        "--operator",
        "trigger-dropped",
        "--operator",
        "deadline-relaxed",
        "--format",
        "json",
    ];
    let ran = mutate(folder.path(), &args);
    assert_eq!(ran.code, 0, "{ran:#?}");
    let rows = verdicts(&json(&ran));
    let expect = [
        ["trigger-dropped", "caught", "-", "INV-HEED"],
        ["deadline-relaxed", "equivalent", "equivalent", "-"],
    ];
    assert_eq!(rows, expect.map(|row| row.map(str::to_owned)));
}

#[test]
fn the_report_does_not_depend_on_the_threads() {
    let folder = plain();
    let args = |threads| {
        [
            "--operator",
            "nan-passes",
            "--format",
            "json",
            "--threads",
            threads,
        ]
    };
    let [one, two] = ["1", "2"].map(|threads| mutate(folder.path(), &args(threads)).out);
    assert_eq!(one, two);
}

#[test]
fn what_is_not_known_is_refused_with_the_nearest() {
    let ran = coalmine(&["mutate", "wedge", "--operator", "trigger-droped"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
    assert!(
        ran.err.contains("did you mean `trigger-dropped`?"),
        "{ran:#?}"
    );
    let ran = coalmine(&["mutate", "wedge", "--scenario", "step-regression"]);
    assert_eq!(ran.code, 3, "{ran:#?}");
}
