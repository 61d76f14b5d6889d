//! Tests of rehearsals.

use super::Verdict;
use crate::catalogue::tests::ground::{Ground, rehearsal};

fn check(ground: Ground, faults: &[&str], promise: &str, expect: Verdict) {
    let played = rehearsal(ground, faults, 0).play().expect("it can happen");
    let finding = played.finding(promise).expect("an invariant");
    assert_eq!(
        played.verdict(finding),
        expect,
        "{faults:?}: {}, confirmed {:?}",
        finding.detail,
        played.confirmed
    );
}

#[test]
fn a_promise_that_held_under_a_fault_that_showed_is_a_pass() {
    check(Ground::Good, &["env.surge"], "INV-STAGED", Verdict::Pass);
}

#[test]
fn a_promise_that_held_under_a_fault_that_never_showed_is_inconclusive() {
    let faults = ["env.surge", "defect.kill_switch_noop"];
    check(Ground::Good, &faults, "INV-STAGED", Verdict::Inconclusive);
}

#[test]
fn a_promise_that_nothing_put_to_the_test_is_a_miss() {
    check(Ground::Good, &["env.surge"], "INV-KILL", Verdict::Miss);
}

#[test]
fn each_injection_is_confirmed_for_itself() {
    let faults = ["defect.kill_switch_noop", "env.surge"];
    let played = rehearsal(Ground::Good, &faults, 0)
        .play()
        .expect("it can happen");
    assert_eq!(played.confirmed, [false, true]);
}

/// What the release does is numbered before the faults, wherever a regression stands among the injections.
#[test]
fn a_regression_among_the_faults_moves_no_number() {
    let faults = [
        "env.surge",
        "version.benign_shift",
        "defect.kill_switch_noop",
    ];
    let played = rehearsal(Ground::Good, &faults, 0)
        .play()
        .expect("it can happen");
    assert_eq!(played.confirmed, [true, true, false]);
}
