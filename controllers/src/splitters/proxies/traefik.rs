//! Traefik 3.7.13, `wrr`: earliest deadline first, in floating point.
//!
//! A pick moves its server's deadline on by one over its weight. Sums of rounded fractions meet at some places and miss
//! each other at others, so that the canary of 99 to 1 is number 100, 199, 300, 400, 499.

use super::{Server, Turns};

/// The heap of two deadlines, its first entry the next to be picked.
pub(super) struct Deadlines {
    /// Deadline, server, weight.
    heap: Vec<(f64, Server, f64)>,
}

impl Deadlines {
    pub fn new(weights: [u32; 2]) -> Self {
        let mut heap = Self { heap: Vec::new() };
        let servers = Server::BOTH.into_iter().zip(weights);
        for (server, weight) in servers.filter(|(_, weight)| *weight > 0) {
            let weight = f64::from(weight);
            heap.push((1.0 / weight, server, weight));
        }
        heap
    }

    /// Appends and sifts up: with two entries, one comparison.
    fn push(&mut self, entry: (f64, Server, f64)) {
        self.heap.push(entry);
        if let [first, second] = self.heap[..]
            && second.0 < first.0
        {
            self.heap.swap(0, 1);
        }
    }
}

impl Turns for Deadlines {
    fn turn(&mut self) -> Server {
        let (deadline, server, weight) = self.heap.remove(0);
        self.push((deadline + 1.0 / weight, server, weight));
        server
    }
}
