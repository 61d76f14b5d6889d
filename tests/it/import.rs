//! `coalmine import`, and `coalmine lint` of other people's policies: from files to answers and exit codes.

use crate::command::{Ran, coalmine_in, folder_of, json};

const ROLLOUT: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 1
  strategy:
    canary:
      canaryService: shop-canary
      steps:
      - setWeight: 10
      - pause: {duration: 10m}
      - setWieght: 50
---
apiVersion: v1
kind: Service
metadata: {name: shop-canary}
";

const CANARY: &str = "\
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: shop}
spec:
  targetRef: {kind: Deployment, name: shop}
  analysis: {interval: 1m, threshold: 5, stepWeight: 20, maxWeight: 50, metrics: [{name: request-success-rate, thresholdRange: {min: 90}}]}
";

fn run(files: &[(&str, &str)], args: &[&str]) -> Ran {
    coalmine_in(folder_of(files).path(), args)
}

#[test]
fn every_key_of_a_file_is_told_and_other_documents_are_named() {
    let ran = run(&[("a.yaml", ROLLOUT)], &["import", "a.yaml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in [
        "Argo Rollouts Rollout shop",
        "1 unsupported",
        "steps[2].setWieght (line 12)",
        "did you mean `setWeight`?",
        "spec.strategy.canary.canaryService",
        "Service (v1)",
    ] {
        assert!(ran.out.contains(part), "{part}: {ran:?}");
    }
}

#[test]
fn machines_read_path_status_and_reason_of_each_key() {
    let ran = run(
        &[("a.yaml", ROLLOUT), ("b.yml", CANARY)],
        &["import", ".", "--format", "json"],
    );
    let report = json(&ran);
    let objects = report["objects"].as_array().expect("a list");
    let kinds: Vec<_> = objects
        .iter()
        .map(|object| object["kind"].as_str())
        .collect();
    assert_eq!(kinds, [Some("Rollout"), Some("Canary")]);
    let keys = objects[0]["keys"].as_array().expect("a list");
    let of = |path: &str| {
        keys.iter()
            .find(|key| key["path"] == path)
            .expect("it is told")
    };
    assert_eq!(
        of("spec.strategy.canary.steps[0].setWeight")["status"],
        "used"
    );
    let ignored = of("spec.strategy.canary.canaryService");
    assert_eq!(ignored["status"], "ignored");
    assert!(ignored["reason"].is_string(), "{ignored}");
    assert_eq!(
        of("spec.strategy.canary.steps[2].setWieght")["status"],
        "unsupported"
    );
}

#[test]
fn what_cannot_be_read_is_located_and_the_rest_is_read_all_the_same() {
    let helm = "kind: Rollout\nspec:\n  replicas: {{ .Values.replicas }}\n";
    let ran = run(&[("a.yaml", CANARY), ("b.yaml", helm)], &["import", "."]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("Flagger Canary shop"), "{ran:?}");
    assert!(
        ran.err.contains("CM401") && ran.err.contains("b.yaml:3"),
        "{ran:?}"
    );
    let ran = run(&[("v.yaml", "a: 1\n")], &["import", "v.yaml"]);
    assert_eq!((ran.code, ran.err.contains("CM405")), (3, true), "{ran:?}");
}

#[test]
fn a_product_that_is_not_read_yet_is_recognised_with_the_nearest_template() {
    let kruise = "apiVersion: rollouts.kruise.io/v1beta1\nkind: Rollout\nmetadata: {name: k}\n";
    let ran = run(&[("k.yaml", kruise)], &["import", "k.yaml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.contains("not read yet; the nearest template is"),
        "{ran:?}"
    );
}

#[test]
fn a_file_that_rolls_nothing_out_is_named_and_points_to_import() {
    let template = "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: t}\nspec: {metrics: []}\n";
    for command in ["simulate", "run", "chaos", "mutate", "backtest"] {
        let ran = run(&[("t.yaml", template)], &[command, "t.yaml"]);
        assert_eq!(ran.code, 3, "{command}: {ran:?}");
        assert!(
            ran.err
                .contains("this is an AnalysisTemplate of Argo Rollouts named `t`"),
            "{command}: {ran:?}"
        );
        assert!(ran.err.contains("coalmine import"), "{command}: {ran:?}");
        assert!(!ran.err.contains("CM020"), "{command}: {ran:?}");
    }
}

#[test]
fn commands_that_take_no_rollout_of_another_product_say_which_do() {
    let refused = [
        ["chaos", "c.yaml", "--cases", "cases"],
        ["simulate", "c.yaml", "--rare", "false_rollback"],
    ];
    for args in refused {
        let command = args[0];
        let ran = run(&[("c.yaml", CANARY)], &args);
        assert_eq!(ran.code, 3, "{command}: {ran:?}");
        assert!(ran.err.contains("error[CM466]"), "{command}: {ran:?}");
        assert!(
            ran.err.contains("Canary shop of Flagger"),
            "{command}: {ran:?}"
        );
        assert!(
            ran.err.contains("`coalmine simulate`"),
            "{command}: {ran:?}"
        );
    }
}

#[test]
fn lint_says_what_a_foreign_policy_will_do_in_every_form() {
    let files = [("a.yaml", ROLLOUT), ("c.yaml", CANARY)];
    let ran = run(&files, &["lint", "."]);
    // A step whose only key is dropped is a step without a kind: the Rollout is refused.
    assert_eq!(ran.code, 3, "{ran:?}");
    for part in [
        "CM403",
        "CM425",
        "CM438",
        "weight 10 is 50 % here",
        "20, 40, 60",
        "a.yaml:10",
    ] {
        assert!(ran.out.contains(part), "{part}: {ran:?}");
    }
    assert_eq!(
        run(&files, &["lint", "c.yaml"]).code,
        0,
        "warnings are no errors"
    );
    let ran = run(&files, &["lint", "c.yaml", "--fail-on", "warning"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let ran = run(&files, &["lint", "c.yaml", "--format", "github"]);
    assert!(ran.out.contains("CM427"), "{ran:?}");
    let ran = run(&files, &["lint", "c.yaml", "--format", "sarif"]);
    assert_eq!(json(&ran)["runs"][0]["results"][0]["ruleId"], "CM427");
    let ran = coalmine_in(folder_of(&[]).path(), &["explain", "CM427"]);
    assert!(ran.out.contains("60"), "{ran:?}");
}
