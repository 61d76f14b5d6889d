//! What a gate asks of the store, and the scrapes that answer it.

use crate::policy::gate::{Measure, Population};

/// What a gate asks of the store.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Query {
    pub signal: usize,
    pub population: Population,
    pub measure: Measure,
    /// How many intervals the look-back time covers; none sees nothing.
    pub back: u64,
}

/// The scrapes that a query covers: those after `from` up to `to`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub from: u64,
    pub to: u64,
}
