//! Argo Rollouts 1.10.1 where memory misleads: each point was seen by running the engine.

use controllers::argo::args::{Argument, merge, resolve};
use controllers::argo::assess::Phase;
use controllers::argo::canary::policy::CanaryPolicy;
use controllers::argo::condition::{Answer, Condition, Conditions, Fault, Outcome, Value};
use controllers::argo::counts::approximate;
use controllers::argo::facts;
use controllers::argo::fenceposts::{Bound, Fenceposts};
use controllers::argo::form;
use controllers::argo::metric::Metric;
use controllers::argo::run::{self, AnalysisRun, AnalysisSpec, Reading};
use controllers::argo::templates::{self, Place};
use serde_json::{Value as Json, json};

fn judged(success: &str, value: &Value) -> Outcome {
    Conditions::new(success, "").judge(value).0
}

fn vector(values: &[f64]) -> Value {
    Value::vector(values)
}

fn metric(mut json: Json) -> Metric {
    json["provider"] = json!({"prometheus": {"query": "q"}});
    form::read(&json).expect("the data of the test")
}

/// The seconds of all measurements until `until`, when each answer is `values` in turn and takes `latency` milliseconds.
fn schedule(
    spec: &AnalysisSpec,
    values: &[f64],
    latency: i64,
    until: i64,
) -> (Vec<f64>, AnalysisRun) {
    let mut run = AnalysisRun::new(spec);
    let mut taken = Vec::new();
    let mut now = 1;
    while now <= until {
        let mut read = |_: usize, at: i64| {
            let value = values[taken.len().min(values.len() - 1)];
            taken.push((at / 100) as f64 / 10.0);
            Reading {
                answer: run::Answer::Value(vector(&[value])),
                latency,
            }
        };
        match run.wake(now, &mut read).next {
            Some(next) => now = next,
            None => break,
        }
    }
    (taken, run)
}

fn spec(metrics: &[Json]) -> AnalysisSpec {
    AnalysisSpec {
        metrics: metrics.iter().cloned().map(metric).collect(),
        ..AnalysisSpec::default()
    }
}

#[test]
fn a_failure_limit_of_minus_one_or_above_the_count_is_an_error_before_any_measurement() {
    for limits in [
        json!({"failureLimit": -1}),
        json!({"count": 3, "failureLimit": 4}),
    ] {
        let mut one = json!({"name": "m", "interval": "1m"});
        one.as_object_mut()
            .expect("the data of the test")
            .extend(limits.as_object().expect("the data of the test").clone());
        let (taken, run) = schedule(&spec(&[one]), &[0.0], 0, 600_000);
        assert_eq!((taken, run.phase()), (vec![], Phase::Error));
        assert!(
            run.message()
                .starts_with("Analysis spec invalid: metrics[0]: "),
            "{}",
            run.message()
        );
    }
}

#[test]
fn a_failure_limit_that_equals_the_count_cannot_fail() {
    let one = json!({"name": "m", "interval": "1m", "count": 3, "failureLimit": 3, "successCondition": "result[0] < 0"});
    let (taken, run) = schedule(&spec(&[one]), &[1.0], 0, 600_000);
    assert_eq!((taken.len(), run.phase()), (3, Phase::Successful));
}

#[test]
fn the_mean_and_the_median_of_nothing_pass_where_other_aggregates_are_errors() {
    let nothing = vector(&[]);
    for passes in [
        "mean(result) < 0.05",
        "median(result) < 0.05",
        "all(result, {# < 0.05})",
        "none(result, {# > 0.05})",
    ] {
        assert_eq!(judged(passes, &nothing), Outcome::Successful, "{passes}");
    }
    for errs in [
        "max(result) < 0.05",
        "min(result) < 0.05",
        "result[0] < 0.05",
    ] {
        assert_eq!(judged(errs, &nothing), Outcome::Error, "{errs}");
    }
    assert_eq!(
        judged("sum(result) / len(result) < 0.05", &nothing),
        Outcome::Failed
    );
}

#[test]
fn a_default_does_not_help_an_empty_answer() {
    let nothing = vector(&[]);
    for errs in [
        "default(result, 0) < 0.05",
        "default(result[0], 0) < 0.05",
        "(result[0] ?? 0) < 0.05",
    ] {
        assert_eq!(judged(errs, &nothing), Outcome::Error, "{errs}");
    }
    assert_eq!(judged("isNil(result)", &nothing), Outcome::Failed);
    assert_eq!(
        judged("default(result, 0) < 0.05", &Value::Nil),
        Outcome::Successful
    );
}

#[test]
fn the_maximum_with_a_nan_depends_on_the_order_of_the_series() {
    assert_eq!(
        judged("max(result) < 0.5", &vector(&[0.1, f64::NAN])),
        Outcome::Successful
    );
    assert_eq!(
        judged("max(result) < 0.5", &vector(&[f64::NAN, 0.1])),
        Outcome::Failed
    );
}

#[test]
fn one_empty_answer_has_four_outcomes_by_how_the_condition_is_written() {
    let nan = vector(&[f64::NAN]);
    let of = |success, failure| Conditions::new(success, failure).judge(&nan).0;
    assert_eq!(of("result[0] < 0.05", ""), Outcome::Failed);
    assert_eq!(of("", "result[0] > 0.05"), Outcome::Successful);
    assert_eq!(
        of("result[0] < 0.05", "result[0] > 0.05"),
        Outcome::Inconclusive
    );
    assert_eq!(judged("result[0] < 0.05", &vector(&[])), Outcome::Error);
}

#[test]
fn the_last_sample_and_chained_comparisons_work() {
    assert_eq!(
        judged("result[-1] == 3", &vector(&[1.0, 2.0, 3.0])),
        Outcome::Successful
    );
    assert_eq!(
        judged("0 < result[0] < 1", &vector(&[0.5])),
        Outcome::Successful
    );
    assert_eq!(
        judged("0 < result[0] < 1", &vector(&[2.0])),
        Outcome::Failed
    );
    assert_eq!(
        judged("result[0] in [1, 2]", &vector(&[1.0])),
        Outcome::Successful
    );
    assert_eq!(
        judged("result[0] in 0..5", &vector(&[2.5])),
        Outcome::Failed
    );
    assert_eq!(
        judged("asInt(result[0]) == 0", &vector(&[f64::NAN])),
        Outcome::Failed
    );
    assert_eq!(
        judged("result[0] % 2 == 0", &vector(&[2.0])),
        Outcome::Error
    );
}

#[test]
fn the_order_of_an_or_decides_whether_an_empty_answer_is_an_error() {
    assert_eq!(
        judged("len(result) == 0 || result[0] < 0.05", &vector(&[])),
        Outcome::Successful
    );
    assert_eq!(
        judged("result[0] < 0.05 || len(result) == 0", &vector(&[])),
        Outcome::Error
    );
}

#[test]
fn a_condition_with_an_unknown_name_is_found_before_it_runs_with_its_column() {
    let wrong = Condition::new("results[0] < 0.05")
        .check(&[Answer::Vector])
        .unwrap_err();
    assert_eq!(
        (wrong.kind, wrong.column, wrong.message.as_str()),
        (Fault::Type, 1, "unknown name results")
    );
    let wrong = Condition::new("result[0] < args.max-error-rate")
        .check(&[Answer::Vector])
        .unwrap_err();
    assert_eq!(
        (wrong.kind, wrong.column, wrong.message.as_str()),
        (Fault::Type, 13, "unknown name args")
    );
    let wrong = Condition::new("result[0] <").check(&[]).unwrap_err();
    assert_eq!(
        (wrong.kind, wrong.message.as_str()),
        (Fault::Syntax, "unexpected token EOF")
    );
    let wrong = Condition::new("result < 0.05")
        .check(&[Answer::Vector])
        .unwrap_err();
    assert_eq!((wrong.kind, wrong.column), (Fault::Type, 8));
    let wrong = Condition::new("result[0]")
        .check(&[Answer::Vector])
        .unwrap_err();
    assert_eq!(wrong.message, "expected bool, but got float64");
    assert!(
        Condition::new("result < 0.05")
            .check(&[Answer::Number])
            .is_ok()
    );
    assert!(
        Condition::new("result.a.b < 0.05")
            .check(&[Answer::Object])
            .is_ok()
    );
    let wrong = Condition::new("now() > 1").check(&[]).unwrap_err();
    assert_eq!(wrong.kind, Fault::Unsupported);
}

#[test]
fn a_dry_run_name_matches_anywhere_in_the_name_of_a_metric() {
    let fails = |name: &str| json!({"name": name, "successCondition": "result[0] < 0"});
    let mut both = spec(&[fails("errors"), fails("errors-payment")]);
    both.dry_run = vec!["errors".into()];
    let (_, run) = schedule(&both, &[1.0], 0, 600_000);
    assert_eq!(run.phase(), Phase::Successful);
    both.dry_run = vec!["^errors$".into()];
    assert_eq!(schedule(&both, &[1.0], 0, 600_000).1.phase(), Phase::Failed);
    for finds_nothing in ["latency", "*"] {
        both.dry_run = vec![finds_nothing.into()];
        let (taken, run) = schedule(&both, &[1.0], 0, 600_000);
        assert_eq!(
            (taken.len(), run.phase()),
            (0, Phase::Error),
            "{finds_nothing}"
        );
    }
}

#[test]
fn a_latency_below_a_second_never_shifts_the_schedule() {
    let one = json!({"name": "m", "interval": "30s", "initialDelay": "1m"});
    let taken = |latency| schedule(&spec(std::slice::from_ref(&one)), &[1.0], latency, 200_000).0;
    assert_eq!(taken(0), [60.0, 90.0, 120.0, 150.0, 180.0]);
    assert_eq!(taken(900), [60.0, 90.0, 120.0, 150.0, 180.0]);
    assert_eq!(taken(2_000), [60.0, 92.0, 124.0, 156.0, 188.0]);
}

#[test]
fn exactly_at_its_initial_delay_a_metric_is_measured() {
    let delayed = spec(&[json!({"name": "m", "initialDelay": "1m"})]);
    let mut run = AnalysisRun::new(&delayed);
    let mut asked = 0;
    for now in [0, 59_999, 60_000] {
        let mut read = |_: usize, _: i64| {
            asked += 1;
            Reading {
                answer: run::Answer::Value(vector(&[1.0])),
                latency: 0,
            }
        };
        run.wake(now, &mut read);
    }
    assert_eq!((asked, run.phase()), (1, Phase::Successful));
}

#[test]
fn an_error_is_measured_again_after_ten_seconds_whatever_the_interval_and_the_fifth_ends_the_run() {
    for interval in ["5m", "5s"] {
        let one = json!({"name": "m", "interval": interval, "failureLimit": 3, "successCondition": "result[3] < 1"});
        let (taken, run) = schedule(&spec(&[one]), &[1.0], 0, 600_000);
        assert_eq!(
            (taken, run.phase()),
            (vec![0.0, 10.0, 20.0, 30.0, 40.0], Phase::Error),
            "{interval}"
        );
    }
}

#[test]
fn a_count_from_an_argument_is_a_number_only_once_the_argument_is_there() {
    let template = metric(
        json!({"name": "m", "interval": "1m", "count": "{{args.count}}", "successCondition": "result[0] < {{ args.limit }}"}),
    );
    let argument = |name: &str, value: &str| Argument {
        name: name.into(),
        value: Some(value.into()),
        ..Argument::default()
    };
    let resolved = resolve(
        &template,
        &[argument("count", "5"), argument("limit", "0.05")],
    )
    .expect("the data of the test");
    assert_eq!(resolved.limits().count, Some(5));
    assert_eq!(resolved.success_condition, "result[0] < 0.05");
    // What the validation of a Rollout puts there for an inline analysis runs for ever, so that it is refused.
    let placeholder = resolve(
        &template,
        &[
            argument("count", "dummy-value"),
            argument("limit", "dummy-value"),
        ],
    )
    .expect("the data of the test");
    assert!(placeholder.endless());
    assert_eq!(
        resolve(&template, &[]).unwrap_err(),
        "failed to resolve {{ args.limit }}"
    );
    let open = Argument {
        name: "limit".into(),
        ..Argument::default()
    };
    assert_eq!(
        merge(std::slice::from_ref(&open), &[]).unwrap_err(),
        "args.limit was not resolved"
    );
    assert_eq!(
        merge(&[open], &[argument("limit", "1")]).expect("the data of the test"),
        [argument("limit", "1")]
    );
}

#[test]
fn an_undeclared_argument_refuses_an_inline_analysis_and_makes_every_run_of_a_background_one_an_error()
 {
    let json = json!({"metrics": [{"name": "m", "interval": "1m", "count": 3, "successCondition": "result[0] < {{args.limit}}"}]});
    let mut undeclared: form::AnalysisTemplateSpec =
        form::read(&json).expect("the data of the test");
    let with_args: form::RolloutAnalysis =
        form::read(&json!({"templates": [{"templateName": "t"}], "args": [{"name": "limit", "value": "0.05"}]})).expect("the data of the test");
    let given = templates::passed(&with_args, &Json::Null);
    let words = "AnalysisTemplate t: failed to resolve {{args.limit}}";
    assert_eq!(
        templates::refused(Place::Inline, ("t", &undeclared), &with_args).unwrap_err(),
        words
    );
    assert_eq!(
        templates::refused(Place::Background, ("t", &undeclared), &with_args),
        Ok(())
    );
    undeclared.metrics[0].provider = json!({"prometheus": {}});
    let lost = templates::analysis(&[&undeclared], &given, &[]).expect("the data of the test");
    let (taken, run) = schedule(&lost, &[0.0], 0, 600_000);
    assert_eq!((taken.len(), run.phase()), (0, Phase::Error));
    assert_eq!(
        run.message(),
        "Unable to resolve metric arguments: failed to resolve {{args.limit}}"
    );

    let mut declared = undeclared.clone();
    declared.args = vec![Argument {
        name: "limit".into(),
        ..Argument::default()
    }];
    let without: form::RolloutAnalysis =
        form::read(&json!({"templates": [{"templateName": "t"}]})).expect("the data of the test");
    assert!(templates::refused(Place::Background, ("t", &declared), &without).is_err());
    assert!(templates::analysis(&[&declared], &[], &[]).is_err());
    assert_eq!(
        templates::refused(Place::Background, ("t", &declared), &with_args),
        Ok(())
    );
    assert_eq!(
        templates::refused(Place::Inline, ("t", &declared), &with_args),
        Ok(())
    );
    let found = templates::analysis(&[&declared], &given, &[]).expect("the data of the test");
    assert_eq!(
        schedule(&found, &[0.0], 0, 600_000).1.phase(),
        Phase::Successful
    );
}

#[test]
fn a_count_from_an_argument_refuses_an_inline_analysis_unless_the_template_has_a_default() {
    let json = json!({"args": [{"name": "count"}],
        "metrics": [{"name": "m", "interval": "1m", "count": "{{args.count}}", "successCondition": "result[0] < 1"}]});
    let mut template: form::AnalysisTemplateSpec = form::read(&json).expect("the data of the test");
    let analysis: form::RolloutAnalysis =
        form::read(&json!({"args": [{"name": "count", "value": 3}]}))
            .expect("the data of the test");
    let why = templates::refused(Place::Inline, ("t", &template), &analysis).unwrap_err();
    assert!(
        why.contains("runs indefinitely. Invalid value for count: \"dummy-value\""),
        "{why}"
    );
    assert_eq!(
        templates::refused(Place::Background, ("t", &template), &analysis),
        Ok(())
    );
    template.args[0].value = Some("5".into());
    assert_eq!(
        templates::refused(Place::Inline, ("t", &template), &analysis),
        Ok(())
    );
}

#[test]
fn the_last_limit_that_is_passed_names_the_phase() {
    let one = json!({"name": "m", "interval": "1m", "consecutiveErrorLimit": 0, "failureLimit": 0,
        "successCondition": "result[0] < 1", "failureCondition": "result[0] > 2"});
    let phase = |value: f64| {
        schedule(&spec(std::slice::from_ref(&one)), &[value], 0, 600_000)
            .1
            .phase()
    };
    assert_eq!(
        (phase(0.0), phase(1.5), phase(3.0)),
        (Phase::Running, Phase::Inconclusive, Phase::Failed)
    );
}

#[test]
fn a_streak_of_passes_ends_a_metric_and_a_count_without_it_is_inconclusive_or_failed() {
    let one = |limit: i64| {
        json!({"name": "m", "interval": "1m", "count": 6, "failureLimit": limit,
        "consecutiveSuccessLimit": 3, "successCondition": "result[0] < 1"})
    };
    let of = |limit, values: &[f64]| {
        let (taken, run) = schedule(&spec(&[one(limit)]), values, 0, 900_000);
        (taken.len(), run.phase())
    };
    let streak_late = [2.0, 0.0, 2.0, 0.0, 0.0, 0.0];
    assert_eq!(of(-1, &streak_late), (6, Phase::Successful));
    assert_eq!(of(0, &streak_late), (1, Phase::Failed));
    let no_streak = [2.0, 0.0, 2.0, 0.0, 2.0, 0.0];
    assert_eq!(of(-1, &no_streak), (6, Phase::Failed));
    assert_eq!(of(3, &no_streak), (6, Phase::Inconclusive));
}

#[test]
fn ten_replicas_at_weight_one_are_one_and_ten() {
    let counts = |replicas, weight| {
        let counts = approximate(replicas, weight, 100, 3);
        (counts.canary, counts.stable)
    };
    assert_eq!(counts(10, 1), (1, 10));
    assert_eq!(counts(10, 10), (1, 9));
    assert_eq!(counts(3, 5), (1, 3));
    assert_eq!(counts(1, 10), (1, 1));
    let both_zero = Fenceposts::resolve(Some(Bound::Percent(0)), Some(Bound::Percent(0)), 10);
    assert_eq!((both_zero.surge, both_zero.unavailable), (0, 1));
}

#[test]
fn what_decides_without_data_is_known_before_anything_runs() {
    let outcomes = |json: Json| facts::without_data(&metric(json)).map(|w| (w.nothing, w.nan));
    let guarded = json!({"name": "m", "successCondition": "len(result) == 0 || isNaN(result[0]) || result[0] < 0.05"});
    assert_eq!(
        outcomes(guarded),
        Some((Outcome::Successful, Outcome::Successful))
    );
    let bare = json!({"name": "m", "successCondition": "result[0] < 0.05"});
    assert_eq!(outcomes(bare), Some((Outcome::Error, Outcome::Failed)));
    assert!(facts::order_matters(&metric(
        json!({"name": "m", "successCondition": "max(result) < 0.05"})
    )));
    assert!(!facts::order_matters(&metric(
        json!({"name": "m", "successCondition": "result[0] == 1 or true"})
    )));
}

#[test]
fn a_metric_tells_how_long_it_guards_and_which_outage_ends_it() {
    let finite = metric(
        json!({"name": "m", "interval": "1m", "count": 5, "initialDelay": "30s", "failureLimit": 5}),
    );
    assert_eq!(facts::guards_for(&finite), Some(270_000));
    assert_eq!(facts::fatal_outage(&finite), 40_000);
    assert!(facts::cannot_fail(&finite));
    let above = metric(json!({"name": "m", "interval": "1m", "count": 5, "failureLimit": 6}));
    assert!(!facts::cannot_fail(&above) && above.validate().is_err());
    let endless = metric(json!({"name": "m", "interval": "1m"}));
    assert_eq!(
        (
            facts::guards_for(&endless),
            facts::one_failure_ends(&endless)
        ),
        (None, true)
    );
    assert_eq!(
        facts::dry_by_accident("errors", &["errors", "errors-payment", "latency"]),
        ["errors-payment"]
    );
    let wrong = facts::never_evaluates(&metric(
        json!({"name": "m", "successCondition": "results[0] < 1"}),
    ));
    assert_eq!((wrong.len(), wrong[0].1.column), (1, 1));
}

#[test]
fn a_weight_comes_to_rest_at_the_share_of_the_pods_that_carry_it() {
    let rest = |replicas: i32, weight: i32| {
        let spec = json!({"replicas": replicas, "strategy": {"canary": {"steps": [{"setWeight": weight}]}}});
        let policy =
            CanaryPolicy::new(&form::read(&spec).expect("the data of the test")).expect("a canary");
        let (counts, share) = facts::at_rest(&policy, weight);
        (
            counts.canary,
            counts.stable,
            (share * 1000.0).round() / 10.0,
        )
    };
    assert_eq!(rest(10, 1), (1, 10, 9.1));
    assert_eq!(rest(3, 5), (1, 3, 25.0));
    assert_eq!(rest(1, 10), (1, 1, 50.0));
    assert_eq!(rest(10, 30), (3, 7, 30.0));
}
