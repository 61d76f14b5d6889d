//! How much is simulated for a case, and from which random numbers.

use serde_json::Value;
use sim_core::engine::RunningHash;

use super::case::{ClosedFormCase, ExactAnswer, Unable};

/// A simulation of at most so many steps of some 10 ns takes about 20 CPU seconds at most.
const BUDGET: f64 = 2e9;

/// How often the second run of a suspicious quantity repeats what the first did.
const AGAIN: u64 = 10;

/// How much is simulated, and from which random numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// The root of all draws.
    pub root: u64,
    /// The number of trials that is asked for.
    pub trials: u64,
    /// The number of steps that one simulation may take.
    pub budget: f64,
}

/// Plays one kind of case.
pub type Player = fn(&ClosedFormCase, Effort) -> Result<Vec<ExactAnswer>, Unable>;

impl Effort {
    /// The effort of a case: its draws follow from the seed, the kind and the inputs, never from
    /// its name or its place in a file.
    pub fn of(case: &ClosedFormCase, seed: u64, trials: u64, again: bool) -> Self {
        let mut hash = RunningHash::new();
        hash.word(seed);
        hash.word(u64::from(again));
        hash.text(&case.kind);
        hash.text(&Value::Object(case.inputs.clone()).to_string());
        let times = if again { AGAIN } else { 1 };
        Self {
            root: hash.finish(),
            trials: trials * times,
            budget: BUDGET * times as f64,
        }
    }

    /// Returns the effort of another simulation of the case, with draws of its own.
    #[must_use]
    pub fn part(self, number: u64) -> Self {
        let mut hash = RunningHash::new();
        hash.word(self.root);
        hash.word(number);
        Self {
            root: hash.finish(),
            ..self
        }
    }

    /// Returns the effort with only as many trials of `steps` steps each as the budget allows, but
    /// 256 at least.
    #[must_use]
    pub fn at_cost(self, steps: f64) -> Self {
        let affordable = (self.budget / steps.max(1.0)) as u64;
        Self {
            trials: self.trials.min(affordable.max(256)),
            ..self
        }
    }
}
