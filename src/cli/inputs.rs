//! What a result was made from, and the commands that make it again.

use reports::Inputs;
use sim_core::Seed;
use sim_core::engine::RunningHash;

use super::resolve::{ChosenPolicy, ChosenScenario, quoted};
use crate::study::hex;

/// Describes what was read for a result.
pub fn inputs(policy: &ChosenPolicy, scenarios: &[ChosenScenario], named: Option<&str>) -> Inputs {
    let mut digest = RunningHash::new();
    digest.text(&policy.document.source);
    scenarios
        .iter()
        .for_each(|scenario| scenario.digest(&mut digest));
    let profile = policy.document.value.profile;
    Inputs {
        tool: concat!("coalmine ", env!("CARGO_PKG_VERSION")).to_owned(),
        policy: policy.named.clone(),
        profile: policy
            .library
            .map(|_| crate::study::profile_word(profile).to_owned()),
        scenario: named.map(str::to_owned),
        digest: hex(digest.finish()),
    }
}

/// Returns the command that plays one rollout.
pub fn replay_command(policy: &ChosenPolicy, scenario: &str, seed: Seed) -> String {
    let (policy, scenario) = (policy.words(), quoted(scenario));
    let Seed { root, replication } = seed;
    format!("coalmine run {policy} --scenario {scenario} --seed {root} --replication {replication}")
}
