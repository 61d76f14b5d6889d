//! The case file: one rehearsal that breaks a promise, with everything that it takes to play it again.

use chaos::catalogue::Injection;
use chaos::rehearsal::Rehearsal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;
use sim_core::telemetry::Telemetry;
use sim_core::{Experiment, Seed};

use crate::rehearse::Planned;
use crate::{Objectives, Release, Scenario, Verdict, World, WorldSource, yaml};

/// A rehearsal that breaks a promise. It names no other file and no generator, so that it stays what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CaseFile {
    /// The version of this file format; 1 today.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// Which promise is broken, how, and how it was found.
    pub broken: Broken,
    /// The root seed.
    pub seed: u64,
    /// The number of the rollout under that seed.
    pub replication: u64,
    /// The world, the release and the faults.
    pub scenario: Scenario,
    /// The policy as it was played.
    pub policy: Policy,
}

/// What a case shows, and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Broken {
    /// The promise, by its code.
    pub promise: String,
    /// What happened, as a sentence without a full stop.
    pub detail: String,
    /// When it was broken first, counted from the start of the rollout.
    pub at: SimDuration,
    /// The hash of the history.
    pub hash: String,
    /// The digest of the rehearsal: everything below this part.
    pub digest: String,
    /// The program that wrote the case.
    pub tool: String,
    /// How many faults there were when it was found.
    pub faults_found: u32,
    /// How many rehearsals were played to make it as small as it is.
    pub replays: u32,
    /// The command by which it was found, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_by: Option<String>,
}

impl CaseFile {
    /// The name of the file in its folder.
    pub const NAME: &'static str = "case.yaml";

    /// Writes a rehearsal down.
    pub fn of(rehearsal: &Rehearsal, broken: Broken) -> Self {
        let experiment = &rehearsal.experiment;
        Self {
            version: 1,
            seed: rehearsal.seed.root,
            replication: rehearsal.seed.replication,
            scenario: scenario(experiment, &rehearsal.injections, &broken),
            policy: Policy::clone(&experiment.policy),
            broken,
        }
    }

    /// Returns the text of the file.
    ///
    /// # Panics
    /// Never: every part has text keys.
    pub fn text(&self) -> String {
        let value = serde_json::to_value(self).expect("every part has text keys");
        yaml(&value)
    }

    /// Returns the rehearsal, given what its parts come to.
    pub(crate) fn rehearsal(
        &self,
        experiment: Experiment,
        injections: Vec<Injection>,
    ) -> Rehearsal {
        Rehearsal {
            experiment,
            injections,
            seed: Seed {
                root: self.seed,
                replication: self.replication,
            },
        }
    }

    /// Returns the world that the case carries; none where the scenario names one elsewhere.
    pub(crate) fn world(&self) -> Option<&World> {
        match &self.scenario.world {
            WorldSource::Inline(world) => Some(world),
            WorldSource::Library(_) | WorldSource::File(_) => None,
        }
    }
}

fn world(experiment: &Experiment) -> World {
    World {
        version: 1,
        name: "case".to_owned(),
        description: String::new(),
        fleet: experiment.fleet.clone(),
        traffic: experiment.traffic.clone(),
        telemetry: Telemetry::clone(&experiment.telemetry),
        operators: experiment.operators.clone(),
    }
}

fn scenario(experiment: &Experiment, injections: &[Injection], broken: &Broken) -> Scenario {
    let is = if experiment.release.is_empty() {
        Verdict::Good
    } else {
        Verdict::Bad
    };
    Scenario {
        version: 1,
        name: "case".to_owned(),
        description: format!("{} is broken: {}", broken.promise, broken.detail),
        source: String::new(),
        world: WorldSource::Inline(Box::new(world(experiment))),
        noise: Vec::new(),
        load: None,
        hosts: None,
        release: Release {
            is,
            effects: experiment.release.clone(),
        },
        faults: experiment.faults.clone(),
        rehearse: injections.iter().cloned().map(Planned::from).collect(),
        method: None,
        heal_at: None,
        promises: Vec::new(),
        evidence: experiment.evidence.clone(),
        operators: Vec::new(),
        horizon: experiment.horizon,
        objectives: Objectives::default(),
        expect: std::collections::BTreeMap::new(),
    }
}
