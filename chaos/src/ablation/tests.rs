//! Tests of ablation, on grounds whose answer is known.

use sim_core::Seed;
use sim_core::engine::SimDuration;

use super::ablate;
use crate::catalogue::tests::ground::Ground;
use crate::catalogue::{Entry, Injection};
use crate::checker::Status;
use crate::rehearsal::Rehearsal;

fn rehearsal(faults: &[&str]) -> Rehearsal {
    let injection = |name: &&str| Injection::of(Entry::of(name).expect("a fault of the catalogue"));
    Rehearsal {
        experiment: Ground::Bad.experiment(),
        injections: faults.iter().map(injection).collect(),
        seed: Seed {
            root: 424_242,
            replication: 0,
        },
    }
}

#[test]
fn a_fault_that_breaks_a_promise_alone_is_what_it_is_kept_without() {
    let faults = ["actuation.stuck_hosts", "env.surge"];
    let found = ablate(&rehearsal(&faults), "INV-ROLLBACK").expect("they fit");
    let found = found.expect("there is such a promise");
    assert_eq!(found.whole.finding.status, Status::Violated);
    assert_eq!(found.bare.finding.status, Status::Holds);
    let status = |place: usize| found.without[place].showing.finding.status;
    assert_eq!([status(0), status(1)], [Status::Holds, Status::Violated]);
    let slack = |finding: &crate::checker::Finding| finding.slack;
    assert!(slack(&found.bare.finding) > Some(0.0));
}

#[test]
fn ways_part_where_the_fault_is_first_felt() {
    let found = ablate(&rehearsal(&["actuation.slow_apply"]), "INV-ROLLBACK").expect("it fits");
    let found = found.expect("there is such a promise");
    let parting = found.without[0].parting.expect("hosts need longer");
    assert!(parting.at.elapsed() > SimDuration::ZERO);
    let (one, other) = (
        parting.one.expect("it goes on"),
        parting.other.expect("it goes on"),
    );
    let whole: Vec<_> = found.whole.history.iter().collect();
    let bare: Vec<_> = found.bare.history.iter().collect();
    assert_ne!(whole[one], bare[other]);
}

#[test]
fn a_fault_that_changes_nothing_parts_no_ways() {
    let found = ablate(&rehearsal(&["defect.kill_switch_noop"]), "INV-ROLLBACK").expect("it fits");
    let without = &found.expect("there is such a promise").without[0];
    assert_eq!(without.parting, None);
    assert_eq!(without.showed, None);
}

#[test]
fn a_promise_that_nobody_knows_has_no_ablation() {
    assert!(
        ablate(&rehearsal(&[]), "INV-NOWHERE")
            .expect("it fits")
            .is_none()
    );
}
