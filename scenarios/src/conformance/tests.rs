//! The tables of gaps and the policies hold each other.

use super::{Proof, of};
use crate::library::systems;
use crate::{Scenario, load};
use sim_core::policy::Profile;

#[test]
fn every_field_that_differs_belongs_to_a_known_gap() {
    for system in systems() {
        for difference in of(system) {
            let paths: Vec<_> = difference.fields.iter().map(|field| &field.path).collect();
            assert!(difference.gap.is_some(), "{}: {paths:#?}", system.name);
        }
    }
}

#[test]
fn every_pattern_of_a_gap_finds_a_field() {
    for system in systems() {
        for difference in of(system) {
            let gap = difference.gap.expect("another test finds what has none");
            for pattern in &gap.fields {
                let found = difference
                    .fields
                    .iter()
                    .any(|field| super::pattern::covers(pattern, &field.path));
                assert!(found, "{}: {} names {pattern}", system.name, gap.id);
            }
        }
    }
}

#[test]
fn every_scenario_that_proves_a_gap_ends_otherwise_for_the_two_policies() {
    for system in systems() {
        for gap in of(system).into_iter().filter_map(|it| it.gap) {
            if let Proof::Scenario(name) = &gap.proof {
                let scenario = scenario(system.scenario(name).unwrap_or_else(|| {
                    panic!("{} has no scenario {name}", system.name);
                }));
                let outcome = |profile| scenario.expect[&profile].outcome;
                let both = [Profile::AsWritten, Profile::AsImplemented].map(outcome);
                assert_ne!(both[0], both[1], "{}: {}", system.name, gap.id);
            }
        }
    }
}

fn scenario(text: &str) -> Scenario {
    load::scenario("scenario", text.as_bytes()).unwrap().value
}

#[test]
fn gaps_have_names_of_their_own() {
    for system in systems() {
        let mut ids: Vec<_> = of(system).into_iter().filter_map(|it| it.gap).collect();
        ids.sort_by(|a, b| a.id.cmp(&b.id));
        let twice = ids.windows(2).find(|pair| pair[0].id == pair[1].id);
        assert_eq!(twice, None, "{}", system.name);
    }
}
