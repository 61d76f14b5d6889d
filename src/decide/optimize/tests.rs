//! The stage gates as the module decides and as the document would, side by side.

use scenarios::adapter::parse;
use sim_core::policy::Profile;

use super::{Refusal, StageDecision, decide};
use crate::decide::GateStatus;

fn say(profile: Profile, stage: &str, metrics: &str) -> Result<StageDecision, Refusal> {
    decide(
        profile,
        stage,
        &parse(metrics).expect("the test's own metrics are JSON"),
    )
}

/// Decides for the stage `public` by both profiles; `flaws` is what the module lets pass.
#[track_caller]
fn check(metrics: &str, module: GateStatus, strict: GateStatus, flaws: &[&str]) {
    let said = say(Profile::AsImplemented, "public", metrics).expect("the module decides");
    assert_eq!(
        (said.status, said.report.findings),
        (module, None),
        "{metrics}"
    );
    let said = say(Profile::AsWritten, "public", metrics).expect("the strict reader decides");
    let findings = said
        .report
        .findings
        .expect("the strict reader has findings");
    let open = findings
        .fails_open_in_reference
        .iter()
        .map(|flaw| format!("{} {}", flaw.gate, flaw.flaw));
    assert_eq!(open.collect::<Vec<_>>(), flaws, "{metrics}");
    assert_eq!(
        (said.status, said.report.pass),
        (strict, strict == GateStatus::Healthy),
        "{metrics}"
    );
}

/// Acceptance row 18, second part: what passes the module although it says nothing does not pass the
/// strict reading.
#[test]
fn data_faults_pass_the_module_and_not_the_strict_reading() {
    use GateStatus::{Healthy, Undecided, Unhealthy};
    let with = |timeout: &str, rest: &str| {
        format!(
            r#"{{"timeout_rate": {timeout}, "fallback_rate": 0.05, "objective_delta_ratio": -0.03{rest}}}"#
        )
    };
    check(&with("0.03", ""), Healthy, Healthy, &[]);
    check(&with("0.030000001", ""), Unhealthy, Unhealthy, &[]);
    check(&with("NaN", ""), Healthy, Undecided, &["timeout_rate nan"]);
    check(
        &with("null", ""),
        Healthy,
        Undecided,
        &["timeout_rate missing"],
    );
    check(
        &with("-0.5", ""),
        Healthy,
        Undecided,
        &["timeout_rate negative"],
    );
    check(
        &with("\"0.01\"", ""),
        Healthy,
        Undecided,
        &["timeout_rate not-a-number-type"],
    );
    check(
        &with("0.0", r#", "total_runs": 10000"#),
        Healthy,
        Healthy,
        &[],
    );
    let too_few = ["timeout_rate too-few", "fallback_rate too-few"];
    check(
        &with("0.0", r#", "total_runs": 20"#),
        Healthy,
        Undecided,
        &too_few,
    );
    let none = [
        "timeout_rate zero-denominator",
        "fallback_rate zero-denominator",
        "objective_delta_ratio zero-denominator",
    ];
    check(
        &with("0.0", r#", "total_runs": 0"#),
        Healthy,
        Undecided,
        &none,
    );
    check(
        "{}",
        Healthy,
        Undecided,
        &[
            "timeout_rate missing",
            "fallback_rate missing",
            "objective_delta_ratio missing",
        ],
    );
    let infinite = r#"{"timeout_rate": 0, "fallback_rate": 0, "objective_delta_ratio": Infinity}"#;
    check(
        infinite,
        Healthy,
        Undecided,
        &["objective_delta_ratio not-finite"],
    );
}

#[test]
fn a_stage_that_nobody_knows_throws_or_is_refused() {
    let threw = |stage, metrics| match say(Profile::AsImplemented, stage, metrics) {
        Err(Refusal::Threw(error)) => error,
        other => panic!("{stage}: {other:?}"),
    };
    let undefined = "TypeError: Cannot read properties of undefined (reading 'max_timeout_rate')";
    assert_eq!(threw("beta", "{}"), undefined);
    assert_eq!(threw("", "{}"), undefined);
    let null = "TypeError: Cannot read properties of null (reading 'timeout_rate')";
    assert_eq!(threw("public", "null"), null);
    assert_eq!(threw("beta", "null"), null);
    for stage in ["beta", "constructor"] {
        let refused = say(Profile::AsWritten, stage, "{}");
        assert!(
            matches!(refused, Err(Refusal::Fault(fault)) if fault.message.contains("shadow, internal, public"))
        );
    }
}

/// Every JavaScript object answers to some names, with something that has no limits.
#[test]
fn a_stage_called_constructor_passes_the_module_whatever_happens() {
    let worst = r#"{"timeout_rate": 1, "fallback_rate": 1, "objective_delta_ratio": -1}"#;
    let said = say(Profile::AsImplemented, "constructor", worst).expect("the module decides");
    assert_eq!((said.report.pass, said.report.thresholds), (true, None));
}
