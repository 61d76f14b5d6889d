//! What a result was made from, and the commands that make it again.

use reports::{Inputs, LoweredInputs, UnderstoodMetric};
use scenarios::import::lower::{Meaning, Reads};
use sim_core::Seed;
use sim_core::engine::RunningHash;
use sim_core::policy::gate::Population;

use super::resolve::{ChosenPolicy, ChosenScenario, ForeignPolicy, quoted};
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
        lowered: policy
            .foreign
            .as_ref()
            .map(|foreign| lowered(foreign, scenarios)),
        guard: policy.guard.as_ref().map(|guard| guard.inputs()),
    }
}

/// How the policy of another product was taken; its world is assumed where no scenario file says it.
fn lowered(foreign: &ForeignPolicy, scenarios: &[ChosenScenario]) -> LoweredInputs {
    let assumes = |scenario: &ChosenScenario| {
        let names = foreign.setting.scenarios.iter();
        names
            .map(|(_, document)| &document.name)
            .any(|name| *name == scenario.document.name)
    };
    LoweredInputs {
        subject: foreign.lowered.subject.clone(),
        as_triggers: foreign.alerts().then_some(true),
        in_own_form: (foreign.is_native() && !foreign.alerts()).then_some(true),
        options: Some(foreign.options.trim().to_owned()).filter(|options| !options.is_empty()),
        assumed: if scenarios.iter().any(assumes) {
            foreign.setting.words.clone()
        } else {
            Vec::new()
        },
        metrics: foreign.lowered.meanings.iter().map(understood).collect(),
        notes: foreign.lowered.notes.clone(),
    }
}

/// How a metric of another product is understood.
pub fn understood(meaning: &Meaning) -> UnderstoodMetric {
    let population = match (meaning.reads, meaning.population) {
        (Reads::Nothing, _) => None,
        (_, Population::Canary | Population::CanaryBaseline) => Some("canary"),
        (_, Population::Control) => Some("control"),
        (_, Population::Fleet) => Some("fleet"),
    };
    UnderstoodMetric {
        metric: meaning.metric.clone(),
        reads: meaning.words.clone(),
        population: population.map(str::to_owned),
    }
}

/// Returns the command that plays one rollout.
pub fn replay_command(policy: &ChosenPolicy, scenario: &str, seed: Seed) -> String {
    let (words, scenario) = (policy.words(), quoted(scenario));
    let Seed { root, replication } = seed;
    let command = format!(
        "coalmine run {words} --scenario {scenario} --seed {root} --replication {replication}"
    );
    match policy.guard {
        Some(_) => command + " --allow-exec",
        None => command,
    }
}
