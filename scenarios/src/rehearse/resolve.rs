//! From what a scenario writes to the injections that it means.

use chaos::catalogue::Injection;
use sim_core::effect::Course;
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

use super::moment::Placed;
use super::order::Placing;
use crate::Scenario;
use crate::check::{Names, Problem, each};

/// The stages by whose names moments are written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stages<'p> {
    /// Nobody knows them yet: any name will do.
    Any,
    /// Those of a policy.
    Of(&'p Policy),
}

impl Stages<'_> {
    /// Returns the number of the stage of this id.
    pub(super) fn number(self, path: &str, id: &str) -> Placed<u16> {
        let Self::Of(policy) = self else {
            return Ok(0);
        };
        let mut ids = policy.stages.iter().map(|stage| stage.id.as_str());
        if let Some(place) = ids.position(|known| known == id) {
            return Ok(place as u16);
        }
        let ids = policy.stages.iter().map(|stage| stage.id.as_str());
        let unknown = Names::new("stage", ids).resolve(path, id);
        Err(unknown.expect("it was just looked for").into())
    }
}

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

/// The same course, over at `heal_at` at the latest.
pub(crate) fn healed(course: Course, heal_at: SimDuration) -> Course {
    let until = course.until.map_or(heal_at, |until| until.min(heal_at));
    Course {
        until: Some(until),
        ..course
    }
}
