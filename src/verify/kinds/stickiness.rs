//! Evaluations that depend on the one before.

use sim_core::engine::Draws;

pub(super) const EVALUATIONS: u32 = 1;

/// How often a breach follows a breach, a breach a pass, and how often the first is a breach.
#[derive(Clone, Copy, Debug)]
pub struct Stickiness {
    pub after_breach: f64,
    pub first: f64,
    /// 1 / ln(1 - p) for the probability p that a breach follows a pass.
    per_pass: f64,
}

impl Stickiness {
    /// Breaches that know nothing of each other.
    pub fn independent(p: f64) -> Self {
        Self::new(p, p, p)
    }

    /// A Markov chain of two states.
    pub fn new(after_pass: f64, after_breach: f64, first: f64) -> Self {
        Self {
            after_breach,
            first,
            per_pass: 1.0 / (-after_pass).ln_1p(),
        }
    }

    /// Draws how many evaluations pass, once one has, before the next breach: one or more.
    pub fn passes(&self, draws: &mut Draws) -> u64 {
        1 + (draws.uniform().ln() * self.per_pass) as u64
    }
}
