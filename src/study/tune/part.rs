//! A scenario of a search.

use scenarios::Verdict;
use sim_core::{Experiment, Outcome};

/// A scenario of a search.
#[derive(Clone, Debug)]
pub struct Part {
    /// The name of the scenario.
    pub name: String,
    /// Whether the release deserves to be rolled out.
    pub release: Verdict,
    /// The ending that the scenario declares, if it declares one.
    pub expected: Option<Outcome>,
    /// The experiment, under any policy.
    pub experiment: Experiment,
}
