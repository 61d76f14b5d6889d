//! Smooth weighted round robin: nginx (round robin; least_conn while idle) and Apache (byrequests, bybusyness while idle).
//!
//! Each server gains its weight at every request, the one that has most is picked and pays the sum of the weights; of
//! equals the first. With 99 to 1 the canary is number 51 of each 100.

use super::{Server, Turns};

/// The state that one worker, or a shared zone, keeps.
pub(super) struct Smooth {
    weights: [i64; 2],
    current: [i64; 2],
}

impl Smooth {
    pub fn new(weights: [u32; 2]) -> Self {
        Self {
            weights: weights.map(i64::from),
            current: [0; 2],
        }
    }
}

impl Turns for Smooth {
    fn turn(&mut self) -> Server {
        for (current, weight) in self.current.iter_mut().zip(self.weights) {
            *current += weight;
        }
        let canary = self.weights[1] > 0 && self.current[1] > self.current[0];
        let picked = if canary {
            Server::Canary
        } else {
            Server::Stable
        };
        self.current[picked.index()] -= self.weights.iter().sum::<i64>();
        picked
    }
}
