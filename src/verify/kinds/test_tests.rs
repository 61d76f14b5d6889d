//! Small cases of groups D and I whose answers follow by hand.

use serde_json::json;

use super::super::verification::CaseStatus;
use super::tests::{check, play};

/// Failures and successes weigh ln 9 either way, and both boundaries lie at ln 9: the first request
/// decides, without overshoot.
#[test]
fn a_test_that_one_request_decides() {
    let inputs = json!({ "p0": 0.1, "p1": 0.9, "alpha": 0.1, "beta": 0.1, "p": 0.3 });
    let expected = json!({ "p_reject": 0.3, "mean_n": 1.0, "wald_p_reject": 0.3, "wald_asn": 1.0 });
    check("sprt", inputs, expected);
}

/// With a limit of one failure the run is geometric; with two, of which a success takes one away, it
/// is (1 + p) / p^2.
#[test]
fn sums_of_outcomes_run_as_small_chains_do() {
    let expected = json!({ "arl0": 10.0, "arl1": 4.0 });
    let inputs = json!({ "up": 1, "down": 1, "h": 1, "p0": 0.1, "p1": 0.25 });
    check("cusum_bernoulli", inputs, expected);
    let expected = json!({ "arl0": 20.0, "arl1": 6.0 });
    let inputs = json!({ "up": 1, "down": 1, "h": 2, "p0": 0.25, "p1": 0.5 });
    check("cusum_bernoulli", inputs, expected);
}

/// Lucas and Crosier (Technometrics 24, 1982, table 1) and Crowder (Technometrics 29, 1987) print
/// two decimals; these have six.
#[test]
fn charts_run_as_long_played_as_by_their_equations() {
    let inputs = json!({ "k": 0.5, "h": 3.0 });
    let expected = json!({ "arl0": 117.595_617_41, "arl_shift_1": 6.403_908_65 });
    let result = play("cusum_arl", &inputs, &expected, 30_000);
    let names: Vec<_> = result.quantities.iter().map(|one| &*one.name).collect();
    assert_eq!(
        names,
        ["arl0", "arl0, played", "arl_shift_1", "arl_shift_1, played"]
    );
    for one in &result.quantities {
        let off = one.simulated.expect("a number") / one.expected - 1.0;
        let allowed = if one.z.is_some() { 0.05 } else { 1e-6 };
        assert!(off.abs() < allowed, "{one:?}");
    }
}

#[test]
fn a_single_look_is_a_single_test() {
    let expected = json!({ "p_any_reject": 0.1, "by_look": [0.1] });
    let inputs = json!({ "K": 1, "z": 1.644_853_626_951_472_2 });
    check("peeking", inputs, expected);
    let expected =
        json!({ "pocock_z": 1.959_963_984_540_054, "obf_final_z": 1.959_963_984_540_054 });
    check(
        "group_sequential_boundary",
        json!({ "K": 1, "alpha": 0.05 }),
        expected,
    );
    // At the first observation x the ratio reaches 2 where x^2 >= 4 ln 2 + 2 ln 2.
    let expected = json!({ "p_reject_by_1": 0.041_413_7 });
    let inputs = json!({ "alpha": 0.5, "tau2": 1.0, "sigma2": 1.0, "n_max": 1 });
    check("msprt_crossing", inputs, expected);
    let expected = json!({ "Lambda": 0.5, "p_always_valid": 1.0 });
    check(
        "msprt_value",
        json!({ "n": 3, "sum": 0.0, "tau2": 1.0, "sigma2": 1.0 }),
        expected,
    );
}

#[test]
fn windows_fill_and_empty_at_the_rate_of_the_errors() {
    let inputs = json!({ "slo": 0.5, "burn": 1.0, "long_s": 86_400.0, "short_s": 864.0,
                         "error_rates": [1.0, 0.8] });
    let expected = json!({ "detect_s": [43_200.0, 54_000.0], "reset_s": [432.0, 324.0],
                           "budget_fraction_at_detect": 1.0 / 30.0 });
    check("burn_rate", inputs, expected);
    let inputs = json!({ "n_short": 1, "n_rest": 1, "p": 0.5, "thr": 0.4 });
    let expected = json!({ "p_both": 0.5, "p_short_only": 0.5, "p_long_only": 0.75 });
    check("two_window_alert", inputs, expected);
}

#[test]
fn quantiles_lie_where_the_buckets_and_the_ranks_put_them() {
    let inputs = json!({ "median": 1.0, "sigma": 1.0, "buckets": [1.0, 2.0] });
    let expected = json!({ "true_p50": 1.0, "hist_p25": 0.5, "hist_p999": 2.0 });
    check("histogram_quantile", inputs, expected);
    let inputs = json!({ "n": 1, "q": 0.5, "median": 3.0, "sigma": 1.0, "thr": 3.0 });
    check(
        "sample_quantile_breach",
        inputs,
        json!({ "p_breach": 0.5, "true_p50": 3.0 }),
    );
}

/// One request each: z is the square root of 2 when the canary's alone fails, and 0 or less otherwise.
#[test]
fn two_proportions_of_one_request_each() {
    let inputs = json!({ "n": [1, 1], "p0": 0.25, "p1": 0.5, "z": 1.0 });
    let expected = json!({ "power": 0.375, "size": 0.1875, "size_unbalanced_1_1": 0.1875 });
    check("z_test_size", inputs, expected);
}

#[test]
fn intervals_of_one_run_are_powers() {
    let inputs = json!({ "x": 0, "n": 1, "level": 0.9 });
    let expected = json!({ "zero_upper_cp_two_sided": 0.95, "zero_upper_rule_of_three": 0.9 });
    check("binomial_interval", inputs, expected);
    let result = play(
        "binomial_interval",
        &json!({ "x": 1, "n": 1, "level": 0.9 }),
        &json!({ "clopper_pearson": [0.05, 1.0] }),
        256,
    );
    assert_eq!(result.status, CaseStatus::Ok, "{result:#?}");
}

/// Of the six orders of two and two values one puts both of the first sample on top.
#[test]
fn ranks_of_two_and_two_values() {
    let inputs = json!({ "n": 2, "m": 2, "alpha": 0.2, "delta": 0.0 });
    check(
        "mann_whitney_power",
        inputs,
        json!({ "u_crit": 4, "size": 1.0 / 6.0, "cles": 0.5 }),
    );
}

#[test]
fn what_cannot_be_played_says_why_instead_of_running_for_ever() {
    let check = |kind, inputs, why: &str| {
        let result = play(kind, &inputs, &json!({ "arl0": 1.0 }), 1_000);
        let note = result.note.unwrap_or_default();
        assert_eq!(result.status, CaseStatus::Unknown);
        assert!(note.contains(why), "{kind}: {note}");
    };
    check(
        "cusum_arl",
        json!({ "k": 0.5, "h": 20.0 }),
        "does not converge",
    );
    check(
        "sprt",
        json!({ "p0": 0.2, "p1": 0.1, "alpha": 0.1, "beta": 0.1, "p": 0.3 }),
        "nothing to test",
    );
    check(
        "sprt",
        json!({ "p0": 0.1, "p1": 0.2, "alpha": 0.1, "beta": 0.1, "p": 0.3, "upper": 1.0 }),
        "`upper`",
    );
    check(
        "cusum_bernoulli",
        json!({ "up": 1, "down": 50, "h": 5, "p0": 1e-4, "p1": 0.5 }),
        "too long",
    );
    check(
        "peeking",
        json!({ "K": 1_000, "z": 2.0 }),
        "more interim analyses",
    );
    check(
        "binomial_interval",
        json!({ "x": 5, "n": 4, "level": 0.9 }),
        "more than",
    );
    check(
        "histogram_quantile",
        json!({ "median": 1.0, "sigma": 1.0, "buckets": [2.0, 1.0] }),
        "rise",
    );
}
