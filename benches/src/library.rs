//! The shipped systems, as experiments.

use sim_core::Experiment;
use sim_core::policy::Profile;

/// Returns the healthy scenario of every system under its document's policy.
pub fn healthy() -> Vec<(&'static str, Experiment)> {
    scenarios::library::systems()
        .iter()
        .map(|system| (system.name, of(system, "healthy")))
        .collect()
}

/// Returns one scenario of one system under its document's policy.
///
/// # Panics
/// When the library has no such system or scenario, or its files are not in order.
pub fn of(system: &scenarios::library::System, scenario: &str) -> Experiment {
    let policy = system
        .policy(Profile::AsWritten)
        .expect("every system ships the document");
    let scenario = system
        .scenario(scenario)
        .expect("the library has the scenario");
    let policy = scenarios::load::policy(system.name, policy.as_bytes())
        .expect("it loads")
        .value;
    let scenario = scenarios::load::scenario(system.name, scenario.as_bytes())
        .expect("it loads")
        .value;
    let world = scenarios::load::world(system.name, system.world.as_bytes())
        .expect("it loads")
        .value;
    scenarios::load::experiment(&policy, &scenario, &world).expect("the library is in order")
}
