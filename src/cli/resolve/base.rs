//! Which scenario a campaign adds its faults to.

use scenarios::Verdict;

use super::policy::ChosenPolicy;
use super::scenario::{ChosenScenario, assumed, choose_scenario, choose_suite, names};
use crate::cli::failure::Failure;

/// The name of the scenario in which nothing is wrong.
const HEALTHY: &str = "healthy";

/// Finds and loads the scenario to which faults are added: the one that is named, else `healthy`, else
/// the first with a good release. No world is borrowed: what a policy does in another system's world says
/// nothing about its own.
///
/// # Errors
///
/// When there is none such, and for everything that is wrong with the files.
pub fn choose_base(policy: &ChosenPolicy, named: Option<&str>) -> Result<ChosenScenario, Failure> {
    if let Some(named) = named {
        return choose_scenario(policy, named);
    }
    if let Some(good) = assumed(policy, Some("good")) {
        return good.into_iter().next().ok_or_else(|| nothing(policy));
    }
    if names(&policy.source()).iter().any(|name| name == HEALTHY) {
        return choose_scenario(policy, HEALTHY);
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
