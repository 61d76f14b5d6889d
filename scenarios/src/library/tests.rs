//! The library holds together: every file loads, every pair of policy and scenario is an experiment.

use std::collections::BTreeSet;

use sim_core::policy::Profile;

use super::{System, systems};
use crate::{lint, load};

const PROFILES: [Profile; 2] = [Profile::AsWritten, Profile::AsImplemented];

/// The scenarios that every system has.
const COMMON: [&str; 8] = [
    "healthy",
    "healthy-low-traffic",
    "step-regression",
    "slow-drift",
    "latent",
    "subset-of-hosts",
    "oscillating",
    "data-outage",
];

fn show<T>(what: &str, loaded: Result<T, crate::Report>) -> T {
    loaded.unwrap_or_else(|report| panic!("{what}: {report:#?}"))
}

#[test]
fn every_file_of_the_library_loads() {
    for system in systems() {
        let world = show(
            system.name,
            load::world("world.yaml", system.world.as_bytes()),
        );
        assert_eq!(world.value.name, system.name);
        for profile in PROFILES {
            let text = system.policy(profile).unwrap();
            let policy = show(system.name, load::policy("policy.yaml", text.as_bytes()));
            let named = (policy.value.name.as_str(), policy.value.profile);
            assert_eq!(named, (system.name, profile));
        }
        for (name, text) in system.scenarios {
            let scenario = show(name, load::scenario(name, text.as_bytes()));
            assert_eq!(scenario.value.name, *name);
            let profiles: Vec<_> = scenario.value.expect.keys().copied().collect();
            assert_eq!(profiles, PROFILES, "{} {name}", system.name);
        }
    }
}

#[test]
fn every_policy_can_be_played_in_every_scenario_of_its_system() {
    for system in systems() {
        for profile in PROFILES {
            for (name, text) in system.scenarios {
                experiment(system, profile, name, text);
            }
        }
    }
}

fn experiment(system: &System, profile: Profile, name: &str, text: &str) {
    let policy = system.policy(profile).unwrap();
    let policy = show(name, load::policy("policy.yaml", policy.as_bytes()));
    let world = show(name, load::world("world.yaml", system.world.as_bytes()));
    let scenario = show(name, load::scenario(name, text.as_bytes()));
    show(
        name,
        load::experiment(&policy.value, &scenario.value, &world.value),
    );
}

#[test]
fn every_system_has_the_common_scenarios_and_its_own() {
    for system in systems() {
        let names: Vec<_> = system.scenarios.iter().map(|(name, _)| *name).collect();
        assert_eq!(names[..COMMON.len()], COMMON, "{}", system.name);
        assert!(
            names.len() > COMMON.len(),
            "{} has scenarios of its own",
            system.name
        );
    }
}

/// What lint finds in the documents as they are written: their own flaws, each with its reason.
const FLAWS: [(&str, &[&str]); 5] = [
    // No number for: the age of evidence, a limit to promote apart from the one to act, a deadline
    // ("immediately"). The last stage asks for less than the ramp.
    (
        "raptorq",
        &[
            "ageless-evidence",
            "no-hysteresis",
            "weaker-later-stage",
            "no-deadline",
            "late-gate",
            "own-baseline",
        ],
    ),
    ("wedge", &["ageless-evidence"]),
    (
        "control-plane",
        &["ageless-evidence", "no-hysteresis", "no-deadline"],
    ),
    // The same thresholds promote and roll back; 30 minutes of watching; a switch for a broader
    // incident that people throw.
    (
        "optimize",
        &[
            "ageless-evidence",
            "no-hysteresis",
            "idle-class",
            "short-observation",
            "no-deadline",
            "late-gate",
            "own-baseline",
        ],
    ),
    (
        "cutover",
        &[
            "ageless-evidence",
            "no-hysteresis",
            "weaker-later-stage",
            "no-deadline",
            "late-gate",
            "own-baseline",
        ],
    ),
];

#[test]
fn lint_finds_in_the_documents_their_own_flaws_and_no_others() {
    for (name, flaws) in FLAWS {
        let system = super::system(name).expect("it is shipped");
        let text = system.policy(Profile::AsWritten).unwrap();
        let policy = show(name, load::policy(name, text.as_bytes()));
        let world = show(name, load::world(name, system.world.as_bytes())).value;
        let found: BTreeSet<_> = lint::lint(&policy, Some(&world))
            .iter()
            .map(|found| lint::named(found.code).map_or(found.code, |rule| rule.name))
            .collect();
        assert_eq!(found, flaws.iter().copied().collect(), "{name}");
    }
}
