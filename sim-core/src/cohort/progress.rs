//! A test that takes every request once, under way.

use crate::engine::SimTime;
use crate::policy::gate::CountTest;

/// A test that takes every request once, and how far it has come.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    pub test: CountTest,
    pub began: SimTime,
    /// The interval up to which everything was taken.
    pub taken: u64,
}

impl Progress {
    /// A test that begins now: nothing up to interval `taken` belongs to it.
    pub fn new(test: CountTest, began: SimTime, taken: u64) -> Self {
        Self { test, began, taken }
    }
}
