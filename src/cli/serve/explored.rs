//! What is explored: today's policy, and what can be set of it.

use scenarios::{Scaling, Verdict};

use crate::cli::curve::Range;
use crate::cli::resolve::{PolicyArgs, Suite};

/// Today's policy with its scenarios.
pub struct Explored {
    /// What was said of the policy on the command line.
    pub args: PolicyArgs,
    /// The one scenario that was named there.
    pub scenario: Option<String>,
    /// The root seed.
    pub seed: u64,
    /// The policy, its scenarios and their experiments.
    pub today: Suite,
    /// The scenarios whose releases can be scaled, as they are named.
    pub regressions: Vec<String>,
}

impl Explored {
    /// Finds out what can be set.
    pub fn new((args, scenario): (&PolicyArgs, Option<&str>), seed: u64, today: Suite) -> Self {
        let bad = today.scenarios.iter().filter(|scenario| {
            let is_bad = scenario.document.value.release.is == Verdict::Bad;
            is_bad && Scaling::of(&scenario.document, Range::USUAL.to).is_ok()
        });
        Self {
            args: args.clone(),
            scenario: scenario.map(str::to_owned),
            seed,
            regressions: bad.map(|scenario| scenario.named.clone()).collect(),
            today,
        }
    }
}
