//! Cases: a rehearsal with everything that it needs, in one file.

use chaos::catalogue::Injection;
use chaos::checker::known as invariants;
use sim_core::Experiment;

use super::names::Names;
use super::problem::Problem;
use super::{all, rehearsed};
use crate::CaseFile;
use crate::rehearse::{Stages, injections};

/// Checks a case, and puts its experiment together by `assemble`, without its faults.
///
/// # Errors
/// Everything that is wrong with its parts and with how they fit together.
pub(crate) fn case(
    case: &CaseFile,
    assemble: impl FnOnce(&CaseFile, &crate::World) -> Experiment,
) -> Result<(Experiment, Vec<Injection>), Vec<Problem>> {
    let under = |part: &'static str, problems: Vec<Problem>| {
        problems.into_iter().map(move |problem| problem.under(part))
    };
    let mut problems: Vec<Problem> = all::version(case.version).into_iter().collect();
    problems.extend(promise(case));
    problems.extend(under("policy", all::policy(&case.policy)));
    problems.extend(under("scenario", all::scenario(&case.scenario)));
    let Some(world) = case.world() else {
        problems.push(no_world());
        return Err(problems);
    };
    let (of_policy, of_scenario) = all::experiment(&case.policy, &case.scenario, world);
    problems.extend(under("policy", of_policy));
    let program = super::decided_by::not_allowed(&case.policy);
    problems.extend(under("policy", program.into_iter().collect()));
    problems.extend(under("scenario", of_scenario));
    let experiment = assemble(case, world);
    let placed = injections(&case.scenario, Stages::Of(&case.policy));
    let fitting = rehearsed(&case.scenario, experiment.clone()).err();
    let fitting = under("scenario", fitting.unwrap_or_default());
    let is_new = |problem: &Problem| !problems.contains(problem);
    let new: Vec<_> = fitting.filter(is_new).collect();
    problems.extend(new);
    match placed {
        Ok(placed) if problems.is_empty() => {
            Ok((experiment, placed.into_iter().map(|(_, one)| one).collect()))
        }
        _ => Err(problems),
    }
}

fn no_world() -> Problem {
    Problem::error(
        "CM180",
        "scenario.world",
        "the case does not hold its world",
    )
    .reason("what a case names elsewhere can change, and the case would be another")
    .help("write the world itself under `inline:`")
}

/// The promises of the catalogue, and those of the policy itself.
fn promise(case: &CaseFile) -> Option<Problem> {
    let own = case.policy.promises.iter().map(|own| own.id.as_str());
    let known = invariants().map(|promise| promise.id).chain(own);
    Names::new("invariant", known).resolve("broken.promise", &case.broken.promise)
}
