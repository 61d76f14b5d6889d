//! One round of a study.

use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Pieces of work, each of which can be played anywhere, and what they add up to.
pub trait Round: Sync {
    /// What some pieces come to.
    type Sum: Serialize + DeserializeOwned + Send;

    /// Returns how many pieces there are.
    fn units(&self) -> u64;

    /// Plays some pieces, on the threads of the current pool.
    fn play(&self, units: Range<u64>) -> Share<Self::Sum>;

    /// Adds what the pieces behind those of `sum` came to.
    fn join(&self, sum: &mut Self::Sum, next: Self::Sum);
}

/// What was played of the pieces that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share<S> {
    /// What they came to.
    pub sum: S,
    /// Whether all of them were played: not where somebody asked to stop, or where shards are missing.
    pub whole: bool,
}

/// So many pieces are played before they are added up, which bounds the memory.
const WAVE: u64 = 1024;

/// Plays pieces wave by wave on the threads of the current pool, and adds what each came to to the sum of its case.
///
/// `piece` returns its case, or nothing once somebody asked to stop; `merge` adds a piece to a sum.
pub fn play_in_waves<S: Send + Sync>(
    units: Range<u64>,
    mut sum: Vec<S>,
    piece: impl Fn(u64) -> Option<(usize, S)> + Sync,
    merge: impl Fn(&mut S, &S),
) -> Share<Vec<S>> {
    let (mut at, mut whole) = (units.start, true);
    while at < units.end {
        let end = units.end.min(at + WAVE);
        let wave: Vec<u64> = (at..end).collect();
        let pieces = wave.par_iter().with_max_len(1);
        let played: Vec<_> = pieces.map(|unit| piece(*unit)).collect();
        whole &= played.iter().all(Option::is_some);
        for (case, one) in played.iter().flatten() {
            merge(&mut sum[*case], one);
        }
        at = end;
    }
    Share { sum, whole }
}

/// The pieces of shard `place` of `shards`.
pub fn range(units: u64, shards: u64, place: u64) -> Range<u64> {
    let cut = |place: u64| (u128::from(units) * u128::from(place) / u128::from(shards)) as u64;
    cut(place)..cut(place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shards_of_a_round_cover_it_once_and_differ_by_at_most_one_piece() {
        for (units, shards) in [
            (0, 1),
            (1, 64),
            (10, 3),
            (1_000_003, 1000),
            (u64::MAX / 2, 7),
        ] {
            let ranges: Vec<_> = (0..shards).map(|i| range(units, shards, i)).collect();
            assert_eq!((ranges[0].start, ranges[ranges.len() - 1].end), (0, units));
            for pair in ranges.windows(2) {
                assert_eq!(pair[0].end, pair[1].start, "{units} in {shards}");
            }
            let least = units / shards;
            for range in ranges {
                let many = range.end - range.start;
                assert!(
                    many == least || many == least + 1,
                    "{units} in {shards}: {range:?}"
                );
            }
        }
    }
}
