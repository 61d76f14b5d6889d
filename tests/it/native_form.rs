//! Policies of other products in coalmine's own form: what `import --native` writes, and the commands that take it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Ran, coalmine_in, folder_of, json};

const TEMPLATE: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: success-rate}
spec:
  metrics:
  - name: success-rate
    interval: 1m
    MORE
    successCondition: result[0] >= 0.99
    provider:
      prometheus:
        query: |
          sum(rate(http_requests_total{role=\"canary\", status!~\"5.*\"}[1m])) / sum(rate(http_requests_total{role=\"canary\"}[1m]))
";

fn rollout(steps: &str, template: &str) -> String {
    format!(
        "\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {{name: checkout}}
spec:
  replicas: 4
  strategy:
    canary:
      trafficRouting: {{istio: {{virtualService: {{name: checkout}}}}}}
{steps}---
{}",
        TEMPLATE.replace("MORE", template)
    )
}

const INLINE: &str = "      steps:
      - setWeight: 20
      - pause: {duration: 1m}
      - analysis: {templates: [{templateName: success-rate}]}
      - setWeight: 50
      - pause: {duration: 5m}
";

const BEHIND: &str = "      analysis:
        templates: [{templateName: success-rate}]
        startingStep: 2
      steps:
      - setWeight: 20
      - pause: {duration: 2m}
      - pause: {duration: 10m}
      - setWeight: 50
      - pause: {duration: 10m}
";

const CANARY: &str = "\
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: podinfo, namespace: test}
spec:
  targetRef: {kind: Deployment, name: podinfo}
  analysis:
    interval: 1m
    threshold: 2
    stepWeight: 10
    maxWeight: 50
    metrics:
    - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
";

const ALERT: &str = "\
groups:
- name: canary
  rules:
  - alert: CanaryErrors
    expr: |
      sum(rate(http_requests_total{role=\"canary\", code=~\"5..\"}[5m])) / sum(rate(http_requests_total{role=\"canary\"}[5m])) > 0.02
    for: 2m
";

/// Rollouts of each scenario, and the seed that all of them are drawn with.
const RUNS: u64 = 4000;
const SEED: &str = "7";

struct Figures {
    /// How many of the rollouts of the good and of the bad release were rolled back.
    back: [u64; 2],
    /// The mean time until the bad one was.
    detection: f64,
    hashes: [String; 2],
}

fn figures(folder: &Path, policy: &str, world: &[&str]) -> Figures {
    let runs = RUNS.to_string();
    let fixed = [
        "simulate",
        policy,
        "-n",
        &runs,
        "--seed",
        SEED,
        "--format",
        "json",
        "--no-fail",
    ];
    let ran = coalmine_in(folder, &[&fixed[..], world].concat());
    let report = json(&ran);
    let of = |name: &str| -> Value {
        let all = report["scenarios"].as_array().expect("a suite");
        let found = all.iter().find(|one| one["scenario"] == name);
        found
            .unwrap_or_else(|| panic!("no {name}: {ran:?}"))
            .clone()
    };
    let both = ["good", "bad"].map(of);
    let back = |one: &Value| one["outcomes"]["rolled_back"].as_u64().unwrap_or(0);
    Figures {
        back: [back(&both[0]), back(&both[1])],
        detection: both[1]["quantities"]["detection_s"]["mean"]
            .as_f64()
            .unwrap_or(0.0),
        hashes: both.map(|one| one["hash"].as_str().unwrap_or_default().to_owned()),
    }
}

fn written(folder: &Path, file: &str) -> Ran {
    coalmine_in(folder, &["import", file, "--native", "own", "--rps", "8"])
}

/// Standard deviations between two counts of as many rollouts.
fn apart(one: u64, other: u64) -> f64 {
    let runs = RUNS as f64;
    let p = (one + other) as f64 / (2.0 * runs);
    (one as f64 - other as f64).abs() / (2.0 * runs * p * (1.0 - p)).sqrt().max(1.0)
}

/// What counts otherwise is when a measurement is taken: by up to one interval of a minute.
#[test]
fn the_written_policy_rolls_back_as_often_as_the_original() {
    let cases = [
        (
            "inline",
            rollout(INLINE, "count: 16"),
            "begins up to an interval later",
        ),
        (
            "background",
            rollout(BEHIND, "failureLimit: 2"),
            "asks again every 10 s",
        ),
        ("flagger", CANARY.to_owned(), "needs three more ticks"),
    ];
    for (name, text, differs) in cases {
        let folder = folder_of(&[("file.yaml", &text)]);
        let ran = written(folder.path(), "file.yaml");
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        let original = figures(folder.path(), "file.yaml", &["--rps", "8"]);
        let own = figures(folder.path(), "own/policy.yaml", &[]);
        println!(
            "{name}, seed {SEED}: good {:?} and {:?}",
            original.back, own.back
        );
        assert!(original.back[0] >= 20, "{name}: nothing to compare");
        let sds = apart(original.back[0], own.back[0]);
        assert!(
            sds < 4.0,
            "{name}: {:?} and {:?}, {sds} sd",
            original.back,
            own.back
        );
        assert_eq!(own.back[1], original.back[1], "{name}");
        let later = (own.detection - original.detection).abs();
        assert!(
            later <= 65.0,
            "{name}: {} s and {} s",
            original.detection,
            own.detection
        );
        let policy = fs::read_to_string(folder.path().join("own/policy.yaml")).unwrap();
        assert!(policy.contains(differs), "{name}: {policy}");
    }
}

#[test]
fn alerts_are_the_same_to_the_last_event() {
    let folder = folder_of(&[("rules.yaml", ALERT)]);
    assert_eq!(written(folder.path(), "rules.yaml").code, 0);
    let original = figures(folder.path(), "rules.yaml", &["--rps", "8"]);
    let own = figures(folder.path(), "own/policy.yaml", &[]);
    assert_eq!(original.hashes, own.hashes);
}

#[test]
fn nothing_is_overwritten_and_a_world_without_a_folder_is_refused() {
    let folder = folder_of(&[("file.yaml", CANARY)]);
    fs::create_dir(folder.path().join("own")).unwrap();
    fs::write(folder.path().join("own/world.yaml"), "mine\n").unwrap();
    let ran = written(folder.path(), "file.yaml");
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(
        ran.err.contains("own/world.yaml is there already"),
        "{ran:?}"
    );
    let mine = fs::read_to_string(folder.path().join("own/world.yaml")).unwrap();
    assert_eq!(mine, "mine\n");
    assert!(!folder.path().join("own/policy.yaml").exists());
    let ran = coalmine_in(folder.path(), &["import", "file.yaml", "--rps", "8"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn what_has_no_native_form_is_refused_by_its_name_and_place() {
    let cases = [
        (
            rollout(INLINE, "failureCondition: result[0] < 0.9\n    count: 3"),
            "a second condition",
        ),
        (
            rollout(INLINE, "count: 9\n    consecutiveSuccessLimit: 2"),
            "consecutiveSuccessLimit",
        ),
        (
            rollout(BEHIND, "count: 3"),
            "the count of a background analysis",
        ),
        (rollout(BEHIND, "initialDelay: 2m"), "initialDelay"),
        (
            CANARY.replace("threshold: 2", "threshold: 2\n    mirror: true"),
            "`mirror`",
        ),
        (
            CANARY.replace("threshold: 2", "threshold: 2\n    stepWeightPromotion: 50"),
            "`stepWeightPromotion`",
        ),
    ];
    for (text, what) in cases {
        let folder = folder_of(&[("file.yaml", &text)]);
        let ran = written(folder.path(), "file.yaml");
        assert_eq!(ran.code, 3, "{what}: {ran:?}");
        for part in ["error[CM467]", what, "has no native form", "file.yaml:"] {
            let told = ran.err.contains(part) || ran.err.contains(&part.replace("has", "have"));
            assert!(told, "{what}, {part}: {ran:?}");
        }
        assert!(!folder.path().join("own").exists(), "{what}");
    }
}

#[test]
fn mutate_backtest_decide_and_replay_take_the_file_in_its_own_form() {
    let rollout = rollout(BEHIND, "failureLimit: 2");
    let mut csv = "time,value,n\n".to_owned();
    for minute in 0..400 {
        let errors = if minute > 200 { 0.05 } else { 0.001 };
        csv += &format!("{},{errors},480\n", 1_700_000_000 + minute * 60);
    }
    let files = [
        ("rollout.yaml", &rollout[..]),
        ("errors.csv", &csv),
        ("metrics.json", "{\"errors\": 0.05}"),
        ("canary.yaml", CANARY),
    ];
    let folder = folder_of(&files);
    let run = |args: &[&str]| coalmine_in(folder.path(), args);
    let mutated = run(&["mutate", "rollout.yaml", "-n", "400", "--no-fail"]);
    assert!(
        mutated.err.contains("taken in coalmine's own form"),
        "{mutated:?}"
    );
    assert!(mutated.out.contains("mutants"), "{mutated:?}");
    let tested = run(&[
        "backtest",
        "rollout.yaml",
        "--signal",
        "errors=errors.csv",
        "--format",
        "json",
    ]);
    assert!([0, 4].contains(&tested.code), "{tested:?}");
    assert!(tested.err.contains("share of good requests"), "{tested:?}");
    let decided = run(&[
        "decide",
        "canary.yaml",
        "--metrics",
        "metrics.json",
        "--stage",
        "weight-10",
    ]);
    assert_eq!(decided.code, 99, "{decided:?}");
    assert!(
        decided.err.contains("needs three more ticks"),
        "{decided:?}"
    );
}

#[test]
fn a_result_in_a_world_that_was_said_is_played_again() {
    let folder = folder_of(&[("canary.yaml", CANARY)]);
    let run = |args: &[&str]| coalmine_in(folder.path(), args);
    let said = [
        "simulate",
        "canary.yaml",
        "--rps",
        "8",
        "--effect",
        "errors=2%",
        "-n",
        "50",
    ];
    let ran = run(&[&said[..], &["--no-fail", "--out", "json=result.json"]].concat());
    assert_eq!(ran.code, 4, "50 rollouts decide nothing: {ran:?}");
    let again = run(&["replay", "result.json"]);
    assert!(
        again.code == 0 && again.out.starts_with("same:"),
        "{again:?}"
    );
}
