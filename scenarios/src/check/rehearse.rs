//! Faults of the catalogue: by themselves, and in the experiment in which they are to happen.

use chaos::catalogue::{Injection, inject};
use sim_core::Experiment;
use sim_core::engine::SimDuration;

use super::effects;
use super::problem::{Problem, each};

/// Checks when the faults of a scenario that ends at `horizon` happen.
pub(crate) fn check(rehearse: &[Injection], horizon: SimDuration) -> Vec<Problem> {
    let course = |(path, injection): (String, &Injection)| {
        let at = injection.at.as_ref();
        at.map(|at| effects::course(&format!("{path}.at"), at, horizon))
    };
    each("rehearse", rehearse)
        .filter_map(course)
        .flatten()
        .collect()
}

/// Lets the faults happen in `experiment`.
///
/// # Errors
/// What an experiment lacks that a fault needs, and what is wrong with what a fault comes to.
pub(crate) fn rehearsed(
    rehearse: &[Injection],
    mut experiment: Experiment,
) -> Result<Experiment, Vec<Problem>> {
    let mut problems = Vec::new();
    for (path, injection) in each("rehearse", rehearse) {
        let path = format!("{path}.fault");
        let Ok(lowered) = injection.lower(&experiment) else {
            continue;
        };
        for effect in &lowered.effects {
            problems.extend(effects::check(&path, effect, experiment.horizon));
        }
    }
    if let Err(misfits) = inject(rehearse, &mut experiment) {
        problems.extend(misfits.into_iter().map(|(place, misfit)| {
            let name = rehearse[place].fault.name();
            let message = format!("`{name}` cannot happen here: {}", misfit.0);
            Problem::error("CM168", format!("rehearse[{place}].fault"), message)
                .reason("a fault that can change nothing rehearses nothing")
                .help(format!("`coalmine explain {name}` says what it needs"))
        }));
    }
    if problems.is_empty() {
        Ok(experiment)
    } else {
        Err(problems)
    }
}
