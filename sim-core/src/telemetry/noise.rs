//! Slow Gaussian movements: stationary AR(1) processes, one step a scrape.

use crate::engine::{Draws, sample};

/// A stationary AR(1) process of variance 1.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Walk {
    /// The interval of the value; 0 before the first.
    at: u64,
    value: f64,
}

impl Walk {
    /// Steps to interval `k`, which must not go backwards: x' = phi x + sqrt(1 - phi^2) e.
    pub fn step_to(&mut self, k: u64, memory: f64, draws: impl Fn(u32) -> Draws) -> f64 {
        assert!(k >= self.at, "a process with memory only goes forwards");
        if self.at == 0 || memory == 0.0 {
            // A stationary start; without memory every interval is one.
            let start = if memory == 0.0 { k } else { 1 };
            if self.at != k {
                (self.at, self.value) = (start, sample::standard_normal(&mut draws(start as u32)));
            }
        }
        while self.at < k {
            self.at += 1;
            let innovation = sample::standard_normal(&mut draws(self.at as u32));
            self.value = memory * self.value + libm::sqrt(1.0 - memory * memory) * innovation;
        }
        self.value
    }
}
