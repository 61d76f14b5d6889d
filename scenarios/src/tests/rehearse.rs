//! Faults of the catalogue in a scenario: read, bounded, and refused where they cannot happen.

use chaos::catalogue::{ENTRIES, Entry, Parameter};

use crate::fixtures::{self, POLICY, SCENARIO, WORLD};
use crate::load;

/// The sound scenario with one fault more.
fn scenario(fault: &str) -> String {
    format!("{SCENARIO}rehearse:\n  - id: it\n    fault: {fault}\n")
}

/// Asserts that the fault is refused with `code`, at the value between the marks.
#[track_caller]
fn refused(fault: &str, code: &str) {
    let text = scenario(fault);
    let report = load::scenario("scenario.yaml", text.as_bytes()).expect_err(fault);
    let codes: Vec<_> = report.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [code], "{report}");
    let (begin, _) = report
        .positions(&report.diagnostics[0])
        .expect("it has a place");
    assert_eq!(begin.line, text.lines().count(), "{report}");
}

/// Returns values beyond the bounds of a parameter, as a file would write them.
fn beyond(parameter: &Parameter) -> Vec<String> {
    let bound = |text: &str| text.parse::<f64>().expect("a bound is a number");
    let (least, most) = parameter.bounds.as_ref().expect("it has bounds");
    // Twice the bound and one more is beyond it for any sign, and a whole number where the bound is one.
    let over = |bound: f64| bound.abs().mul_add(2.0, 1.0);
    vec![
        format!("{}", over(bound(most))),
        format!("{}", -over(bound(least))),
    ]
}

#[test]
fn every_number_out_of_its_bounds_is_refused_where_it_stands() {
    let mut refusals = 0;
    for entry in ENTRIES {
        for parameter in entry.parameters().iter().filter(|it| it.bounds.is_some()) {
            for value in beyond(parameter) {
                let fault = format!("{{{}: {{{}: {value}}}}}", entry.name, parameter.name);
                refused(&fault, "CM024");
                refusals += 1;
            }
        }
    }
    assert!(refusals > 30, "{refusals}");
}

#[test]
fn names_and_units_are_refused_where_they_stand() {
    refused("{telemetry.nam: {}}", "CM023");
    refused("{telemetry.nan: {knid: zero}}", "CM020");
    refused("{telemetry.nan: {kind: zerro}}", "CM023");
    refused("{telemetry.lag: {delay: 10}}", "CM026");
    refused("{telemetry.missing: {ratio: 130%}}", "CM028");
    refused("{version.step: {by: {times: -1}}}", "CM024");
}

#[test]
fn every_fault_is_read_with_its_defaults_and_fits_a_policy_or_says_what_is_missing() {
    let (policy, world) = (fixtures::policy(POLICY), fixtures::world(WORLD));
    let mut played = 0;
    for entry in ENTRIES {
        let scenario = fixtures::scenario(&scenario(&format!("{{{}: {{}}}}", entry.name)));
        match load::experiment_of(&policy, &scenario, &world.value) {
            Ok(experiment) => {
                let all = experiment.release.iter().chain(&experiment.faults);
                assert!(
                    all.into_iter().any(|effect| effect.id == "it"),
                    "{}",
                    entry.name
                );
                played += 1;
            }
            Err(reports) => {
                let found: Vec<_> = reports.iter().flat_map(|it| &it.diagnostics).collect();
                assert!(
                    found.iter().all(|it| it.code == "CM168"),
                    "{}: {reports:?}",
                    entry.name
                );
            }
        }
    }
    assert!(played > 80, "{played} of {}", ENTRIES.len());
}

#[test]
fn a_fault_that_cannot_happen_here_is_refused_with_what_is_missing() {
    assert!(Entry::of("env.zone_loss").is_some());
    let (policy, world) = (fixtures::policy(POLICY), fixtures::world(WORLD));
    let scenario = fixtures::scenario(&scenario("{controller.skip_gate: {gate: nobody}}"));
    let reports = load::experiment_of(&policy, &scenario, &world.value).expect_err("no such gate");
    let text = reports[0].to_string();
    assert!(
        text.contains("CM168") && text.contains("no gate is called `nobody`"),
        "{text}"
    );
}
