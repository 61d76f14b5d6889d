//! Rollouts of other products, played many times, against what can be calculated of them.
//!
//! The closed forms are those of independent checks, each failing with probability p. So many rollouts are played as a
//! test can afford; `COALMINE_RUNS=1000000 cargo test --release counted` plays as many as one likes.

use sim_core::{Experiment, Outcome, Plan, Seed};

use super::{Assumed, AssumedSetting, Lowered, in_world, lower};
use crate::import;
use crate::{WorldSource, load};

const ROOT: u64 = 20_261_130;

fn runs() -> u64 {
    let said = std::env::var("COALMINE_RUNS").ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(3000)
}

#[track_caller]
pub(super) fn lowered(text: &str, assumed: &Assumed) -> Lowered {
    let file = import::read("rollout.yaml", text.as_bytes());
    lower(&[file], assumed).unwrap_or_else(|reports| panic!("{}", reports[0]))
}

#[track_caller]
pub(super) fn experiment(text: &str, assumed: &Assumed, release: &str) -> Experiment {
    let lowered = lowered(text, assumed);
    let setting = AssumedSetting::of(&lowered, assumed).expect("the assumptions make a world");
    let mut scenarios = setting.scenarios.into_iter();
    let (_, scenario) = scenarios
        .find(|(name, _)| *name == release)
        .expect("there is one");
    let WorldSource::Inline(world) = &scenario.value.world else {
        panic!("the world is in the scenario");
    };
    let policy = in_world(&lowered.policy, &world.telemetry);
    let decided = (&policy, lowered.decider);
    let experiment = load::decided_by(decided, &scenario, world);
    experiment.unwrap_or_else(|reports| panic!("{}", reports[0]))
}

/// In how many of the rollouts each outcome came.
pub(super) fn played(experiment: &Experiment, runs: u64) -> impl Fn(Outcome) -> f64 + use<> {
    let plan = Plan::new(experiment);
    let play = |replication| {
        let root = ROOT;
        plan.play(Seed { root, replication }).outcome
    };
    let outcomes: Vec<Outcome> = (0..runs).map(play).collect();
    move |wanted| {
        let hits = outcomes
            .iter()
            .filter(|outcome| **outcome == wanted)
            .count();
        hits as f64 / runs as f64
    }
}

/// Whether a share that was counted is one of probability `p`: within four standard errors.
#[track_caller]
fn counted(what: &str, share: f64, p: f64, runs: u64) {
    let error = (p * (1.0 - p) / runs as f64).sqrt();
    assert!(
        (share - p).abs() <= 4.0 * error,
        "{what}: {share} in {runs} rollouts (root {ROOT}), {p} calculated, standard error {error}"
    );
}

/// P(Bin(n, p) > k).
fn more_than(n: i32, k: i32, p: f64) -> f64 {
    let (mut term, mut sum) = ((1.0 - p).powi(n), 0.0);
    for i in 0..=k {
        sum += term;
        term *= f64::from(n - i) / f64::from(i + 1) * p / (1.0 - p);
    }
    1.0 - sum
}

fn analysed(metric: &str) -> String {
    format!(
        r"
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {{name: checkout}}
spec:
  replicas: 4
  strategy:
    canary:
      trafficRouting: {{istio: {{virtualService: {{name: checkout}}}}}}
      steps:
        - setWeight: 50
        - pause: {{duration: 2m}}
        - analysis: {{templates: [{{templateName: checks}}]}}
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {{name: checks}}
spec:
  metrics:
    - name: errors
      interval: 1m
      {metric}
"
    )
}

const JOB: &str =
    "provider: {job: {spec: {template: {spec: {containers: [{name: a, image: b}]}}}}}";

#[track_caller]
fn check_argo(limits: &str, p: f64, expect: &[(Outcome, f64)]) {
    let assumed = Assumed {
        checks_pass: 1.0 - p,
        // Nobody goes on where an analysis is inconclusive.
        answers_in: sim_core::engine::SimDuration::from_hours(10_000),
        ..Assumed::default()
    };
    let text = analysed(&format!("{limits}\n      {JOB}"));
    let share = played(&experiment(&text, &assumed, "good"), runs());
    for (outcome, p) in expect {
        counted(
            &format!("{limits}: {outcome:?}"),
            share(*outcome),
            *p,
            runs(),
        );
    }
}

#[test]
fn argo_fails_a_run_when_more_measurements_failed_than_its_limit() {
    for (count, limit, p) in [
        (10, 0, 0.01),
        (60, 3, 0.05),
        (60, 0, 0.01),
        (5, 1, 0.2),
        (3, 3, 0.5),
    ] {
        let limits = format!("count: {count}\n      failureLimit: {limit}");
        let fails = more_than(count, limit, p);
        check_argo(
            &limits,
            p,
            &[
                (Outcome::RolledBack, fails),
                (Outcome::Completed, 1.0 - fails),
            ],
        );
    }
}

/// The chain of runs of passes and failures, for S passes in a row, more than F failures, N measurements.
#[test]
fn argo_ends_a_run_with_passes_in_a_row_by_the_chain_of_its_counts() {
    let expect = [
        (Outcome::Completed, 0.9593),
        (Outcome::RolledBack, 0.0015),
        (Outcome::Paused, 0.0392),
    ];
    let limits = "count: 10\n      failureLimit: 4\n      consecutiveSuccessLimit: 4";
    check_argo(limits, 0.1, &expect);
}

/// One request in so many fails: a window of a minute with 3000 requests has none with exp(-3000 e).
#[test]
fn argo_counts_windows_of_real_traffic_as_independent_checks_where_they_do_not_overlap() {
    let p: f64 = 0.05;
    let assumed = Assumed {
        base_error: -(1.0 - p).ln() / 3000.0,
        ..Assumed::default()
    };
    let metric = "count: 10\n      failureLimit: 0\n      successCondition: result[0] < 1\n      \
                  provider: {prometheus: {query: 'sum(increase(errors_total{track=\"canary\"}[1m]))'}}";
    let share = played(&experiment(&analysed(metric), &assumed, "good"), runs());
    let fails = more_than(10, 0, p);
    counted("traffic", share(Outcome::RolledBack), fails, runs());
}

/// Base errors of 0.1 % and a limit of 99 %: with 60 requests a window one error fails a check. The number of requests is
/// Poisson here, so that the chance is a mean over it.
#[test]
fn low_traffic_fails_good_checks_as_often_as_is_calculated() {
    let (requests, e) = (60.0_f64, 0.001);
    let assumed = Assumed {
        requests_per_second: 2.0,
        base_error: e,
        ..Assumed::default()
    };
    let metric = "count: 10\n      failureLimit: 0\n      successCondition: result[0] >= 0.99\n      \
                  provider: {prometheus: {query: 'sum(rate(x{track=\"canary\",code!~\"5..\"}[1m])) / sum(rate(x{track=\"canary\"}[1m]))'}}";
    let (mut chance, mut fails) = ((-requests).exp(), 0.0);
    for n in 1..300 {
        chance *= requests / f64::from(n);
        let most = (f64::from(n) * 0.01 + 1e-9).floor() as i32;
        fails += chance * more_than(n, most, e);
    }
    assert!(
        (fails - 0.058).abs() < 0.005,
        "the case is that of the literature: {fails}"
    );
    let share = played(&experiment(&analysed(metric), &assumed, "good"), runs());
    counted(
        "low traffic",
        share(Outcome::RolledBack),
        1.0 - (1.0 - fails).powi(10),
        runs(),
    );
}

/// A query that tells no version apart counts the whole service, which had a full window of requests before the rollout
/// began: at the start too a check fails as often as is calculated, and the new version without a request fails none.
#[test]
fn a_query_of_the_whole_service_has_requests_before_the_new_version_does() {
    let (requests, e) = (60.0_f64, 0.001);
    let assumed = Assumed {
        requests_per_second: 1.0,
        base_error: e,
        ..Assumed::default()
    };
    let metric = "count: 1\n      failureLimit: 0\n      successCondition: result[0] >= 0.99\n      \
                  provider: {prometheus: {query: 'sum(rate(x{code!~\"5..\"}[1m])) / sum(rate(x[1m]))'}}";
    // The analysis is the first step: before the new version serves anybody.
    let text = analysed(metric).replace(
        "        - setWeight: 50\n        - pause: {duration: 2m}\n",
        "",
    );
    let share = played(&experiment(&text, &assumed, "good"), runs());
    let (mut chance, mut fails) = ((-requests).exp(), 0.0);
    for n in 1..300 {
        chance *= requests / f64::from(n);
        let most = (f64::from(n) * 0.01 + 1e-9).floor() as i32;
        fails += chance * more_than(n, most, e);
    }
    counted("at the start", share(Outcome::RolledBack), fails, runs());
}

/// Ten checks a minute apart from the very start, the new version at 50 % with as many errors as the old one.
#[test]
fn a_query_of_the_whole_service_counts_both_versions() {
    let p: f64 = 0.05;
    let assumed = Assumed {
        base_error: -(1.0 - p).ln() / 6000.0,
        ..Assumed::default()
    };
    let metric = "count: 10\n      failureLimit: 0\n      successCondition: result[0] < 1\n      \
                  provider: {prometheus: {query: 'sum(increase(errors_total[1m]))'}}";
    let share = played(&experiment(&analysed(metric), &assumed, "good"), runs());
    let fails = more_than(10, 0, p);
    counted("whole service", share(Outcome::RolledBack), fails, runs());
}

fn canary(analysis: &str) -> String {
    format!(
        r#"
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {{name: podinfo, namespace: test}}
spec:
  targetRef: {{apiVersion: apps/v1, kind: Deployment, name: podinfo}}
  service: {{port: 9898}}
  analysis:
    interval: 1m
    {analysis}
    webhooks:
      - {{name: check, type: rollout, url: "http://check/"}}
"#
    )
}

/// P(rollback) of n checks in a row that must pass, where the T-th failure ends it: a negative binomial.
fn negative_binomial(n: i32, threshold: i32, p: f64) -> f64 {
    let term = |s: i32| {
        let mut choose = 1.0;
        for k in 1..=s {
            choose *= f64::from(threshold - 1 + k) / f64::from(k);
        }
        choose * p.powi(threshold) * (1.0 - p).powi(s)
    };
    (0..n).map(term).sum()
}

#[track_caller]
fn check_flagger(analysis: &str, (n, threshold, p): (i32, i32, f64)) {
    let assumed = Assumed {
        checks_pass: 1.0 - p,
        ..Assumed::default()
    };
    let text = canary(&format!("threshold: {threshold}\n    {analysis}"));
    let share = played(&experiment(&text, &assumed, "good"), runs());
    let rolled_back = negative_binomial(n, threshold, p);
    counted(analysis, share(Outcome::RolledBack), rolled_back, runs());
    counted(
        analysis,
        share(Outcome::Completed),
        1.0 - rolled_back,
        runs(),
    );
}

#[test]
fn flagger_adds_up_failed_checks_and_no_success_takes_one_back() {
    // A canary is checked once at each weight that it reaches; blue/green once more than its iterations, A/B as often.
    check_flagger("stepWeight: 10\n    maxWeight: 50", (5, 2, 0.05));
    check_flagger("stepWeight: 10\n    maxWeight: 50", (5, 1, 0.01));
    check_flagger("stepWeight: 20\n    maxWeight: 50", (3, 3, 0.3));
    check_flagger("iterations: 7", (8, 2, 0.1));
    check_flagger(
        "iterations: 6\n    match: [{headers: {x: {exact: y}}}]",
        (6, 2, 0.1),
    );
}

/// A failure of a second, at one instant, as the only thing that goes wrong.
fn with_outage(mut experiment: Experiment, after: &str) -> Experiment {
    let json = serde_json::json!({
        "id": "blink", "change": {"add": {"signal": "errors", "by": 1.0}},
        "course": {"from": {"stage-entered": 0}, "after": after, "lasts": "1s"},
    });
    let text = json.to_string();
    experiment.faults = vec![serde_json::from_str(&text).expect("an effect")];
    experiment
}

/// One second of failing requests is in four windows of a minute that are looked at every fifteen seconds, and in one where
/// they are looked at every minute: it is the overlap that fails the run, not four failures.
#[test]
fn overlapping_windows_fail_as_often_as_they_see_the_same_second() {
    let assumed = Assumed {
        base_error: 0.0,
        ..Assumed::default()
    };
    let metric = |interval: &str, limit: i32| {
        let text = format!(
            "count: 20\n      failureLimit: {limit}\n      successCondition: result[0] < 0.001\n      \
             provider: {{prometheus: {{query: 'sum(rate(canary_errors[1m])) / sum(rate(canary_requests[1m]))'}}}}"
        );
        analysed(&text).replace("interval: 1m", &format!("interval: {interval}"))
    };
    for (interval, limit, expect) in [
        ("15s", 3, Outcome::RolledBack),
        ("15s", 4, Outcome::Completed),
        ("60s", 0, Outcome::RolledBack),
        ("60s", 1, Outcome::Completed),
    ] {
        let experiment = with_outage(experiment(&metric(interval, limit), &assumed, "good"), "4m");
        let share = played(&experiment, 20)(expect);
        assert!(
            (share - 1.0).abs() < 1e-12,
            "every {interval}, limit {limit}: {share}"
        );
    }
}
