//! What a rollout does, seen from its history.

use sim_core::history::{Event, Outcome};
use sim_core::{Experiment, Run, Seed};

use crate::example::{bad_wedge, wedge};

fn play(experiment: &Experiment, replication: u64) -> Run {
    sim_core::run(
        experiment,
        Seed {
            root: 1,
            replication,
        },
    )
}

#[test]
fn a_good_release_completes_and_a_bad_one_is_rolled_back() {
    let good = play(&wedge(), 0);
    for (at, event) in &good.history {
        println!("{at} {event:?}");
    }
    assert_eq!(good.outcome, Outcome::Completed);
    let bad = play(&bad_wedge(0.1), 0);
    for (at, event) in &bad.history {
        println!("{at} {event:?}");
    }
    println!("{:?} {:?} {:?}", bad.harm, bad.detection, bad.rollback);
    assert_eq!(bad.outcome, Outcome::RolledBack);
    assert!(
        bad.history
            .iter()
            .any(|(_, event)| *event == Event::Reverted)
    );
}
