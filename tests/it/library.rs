//! The shipped library, played: every scenario ends as it says, under both policies.

use std::collections::BTreeMap;

use coalmine::scenarios::conformance::{self, Proof};
use coalmine::scenarios::{Report, Scenario, library, load};
use coalmine::sim_core::plan::{Plan, Seed};
use coalmine::sim_core::policy::Profile;
use coalmine::sim_core::{Experiment, Outcome};
use library::System;
use rayon::prelude::*;

/// The root seed of every case, and the number of its runs.
const ROOT: u64 = 1;
const RUNS: u64 = 200;

/// One policy in one scenario.
struct Case {
    system: &'static System,
    name: &'static str,
    profile: Profile,
    scenario: Scenario,
    experiment: Experiment,
}

fn loaded<T>(result: Result<T, Report>) -> T {
    result.expect("the library loads: its own tests say so")
}

fn case(system: &'static System, place: usize, profile: Profile) -> Case {
    let (name, text) = system.scenarios[place];
    let policy = system.policy(profile).expect("both profiles ship");
    let policy = loaded(load::policy(system.name, policy.as_bytes())).value;
    let world = loaded(load::world(system.name, system.world.as_bytes())).value;
    let scenario = loaded(load::scenario(name, text.as_bytes())).value;
    let experiment = loaded(load::experiment(&policy, &scenario, &world));
    Case {
        system,
        name,
        profile,
        scenario,
        experiment,
    }
}

fn cases() -> Vec<Case> {
    let places = library::systems()
        .iter()
        .flat_map(|system| (0..system.scenarios.len()).map(move |place| (system, place)));
    places
        .flat_map(|(system, place)| {
            [Profile::AsWritten, Profile::AsImplemented].map(|profile| case(system, place, profile))
        })
        .collect()
}

impl Case {
    fn outcomes(&self) -> BTreeMap<Outcome, u64> {
        let plan = Plan::new(&self.experiment);
        let mut outcomes = BTreeMap::new();
        for replication in 0..RUNS {
            let run = plan.play(Seed {
                root: ROOT,
                replication,
            });
            *outcomes.entry(run.outcome).or_default() += 1;
        }
        outcomes
    }

    /// Says how the case ended instead, if it did not end as expected.
    fn surprise(&self) -> Option<String> {
        let expect = &self.scenario.expect[&self.profile];
        let outcomes = self.outcomes();
        let count = outcomes.get(&expect.outcome).copied().unwrap_or(0);
        let most = outcomes.values().max() == Some(&count);
        // At least the share, and the most frequent of all.
        let enough =
            u128::from(count) * 1_000_000 >= u128::from(RUNS) * u128::from(expect.at_least.ppm());
        (!(enough && most)).then(|| {
            let (system, name, profile) = (self.system.name, self.name, self.profile);
            let (word, least) = (expect.outcome.word(), expect.at_least);
            format!("{system} {name} {profile:?}: {least} {word}, but {outcomes:?} (seed {ROOT})")
        })
    }
}

#[test]
fn every_scenario_of_the_library_ends_as_it_says() {
    let cases = cases();
    let surprises: Vec<String> = cases.par_iter().filter_map(Case::surprise).collect();
    assert!(surprises.is_empty(), "{surprises:#?}");
}

/// The decisions that the program carries with it, by kind.
const RECORDED: [(&str, &str); 3] = [
    (
        "control-plane-guard",
        include_str!("../../src/verify/builtin/control_plane_guard.jsonl"),
    ),
    (
        "optimize-gates",
        include_str!("../../src/verify/builtin/optimize_gates.jsonl"),
    ),
    (
        "rollout-wedge",
        include_str!("../../src/verify/builtin/rollout_wedge.jsonl"),
    ),
];

#[test]
fn every_recorded_case_that_proves_a_gap_is_shipped() {
    for system in library::systems() {
        for gap in conformance::of(system)
            .into_iter()
            .filter_map(|known| known.gap)
        {
            let Proof::Case { kind, name } = &gap.proof else {
                continue;
            };
            let recorded = RECORDED.iter().find(|(known, _)| known == kind);
            let (_, rows) = recorded.unwrap_or_else(|| panic!("{}: kind {kind}", gap.id));
            // By its text: some rows hold NaN, which is no JSON.
            let rows = rows.replace("\": \"", "\":\"");
            let called = |key: &str| rows.contains(&format!("\"{key}\":\"{name}\""));
            let found = called("case") || called("name");
            assert!(found, "{} {}: {kind} {name}", system.name, gap.id);
        }
    }
}
