//! Files that are wrong in one way each: the code, the place and the words of what is found.
//!
//! `§` marks the place in the file; it is taken out before the file is loaded.

mod policies;
mod together;
mod worlds;

use crate::fixtures::{self, POLICY, SCENARIO, WORLD, spoil};
use crate::{Report, load};

/// A change of a fixture: what is replaced, and by what.
type Edit<'a> = (&'a str, &'a str);

/// Makes the changes; returns the text and the line and column of the mark.
#[track_caller]
fn edited(fixture: &str, edits: &[Edit<'_>]) -> (String, (usize, usize)) {
    let text = edits.iter().fold(fixture.to_owned(), |text, (old, new)| {
        spoil(&text, old, new)
    });
    let at = text.find('§').expect("one of the changes has a mark");
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[..at].matches('\n').count() + 1;
    (text.replacen('§', "", 1), (line, at - line_start + 1))
}

/// Checks that `report` finds `code` alone, at `place`, and says `says`.
#[track_caller]
fn found(report: &Report, code: &str, place: (usize, usize), says: &str) {
    let codes: Vec<_> = report.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [code], "{report}");
    let found = &report.diagnostics[0];
    let (begin, _) = report.positions(found).expect("every problem has a place");
    assert_eq!((begin.line, begin.column), place, "{report}");
    let text = format!(
        "{} {}",
        found.message,
        found.help.as_deref().unwrap_or_default()
    );
    assert!(text.contains(says), "{text}");
}

#[track_caller]
fn policy(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(POLICY, edits);
    let report = load::policy("p.yaml", text.as_bytes()).expect_err("the policy is wrong");
    found(&report, code, place, says);
}

#[track_caller]
fn world(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(WORLD, edits);
    let report = load::world("w.yaml", text.as_bytes()).expect_err("the world is wrong");
    found(&report, code, place, says);
}

#[track_caller]
fn scenario(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(SCENARIO, edits);
    let report = load::scenario("s.yaml", text.as_bytes()).expect_err("the scenario is wrong");
    found(&report, code, place, says);
}

/// Checks documents that are right by themselves and do not fit together.
#[track_caller]
fn across(policy: &str, scenario: &str, code: &str, place: (usize, usize), says: &str) {
    let (policy, scenario) = (fixtures::policy(policy), fixtures::scenario(scenario));
    let world = fixtures::world(WORLD).value;
    let reports = load::experiment_of(&policy, &scenario, &world).expect_err("they do not fit");
    assert_eq!(reports.len(), 1);
    found(&reports[0], code, place, says);
    let plain = load::experiment(&policy.value, &scenario.value, &world).expect_err("the same");
    let codes: Vec<_> = plain.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [code]);
}

#[track_caller]
fn policy_across(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(POLICY, edits);
    across(&text, SCENARIO, code, place, says);
}

#[track_caller]
fn scenario_across(edits: &[Edit<'_>], code: &str, says: &str) {
    let (text, place) = edited(SCENARIO, edits);
    across(POLICY, &text, code, place, says);
}

#[test]
fn the_sound_files_make_an_experiment() {
    let scenario = spoil(SCENARIO, "release:", "load: 0.5\nhosts: 7\nrelease:");
    let (policy, scenario) = (fixtures::policy(POLICY), fixtures::scenario(&scenario));
    let world = fixtures::world(WORLD).value;
    let experiment = load::experiment(&policy.value, &scenario.value, &world).expect("they fit");
    assert_eq!(experiment.fleet.hosts, 7);
    assert_eq!(experiment.traffic.requests_per_second, 500.0);
    let signals = format!("{:?}", experiment.telemetry.signals);
    assert!(signals.contains("runs_per_hour: 400.0"), "{signals}");
    assert!(signals.contains("per_host_hour: 0.01"), "{signals}");
    assert_eq!(experiment.release.len(), 1);
    assert_eq!(experiment.faults.len(), 3);
}

#[test]
fn a_flood_of_problems_is_cut() {
    let names: Vec<String> = (0..500).map(|n| format!("g{n}")).collect();
    let text = spoil(
        POLICY,
        "[errors-high, slow]",
        &format!("[{}]", names.join(", ")),
    );
    let report = load::policy("p.yaml", text.as_bytes()).expect_err("no gate is called so");
    assert_eq!(report.diagnostics.len(), 101);
    assert!(report.diagnostics.iter().any(|found| found.code == "CM033"));
}
