//! Weighted lists walked in order: Caddy 2.11.9 (`weighted_round_robin`) and Pingora 0.6.0 (`RoundRobin`, `FnvHasher`).
//!
//! A server stands in the list as often as its weight says, all in a row: with 95 to 5 the canary has five of each 100
//! requests one after the other.

use super::super::hashes::fnv1a_64;
use super::{Keys, Server, Turns};

/// The list, as two lengths.
#[derive(Clone, Copy)]
struct List {
    stable: u64,
    all: u64,
}

impl List {
    fn new(weights: [u32; 2]) -> Self {
        let [stable, canary] = weights.map(u64::from);
        Self {
            stable,
            all: stable + canary,
        }
    }

    fn at(self, place: u64) -> Server {
        if place % self.all < self.stable {
            Server::Stable
        } else {
            Server::Canary
        }
    }
}

/// The list, walked.
pub(super) struct Blocks {
    list: List,
    next: u64,
}

impl Blocks {
    /// Begins at place `first` of the list: Caddy counts up before it looks and begins at 1.
    pub fn new(weights: [u32; 2], first: u64) -> Self {
        Self {
            list: List::new(weights),
            next: first,
        }
    }
}

impl Turns for Blocks {
    fn turn(&mut self) -> Server {
        let picked = self.list.at(self.next);
        self.next += 1;
        picked
    }
}

/// The list, entered at the hash of a key.
pub(super) struct Hashed(List);

impl Hashed {
    pub fn new(weights: [u32; 2]) -> Self {
        Self(List::new(weights))
    }
}

impl Keys for Hashed {
    fn pick(&self, key: &str) -> Server {
        self.0.at(fnv1a_64(key.as_bytes()))
    }
}
