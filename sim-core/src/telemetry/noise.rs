//! Slow movements: stationary AR(1) processes in logarithms, one step a scrape.

use super::Noise;
use crate::address;
use crate::engine::{Key, sample};

/// The slow movement of one signal in one population.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    noise: Noise,
    own: Walk,
    shared: Walk,
}

#[derive(Clone, Copy, Debug, Default)]
struct Walk {
    /// The interval of the value; 0 before the first.
    at: u64,
    value: f64,
}

impl Movement {
    pub fn new(noise: Noise) -> Self {
        Self {
            noise,
            own: Walk::default(),
            shared: Walk::default(),
        }
    }

    /// Returns the factor on the signal's level in interval `k`, whose mean over time is 1.
    ///
    /// `k` must not go backwards. The shared part is the same for all populations of a signal, because
    /// it is drawn at the signal's address.
    pub fn factor(&mut self, key: Key, signal: u32, population: u32, k: u64) -> f64 {
        let Noise {
            own,
            shared,
            memory,
        } = self.noise;
        if own == 0.0 && shared == 0.0 {
            return 1.0;
        }
        let mut log = -(own * own + shared * shared) / 2.0;
        if own > 0.0 {
            let entity = signal * 4 + population;
            log += own
                * self.own.step_to(k, memory, |tick| {
                    key.draws(address::OWN_NOISE, entity, tick)
                });
        }
        if shared > 0.0 {
            log += shared
                * self.shared.step_to(k, memory, |tick| {
                    key.draws(address::SHARED_NOISE, signal, tick)
                });
        }
        libm::exp(log)
    }
}

impl Walk {
    /// Steps a stationary AR(1) of variance 1 to interval `k`: x' = phi x + sqrt(1 - phi^2) e.
    fn step_to(&mut self, k: u64, memory: f64, draws: impl Fn(u32) -> crate::engine::Draws) -> f64 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_movement_is_stationary_correlated_and_shared_as_declared() {
        let noise = Noise {
            own: 0.0,
            shared: 0.3,
            memory: 0.8,
        };
        let (mut sum, mut squares, mut products) = (0.0, 0.0, 0.0);
        let replications = 20_000;
        for replication in 0..replications {
            let key = Key::for_replication(7, replication);
            let (mut canary, mut control) = (Movement::new(noise), Movement::new(noise));
            let log = |factor: f64| (libm::log(factor) + 0.045) / 0.3;
            let ninth = log(canary.factor(key, 0, 0, 9));
            let tenth = log(canary.factor(key, 0, 0, 10));
            assert_eq!(control.factor(key, 0, 1, 10), canary.factor(key, 0, 0, 10));
            (sum, squares, products) = (
                sum + tenth,
                squares + tenth * tenth,
                products + ninth * tenth,
            );
        }
        let n = replications as f64;
        // Standard errors: 1/sqrt(n) = 0.0071 for the mean, sqrt(2/n) = 0.01 for the variance.
        assert!((sum / n).abs() < 4.0 * 0.0071, "mean {}", sum / n);
        assert!(
            (squares / n - 1.0).abs() < 4.0 * 0.01,
            "variance {}",
            squares / n
        );
        assert!(
            (products / n - 0.8).abs() < 4.0 * 0.01,
            "correlation {}",
            products / n
        );
    }
}
