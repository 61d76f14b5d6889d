//! The canary guard of the control plane, as a program: it decides what the policy of its code decides.

use std::fs;

use coalmine::scenarios::library;
use coalmine::sim_core::policy::Profile;
use serde_json::Value;
use tempfile::TempDir;

use crate::command::coalmine_in;

/// What scripts/ops/canary_rollout_guard.py of PECR at 6d38e6b decides (l. 172-202): strict `>` against budgets of
/// 1 200 and 1 500 ms and 0.005; what is missing ends it with 1, a fallback with 2 where it is to fail on one.
const GUARD: &str = r#"
number() { tr -d ' \n' < "$1" | sed -n "s/.*\"$2\":\([-0-9.eE+]*\)[,}].*/\1/p"; }
p95=$(number "$1" 'p(95)'); p99=$(number "$1" 'p(99)')
bvr=$(tr -d ' \n' < "$2" | sed -n 's/.*"rates":{"bvr":\([-0-9.eE+]*\),.*/\1/p')
ser=$(tr -d ' \n' < "$2" | sed -n 's/.*"rates":{"bvr":[^,]*,"ser":\([-0-9.eE+]*\)}.*/\1/p')
[ -n "$p95" ] && [ -n "$p99" ] && [ -n "$bvr" ] && [ -n "$ser" ] || exit 1
awk -v a="$p95" -v b="$p99" -v c="$bvr" -v d="$ser" \
    'BEGIN { exit (a > 1200 || b > 1500 || c > 0.005 || d > 0.005) ? 2 : 0 }'
"#;

const EXEC: &str = r#"
decide:
  exec:
    command: [sh, guard.sh, "{k6-summary}", "{guard-rates}"]
    protocol: once
    deadline: 20s
    exit-codes: {"0": promote, "1": hold, "2": rollback}
    on: {crash: pause, deadline: pause, no-decision: pause, too-much-output: pause}
gates:
"#;

/// When the first event of a kind came, and the end of the first stage.
fn first(report: &Value, words: &[&str]) -> Option<f64> {
    let events = report["events"].as_array().expect("a run tells its events");
    let found = events.iter().find(|event| {
        let word = event["code"].as_str().unwrap_or_default();
        words.contains(&word)
    });
    found.and_then(|event| event["t_s"].as_f64())
}

#[test]
fn the_recorded_guard_as_a_program_decides_as_the_policy_of_its_code_does() {
    let system = library::system("control-plane").expect("it is shipped");
    let policy = system
        .policy(Profile::AsImplemented)
        .expect("it has its code");
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert_eq!(policy.matches("\ngates:\n").count(), 1);
    fs::write(path("gates.yaml"), policy).unwrap();
    fs::write(path("program.yaml"), policy.replacen("\ngates:\n", EXEC, 1)).unwrap();
    fs::write(path("guard.sh"), GUARD).unwrap();
    let mut compared = 0;
    // A stale reading has no value in a question; the script would find the old file and take it for a new one.
    let seen = system
        .scenarios
        .iter()
        .filter(|(name, _)| *name != "data-outage");
    for (name, _) in seen {
        for replication in ["0", "1"] {
            let play = |file: &str, more: &[&str]| -> Value {
                let scenario = format!("control-plane/{name}");
                let mut words = vec!["run", file, "-s", &scenario, "-r", replication];
                words.extend(more);
                words.extend(["--format", "json"]);
                let ran = coalmine_in(folder.path(), &words);
                serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
            };
            let gates = play("gates.yaml", &[]);
            let program = play("program.yaml", &["--allow-exec"]);
            let told = format!(
                "{name}, replication {replication}: {}",
                program["inputs"]["guard"]
            );
            assert_eq!(
                program["inputs"]["guard"]["faults"],
                serde_json::json!([]),
                "{told}"
            );
            // The ladder of the one and the rollback of the other begin at the same instant, or the first stage is left.
            let acts = first(&gates, &["rung-taken", "ladder-exhausted", "advanced"]);
            let said = first(&program, &["rollback-began", "advanced"]);
            assert_eq!(acts, said, "{told}");
            compared += usize::from(acts.is_some());
        }
    }
    assert!(compared >= 12, "{compared} decisions were compared");
}
