//! The recorded decisions of the five systems, each made by a program through `exec`.
//!
//! `rows/` holds all of them: what the systems' own code decided on given input (PECR at 6d38e6b and d820201,
//! nyc-bike-urbanflow at 449c2ac, franken_node at 58c1766, asupersync at c344862). The fifth system, openclaw-rust, keeps
//! measurements and no decisions: its gate is held to the policy of its code, as those of the others are.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use coalmine::guard::AskedGuard;
use coalmine::scenarios::{library, load};
use coalmine::sim_core::decider::{GateReading, Guard as _, Question};
use coalmine::sim_core::engine::{Share, SimDuration, SimTime};
use coalmine::sim_core::policy::gate::{Flaw, Judgement};
use coalmine::sim_core::policy::{ExecGuard, GuardDecision, GuardFault, Policy, Profile};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::install;
use crate::command::coalmine_in;

fn rows(text: &str) -> Vec<Value> {
    let row =
        |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    text.lines().map(row).collect()
}

fn policy(system: &str) -> Policy {
    let system = library::system(system).expect("it is shipped");
    let text = system.policy(Profile::AsImplemented).expect("it has code");
    let read = load::policy("policy.yaml", text.as_bytes());
    read.expect("it is sound").value
}

/// The guard of a policy in `folder`: what `exec` says of it besides its command, and its variables.
fn guard(
    folder: &Path,
    (policy, which): (&Policy, &str),
    args: &[&str],
    more: &Value,
) -> AskedGuard {
    let environment = install(folder, which);
    let environment: BTreeMap<String, String> = environment
        .split(", ")
        .filter_map(|pair| pair.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
        .collect();
    let command = [&["sh", "guard.sh"], args].concat();
    let mut exec = json!({
        "command": command, "deadline": "30s",
        "environment": environment,
        "on": {"crash": "pause", "deadline": "hold", "no-decision": "hold", "too-much-output": "hold"},
    });
    for (key, value) in more.as_object().unwrap() {
        match (key.as_str(), value.as_object()) {
            ("environment", Some(all)) => {
                for (name, value) in all {
                    exec["environment"][name] = value.clone();
                }
            }
            _ => exec[key] = value.clone(),
        }
    }
    let exec: ExecGuard = serde_json::from_value(exec).expect("it is a guard");
    AskedGuard::new(policy, &exec, folder)
}

fn gate_index(policy: &Policy, id: &str) -> usize {
    policy.gates.iter().position(|gate| gate.id == id).unwrap()
}

/// A question of a stage about readings of signals.
fn question(
    policy: &Policy,
    (stage, at): (usize, u64),
    values: &[(usize, Option<f64>)],
) -> Question {
    let reading = |(gate, value): &(usize, Option<f64>)| GateReading {
        gate: *gate,
        value: *value,
        samples: 100,
        flaw: value.is_none().then_some(Flaw::Nan),
        limit: None,
        judgement: Judgement::Pass,
        fires: false,
    };
    assert!(stage < policy.stages.len());
    Question {
        at: SimTime::after(SimDuration::from_secs(at)),
        stage,
        exposure: Share::ZERO,
        observed: None,
        converged: true,
        approved: false,
        readings: values.iter().map(reading).collect(),
    }
}

#[test]
fn every_recorded_run_of_the_canary_guard_is_decided_alike_by_its_exit_code_and_by_its_words() {
    let (all, policy) = (
        rows(include_str!("rows/control-plane.jsonl")),
        policy("control-plane"),
    );
    assert_eq!(all.len(), 69);
    let mut seen = BTreeMap::new();
    for row in &all {
        let folder = TempDir::new().unwrap();
        for (name, key) in [("summary.json", "summary"), ("rates.json", "rates")] {
            if let Some(text) = row[key].as_str() {
                fs::write(folder.path().join(name), text).unwrap();
            }
        }
        let args = row["args"].as_array().unwrap().iter();
        let args: Vec<_> = std::iter::once(row["profile"].as_str().unwrap())
            .chain(args.map(|arg| arg.as_str().unwrap()))
            .collect();
        let of_codes = json!({"protocol": "once", "environment": row["env"],
            "exit-codes": {"0": "promote", "1": "hold", "2": "rollback"}});
        let of_words = json!({"protocol": "once", "environment": row["env"],
            "words": {"healthy": "promote", "fallback_required": "rollback"}});
        let asked = |more: Value| {
            let guard = guard(folder.path(), (&policy, "control-plane"), &args, &more);
            guard.decide(&question(&policy, (0, 0), &[]))
        };
        let by_code = asked(of_codes);
        let expected = match row["rc"].as_i64().unwrap() {
            0 => GuardDecision::Promote,
            1 => GuardDecision::Hold,
            _ => GuardDecision::Rollback,
        };
        assert_eq!((by_code.decision, by_code.fault), (expected, None), "{row}");
        // A program that says a word and ends with another code than 0 has crashed.
        let by_word = asked(of_words);
        let expected = match (row["rc"].as_i64().unwrap(), row["status"].as_str()) {
            (0, Some("healthy")) => (GuardDecision::Promote, None),
            (0, Some("fallback_required")) => (GuardDecision::Rollback, None),
            _ => (GuardDecision::Pause, Some(GuardFault::Crash)),
        };
        assert_eq!((by_word.decision, by_word.fault), expected, "{row}");
        *seen
            .entry((by_code.decision, by_word.decision))
            .or_insert(0) += 1;
    }
    // As recorded: 20 healthy, 34 that fall back, 14 that die, and one that is to fail on a fallback.
    let counts: Vec<_> = seen.values().copied().collect();
    assert_eq!(counts, [20, 34, 14, 1], "{seen:?}");
}

#[test]
fn every_recorded_gate_of_a_stage_is_decided_alike_from_the_question() {
    let (all, policy) = (
        rows(include_str!("rows/optimize.jsonl")),
        policy("optimize"),
    );
    assert_eq!(all.len(), 302);
    let folder = TempDir::new().unwrap();
    let lines = json!({"protocol": "json-lines"});
    let guard = guard(folder.path(), (&policy, "optimize"), &[], &lines);
    let mut passed = 0;
    for (row, at) in all.iter().zip(0..) {
        // A text in the place of a number ends their module with an error; a question holds numbers only.
        let thrown = row["pass"].is_null();
        let stage = policy.stage_index(row["stage"].as_str().unwrap()).unwrap();
        let signals = ["timeout_rate", "fallback_rate", "objective_delta_ratio"];
        let values = signals.map(|signal| {
            let mut gates = policy.stages[stage]
                .criteria
                .iter()
                .map(|id| gate_index(&policy, id));
            let gate = gates
                .find(|gate| policy.gates[*gate].signal == signal)
                .unwrap();
            (gate, row["metrics"][signal].as_f64())
        });
        let answer = guard.decide(&question(&policy, (stage, at), &values));
        let promotes = answer.decision == GuardDecision::Promote;
        assert_eq!(answer.fault, None, "{row}");
        assert!(
            thrown || promotes == row["pass"].as_bool().unwrap(),
            "{row}"
        );
        passed += usize::from(promotes && !thrown);
    }
    assert_eq!(passed, 104);
    assert!(guard.inputs().reproducible);
}

#[test]
fn every_recorded_plan_is_decided_alike_by_each_of_its_readers() {
    let (all, policy) = (rows(include_str!("rows/wedge.jsonl")), policy("wedge"));
    assert_eq!(all.len(), 38);
    let folder = TempDir::new().unwrap();
    for row in &all {
        fs::write(
            folder.path().join("wedge.json"),
            row["wedge"].as_str().unwrap(),
        )
        .unwrap();
        for reader in ["checker", "merge-gate", "as-written"] {
            let words = json!({"protocol": "once",
                "words": {"valid": "promote", "refused": "rollback", "open": "hold"}});
            let guard = guard(
                folder.path(),
                (&policy, "wedge"),
                &["wedge.json", reader],
                &words,
            );
            let answer = guard.decide(&question(&policy, (0, 0), &[]));
            let expected = match &row[reader] {
                Value::Bool(true) => (GuardDecision::Promote, None),
                Value::Bool(false) => (GuardDecision::Rollback, None),
                Value::Null => (GuardDecision::Hold, None),
                // The reader raised.
                _ => (GuardDecision::Pause, Some(GuardFault::Crash)),
            };
            assert_eq!((answer.decision, answer.fault), expected, "{reader}: {row}");
        }
    }
}

/// A policy with a gate on a score, which carries what raptorq's oracles judge.
fn scored() -> (Policy, usize) {
    let mut policy = policy("raptorq");
    let gate = gate_index(&policy, "calibration");
    "score".clone_into(&mut policy.gates[gate].signal);
    (policy, gate)
}

#[test]
fn every_recorded_e_process_rejects_through_a_guard_at_the_same_judgement() {
    let (all, (policy, gate)) = (rows(include_str!("rows/e-process.jsonl")), scored());
    assert_eq!(all.len(), 27);
    for row in &all {
        let folder = TempDir::new().unwrap();
        let args = ["p0", "bet", "alpha"].map(|key| row[key].to_string());
        let args = args.each_ref().map(String::as_str);
        let lines = json!({"protocol": "json-lines"});
        let guard = guard(folder.path(), (&policy, "e-process"), &args, &lines);
        let runs = row["runs"].as_array().unwrap().iter();
        let judgements = runs.flat_map(|run| {
            let violated = run[0] == true || run[0] == 1;
            let times = run[1].as_u64().unwrap() as usize;
            std::iter::repeat_n(if violated { 1.0 } else { 0.0 }, times)
        });
        let mut rejects = None;
        for (violated, at) in judgements.zip(0..) {
            let answer = guard.decide(&question(&policy, (0, at), &[(gate, Some(violated))]));
            assert_eq!(answer.fault, None, "{row}");
            if answer.decision == GuardDecision::Rollback {
                rejects = Some(at);
                break;
            }
        }
        assert_eq!(rejects, row["rejects"].as_u64(), "{row}");
        // It remembers, so that the same question has another answer in a new process: where it rejected, that shows.
        assert!(
            rejects.is_none_or(|at| at > 31) || !guard.inputs().reproducible,
            "{row}"
        );
    }
}

#[test]
fn every_recorded_conformal_threshold_is_kept_by_a_guard() {
    let (all, (policy, gate)) = (rows(include_str!("rows/conformal.jsonl")), scored());
    assert_eq!(all.len(), 6);
    for row in &all {
        let folder = TempDir::new().unwrap();
        let (samples, alpha) = (row["samples"].as_str().unwrap(), row["alpha"].to_string());
        let lines = json!({"protocol": "json-lines"});
        let guard = guard(
            folder.path(),
            (&policy, "conformal"),
            &[samples, &alpha],
            &lines,
        );
        let threshold = row["threshold"].as_f64().unwrap();
        let conforms = |value: Option<f64>| {
            let answer = guard.decide(&question(&policy, (0, 0), &[(gate, value)]));
            assert_eq!(answer.fault, None, "{row}");
            answer.decision == GuardDecision::Promote
        };
        assert_eq!(conforms(Some(threshold)), row["at-threshold"], "{row}");
        assert_eq!(conforms(None), row["nan"], "{row}");
        assert!(!conforms(Some(threshold + 1e-9)), "{row}");
    }
}

/// What a rollout did, and when: stages that were entered and left, and how it ended.
fn deeds(report: &Value) -> Vec<(String, String)> {
    let told = [
        "stage-entered",
        "advanced",
        "rollback-began",
        "recovered",
        "ended",
        "paused",
    ];
    let events = report["events"].as_array().expect("a run tells its events");
    let deed = |event: &Value| {
        let code = event["code"].as_str()?;
        told.contains(&code)
            .then(|| (code.to_owned(), event["t_s"].to_string()))
    };
    events.iter().filter_map(deed).collect()
}

const SLOW: &str = "version: 1
name: slow
horizon: 6h
world: {library: cutover}
release:
  is: bad
  effects:
    - {id: slow, change: {multiply: {signal: rpc_latency, by: 1000}}, course: {from: first-exposure}}
";

#[test]
fn the_guards_of_four_systems_as_programs_decide_as_the_policies_of_their_code_do() {
    let mut compared = BTreeMap::new();
    for (name, which) in [
        ("optimize", "optimize"),
        ("raptorq", "raptorq"),
        ("cutover", "cutover"),
        ("wedge", "plan"),
    ] {
        let system = library::system(name).expect("it is shipped");
        let policy = system.policy(Profile::AsImplemented).expect("it has code");
        let folder = TempDir::new().unwrap();
        let environment = install(folder.path(), which);
        let exec = format!(
            "\ndecide:\n  exec:\n    command: [sh, guard.sh]\n    protocol: json-lines\n    deadline: 30s\n    environment: {{{environment}}}\n    on: {{crash: pause, deadline: pause, no-decision: pause, too-much-output: pause}}\ngates:\n"
        );
        assert_eq!(policy.matches("\ngates:\n").count(), 1);
        fs::write(folder.path().join("gates.yaml"), policy).unwrap();
        fs::write(
            folder.path().join("program.yaml"),
            policy.replacen("\ngates:\n", &exec, 1),
        )
        .unwrap();
        // A thousand times as slow: the one thing that cutover's gate refuses.
        let slow = folder
            .path()
            .join("slow.scenario.yaml")
            .display()
            .to_string();
        fs::write(&slow, SLOW).unwrap();
        let shipped = system
            .scenarios
            .iter()
            .map(|(scenario, _)| format!("{name}/{scenario}"));
        for scenario in shipped.chain((name == "cutover").then_some(slow)) {
            let play = |file: &str, more: &[&str]| -> Value {
                let words = [&["run", file, "-s", &scenario, "--format", "json"], more].concat();
                let ran = coalmine_in(folder.path(), &words);
                serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
            };
            let (gates, program) = (
                play("gates.yaml", &[]),
                play("program.yaml", &["--allow-exec"]),
            );
            let guard = &program["inputs"]["guard"];
            let told = format!("{scenario}: {guard}");
            assert_eq!(guard["faults"], json!([]), "{told}");
            assert_eq!(deeds(&gates), deeds(&program), "{told}");
            assert_eq!(gates["outcome"], program["outcome"], "{told}");
            *compared
                .entry((name, gates["outcome"].as_str().unwrap().to_owned()))
                .or_insert(0) += 1;
        }
    }
    for refused in [
        ("optimize", "aborted"),
        ("cutover", "rolled_back"),
        ("raptorq", "unfinished"),
    ] {
        assert!(
            compared.contains_key(&(refused.0, refused.1.to_owned())),
            "{compared:?}"
        );
    }
}
