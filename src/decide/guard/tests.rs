//! The guard as the script decides and as the document would, side by side.

use super::{GuardOptions, Profile, decide, reference_exit_code};
use crate::decide::GateStatus;

const SUMMARY: &str = r#"{"metrics": {"http_req_duration": {"p(95)": P95, "p(99)": P99},
    "http_reqs": {"count": 707}}}"#;
const RATES: &str = r#"{"rates": {"bvr": BVR, "ser": SER}, "finalize_total_delta": RUNS,
    "thresholds": {"bvr": LIMIT, "ser": 0.005}}"#;

/// Healthy input with some of its numbers replaced: `P95=NaN`.
fn input(changes: &[(&str, &str)]) -> (String, String) {
    let healthy = [
        ("P95", "300"),
        ("P99", "450"),
        ("BVR", "0.001"),
        ("SER", "0.001"),
        ("RUNS", "700"),
        ("LIMIT", "0.005"),
    ];
    healthy.iter().fold(
        (SUMMARY.to_owned(), RATES.to_owned()),
        |(summary, rates), (name, value)| {
            let value = changes
                .iter()
                .find(|(changed, _)| changed == name)
                .map_or(*value, |(_, value)| value);
            (summary.replace(name, value), rates.replace(name, value))
        },
    )
}

/// Everything that the document wants measured.
fn measured() -> GuardOptions {
    GuardOptions {
        source_unavailable_rate: Some(0.0),
        error_rate: Some(0.0),
        ..GuardOptions::default()
    }
}

/// Decides by both profiles; the strict one must name `flaws` as what the script lets pass.
#[track_caller]
fn check(
    changes: &[(&str, &str)],
    options: &GuardOptions,
    script: GateStatus,
    strict: GateStatus,
    flaws: &[&str],
) {
    let (summary, rates) = input(changes);
    let say = |profile| decide(profile, Some(&summary), Some(&rates), options);
    for profile in [Profile::AsImplemented, Profile::Later4Step] {
        let said = say(profile).expect("the script takes the input");
        assert_eq!(
            (said.status, said.report.findings),
            (script, None),
            "{changes:?}"
        );
    }
    let said = say(Profile::AsWritten).expect("the strict reader takes the input");
    let findings = said
        .report
        .findings
        .expect("the strict reader has findings");
    let open = findings
        .fails_open_in_reference
        .iter()
        .map(|flaw| format!("{} {}", flaw.gate, flaw.flaw));
    assert_eq!(open.collect::<Vec<_>>(), flaws, "{changes:?}");
    assert_eq!(said.status, strict, "{changes:?}");
}

/// Acceptance row 17: NaN, counter reset and no finalized run, as the reference takes them and failing
/// closed.
#[test]
fn data_faults_pass_the_script_and_not_the_strict_reading() {
    use GateStatus::{Healthy, Undecided};
    let all = measured();
    check(&[], &all, Healthy, Healthy, &[]);
    check(
        &[("P95", "NaN")],
        &all,
        Healthy,
        Undecided,
        &["latency_p95 nan"],
    );
    check(
        &[("P99", "NaN")],
        &all,
        Healthy,
        Undecided,
        &["latency_p99 nan"],
    );
    check(
        &[("BVR", "NaN")],
        &all,
        Healthy,
        Undecided,
        &["budget_violation_rate nan"],
    );
    check(
        &[("SER", "NaN")],
        &all,
        Healthy,
        Undecided,
        &["staleness_error_rate nan"],
    );
    check(
        &[("LIMIT", "NaN")],
        &all,
        Healthy,
        Undecided,
        &["budget_violation_rate limit-not-finite"],
    );
    check(
        &[("LIMIT", "Infinity")],
        &all,
        Healthy,
        Undecided,
        &["budget_violation_rate limit-not-finite"],
    );
    check(
        &[("BVR", "-0.2")],
        &all,
        Healthy,
        Undecided,
        &["budget_violation_rate negative"],
    );
    check(
        &[("P99", "10")],
        &all,
        Healthy,
        Undecided,
        &["latency_p99 inconsistent"],
    );
    let no_runs = [
        "budget_violation_rate zero-denominator",
        "staleness_error_rate zero-denominator",
    ];
    check(&[("RUNS", "0")], &all, Healthy, Undecided, &no_runs);
    check(
        &[("RUNS", "20")],
        &all,
        Healthy,
        Undecided,
        &["budget_violation_rate too-few"],
    );
    let nan = GuardOptions {
        source_unavailable_rate: Some(f64::NAN),
        ..measured()
    };
    check(
        &[],
        &nan,
        Healthy,
        Undecided,
        &["source_unavailable_rate nan"],
    );
    let unmeasured = ["source_unavailable_rate missing", "error_rate missing"];
    check(
        &[],
        &GuardOptions::default(),
        Healthy,
        Undecided,
        &unmeasured,
    );
}

#[test]
fn what_the_script_stops_the_strict_reading_stops_as_well() {
    use GateStatus::Unhealthy;
    let all = measured();
    check(
        &[("P95", "Infinity"), ("P99", "Infinity")],
        &all,
        Unhealthy,
        Unhealthy,
        &[],
    );
    check(&[("BVR", "0.0051")], &all, Unhealthy, Unhealthy, &[]);
    check(&[("SER", "0.0051")], &all, Unhealthy, Unhealthy, &[]);
    check(
        &[("BVR", "0.0051"), ("SER", "NaN")],
        &all,
        Unhealthy,
        Unhealthy,
        &["staleness_error_rate nan"],
    );
}

#[test]
fn a_measured_baseline_moves_the_limit_of_the_document() {
    let (summary, rates) = input(&[("BVR", "0.008")]);
    let with = |baseline_bvr| GuardOptions {
        baseline_bvr,
        ..measured()
    };
    let say = |options: &GuardOptions| {
        let said = decide(Profile::AsWritten, Some(&summary), Some(&rates), options);
        said.expect("the strict reader takes the input")
    };
    assert_eq!(say(&with(None)).status, GateStatus::Unhealthy);
    assert_eq!(say(&with(Some(0.004))).status, GateStatus::Healthy);
    let triggers = say(&with(Some(0.002))).report.triggers;
    assert_eq!(
        triggers[0].message,
        "BVR 0.008000 exceeds threshold 0.007000"
    );
}

#[test]
fn files_that_say_nothing_are_refused_by_every_profile() {
    let (summary, rates) = input(&[]);
    let without_p99 = r#"{"metrics": {"http_req_duration": {"p(95)": 300}}}"#;
    for profile in [
        Profile::AsWritten,
        Profile::AsImplemented,
        Profile::Later4Step,
    ] {
        let refused = |summary: Option<&str>, rates: Option<&str>| {
            assert_eq!(reference_exit_code(profile, summary, rates, &measured()), 1);
            decide(profile, summary, rates, &measured())
                .expect_err("nothing to decide on")
                .to_string()
        };
        assert!(refused(None, Some(&rates)).contains("does not exist"));
        assert!(refused(Some("{"), Some(&rates)).contains("is not JSON"));
        assert!(refused(Some(&summary), Some("{}")).contains("rates.bvr"));
        assert!(refused(Some(without_p99), Some(&rates)).contains("--summary-trend-stats"));
    }
}

#[test]
fn a_boolean_is_a_number_for_the_script_alone() {
    let (summary, rates) = input(&[("BVR", "false")]);
    let say = |profile| decide(profile, Some(&summary), Some(&rates), &measured());
    assert!(say(Profile::AsImplemented).is_ok_and(|said| said.status == GateStatus::Healthy));
    assert!(say(Profile::AsWritten).is_err_and(|fault| fault.message.starts_with("rates.bvr")));
}

/// Acceptance row 14, the ladder in one look: each call takes the first step that is not yet taken, and
/// the last state asks for an incident.
#[test]
fn the_ladder_is_climbed_step_by_step_to_the_safest_mode() {
    let (summary, rates) = input(&[("P95", "1700"), ("P99", "2100")]);
    let step = |profile, options: &GuardOptions| {
        let said =
            decide(profile, Some(&summary), Some(&rates), options).expect("there is a decision");
        said.report.fallback.step
    };
    let mut options = GuardOptions {
        rlm_default: true,
        ..measured()
    };
    let mut steps = Vec::new();
    for _ in 0..5 {
        steps.push(step(Profile::Later4Step, &options));
        match steps.last().map(String::as_str) {
            Some("disable_adaptive_parallelism") => options.adaptive = false,
            Some("disable_batch_mode") => options.batch = false,
            Some("disable_rlm_defaulting") => options.rlm_default = false,
            Some("switch_engine_to_baseline") => options.engine = "baseline".into(),
            _ => {}
        }
    }
    let expect = [
        "disable_adaptive_parallelism",
        "disable_batch_mode",
        "disable_rlm_defaulting",
        "switch_engine_to_baseline",
        "already_at_safest_mode",
    ];
    assert_eq!(steps, expect);
    let flags_off = GuardOptions {
        adaptive: false,
        batch: false,
        rlm_default: true,
        ..measured()
    };
    assert_eq!(
        step(Profile::AsImplemented, &flags_off),
        "switch_engine_to_baseline"
    );
    assert_eq!(
        step(Profile::AsWritten, &flags_off),
        "switch_engine_to_baseline"
    );
}
