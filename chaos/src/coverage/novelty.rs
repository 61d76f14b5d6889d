//! Residual novelty: how likely the next run is to do what no run has done.

/// What the runs so far say about the runs to come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Novelty {
    /// How many runs there were.
    pub runs: u64,
    /// How many ways through the policy they took; a way is the set of transitions of a run.
    pub ways: u64,
    /// How many of the ways only one run took.
    pub once: u64,
}

impl Novelty {
    /// Returns Good and Turing's estimate of the probability that the next run takes a way that none has
    /// taken: `once / runs`; 1 before the first run.
    pub fn missing_mass(&self) -> f64 {
        if self.runs == 0 {
            return 1.0;
        }
        self.once as f64 / self.runs as f64
    }

    /// Returns a bound that the missing mass stays below with probability 0.95:
    /// `once / n + (2 sqrt 2 + sqrt 3) sqrt(ln(3 / 0.05) / n)` (`McAllester` and Schapire, "On the
    /// convergence rate of Good-Turing estimators", COLT 2000). It holds for independent runs of one
    /// generator, and is never more than 1.
    pub fn upper_bound(&self) -> f64 {
        if self.runs == 0 {
            return 1.0;
        }
        let spread = 2.0 * std::f64::consts::SQRT_2 + libm::sqrt(3.0);
        let deviation = libm::sqrt(libm::log(3.0 / 0.05) / self.runs as f64);
        (self.missing_mass() + spread * deviation).min(1.0)
    }
}
