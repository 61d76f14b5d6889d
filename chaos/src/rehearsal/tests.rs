//! Tests of rehearsals.

use sim_core::Seed;

use super::{Rehearsal, Verdict};
use crate::catalogue::tests::ground::Ground;
use crate::catalogue::{Entry, Injection};

fn rehearsal(ground: Ground, faults: &[&str]) -> Rehearsal {
    let injection = |name: &&str| Injection::of(Entry::of(name).expect("a fault of the catalogue"));
    Rehearsal {
        experiment: ground.experiment(),
        injections: faults.iter().map(injection).collect(),
        seed: Seed {
            root: 424_242,
            replication: 0,
        },
    }
}

fn check(ground: Ground, faults: &[&str], promise: &str, expect: Verdict) {
    let played = rehearsal(ground, faults).play().expect("it can happen");
    let finding = played.finding(promise).expect("a promise");
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
fn the_worse_of_two_verdicts_counts() {
    assert_eq!(Verdict::Pass.and(Verdict::Miss), Verdict::Miss);
    assert_eq!(Verdict::Fail.and(Verdict::Inconclusive), Verdict::Fail);
}

#[test]
fn each_injection_is_confirmed_for_itself() {
    let faults = ["defect.kill_switch_noop", "env.surge"];
    let played = rehearsal(Ground::Good, &faults)
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
    let played = rehearsal(Ground::Good, &faults)
        .play()
        .expect("it can happen");
    assert_eq!(played.confirmed, [true, true, false]);
}
