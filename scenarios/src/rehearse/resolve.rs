//! From what a scenario writes to the injections that it means.

use chaos::catalogue::Injection;

use super::heal::healed;
use super::sequence::Placing;
use super::stages::Stages;
use crate::Scenario;
use crate::check::{Problem, each};

/// Returns the injections of a scenario, each with the path at which it is written: the single ones, then
/// those of its method, all of them healed when the scenario says so.
///
/// # Errors
/// What is wrong with their moments and their order.
pub(crate) fn injections(
    scenario: &Scenario,
    stages: Stages<'_>,
) -> Result<Vec<(String, Injection)>, Vec<Problem>> {
    let mut placing = Placing {
        stages,
        placed: Vec::new(),
        problems: Vec::new(),
    };
    for (path, planned) in each("rehearse", &scenario.rehearse) {
        placing.single(planned, &path);
    }
    if let Some(method) = &scenario.method {
        placing.method(method);
    }
    if !placing.problems.is_empty() {
        return Err(placing.problems);
    }
    let mut placed = placing.placed;
    if let Some(heal_at) = scenario.heal_at {
        for (_, injection) in &mut placed {
            injection.at = Some(healed(injection.course(), heal_at));
        }
    }
    Ok(placed)
}
