//! How much of a search may be played, and who is told.

use std::sync::atomic::AtomicBool;

use super::successive_rejects::Race;
use crate::study::shards::RoundPlayer;

/// How much may be played, and what is told about it.
pub struct Watch<'a> {
    /// Asked before each piece of work with the rollouts played and those that it needs.
    pub may: &'a (dyn Fn(u64, u64) -> bool + Sync),
    /// Told how many more rollouts of the search are finished.
    pub done: &'a (dyn Fn(u64) + Sync),
    /// Told after each look.
    pub looked: &'a (dyn Fn(&Race<'_>) + Sync),
    /// Told when the search is over and its confirmation begins, whose rollouts are not told.
    pub confirming: &'a (dyn Fn() + Sync),
    /// Who plays the rounds.
    pub player: &'a RoundPlayer,
    /// Set to end everything.
    pub stop: &'a AtomicBool,
}
