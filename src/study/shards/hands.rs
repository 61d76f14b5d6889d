//! Who plays a study, and who is told.

use std::sync::atomic::AtomicBool;

use super::player::RoundPlayer;

/// Who plays, and who is told.
#[derive(Clone, Copy)]
pub struct Hands<'h> {
    /// Who plays the rounds.
    pub player: &'h RoundPlayer,
    /// Once it is set, nothing more is begun.
    pub stop: &'h AtomicBool,
    /// Is told how many more rollouts are finished.
    pub done: &'h (dyn Fn(u64) + Sync),
}
