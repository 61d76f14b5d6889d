//! Rounds that add up, played by every kind of player.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::round::range;
use super::{Halt, Round, RoundPlayer, ShardFolder, Share};

/// Adds the squares of its pieces; after `patience` pieces somebody asks to stop.
struct Squares {
    units: u64,
    patience: AtomicU64,
}

impl Squares {
    fn new(units: u64) -> Self {
        Self::patient(units, u64::MAX)
    }

    fn patient(units: u64, patience: u64) -> Self {
        let patience = AtomicU64::new(patience);
        Self { units, patience }
    }
}

impl Round for Squares {
    type Sum = Vec<u64>;

    fn units(&self) -> u64 {
        self.units
    }

    fn play(&self, units: Range<u64>) -> Share<Vec<u64>> {
        let mut sum = Vec::new();
        for unit in units {
            if self.patience.load(Ordering::Relaxed) == 0 {
                return Share { sum, whole: false };
            }
            self.patience.fetch_sub(1, Ordering::Relaxed);
            sum.push(unit * unit);
        }
        Share { sum, whole: true }
    }

    fn join(&self, sum: &mut Vec<u64>, next: Vec<u64>) {
        sum.extend(next);
    }
}

const PLAN: &str = "a plan";

fn squares(units: u64) -> Vec<u64> {
    (0..units).map(|unit| unit * unit).collect()
}

/// Plays the shards with these indices of rounds with 10, 0 and 7 pieces.
fn shards(path: &Path, cut: u64, indices: impl IntoIterator<Item = u64>) {
    for index in indices {
        let player = RoundPlayer::shard(ShardFolder::new(path, PLAN, cut), index);
        let rounds = [10, 0, 7].map(Squares::new);
        assert!(
            rounds
                .iter()
                .find_map(|round| match player.round(round) {
                    Some(_) => None,
                    None => Some(()),
                })
                .is_some()
        );
        assert!(
            matches!(player.halted(), Some(Halt::Played(_))),
            "shard {index}"
        );
    }
}

#[expect(clippy::type_complexity, reason = "it is taken apart at once")]
fn merged(path: &Path, cut: u64, partial: bool) -> (Vec<Option<Share<Vec<u64>>>>, Option<Halt>) {
    let player = RoundPlayer::merge(ShardFolder::new(path, PLAN, cut), partial);
    let rounds = [10, 0, 7].map(Squares::new);
    let sums = rounds.iter().map(|round| player.round(round)).collect();
    (sums, player.halted())
}

#[test]
fn rounds_that_were_played_in_shards_add_up_and_those_that_nobody_began_are_played() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    shards(path, 3, [2, 0, 1, 0]);
    for later in [false, true] {
        if later {
            shards(path, 3, [5, 3, 4]);
        }
        let (sums, halted) = merged(path, 3, false);
        assert!(halted.is_none(), "{halted:?}");
        let sums: Vec<_> = sums.into_iter().flatten().map(|share| share.sum).collect();
        assert_eq!(sums, [squares(10), squares(0), squares(7)]);
    }
}

#[test]
fn a_round_with_a_gap_is_no_result_and_in_part_it_says_so() {
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path();
    shards(path, 3, [0, 2]);
    let (_, halted) = merged(path, 3, false);
    assert!(matches!(halted, Some(Halt::Missing(gap, _)) if gap == [1]));
    let (sums, halted) = merged(path, 3, true);
    assert!(halted.is_none());
    let first = sums[0].as_ref().expect("it was asked for");
    // 10 pieces in three shards: 0 to 2, 3 to 5, 6 to 9.
    assert_eq!(range(10, 3, 1), 3..6);
    assert!(!first.whole);
    assert_eq!(first.sum, [0, 1, 4, 36, 49, 64, 81]);
}

#[test]
fn a_shard_that_was_stopped_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("there is room");
    let own = || ShardFolder::new(folder.path(), PLAN, 1);
    let first = RoundPlayer::shard(own(), 0);
    assert!(first.round(&Squares::patient(100, 40)).is_none());
    assert!(matches!(first.halted(), Some(Halt::Interrupted)));
    // So many pieces are left at most that the whole has no 100.
    let second = RoundPlayer::shard(own(), 0);
    let rest = Squares::patient(100, 99);
    assert!(second.round(&rest).is_none());
    assert!(matches!(second.halted(), Some(Halt::Played(false))));
    assert!(rest.patience.load(Ordering::Relaxed) > 0);
    let (sums, ()) = {
        let player = RoundPlayer::merge(own(), false);
        (player.round(&Squares::new(100)), ())
    };
    assert_eq!(sums.expect("it is there").sum, squares(100));
    let names: Vec<_> = fs::read_dir(folder.path())
        .expect("it is there")
        .map(|entry| entry.expect("it is there").file_name())
        .collect();
    assert_eq!(
        names,
        ["shard-00000.jsonl"],
        "nothing is left of what was kept"
    );
}

#[test]
fn what_is_kept_of_another_study_is_neither_used_nor_overwritten() {
    let folder = tempfile::tempdir().expect("there is room");
    let other = RoundPlayer::keep(ShardFolder::new(folder.path(), "another", 1));
    other.round(&Squares::new(3)).expect("nobody stops it");
    let before = fs::read(folder.path().join("shard-00000.jsonl")).expect("it is there");
    let own = RoundPlayer::keep(ShardFolder::new(folder.path(), PLAN, 1));
    assert!(own.round(&Squares::new(3)).is_none());
    assert!(matches!(own.halted(), Some(Halt::Refused(_))));
    let after = fs::read(folder.path().join("shard-00000.jsonl")).expect("it is there");
    assert_eq!(before, after);
}
