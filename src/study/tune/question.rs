//! What is asked of a search, and on which rollouts it is answered.

use sim_core::Steering;

use super::confirm::Asked;
use super::constraint::Constraint;
use super::metric::Metric;
use super::part::Part;
use super::perturb;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The candidates; the first is the policy as it is.
    pub policies: Vec<Steering>,
    /// The scenarios of the search.
    pub search: Vec<Part>,
    /// Scenarios that only the confirmation plays.
    pub held_out: Vec<Part>,
    /// What must be kept.
    pub constraints: Vec<Constraint>,
    /// What should be least.
    pub minimize: Metric,
    /// What the front is drawn in.
    pub objectives: Vec<Metric>,
    /// The root seed.
    pub seed: u64,
    /// The replications of each scenario in the confirmation.
    pub confirm: u64,
}

impl Question {
    pub(super) fn asked(&self) -> Asked<'_> {
        Asked {
            constraints: &self.constraints,
            minimize: self.minimize,
            objectives: &self.objectives,
        }
    }
}

/// Sets of scenarios, beside fresh seeds, that the search did not see, each with what is new about it.
pub(super) fn unseen(question: &Question) -> Vec<(String, Vec<Part>)> {
    let all =
        |change: &dyn Fn(&Part) -> Part| question.search.iter().map(change).collect::<Vec<_>>();
    let mut sets = Vec::new();
    if !question.held_out.is_empty() {
        sets.push(("other scenarios".to_owned(), question.held_out.clone()));
    }
    sets.push((
        "effects x0.75".to_owned(),
        all(&|part| perturb::effects(part, 0.75)),
    ));
    sets.push((
        "effects x1.5".to_owned(),
        all(&|part| perturb::effects(part, 1.5)),
    ));
    sets.push((
        "load x0.7".to_owned(),
        all(&|part| perturb::load(part, 0.7)),
    ));
    sets
}

/// Sets of replications lie so far apart.
const SET: u64 = 1 << 24;

/// The number of the last set of replications that was played: none is played twice.
pub(super) struct Luck(pub u64);

impl Luck {
    /// The seed, and the first replication of the next set with so many of each scenario.
    pub fn next(&mut self, question: &Question, runs: u64) -> (u64, u64, u64) {
        self.0 += 1;
        (question.seed, self.0 * SET, runs)
    }
}
