//! Faults of the catalogue: by themselves, and in the experiment in which they are to happen.

use chaos::catalogue::{Injection, Misfit, inject};
use sim_core::Experiment;

use super::problem::{Problem, each};
use super::{effects, unread};
use crate::Scenario;
use crate::rehearse::{Stages, Step, injections};

/// Checks when the faults of a scenario happen, whatever the policy's stages are called.
pub(crate) fn check(scenario: &Scenario) -> Vec<Problem> {
    let placed = match injections(scenario, Stages::Any) {
        Ok(placed) => placed,
        Err(problems) => return problems,
    };
    let at = |(path, one): &(String, Injection)| {
        let at = one.at.as_ref();
        at.map(|at| effects::course(&format!("{path}.at"), at, scenario.horizon))
    };
    let heals = scenario
        .heal_at
        .filter(|at| at.is_zero() || *at >= scenario.horizon);
    let heals = heals.map(|_| {
        let message = "everything would heal before anything happens, or after the end";
        let problem = Problem::error("CM165", "heal-at", message);
        problem.help("leave time before it for faults, and time behind it for an outcome")
    });
    placed
        .iter()
        .filter_map(at)
        .flatten()
        .chain(heals)
        .collect()
}

/// Returns the id of each fault, with its path.
pub(crate) fn ids(scenario: &Scenario) -> impl Iterator<Item = (String, &str)> {
    let single = each("rehearse", &scenario.rehearse);
    let single = single.map(|(path, fault)| (format!("{path}.id"), fault.id.as_str()));
    let mut of_method = Vec::new();
    if let Some(method) = &scenario.method {
        ids_below(method, "method", &mut of_method);
    }
    single.chain(of_method)
}

fn ids_below<'s>(step: &'s Step, path: &str, ids: &mut Vec<(String, &'s str)>) {
    for (path, child) in each(&format!("{path}.children"), &step.children) {
        ids_below(child, &path, ids);
    }
    ids.extend(step.id.as_deref().map(|id| (format!("{path}.id"), id)));
}

/// Lets the faults happen in `experiment`.
///
/// # Errors
/// What is wrong with their moments, what an experiment lacks that a fault needs, and what is wrong with
/// what a fault comes to.
pub(crate) fn rehearsed(
    scenario: &Scenario,
    mut experiment: Experiment,
) -> Result<Experiment, Vec<Problem>> {
    let placed = injections(scenario, Stages::Of(&experiment.policy))?;
    let (paths, faults): (Vec<String>, Vec<Injection>) = placed.into_iter().unzip();
    let mut problems = Vec::new();
    for (path, injection) in paths.iter().zip(&faults) {
        let path = format!("{path}.fault");
        let Ok(lowered) = injection.lower(&experiment) else {
            continue;
        };
        for effect in &lowered.effects {
            problems.extend(effects::lowered(&path, effect, experiment.horizon));
        }
    }
    if let Err(misfits) = inject(&faults, &mut experiment) {
        let cannot = |(place, misfit): (usize, Misfit)| {
            cannot_happen(&paths[place], faults[place].fault.name(), &misfit)
        };
        problems.extend(misfits.into_iter().map(cannot));
    }
    if problems.is_empty() {
        Ok(experiment)
    } else {
        Err(problems)
    }
}

fn cannot_happen(path: &str, name: &str, misfit: &Misfit) -> Problem {
    let message = format!("`{name}` cannot happen here: {}", misfit.0);
    Problem::error("CM168", format!("{path}.fault"), message)
        .reason("a fault that can change nothing rehearses nothing")
        .help(format!("`coalmine explain {name}` says what it needs"))
}

/// Finds faults that are to happen by half, or little by little, and are there or are not: nobody reads how strongly.
/// The rehearsals of a campaign may ask for it, so that a case is not held to this.
pub(crate) fn half(scenario: &Scenario, experiment: &Experiment) -> Vec<Problem> {
    let placed = injections(scenario, Stages::Of(&experiment.policy)).unwrap_or_default();
    let whole = placed.into_iter().filter(|(_, injection)| {
        let lowered = injection.lower(experiment).unwrap_or_default();
        let mut changes = lowered.effects.iter().map(|effect| &effect.change);
        !lowered.effects.is_empty() && changes.all(unread::is_all_or_nothing)
    });
    let unread = |(path, injection): (String, Injection)| {
        let course = injection.at?;
        let key = match course {
            course if unread::is_partly(&course) => "strength",
            course if !course.ramp.is_zero() => "ramp",
            _ => return None,
        };
        let path = format!("{path}.at.{key}");
        let problem = Problem::error("CM163", path, "the fault does not read this");
        Some(problem.reason(unread::WHOLE).help("leave it out"))
    };
    whole.filter_map(unread).collect()
}
