//! What a player does with a round.

use super::folder::ShardFolder;

#[derive(Debug)]
pub(super) enum PlayerMode {
    /// Everything is played here and nothing is kept.
    Here,
    /// Nothing is played: the first round is counted.
    Count,
    /// Everything is played here, and what is played is kept.
    Keep(ShardFolder),
    /// One shard is played; what the rounds before it came to is read.
    Shard(ShardFolder, u64),
    /// What shards have played is read; with a gap, if need be.
    Merge(ShardFolder, bool),
    /// Nothing is played: what is missing is looked for.
    Look(ShardFolder),
}
