//! The rollout as coalmine plays it: a policy, a fleet, telemetry, a gate, a history.

use std::hint::black_box;

use sim_core::{Outcome, Plan, Seed};

use crate::clock;
use crate::day::{day, late_regression};
use crate::work::Measured;

/// How many rollouts of a release that breaks after 14 hours tell the outcome.
const BROKEN: u64 = 20;

/// Times days without an incident, which are played to the end, and says of some with one how many
/// were rolled back and after how many seconds of regression, in the mean.
pub fn days(rollouts: u64) -> Measured {
    let plan = Plan::new(&day(1000));
    let seed = |replication| Seed {
        root: 1,
        replication,
    };
    let cpu = clock::time(|| {
        for replication in 0..rollouts {
            black_box(plan.play(seed(replication)));
        }
    });
    let mut broken = day(1000);
    broken.release = late_regression(5.0, "14h");
    let plan = Plan::new(&broken);
    let (mut rolled_back, mut seconds) = (0, 0);
    for replication in 0..BROKEN {
        let run = plan.play(seed(replication));
        rolled_back += u64::from(run.outcome == Outcome::RolledBack);
        seconds += run
            .detection
            .map_or(0, |after| after.as_nanos() / 1_000_000_000);
    }
    Measured {
        count: rollouts,
        cpu,
        outcome: vec![rolled_back, seconds / BROKEN],
    }
}
