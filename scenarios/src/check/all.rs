//! All checks of a kind of file, in one list each.

use sim_core::policy::Policy;

use super::problem::{Problem, each};
use super::{
    actions, calendar, compatibility, decided_by, fleet, gates, noise, operators, promises,
    references, sizes, splitter, stages, telemetry, tolerance, traffic, waives,
};
use crate::{Campaign, NoiseModel, NoiseSource, Scenario, World, WorldSource};

/// Checks what a policy says by itself.
pub(crate) fn policy(policy: &Policy) -> Vec<Problem> {
    let groups = [
        sizes::policy(policy),
        references::ids(policy),
        references::resolve(policy),
        stages::check(policy),
        gates::check(policy),
        calendar::check(policy),
        actions::check(policy),
        promises::check(policy),
        tolerance::check(policy),
        waives::check(policy),
        decided_by::check(policy),
    ];
    version(policy.version)
        .into_iter()
        .chain(groups.into_iter().flatten())
        .collect()
}

/// Checks what a world says by itself.
pub(crate) fn world(world: &World) -> Vec<Problem> {
    let groups = [
        sizes::world(world),
        fleet::check(&world.fleet),
        traffic::check(&world.traffic),
        telemetry::check(&world.telemetry),
        splitter::uncounted(world),
        operators::check(&world.operators),
    ];
    version(world.version)
        .into_iter()
        .chain(groups.into_iter().flatten())
        .collect()
}

/// Checks what a campaign says by itself.
pub(crate) fn campaign(campaign: &Campaign) -> Vec<Problem> {
    version(campaign.version)
        .into_iter()
        .chain(super::campaign::check(campaign))
        .collect()
}

/// Checks what a noise model says by itself.
pub(crate) fn noise_model(model: &NoiseModel) -> Vec<Problem> {
    let kind = telemetry::kind("kind", &model.kind);
    let moves = noise::check("noise", &model.noise, &model.kind);
    version(model.version)
        .into_iter()
        .chain(kind)
        .chain(moves)
        .collect()
}

/// Checks what a scenario says by itself, its inline world included.
pub(crate) fn scenario(scenario: &Scenario) -> Vec<Problem> {
    let inline = match &scenario.world {
        WorldSource::Inline(inline) => world(inline),
        WorldSource::Library(_) | WorldSource::File(_) => Vec::new(),
    };
    let inline = inline
        .into_iter()
        .map(|problem| problem.under("world.inline"));
    let models = each("noise", &scenario.noise).flat_map(|(path, chosen)| match &chosen.model {
        NoiseSource::Inline(model) => {
            let problems = noise_model(model).into_iter();
            let under = format!("{path}.model.inline");
            problems.map(|problem| problem.under(&under)).collect()
        }
        NoiseSource::File(_) => Vec::new(),
    });
    let own = sizes::scenario(scenario)
        .into_iter()
        .chain(super::scenario::check(scenario))
        .chain(operators::check(&scenario.operators));
    version(scenario.version)
        .into_iter()
        .chain(own)
        .chain(inline)
        .chain(models)
        .collect()
}

/// Checks how the three fit together: problems of the policy, then problems of the scenario.
pub(crate) fn experiment(
    policy: &Policy,
    scenario: &Scenario,
    world: &World,
) -> (Vec<Problem>, Vec<Problem>) {
    (
        compatibility::policy_in_world(policy, world),
        compatibility::scenario_with(policy, scenario, world),
    )
}

/// The only version of every format so far.
pub(super) fn version(version: u32) -> Option<Problem> {
    (version != 1).then(|| {
        let message = format!("version {version} of this format is not known");
        Problem::error("CM100", "version", message).help("write `version: 1`")
    })
}
