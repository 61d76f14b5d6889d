//! Tests of ablation, on grounds whose answer is known.

use sim_core::engine::SimDuration;

use super::ablate;
use crate::catalogue::tests::ground::{Ground, rehearsal};
use crate::checker::Status;

#[test]
fn a_fault_that_breaks_a_promise_alone_is_what_it_is_kept_without() {
    let faults = ["actuation.stuck_hosts", "env.surge"];
    let found = ablate(&rehearsal(Ground::Bad, &faults, 0), "INV-ROLLBACK").expect("they fit");
    let found = found.expect("there is such an invariant");
    assert_eq!(found.whole.finding.status, Status::Violated);
    assert_eq!(found.bare.finding.status, Status::Holds);
    let status = |place: usize| found.without[place].showing.finding.status;
    assert_eq!([status(0), status(1)], [Status::Holds, Status::Violated]);
    let slack = |finding: &crate::checker::Finding| finding.slack;
    assert!(slack(&found.bare.finding) > Some(0.0));
}

#[test]
fn ways_part_where_the_fault_is_first_felt() {
    let found = ablate(
        &rehearsal(Ground::Bad, &["actuation.slow_apply"], 0),
        "INV-ROLLBACK",
    )
    .expect("it fits");
    let found = found.expect("there is such an invariant");
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
    let found = ablate(
        &rehearsal(Ground::Bad, &["defect.kill_switch_noop"], 0),
        "INV-ROLLBACK",
    )
    .expect("it fits");
    let without = &found.expect("there is such an invariant").without[0];
    assert_eq!(without.parting, None);
    assert_eq!(without.showed, None);
}

#[test]
fn a_promise_that_nobody_knows_has_no_ablation() {
    assert!(
        ablate(&rehearsal(Ground::Bad, &[], 0), "INV-NOWHERE")
            .expect("it fits")
            .is_none()
    );
}
