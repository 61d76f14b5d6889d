//! Which scenario a campaign adds its faults to.

use scenarios::Verdict;
use scenarios::library;

use super::policy::ChosenPolicy;
use super::scenario::{ChosenScenario, choose_scenario, choose_suite, names};
use crate::cli::failure::Failure;

/// The name of the scenario in which nothing is wrong.
const HEALTHY: &str = "healthy";

/// Finds and loads the scenario to which faults are added: the one that is named, else `healthy`, else
/// the first with a good release; where nothing lies beside a policy file, the first healthy rollout of
/// the library in which everything is measured that the policy looks at.
///
/// # Errors
///
/// When there is none such, and for everything that is wrong with the files.
pub fn choose_base(policy: &ChosenPolicy, named: Option<&str>) -> Result<ChosenScenario, Failure> {
    if let Some(named) = named {
        return choose_scenario(policy, named);
    }
    let known = names(&policy.source());
    if known.iter().any(|name| name == HEALTHY) {
        return choose_scenario(policy, HEALTHY);
    }
    if known.is_empty() {
        let borrowed = library::systems().iter().find_map(|system| {
            let scenario = choose_scenario(policy, &format!("{}/{HEALTHY}", system.name)).ok()?;
            scenario.experiment(policy).is_ok().then_some(scenario)
        });
        return borrowed.map_or_else(|| Err(nothing(policy)), Ok);
    }
    let good = |scenario: &ChosenScenario| scenario.document.value.release.is == Verdict::Good;
    let suite = choose_suite(policy)?;
    suite.into_iter().find(good).ok_or_else(|| nothing(policy))
}

fn nothing(policy: &ChosenPolicy) -> Failure {
    let what = format!(
        "there is no scenario with a good release for {}",
        policy.named
    );
    Failure::input(what).help("name the scenario to which the faults are added with --scenario")
}
