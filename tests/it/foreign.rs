//! Policies of Argo Rollouts and Flagger, simulated as they are: from a file to the answer.

use crate::command::{Ran, coalmine_in, folder_of, json};

const TEMPLATE: &str = "\
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: success-rate}
spec:
  metrics:
  - name: success-rate
    interval: 1m
    successCondition: result[0] >= 0.99
    provider:
      prometheus:
        query: sum(rate(http_requests_total{status!~\"5.*\"}[1m])) / sum(rate(http_requests_total[1m]))
";

/// A canary of so many replicas, with a router or without, and what else it has.
fn rollout(replicas: u32, routing: &str, more: &str) -> String {
    format!(
        "\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {{name: checkout}}
spec:
  replicas: {replicas}
  strategy:
    canary:
{routing}{more}      analysis:
        templates: [{{templateName: success-rate}}]
        startingStep: 2
      steps:
      - setWeight: 20
      - pause: {{duration: 2m}}
      - pause: {{duration: 10m}}
      - setWeight: 50
      - pause: {{duration: 10m}}
"
    )
}

const ROUTED: &str = "      trafficRouting: {istio: {virtualService: {name: checkout}}}\n";

const CANARY: &str = "\
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: podinfo, namespace: test}
spec:
  targetRef: {kind: Deployment, name: podinfo}
  analysis:
    interval: 1m
    threshold: 2
    stepWeight: 20
    maxWeight: 50
    metrics:
    - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
";

fn run(files: &[(&str, &str)], args: &[&str]) -> Ran {
    coalmine_in(folder_of(files).path(), args)
}

fn both(rollout: &str) -> String {
    format!("{rollout}---\n{TEMPLATE}")
}

#[test]
fn the_report_leads_with_the_world_that_is_assumed() {
    let file = both(&rollout(5, ROUTED, ""));
    let ran = run(
        &[("rollout.yaml", &file)],
        &["simulate", "rollout.yaml", "-n", "64"],
    );
    let first = ran.out.lines().next().unwrap_or_default();
    assert!(
        first.contains("Rollout checkout of Argo Rollouts"),
        "{ran:?}"
    );
    for part in [
        "100 requests/s",
        "0.1 %",
        "5 pods",
        "fails 5 % more requests",
        "--rps",
        "share of good requests",
        "2 scenarios: 128 rollouts",
    ] {
        assert!(ran.out.contains(part), "{part}: {ran:?}");
    }
    let said = run(
        &[("rollout.yaml", &file)],
        &[
            "simulate",
            "rollout.yaml",
            "-n",
            "64",
            "--rps",
            "7",
            "--effect",
            "errors=25%",
            "--format",
            "json",
        ],
    );
    let report = json(&said);
    let lowered = &report["inputs"]["lowered"];
    let assumed = lowered["assumed"][0].as_str().expect("a sentence");
    assert!(
        assumed.contains("7 requests/s") && assumed.contains("25 % more"),
        "{assumed}"
    );
    assert_eq!(lowered["metrics"][0]["metric"], "success-rate");
}

#[test]
fn a_bad_release_is_aborted_and_a_good_one_completes() {
    let file = both(&rollout(5, ROUTED, ""));
    let args = [
        "simulate",
        "rollout.yaml",
        "-n",
        "100",
        "--rps",
        "500",
        "--format",
        "json",
    ];
    let report = json(&run(&[("rollout.yaml", &file)], &args));
    let outcome =
        |scenario: usize, word: &str| report["scenarios"][scenario]["outcomes"][word].clone();
    assert_eq!(outcome(0, "completed"), 100, "{report:#}");
    assert_eq!(outcome(1, "rolled_back"), 100, "{report:#}");
}

/// Background analysis from the first step on, with a query that covers the whole service: it has requests to divide by from
/// the start, long before the new pods have any.
#[test]
fn analysis_from_the_start_of_the_whole_service_aborts_no_good_release() {
    let file = both(&rollout(10, "", "").replace("        startingStep: 2\n", ""));
    let report = json(&run(
        &[("rollout.yaml", &file)],
        &[
            "simulate",
            "rollout.yaml",
            "-n",
            "200",
            "--scenario",
            "good",
            "--format",
            "json",
        ],
    ));
    assert_eq!(report["outcomes"]["completed"], 200, "{report:#}");
    let metric = &report["inputs"]["lowered"]["metrics"][0];
    assert_eq!(metric["population"], "fleet", "{metric}");
    // The same with the hash of the new pods: nothing was measured of them when the analysis began.
    let own = file
        .replace("[1m]", "{pod_hash=\"latest-hash\"}[1m]")
        .replace("}{", ", ");
    let ran = run(
        &[("rollout.yaml", &own)],
        &["simulate", "rollout.yaml", "-n", "1"],
    );
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    assert!(
        words
            .join(" ")
            .contains("share of good requests of the new version over"),
        "{ran:?}"
    );
    let told = run(&[("rollout.yaml", &file)], &["import", "rollout.yaml"]);
    assert!(
        told.out
            .contains("success-rate reads share of good requests of the whole service"),
        "{told:?}"
    );
}

#[test]
fn without_a_router_the_share_is_that_of_the_pods() {
    let file = both(&rollout(3, "", ""));
    let args = [
        "run",
        "rollout.yaml",
        "--scenario",
        "good",
        "--rps",
        "500",
        "--format",
        "json",
    ];
    let ran = run(&[("rollout.yaml", &file)], &args);
    let report = json(&ran);
    let notes = report["inputs"]["lowered"]["notes"].to_string();
    // A fifth of three pods is one canary beside three stable ones: a quarter.
    assert!(notes.contains("weight 20 reaches 25.0 % here"), "{notes}");
    assert_eq!(
        exposures(&report)[0],
        "25 % serve the new version",
        "{report:#}"
    );
}

/// What the history says of the exposure, in turn.
fn exposures(report: &serde_json::Value) -> Vec<String> {
    let events = report["events"].as_array().expect("events");
    let exposures = events.iter().filter(|event| event["code"] == "exposure");
    exposures
        .map(|event| event["detail"].as_str().expect("words").to_owned())
        .collect()
}

#[test]
fn a_template_is_found_in_a_file_beside() {
    let file = rollout(5, ROUTED, "");
    let files = [("rollout.yaml", &file[..]), ("templates.yaml", TEMPLATE)];
    let ran = run(&files, &["run", "rollout.yaml", "--scenario", "good"]);
    assert!(
        ran.out.contains("success-rate as share of good requests"),
        "{ran:?}"
    );
    let alone = run(&files[..1], &["run", "rollout.yaml", "--scenario", "good"]);
    assert_eq!(alone.code, 3, "{alone:?}");
    assert!(alone.err.contains("error[CM465]"), "{alone:?}");
    assert!(
        alone.err.contains("rollout.yaml:10:21"),
        "the place of the name: {alone:?}"
    );
}

#[test]
fn what_is_not_simulated_refuses_with_its_place() {
    let unknown = both(&rollout(5, ROUTED, "      canaryMetadata2: {a: b}\n"));
    let invalid = both(&rollout(5, ROUTED, "").replace("setWeight: 50", "setWeight: 500"));
    let paused =
        both(&rollout(5, ROUTED, "").replace("replicas: 5", "replicas: 5\n  paused: true"));
    let two = format!(
        "{}---\n{}",
        both(&rollout(5, ROUTED, "")),
        rollout(2, ROUTED, "")
    );
    for (file, code) in [
        (unknown, "CM462"),
        (invalid, "CM463"),
        (paused, "CM464"),
        (two, "CM461"),
    ] {
        let ran = run(&[("rollout.yaml", &file)], &["simulate", "rollout.yaml"]);
        assert_eq!(ran.code, 3, "{code}: {ran:?}");
        assert!(
            ran.err.contains(&format!("error[{code}]")),
            "{code}: {ran:?}"
        );
        assert!(ran.err.contains("rollout.yaml:"), "{code}: {ran:?}");
    }
}

#[test]
fn commands_that_cannot_take_it_say_so_and_others_do() {
    let file = both(&rollout(5, ROUTED, ""));
    let files = [("rollout.yaml", &file[..])];
    for args in [
        &["simulate", "rollout.yaml", "--rare", "false_rollback"][..],
        &["chaos", "rollout.yaml", "--cases", "cases"],
    ] {
        let command = args[0];
        let ran = run(&files, args);
        assert_eq!(ran.code, 3, "{command}: {ran:?}");
        assert!(ran.err.contains("error[CM466]"), "{command}: {ran:?}");
    }
    let compared = run(
        &files,
        &[
            "compare",
            "rollout.yaml",
            "rollout.yaml",
            "--scenario",
            "good",
            "-n",
            "32",
        ],
    );
    assert!(compared.err.is_empty(), "{compared:?}");
    let library = run(&files, &["simulate", "wedge", "--rps", "5", "-n", "1"]);
    assert_eq!(library.code, 2, "{library:?}");
    assert!(library.err.contains("--rps"), "{library:?}");
}

/// What a sloth spec pages by: an hour at 14.4 times the budget. 5 % more errors on 0.1 % reach 1.44 % of an hour after
/// (1.44 - 0.1) / 5 of it, 16.1 min; of 36 requests an hour one in a thousand fails, and the first that does fires.
#[test]
fn burn_rate_alerts_take_releases_back_when_their_windows_say_so() {
    let slo = include_str!("../../docs/alerts/slo.yaml");
    let files = [("slo.yaml", slo)];
    let played = |args: &str| {
        let args: Vec<&str> = args.split(' ').collect();
        let ran = run(&files, &args);
        ran.out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let bad = played("simulate slo.yaml --rps 100 -n 200 --scenario bad");
    assert!(bad.contains("detection 16m30s [16m30s, 16m30s]"), "{bad}");
    assert!(
        bad.contains("as triggers of a release that is assumed"),
        "{bad}"
    );
    let good = played("simulate slo.yaml --rps 0.01 -n 2000 --scenario good");
    let stopped = good
        .split("false_rollback ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    let stopped: f64 = stopped
        .and_then(|text| text.parse().ok())
        .unwrap_or(f64::NAN);
    let expect = 1.0 - f64::exp(-0.216);
    let error = (expect * (1.0 - expect) / 2000.0).sqrt();
    assert!(
        (stopped / 100.0 - expect).abs() < 4.0 * error,
        "seed 42: {stopped} %, {expect} expected"
    );
}

#[test]
fn alerts_that_no_trigger_can_say_are_named() {
    let rule = |expr: &str| {
        format!("groups:\n- name: g\n  rules:\n  - {{alert: A, for: 2m, expr: '{expr}'}}\n")
    };
    let both = rule("up == 0")
        + "  - {alert: B, expr: 'sum(rate(e_total{code=~\"5..\"}[5m])) / sum(rate(e_total[5m])) > 0.05'}\n";
    let ran = run(
        &[("rules.yaml", &both)],
        &["simulate", "rules.yaml", "-n", "8"],
    );
    assert!(ran.out.contains("alert `A` is no trigger here"), "{ran:?}");
    assert!(ran.out.contains("B as share of failed requests"), "{ran:?}");
    let none = rule("up == 0");
    let ran = run(
        &[("rules.yaml", &none)],
        &["simulate", "rules.yaml", "-n", "8"],
    );
    assert!(ran.code == 3 && ran.err.contains("CM464"), "{ran:?}");
}

/// Half of the traffic for five minutes, and nothing that looks at it: a campaign finds what no figure of the good release says.
#[test]
fn a_campaign_finds_the_stage_that_nothing_guards() {
    let file = include_str!("../../docs/argo/rollout.yaml");
    let files = [("rollout.yaml", file)];
    let args = ["chaos", "rollout.yaml", "--smoke", "--format", "json"];
    let ran = run(&files, &args);
    let report = json(&ran);
    let rows = report["invariants"].as_array().expect("rows");
    let caught = rows.iter().find(|row| row["id"] == "INV-CAUGHT");
    let caught = caught.unwrap_or_else(|| panic!("{report:#}"));
    assert_eq!(caught["verdict"], "FAIL", "{caught:#}");
    assert_eq!(report["self_check"]["differed"], 0);
    let text = run(&files, &args[..3]).out;
    assert!(text.contains("`weight-50` was left"), "{text}");
    assert!(
        !text.contains("waives:"),
        "nothing can be waived there: {text}"
    );
}

/// The file of `docs/`, of which one good release in eight is aborted, and the line that mends it.
#[test]
fn a_search_patches_the_users_own_file_and_keeps_its_comments() {
    let file = include_str!("../../docs/argo/rollout.yaml");
    let folder = folder_of(&[("rollout.yaml", file)]);
    let args = "tune rollout.yaml --rps 10 --vary failureLimit=0..3 -n 20000 --format";
    let args: Vec<&str> = args.split(' ').collect();
    let patch = coalmine_in(folder.path(), &[&args[..], &["patch"]].concat());
    let lines = patch.out.lines().skip(2);
    let changed: Vec<&str> = lines.filter(|line| line.starts_with(['+', '-'])).collect();
    assert_eq!(changed, ["+      failureLimit: 2"], "{patch:?}");
    let report = json(&coalmine_in(
        folder.path(),
        &[&args[..], &["json"]].concat(),
    ));
    // Three checks in sixteen, not one; `failureLimit: 0` is what counts anyway, and no candidate of its own.
    assert_eq!(report["recommended"]["settings"][0], "2", "{report:#}");
    assert_eq!(report["current"]["settings"][0], "not set");
    assert_eq!(report["search"]["equal"], 1);
}

#[test]
fn numbers_of_a_foreign_file_are_named_by_its_own_paths() {
    let file = both(&rollout(5, ROUTED, ""));
    let canary = CANARY.to_owned();
    let files = [
        ("rollout.yaml", &file[..]),
        ("canary.yaml", &canary),
        ("slo.yaml", include_str!("../../docs/alerts/slo.yaml")),
        (
            "rules.yaml",
            include_str!("../../docs/alerts/canary.rules.yaml"),
        ),
    ];
    let tried = |file: &str, vary: &str| {
        let args = ["tune", file, "--vary", vary, "-n", "64", "--format", "json"];
        let ran = run(&files, &args);
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_default();
        let written = report["variations"][0]["places"][0]["written"].clone();
        written.as_str().map_or(ran.err, str::to_owned)
    };
    for (file, vary, written) in [
        ("rollout.yaml", "successCondition=0.95,0.99", "0.99"),
        ("rollout.yaml", "steps.3.setWeight=40..60:2", "50"),
        ("rollout.yaml", "metrics.success-rate.interval=30s,1m", "1m"),
        ("rollout.yaml", "startingStep=1..3", "2"),
        ("rollout.yaml", "failureLimit=0..3", "not set"),
        ("canary.yaml", "threshold=1..5", "2"),
        ("canary.yaml", "request-success-rate.min=95..99:2", "99"),
        ("slo.yaml", "objective=99..99.9:2", "99.9"),
        ("rules.yaml", "for=2m,5m", "2m"),
        ("rules.yaml", "expr=0.01..0.05:3", "0.02"),
    ] {
        assert_eq!(tried(file, vary), written, "{vary}");
    }
    for (vary, code) in [
        ("failureLimit=x2", "CM074"),
        ("replicas=5..10", "CM070"),
        ("interval=1..2", "CM074"),
    ] {
        let found = tried("rollout.yaml", vary);
        assert!(found.contains(code), "{vary}: {found}");
    }
}

#[test]
fn a_canary_of_flagger_exposes_more_than_it_declares() {
    let args = [
        "simulate",
        "canary.yaml",
        "-n",
        "64",
        "--rps",
        "500",
        "--format",
        "json",
    ];
    let report = json(&run(&[("canary.yaml", CANARY)], &args));
    let notes = report["inputs"]["lowered"]["notes"].to_string();
    assert!(
        notes.contains("`maxWeight: 50` is exceeded: 60 %"),
        "{notes}"
    );
    assert_eq!(
        report["scenarios"][0]["outcomes"]["completed"], 64,
        "{report:#}"
    );
    assert_eq!(
        report["scenarios"][1]["outcomes"]["rolled_back"], 64,
        "{report:#}"
    );
    let args = [
        "run",
        "canary.yaml",
        "--scenario",
        "good",
        "--rps",
        "500",
        "--format",
        "json",
    ];
    let report = json(&run(&[("canary.yaml", CANARY)], &args));
    let weights = exposures(&report);
    let first: Vec<&str> = weights
        .iter()
        .take(3)
        .filter_map(|words| words.split(' ').next())
        .collect();
    assert_eq!(first, ["20", "40", "60"], "{weights:?}");
}
