//! A policy that a sensible crew writes, and the same with one flaw: `chaos` ends well on the one and names the
//! cause of the other in its first ten lines.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::command::{Ran, coalmine_in, json};

const POLICY: &str = include_str!("shop/policy.yaml");
const WORLD: &str = include_str!("shop/world.yaml");
const HEALTHY: &str = include_str!("shop/healthy.scenario.yaml");

/// The least campaign that plays releases that fail plainly and each kind of missing data.
const SMALL: &str = "version: 1
name: small
generators:
  - calm: {runs: 4}
  - plain: {}
  - alone: {runs: 300}
stop: {plateau: 1000}
shrink-replays: 0
";

const HOLD: &str =
    "on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}";
const PASS: &str =
    "on: {missing: pass, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}";

/// What it is, how the policy differs from the sound one, and what must be said.
type Flaw = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// Policies with one flaw each.
const FLAWS: &[Flaw] = &[
    (
        "a rollback without a deadline",
        &[("  deadline: 5m\n", "")],
        "declares no deadline",
    ),
    (
        "a first stage that does not act on latency",
        &[(
            "observe: 30m, observe-from: convergence, criteria: [errors-ok, latency-ok], triggers: [errors-high, latency-high]}\n  - {id: tenth",
            "observe: 30m, observe-from: convergence, criteria: [errors-ok, latency-ok], triggers: [errors-high]}\n  - {id: tenth",
        )],
        "stage `canary` does not act on `latency`",
    ),
    (
        "a first stage that leaves a criterion out",
        &[(
            "observe: 30m, observe-from: convergence, criteria: [errors-ok, latency-ok], triggers: [errors-high, latency-high]}\n  - {id: tenth",
            "observe: 30m, observe-from: convergence, criteria: [latency-ok], triggers: [errors-high, latency-high]}\n  - {id: tenth",
        )],
        "stage `canary` does not ask for `errors-ok`",
    ),
    (
        "a stage without gates",
        &[(
            "{id: tenth, target: 10%, ramp: at-once, observe: 30m, observe-from: convergence, criteria: [errors-ok, latency-ok], triggers: [errors-high, latency-high]}",
            "{id: tenth, target: 10%, ramp: at-once, observe: 30m, observe-from: convergence, criteria: [], triggers: []}",
        )],
        "stage `tenth` has no gates",
    ),
    (
        "a window that is longer than the stage",
        &[(
            "limit: {absolute: 0.03}}\n    window: {consecutive: 2}",
            "limit: {absolute: 0.03}}\n    window: {sustained: {over: 45m, mode: every}}",
        )],
        "`errors-high` must breach for 45m",
    ),
    (
        "samples that never come",
        &[(
            "limit: {absolute: 0.03}}\n    window: {consecutive: 2}\n    min-samples: 500",
            "limit: {absolute: 0.03}}\n    window: {consecutive: 2}\n    min-samples: 500000",
        )],
        "`errors-high` asks for 500000 samples",
    ),
    (
        "a limit in percent for a ratio",
        &[("limit: {absolute: 0.03}", "limit: {absolute: 3}")],
        "`errors-high` never fires: its limit 3 means 300 %",
    ),
    (
        "a limit that only a release that fails altogether passes",
        &[("limit: {absolute: 0.03}", "limit: {absolute: 0.5}")],
        "`errors-high` fires beyond 50 % alone",
    ),
    (
        "a limit in seconds where milliseconds are meant",
        &[("limit: {absolute: 1500}", "limit: {absolute: 1.5}")],
        "is rolled back in 10 of 10",
    ),
    (
        "a criterion that passes without data",
        &[(HOLD, PASS)],
        "passed on bad data",
    ),
    (
        "a trigger whose count a gap in the data resets",
        &[(
            "window: {consecutive: 2}\n    min-samples: 500\n    on: {missing: hold",
            "window: {consecutive: 2}\n    min-samples: 500\n    on: {missing: pass",
        )],
        "resets its count",
    ),
    (
        "a waiver with one approver",
        &[(
            "rollback:\n",
            "waivers: [{rule: CM212, approvers: [kim], age: 1d, valid-for: 30d, rationale: one region}]\nrollback:\n",
        )],
        "it has one approver and needs two",
    ),
    (
        "a rollback that reverts nothing",
        &[(
            "effect: {revert-hosts: {takes: {lognormal: {median: 10s, sigma: 0.3}}}}",
            "effect: restore-config",
        )],
        "takes users off the new version",
    ),
    (
        "a rollback step that may fail",
        &[("      required: true\n", "      required: false\n")],
        "`revert` takes users off the new version and is not required",
    ),
    (
        "steps back without end",
        &[(
            "{id: regression, action: rollback}",
            "{id: regression, action: step-back}",
        )],
        "steps back as often as it likes",
    ),
    (
        "triggers that only record",
        &[(
            "{id: regression, action: rollback}",
            "{id: regression, action: record}",
        )],
        "no trigger leads to the rollback",
    ),
    (
        "gates that are evaluated less often than a stage lasts",
        &[("evaluate-every: 1m", "evaluate-every: 40m")],
        "gates are evaluated every 40m",
    ),
    (
        "one criterion that passes on missing data beside one that holds",
        &[(
            "limit: {absolute: 0.01}}\n    window: instant\n    min-samples: 1000\n    on: {missing: hold",
            "limit: {absolute: 0.01}}\n    window: instant\n    min-samples: 1000\n    on: {missing: pass",
        )],
        "criterion `errors-ok` passes on data that are missing",
    ),
    (
        "one criterion that passes on too few samples",
        &[(
            "limit: {absolute: 700}}\n    window: instant\n    min-samples: 1000\n    on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}",
            "limit: {absolute: 700}}\n    window: instant\n    min-samples: 1000\n    on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: pass}",
        )],
        "criterion `latency-ok` passes on data that are too few",
    ),
    (
        "a rollback that reverts one host after another",
        &[(
            "{revert-hosts: {takes",
            "{revert-hosts: {parallel: 1, takes",
        )],
        "that takes longer than its deadline of 5m",
    ),
    (
        "a kill switch that nobody throws",
        &[(
            "rollback:\n",
            "kill-switch: {id: flag, works: true, takes: {constant: 20s}}\nrollback:\n",
        )],
        "nothing throws the kill switch `flag`",
    ),
    (
        "a baseline that holds the canary",
        &[(
            "limit: {absolute: 0.03}",
            "limit: {times: {factor: 5, of: fleet}}",
        )],
        "the fleet that it compares with holds the canary",
    ),
    (
        "a control that is gone at 100 %",
        &[(
            "limit: {absolute: 0.03}",
            "limit: {times: {factor: 5, of: control}}",
        )],
        "at 100% there is no control to compare with",
    ),
    (
        "a baseline that the first stage only makes",
        &[(
            "limit: {absolute: 0.03}",
            "limit: {times: {factor: 5, of: canary-baseline}}",
        )],
        "trigger `errors-high` never fires in stage `canary`",
    ),
    (
        "a trigger that reads the whole fleet",
        &[(
            "population: canary\n    over: 2m\n    breach: {is: above, limit: {absolute: 0.03}}",
            "population: fleet\n    over: 2m\n    breach: {is: above, limit: {absolute: 0.03}}",
        )],
        "trigger `errors-high` reads the whole fleet",
    ),
    (
        "a trigger that reads the old version",
        &[(
            "population: canary\n    over: 2m\n    breach: {is: above, limit: {absolute: 0.03}}",
            "population: control\n    over: 2m\n    breach: {is: above, limit: {absolute: 0.03}}",
        )],
        "trigger `errors-high` reads the control",
    ),
    (
        "a stage that is shorter than what its criteria look back",
        &[(
            "{id: tenth, target: 10%, ramp: at-once, observe: 30m",
            "{id: tenth, target: 10%, ramp: at-once, observe: 3m",
        )],
        "stage `tenth` is observed for 3m",
    ),
    (
        "evidence that nobody need be able to read",
        &[("must-parse: true", "must-parse: false")],
        "evidence `ticket` may be unreadable",
    ),
    (
        "a limit that noise passes",
        &[("limit: {absolute: 0.03}", "limit: {absolute: 0.0021}")],
        "is rolled back in",
    ),
    (
        "a blast radius that nobody enforces",
        &[(
            "gates:\n",
            "blast-radius: {max: 50%, enforced: false}\ngates:\n",
        )],
        "does not enforce it",
    ),
];

fn folder(policy: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in [
        ("policy.yaml", policy),
        ("world.yaml", WORLD),
        ("healthy.scenario.yaml", HEALTHY),
        ("small.yaml", SMALL),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn flawed(edits: &[(&str, &str)]) -> String {
    let mut text = POLICY.to_owned();
    for (old, new) in edits {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    text
}

fn small(folder: &Path) -> Ran {
    coalmine_in(
        folder,
        &["chaos", "policy.yaml", "--campaign", "small.yaml"],
    )
}

/// The first ten lines as one, so that it does not matter where a line ends.
fn top(ran: &Ran) -> String {
    let lines: Vec<&str> = ran.out.lines().take(10).map(str::trim).collect();
    lines.join(" ")
}

#[test]
fn the_policy_of_a_sensible_crew_passes_the_smoke_campaign() {
    let folder = folder(POLICY);
    let ran = coalmine_in(folder.path(), &["chaos", "policy.yaml", "--smoke"]);
    assert_eq!(ran.code, 0, "seed 42\n{}{}", ran.out, ran.err);
    let headline = top(&ran);
    assert!(!headline.contains("waiver"), "{headline}");
    assert!(!headline.contains("is violated"), "{headline}");
}

#[test]
fn each_flaw_is_named_in_the_first_ten_lines_and_the_sound_policy_has_none_of_them() {
    let sound = top(&small(folder(POLICY).path()));
    let mut wrong = Vec::new();
    for (what, edits, says) in FLAWS {
        let ran = small(folder(&flawed(edits)).path());
        let top = top(&ran);
        if ran.code == 0 || !top.contains(says) {
            wrong.push(format!(
                "{what}: exit {}, no {says:?} in\n{top}\n{}",
                ran.code, ran.err
            ));
        }
        assert!(!sound.contains(says), "{what}: {sound}");
    }
    assert!(wrong.is_empty(), "seed 42\n{}", wrong.join("\n\n"));
}

/// A ticket does not change with time; what stands beside evidence that has an age may have been forgotten.
#[test]
fn evidence_of_any_age_is_told_at_the_top() {
    let ran = small(folder(&flawed(&[(", max-age: 24h", "")])).path());
    assert!(
        top(&ran).contains("`ticket` may be of any age"),
        "{}",
        ran.out
    );
}

#[test]
fn a_gap_that_is_waived_with_a_reason_is_listed_and_costs_no_exit_code() {
    let gap = flawed(&[("  deadline: 5m\n", "")]);
    let waived =
        format!("{gap}waives: [{{gap: no-deadline, reason: a flag is off within a second}}]\n");
    let folder = folder(&waived);
    let ran = coalmine_in(folder.path(), &["chaos", "policy.yaml", "--smoke"]);
    assert_eq!(ran.code, 0, "seed 42\n{}{}", ran.out, ran.err);
    let all = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        all.contains("(waived: a flag is off within a second)"),
        "{}",
        ran.out
    );
}

/// Seen on a policy without any scenario: its faults were injected into the world of another system.
#[test]
fn a_policy_without_a_world_is_refused_as_simulate_refuses_it() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("policy.yaml"), POLICY).unwrap();
    let run = |command| coalmine_in(folder.path(), &[command, "policy.yaml"]);
    let (chaos, simulate) = (run("chaos"), run("simulate"));
    assert_eq!((chaos.code, &chaos.err), (3, &simulate.err));
    assert!(chaos.err.contains("no scenario"), "{}", chaos.err);
}

#[test]
fn what_was_not_exercised_is_skipped_and_never_passed_in_test_results() {
    let folder = folder(&flawed(&[("  deadline: 5m\n", "")]));
    let args = [
        "chaos",
        "policy.yaml",
        "--campaign",
        "small.yaml",
        "--format",
    ];
    let run = |format| coalmine_in(folder.path(), &[&args[..], &[format]].concat());
    let (junit, report) = (run("junit"), json(&run("json")));
    let mut skipped = 0;
    for row in report["invariants"].as_array().unwrap() {
        let id = row["id"].as_str().unwrap();
        let case = junit
            .out
            .lines()
            .find(|line| line.contains(&format!("name=\"{id}\"")));
        let undecided = matches!(row["verdict"].as_str(), Some("MISS" | "INCONCLUSIVE"));
        skipped += u32::from(undecided);
        assert_eq!(
            case.is_some_and(|case| case.contains("<skipped")),
            undecided,
            "{id}"
        );
    }
    assert!(skipped > 0, "{}", junit.out);
    assert!(junit.out.contains("declares no deadline"), "{}", junit.out);
}
