//! Small cases whose answers can be counted by hand or by brute force, and the built-in ones.

use serde_json::{Value, json};

use super::super::closed_form;
use super::super::verification::{CaseResult, CaseStatus};

const SEED: u64 = 20_261_121;

pub(super) fn play(kind: &str, inputs: &Value, expected: &Value, trials: u64) -> CaseResult {
    let case = json!({ "id": kind, "kind": kind, "inputs": inputs, "expected": expected });
    closed_form::verify(kind, case, SEED, trials)
}

/// Plays a case with the right answers, which must all be found, and with answers that are wrong by
/// a third, none of which may be accepted.
#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the tests write their values in place"
)]
pub(super) fn check(kind: &str, inputs: Value, expected: Value) {
    let right = play(kind, &inputs, &expected, 30_000);
    assert_eq!(right.status, CaseStatus::Ok, "seed {SEED}: {right:#?}");
    let wrong = play(kind, &inputs, &off_by_a_third(&expected), 30_000);
    let accepted = wrong
        .quantities
        .iter()
        .filter(|one| one.status != CaseStatus::Differs);
    assert_eq!(accepted.count(), 0, "seed {SEED}: {wrong:#?}");
}

fn off_by_a_third(expected: &Value) -> Value {
    match expected {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), off_by_a_third(value)))
            .collect(),
        Value::Array(list) => list.iter().map(off_by_a_third).collect(),
        number => json!(number.as_f64().expect("an answer is a number") * 4.0 / 3.0),
    }
}

#[test]
fn equality_is_a_breach_only_for_at_least() {
    // One request of two fails with probability 1/2.
    let inputs = json!({ "n": 2, "p": 0.5, "thr": 0.5 });
    check(
        "binomial_threshold",
        inputs,
        json!({ "p_gt": 0.25, "p_ge": 0.75 }),
    );
}

#[test]
fn without_requests_there_is_no_breach() {
    // All requests fail: a breach needs only a request.
    let inputs = json!({ "lam": 0.5, "p": 1.0, "thr": 0.9 });
    check(
        "poisson_volume_threshold",
        inputs,
        json!({ "p_gt": 1.0 - (-0.5_f64).exp() }),
    );
}

#[test]
fn runs_of_one_are_single_breaches() {
    let expected = json!({ "p_trigger": 1.0 - 0.9_f64.powi(7), "mean_time": 10.0,
                           "sd_time": 90_f64.sqrt() });
    check("consecutive", json!({ "p": 0.1, "k": 1, "n": 7 }), expected);
}

/// By brute force over the 16 sequences of four evaluations.
#[test]
fn sticky_breaches_run_longer() {
    let inputs = json!({ "p01": 0.1, "p11": 0.5, "k": 2, "n": 4 });
    check(
        "sticky_consecutive",
        inputs,
        json!({ "p_trigger": 1.0 / 6.0 }),
    );
    let inputs = json!({ "p01": 0.3, "p11": 0.3, "k": 2, "n": 4 });
    check(
        "sticky_consecutive",
        inputs,
        json!({ "p_trigger": 0.216, "p_trigger_if_iid": 0.216 }),
    );
}

/// By brute force over the 64 sequences of six evaluations.
#[test]
fn breaches_are_counted_inside_of_the_window_alone() {
    let inputs = json!({ "p": 0.2, "window": 3, "r": 2, "n": 6 });
    check("m_of_n", inputs, json!({ "p_trigger": 0.246_336 }));
}

/// By brute force over three Poisson counts.
#[test]
fn neighbouring_windows_share_a_minute() {
    let inputs = json!({ "lam_per_min": 0.5, "window_min": 2, "thr_count": 2, "minutes": 3,
                         "first_eval_minute": 2 });
    let expected = json!({ "p_any_alarm": 0.131_884_220_672_513_46,
                           "p_single_eval": 0.080_301_397_071_393_67,
                           "expected_false_evals": 0.160_602_794_142_787_4,
                           "p_any_if_2_independent": 0.154_154_479_771_169_8 });
    check("overlapping_rate", inputs, expected);
}

#[test]
fn limits_are_passed_not_reached() {
    let inputs = json!({ "p": 0.2, "count": 3, "failure_limit": 0 });
    let expected = json!({ "p_fail": 0.488, "mean_measurements": 1.0 + 0.8 + 0.64 });
    check("failure_limit", inputs, expected);
    let inputs = json!({ "p": 0.5, "count": 2, "consecutive_error_limit": 1 });
    check(
        "consecutive_error_limit",
        inputs,
        json!({ "p_abort": 0.25 }),
    );
    let inputs = json!({ "p": 0.5, "r": 2, "by": 3 });
    check(
        "cumulative_failures",
        inputs,
        json!({ "mean": 4.0, "p_by_3": 0.5 }),
    );
}

/// P(n) is proportional to rho^n for n from 0 to K.
#[test]
fn a_short_queue_turns_away_what_it_should() {
    let expected = json!({ "p_block": 0.206_732_884_727_082_8, "L": 5.163_575_775_262_472 });
    check("mm1k_blocking", json!({ "rho": 1.2, "K": 8 }), expected);
    let expected = json!({ "p_loss": 0.088_819_498_655_564_24,
                           "mean_number_in_system": 1.868_332_032_266_458_5 });
    check("mm1k_blocking", json!({ "rho": 0.8, "K": 5 }), expected);
}

/// By the chain of run lengths over 120 ticks; two breaching ticks in a row, the first of which may
/// be the last of a stage.
#[test]
fn a_run_of_breaching_ticks_is_counted_across_stages() {
    let inputs = json!({ "pct": [0.01, 0.05, 0.25, 1.0], "ticks": [30, 30, 30, 30], "k": 2,
                         "requests_per_tick": 1000, "p_err": 0.05, "thr": 0.1,
                         "rollback_ticks": 1 });
    let expected = json!({ "mean_exposed_requests": 30_873.817_890_267_765,
                           "p_rollback": 0.216_125_644_213_319,
                           "mean_minutes_to_end": 98.637_016_625_786_13,
                           "per_tick_detect": [0.086_138_355_899_316_4, 0.037_776_172_989_778,
                                               0.000_379_744_559_437_38, 3.908_208_723e-11] });
    check("ramp_exposure_consecutive", inputs, expected);
}

/// By quadrature of the transition kernel, split at the limit (twice 200 nodes; 150 agree to 12
/// digits).
#[test]
fn a_rare_run_of_a_metric_with_memory_is_found_by_splitting() {
    let inputs = json!({ "phi": 0.5, "thr": 2.053_748_910_631_822_5, "k": 8, "n": 288 });
    check(
        "ar1_consecutive_rare",
        inputs,
        json!({ "p_trigger": 3.590_441_403_421_9e-5 }),
    );
}

#[test]
fn queues_are_judged_by_the_names_of_the_theory() {
    // M/M/1 with rho = 1/2: the sojourn is exponential with rate 1/2.
    let expected = json!({ "L": 1.0, "Lq": 0.5, "W": 2.0, "Wq": 1.0, "p_wait": 0.5, "rho": 0.5,
                           "p90_sojourn": 2.0 * 10_f64.ln(), "p_wait_gt_2": 0.5 * (-1_f64).exp() });
    let result = play("mm1", &json!({ "lam": 0.5, "mu": 1.0 }), &expected, 30_000);
    assert_eq!(result.status, CaseStatus::Ok, "seed {SEED}: {result:#?}");
}

#[test]
fn whole_hosts_are_exact() {
    let expected =
        json!({ "floor_hosts": [0, 2], "ceil_hosts": [1, 3], "ceil_fraction": [0.5, 0.3] });
    let inputs = json!({ "target": 0.25, "hosts": [2, 10] });
    let result = play("host_rounding_blast", &inputs, &expected, 256);
    assert_eq!(result.status, CaseStatus::Ok, "{result:#?}");
    let expected = json!({ "floor_hosts": [1, 2] });
    assert_eq!(
        play("host_rounding_blast", &inputs, &expected, 256).status,
        CaseStatus::Differs
    );
}

#[test]
fn a_queue_without_a_steady_state_is_not_judged() {
    let result = play(
        "mm1",
        &json!({ "lam": 1.0, "mu": 1.0 }),
        &json!({ "W": 1.0 }),
        1000,
    );
    assert_eq!(result.status, CaseStatus::Unknown);
    assert!(
        result
            .note
            .is_some_and(|note| note.contains("no steady state"))
    );
}

/// The short form of `coalmine verify`: every closed-form case of the built-in set.
#[test]
fn the_built_in_cases_come_out_as_their_formulas_say() {
    let text = include_str!("../builtin/closed_form.json");
    let cases: Vec<Value> = serde_json::from_str(text).expect("the built-in cases are JSON");
    assert!(cases.len() >= 20, "{} built-in cases", cases.len());
    for case in cases {
        let result = closed_form::verify("built-in", case, SEED, 10_000);
        assert_eq!(result.status, CaseStatus::Ok, "seed {SEED}: {result:#?}");
    }
}
