//! The latencies of an interval, one by one or in buckets, and the parts of them that answer a query.

use super::buckets::Buckets;
use super::law::{LatencyLaw, Shape};
use super::query::Range;
use super::tree::{Room, Tree};
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
    /// Prepares to draw `requests` latencies under the address of `draws`, in memory of `spare` if there is any.
    pub fn new(
        spare: &mut Vec<Room>,
        law: &LatencyLaw,
        draws: Draws,
        (requests, shape): (u64, Shape),
    ) -> Self {
        if law.bounds().is_empty() {
            let room = spare.pop().unwrap_or_default();
            Self::Each(Tree::new(room, draws, requests, shape))
        } else {
            Self::Counted(Buckets::new(draws, requests, shape))
        }
    }

    /// Returns the memory of a tree.
    pub fn into_room(self) -> Option<Room> {
        match self {
            Self::Each(tree) => Some(tree.into_room()),
            Self::Counted(_) => None,
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
