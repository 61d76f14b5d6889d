//! Windows, stages, targets and increments.

use super::*;

#[test]
fn windows_and_stages_that_see_nothing() {
    trips(
        "CM201",
        &[
            ("over: 5m", "over: 14s"),
            ("min-samples: 2000", "min-samples: 700"),
        ],
        ALONE,
        "14s",
    );
    trips(
        "CM223",
        &[(
            "criteria: [errors-low]\n    triggers: [errors-high, slow]\n    approval",
            "criteria: []\n    triggers: []\n    approval",
        )],
        ALONE,
        "half",
    );
    trips(
        "CM202",
        &[("over: 10m, mode", "over: 61m, mode")],
        ALONE,
        "61m",
    );
    trips("CM208", &[("observe: 1h", "observe: 59m")], ALONE, "59m");
    trips(
        "CM229",
        ALONE,
        &[("stale-after: 2m", "stale-after: 19s")],
        "1m",
    );
    trips(
        "CM232",
        &[("consecutive: 1", "consecutive: 2")],
        ALONE,
        "consecutive: 2",
    );
    let against_control = (
        "over: 5m\n    breach: {is: above, limit: {absolute: 0.05}}",
        "over: 0s\n    breach: {is: above, limit: {times: {factor: 2, of: control}}}",
    );
    let bayes = (
        "{sustained: {over: 10m, mode: every}}",
        "{bayes: {level: 0.999, failures: 1, successes: 99}}",
    );
    trips("CM236", &[against_control, bayes], ALONE, "0.999");
}

#[test]
fn targets_and_blast_radius() {
    trips("CM203", &[("max: 50%", "max: 49%")], ALONE, "49%");
    trips("CM204", &[("max: 50%", "max: 51%")], ALONE, "51%");
    // A stage that goes to everybody leaves no control besides, which is a finding of its own.
    let everybody = [("max: 50%", "max: 100%"), ("target: 50%", "target: 100%")];
    let document = fixtures::policy(&edited(POLICY, &everybody));
    let found = lint(&document, Some(&fixtures::world(WORLD).value));
    let codes: BTreeSet<_> = found.iter().map(|found| found.code).collect();
    assert_eq!(codes, BTreeSet::from(["CM204", "CM242"]));
    trips("CM205", &[("target: 5%", "target: 26%")], ALONE, "26%");
    trips(
        "CM206",
        &[
            ("initial: 1%", "initial: 11%\ncritical: true"),
            ("target: 5%", "target: 15%"),
        ],
        ALONE,
        "11%",
    );
    trips(
        "CM226",
        &[
            ("target: 5%", "target: 20%"),
            ("target: 50%", "target: 20%"),
            ("max: 50%", "max: 20%"),
        ],
        ALONE,
        "20%",
    );
    trips(
        "CM237",
        &[("blast-radius: {max: 50%, enforced: true}\n", "")],
        ALONE,
        "50%",
    );
    trips("CM230", ALONE, &[("hosts: 100", "hosts: 19")], "5%");
    trips(
        "CM231",
        &[("rounding: down", "rounding: up")],
        &[("hosts: 100", "hosts: 99")],
        "50%",
    );
    let unleash = (
        "requests-per-second: ",
        "split: {preset: unleash}\n  requests-per-second: ",
    );
    trips(
        "CM244",
        &[("target: 5%", "target: 4.5%")],
        &[unleash],
        "4.5%",
    );
    let two = (
        "requests-per-second: ",
        "split: {preset: nginx-random-two}\n  requests-per-second: ",
    );
    trips("CM244", ALONE, &[two], "5%");
    let shifts = (
        "effect: {revert-hosts: {takes: {uniform: {low: 1s, high: 20s}}}}",
        "effect: shift-traffic",
    );
    let brief = ("deadline: 60s", "deadline: 60s\n  standby: 30s");
    trips("CM245", &[shifts, brief], ALONE, "30s");
    let guard = "rounding: down\ndecide: {exec: {command: [sh, guard.sh], protocol: once, deadline: 1s, \
                 on: {crash: hold, deadline: hold, no-decision: hold, too-much-output: hold}}}";
    trips("CM246", &[("rounding: down", guard)], ALONE, "guard.sh");
    trips(
        "CM233",
        &[("enforced: true", "enforced: false")],
        ALONE,
        "false",
    );
    trips(
        "CM235",
        &[("initial: 1%", "initial: 1%\nincrement: manual")],
        ALONE,
        "manual",
    );
}

#[test]
fn a_single_stage_is_no_rollout() {
    let (first, rest) = POLICY.split_once("  - id: half").expect("the second stage");
    let (_, rest) = rest
        .split_once("kill-switch:")
        .expect("what follows the stages");
    let text = format!("{first}kill-switch:{rest}").replace("max: 50%", "max: 5%");
    let found = lint(&fixtures::policy(&text), None);
    let codes: Vec<_> = found.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["CM207"]);
}

#[test]
fn increments_are_held_against_their_rule() {
    let third = "  - id: third\n    target: 45%\n    ramp: at-once\n    observe: 1h\n    observe-from: entry\n    criteria: [errors-low]\n    triggers: [errors-high, slow]\nkill-switch";
    let stages = |second: &str, rule: &str| {
        let rule = format!("initial: 1%\nincrement: {rule}");
        let edits = [
            ("initial: 1%", rule.as_str()),
            ("target: 50%", second),
            ("kill-switch", third),
            ("max: 50%", "max: 45%"),
        ];
        let found = lint(&fixtures::policy(&edited(POLICY, &edits)), None);
        found.iter().map(|found| found.code).collect::<Vec<_>>()
    };
    assert!(stages("target: 25%", "linear").is_empty());
    assert_eq!(stages("target: 15%", "linear"), ["CM235"]);
    assert!(stages("target: 15%", "exponential").is_empty());
    assert_eq!(stages("target: 25%", "exponential"), ["CM235"]);
}

#[test]
fn stages_are_compared_by_their_triggers_too() {
    let second = "criteria: [errors-low]\n    triggers: [errors-high, slow]\n    approval";
    trips(
        "CM213",
        &[(
            second,
            "criteria: [errors-low]\n    triggers: [errors-high]\n    approval",
        )],
        ALONE,
        "[errors-high]",
    );
    let first = "triggers: [errors-high, slow]\n  - id: half";
    trips(
        "CM241",
        &[(first, "triggers: [errors-high]\n  - id: half")],
        ALONE,
        "[errors-high]",
    );
}

#[test]
fn what_would_never_end_or_is_never_read() {
    trips(
        "CM239",
        &[("action: rollback", "action: step-back")],
        ALONE,
        "step-back",
    );
    trips(
        "CM243",
        &[("action: rollback", "action: rollback, at-most: 3")],
        ALONE,
        "3",
    );
    trips(
        "CM243",
        &[(
            "takes: {constant: 5s}}",
            "takes: {constant: 5s}, cancels-pending: true}",
        )],
        ALONE,
        "true",
    );
}
