//! What is ordered of a study.

/// What is ordered: which scenarios, how often, under which seed, on how many threads.
#[derive(Clone, Debug)]
pub struct Order {
    /// The scenario; none means all.
    pub scenario: Option<String>,
    /// How many rollouts of each; none means the default.
    pub runs: Option<u64>,
    /// The root seed.
    pub seed: u64,
    /// How many threads; 0 means one a core.
    pub threads: usize,
}
