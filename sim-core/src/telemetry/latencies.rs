//! The latencies of an interval, one by one or in buckets, and the parts of them that answer a query.

use super::buckets::Buckets;
use super::law::{Law, Shape};
use super::query::Range;
use super::tree::Tree;
use crate::engine::Draws;

/// The parts of the latencies that answer a query: old and new ones of the canary and of the control. Those
/// of no weight count nothing.
pub(super) type Spans = [Span; 4];

/// A part of the latencies that answer a query.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub series: usize,
    pub range: Range,
    /// How many times each counts.
    pub weight: f64,
}

impl Span {
    /// Whether there is anything in it that counts.
    pub fn counts(&self) -> bool {
        self.weight > 0.0 && self.range.to > self.range.from
    }
}

/// The latencies of one interval.
#[derive(Clone, Debug)]
pub(super) enum Latencies {
    Each(Tree),
    Counted(Buckets),
}

impl Latencies {
    /// Prepares to draw `requests` latencies under the address of `draws`.
    pub fn new(law: &Law, draws: Draws, requests: u64, shape: Shape) -> Self {
        if law.bounds().is_empty() {
            Self::Each(Tree::new(draws, requests, shape))
        } else {
            Self::Counted(Buckets::new(draws, requests, shape))
        }
    }

    /// Returns the number of requests.
    pub fn total(&self) -> u64 {
        match self {
            Self::Each(tree) => tree.total(),
            Self::Counted(buckets) => buckets.total(),
        }
    }

    /// Leaves `arriving` of the requests. Which ones are lost does not depend on how long they took.
    pub fn leave(&mut self, arriving: u64) {
        match self {
            Self::Each(tree) => tree.leave(arriving),
            Self::Counted(buckets) => buckets.leave(arriving),
        }
    }
}
