//! Every fault alone, at every instant to which it can be tied, under a good and under a bad release.
//!
//! This is systematic where a swarm is random: a promise that one fault can break is found here with a
//! single fault, and each state of the rollout meets each fault.

use sim_core::Seed;
use sim_core::effect::{Anchor, Course};
use sim_core::engine::{Draws, Key, SimDuration};

use super::driver::{named, toward};
use super::scale::seconds;
use super::{FaultSpace, Kind};
use crate::catalogue::Injection;
use crate::rehearsal::Rehearsal;

/// Each fault alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SingleFault;

/// Keeps a generator's draws apart from those of the world it is drawn for.
const ROOT: u64 = 0x414C_4F4E_4500_0000;
/// The longest time from the instant to the fault.
const WITHIN: f64 = 10.0;

impl SingleFault {
    /// Returns how many rehearsals there are: kinds times instants, with and without a bad release.
    pub fn count(self, space: &FaultSpace) -> u64 {
        2 * (space.kinds.len() * places(space).count()) as u64
    }

    /// Returns rehearsal `number` of [`SingleFault::count`]; beyond it they begin again under other draws.
    pub fn rehearsal(self, space: &FaultSpace, number: u64, seed: Seed) -> Rehearsal {
        let places: Vec<Option<Anchor>> = places(space).collect();
        let cell = (number / 2) as usize;
        let kind = &space.kinds[cell % space.kinds.len()];
        let place = places[cell / space.kinds.len() % places.len()];
        let bad = number % 2 == 1;
        let draws = &mut Key::for_replication(seed.root ^ ROOT, seed.replication).draws(1, 0, 0);
        let choice = draws.next_u64();
        let mut injections = toward(place.unwrap_or_default(), &space.releases, choice);
        if bad && injections.is_empty() && kind.entry.group() != "version" {
            injections = toward(Anchor::Rollback, &space.releases, choice);
        }
        let delay = delay(draws);
        let fault = if number < self.count(space) {
            (kind.entry.default)()
        } else {
            kind.vary(draws, &space.experiment)
        };
        let at = course(space, kind, place.map(|anchor| (anchor, delay)));
        injections.push(named(kind.entry.name, fault, Some(at)));
        healed(space, &mut injections);
        Rehearsal {
            experiment: space.experiment.clone(),
            injections,
            seed,
        }
    }
}

/// When the fault usually happens, and each instant of the policy.
fn places(space: &FaultSpace) -> impl Iterator<Item = Option<Anchor>> + '_ {
    std::iter::once(None).chain(space.anchors.iter().copied().map(Some))
}

fn course(space: &FaultSpace, kind: &Kind, place: Option<(Anchor, SimDuration)>) -> Course {
    let usual = (kind.entry.at)();
    let until = Some(space.phases.heal_at);
    match place {
        None => Course { until, ..usual },
        Some((from, after)) => Course {
            from,
            after,
            until,
            ..usual
        },
    }
}

/// Lets everything end when the harness heals.
pub(super) fn healed(space: &FaultSpace, injections: &mut [Injection]) {
    for injection in injections {
        injection.at = Some(Course {
            until: Some(space.phases.heal_at),
            ..injection.course()
        });
    }
}

/// At once in every other rehearsal, a little later in the others.
fn delay(draws: &mut Draws) -> SimDuration {
    if draws.chance(0.5) {
        SimDuration::ZERO
    } else {
        seconds(draws.uniform() * WITHIN)
    }
}
