//! Lineage: every small combination of the faults that touch how a bad release is dealt with.
//!
//! A fault that changes nothing on the way of a bad release cannot keep the policy from dealing with it. Of
//! the others, every set of up to so many is tried, the small ones first. Where all were and none broke a
//! promise, that is a certificate for this release, these moments and this seed, and for nothing else
//! (lineage-driven fault injection: P. Alvaro and others, SIGMOD 2015).

use sim_core::Seed;
use sim_core::effect::{Anchor, Course};
use sim_core::engine::SimDuration;

use super::single_fault::healed;
use super::{FaultSpace, Kind};
use crate::catalogue::Injection;
use crate::rehearsal::Rehearsal;

/// The combinations of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// How many faults there are in one combination: none, or up to 3.
    pub size: u32,
}

impl Lineage {
    /// Returns the faults of `wanted` kinds that change anything under the first bad release, as `limited`
    /// makes them: each at the first moment at which it does, its usual one, the first exposure or the rollback.
    pub fn support(
        space: &FaultSpace,
        root: u64,
        wanted: impl Fn(&Kind) -> bool,
        limited: impl Fn(Injection) -> Injection,
    ) -> Vec<Injection> {
        let shows = |fault: &Injection| {
            let rehearsal = together(space, vec![fault.clone()], root);
            let played = rehearsal.play_beside(&space.grid);
            played.is_ok_and(|played| played.confirmed.last() == Some(&true))
        };
        let kinds = space.kinds.iter();
        let kinds = kinds.filter(|kind| kind.entry.group() != "version" && wanted(kind));
        let first = |kind: &Kind| {
            let moments = moments(&limited(Injection::of(kind.entry)));
            moments.into_iter().find(shows)
        };
        kinds.filter_map(first).collect()
    }

    /// Returns how many combinations there are.
    pub fn count(self, space: &FaultSpace) -> u64 {
        choose(space.support.len() as u64, u64::from(self.size))
    }

    /// Returns the places in the support of the faults of combination `number` of [`Lineage::count`].
    pub fn places(self, space: &FaultSpace, number: u64) -> Vec<u16> {
        let all = space.support.len() as u64;
        let places = combination(all, u64::from(self.size), number);
        places.into_iter().map(|place| place as u16).collect()
    }

    /// Returns combination `number`. All of them meet the same luck, so that only their faults differ.
    pub fn rehearsal(self, space: &FaultSpace, number: u64, root: u64) -> Rehearsal {
        let places = self.places(space, number).into_iter();
        let faults = places.map(|place| space.support[usize::from(place)].clone());
        together(space, faults.collect(), root)
    }
}

/// The fault as it usually happens, from the first exposure on, and from the rollback on.
fn moments(fault: &Injection) -> [Injection; 3] {
    let from = |from: Anchor| Injection {
        at: Some(Course {
            from,
            after: SimDuration::ZERO,
            ..fault.course()
        }),
        ..fault.clone()
    };
    [
        fault.clone(),
        from(Anchor::FirstExposure),
        from(Anchor::Rollback),
    ]
}

/// The first bad release that is plain for users, and faults with it.
fn together(space: &FaultSpace, faults: Vec<Injection>, root: u64) -> Rehearsal {
    let release = space.releases.last().cloned();
    let mut injections: Vec<Injection> = release.into_iter().chain(faults).collect();
    healed(space, &mut injections);
    Rehearsal {
        experiment: space.experiment.clone(),
        injections,
        seed: Seed {
            root,
            replication: 0,
        },
    }
}

/// The number of sets of `size` of `all` things.
fn choose(all: u64, size: u64) -> u64 {
    (0..size).fold(1, |sets, k| sets * all.saturating_sub(k) / (k + 1))
}

/// Set `number` of those of `size` of `all` things, in lexical order; the last one beyond.
fn combination(all: u64, size: u64, number: u64) -> Vec<u64> {
    let sets = choose(all, size);
    let mut number = number.min(sets.saturating_sub(1));
    let mut places = Vec::new();
    let mut next = 0;
    for left in (0..size.min(all)).rev() {
        // The sets that go on with `next` are those of the things behind it.
        while number >= choose(all - next - 1, left) {
            number -= choose(all - next - 1, left);
            next += 1;
        }
        places.push(next);
        next += 1;
    }
    places
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_combination_comes_once_and_in_order() {
        for (size, sets) in [(0, 1), (1, 6), (2, 15), (3, 20)] {
            assert_eq!(choose(6, size), sets);
            let all: Vec<_> = (0..sets)
                .map(|number| combination(6, size, number))
                .collect();
            assert!(all.is_sorted());
            assert!(
                all.iter()
                    .all(|places| places.is_sorted() && places.iter().all(|one| *one < 6))
            );
            assert!(all.iter().all(|places| places.len() as u64 == size));
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len() as u64, sets);
        }
        assert_eq!(choose(2, 3), 0);
    }
}
