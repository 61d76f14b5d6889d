//! For each rule a policy that trips it and nothing else; the sound policy trips none.

mod gates;
mod stages;
mod ways_back;

use std::collections::BTreeSet;

use super::{RULES, lint, named};
use crate::fixtures::{self, POLICY, WORLD, spoil};

/// A change of a fixture: what is replaced, and by what.
type Edit<'a> = (&'a str, &'a str);

fn edited(fixture: &str, edits: &[Edit<'_>]) -> String {
    edits.iter().fold(fixture.to_owned(), |text, (old, new)| {
        spoil(&text, old, new)
    })
}

/// Checks that the spoilt policy in the spoilt world trips `code` alone, at the text `place`.
#[track_caller]
fn trips(code: &str, policy: &[Edit<'_>], world: &[Edit<'_>], place: &str) {
    let document = fixtures::policy(&edited(POLICY, policy));
    let world = fixtures::world(&edited(WORLD, world)).value;
    let found = lint(&document, Some(&world));
    let codes: BTreeSet<_> = found.iter().map(|found| found.code).collect();
    let says: Vec<_> = found
        .iter()
        .map(|found| (found.code, &found.message))
        .collect();
    assert_eq!(codes, BTreeSet::from([code]), "{says:?}");
    let span = found[0].span.clone().expect("every finding has a place");
    let text = &document.source[span];
    assert!(text.contains(place), "{text:?} is not {place:?}");
    assert!(found[0].help.is_some(), "{code} says what to do");
}

const ALONE: &[Edit<'_>] = &[];

#[test]
fn the_sound_policy_has_no_finding() {
    let document = fixtures::policy(POLICY);
    let world = fixtures::world(WORLD).value;
    assert_eq!(lint(&document, Some(&world)), []);
    assert_eq!(lint(&document, None), []);
}

#[test]
fn every_rule_is_tested_and_can_be_named() {
    let tests = [
        include_str!("mod.rs"),
        include_str!("gates.rs"),
        include_str!("stages.rs"),
        include_str!("ways_back.rs"),
    ];
    let tests = tests.concat();
    for entry in super::doubts() {
        assert!(
            tests.contains(&format!("\"{}\"", entry.code)),
            "{}",
            entry.code
        );
    }
    for rule in RULES {
        assert!(
            tests.contains(&format!("\"{}\"", rule.entry.code)),
            "{}",
            rule.entry.code
        );
        assert_eq!(
            named(rule.entry.code).map(|found| found.name),
            Some(rule.name)
        );
        assert_eq!(
            named(rule.name).map(|found| found.entry.code),
            Some(rule.entry.code)
        );
        assert!(!rule.source.is_empty(), "{}", rule.entry.code);
    }
}

/// The findings that people made by hand in the five systems, found in the shipped policies.
#[test]
fn the_defects_of_the_five_systems_are_found() {
    use sim_core::policy::Profile;
    let codes = |system: &str, profile| {
        let system = crate::library::system(system).expect("the library has it");
        let policy = fixtures::policy(system.policy(profile).expect("it has both profiles"));
        let world = fixtures::world(system.world).value;
        let found = lint(&policy, Some(&world));
        found
            .iter()
            .map(|found| found.code)
            .collect::<BTreeSet<_>>()
    };
    let expect = [
        // Passes on NaN, one limit for both ways, no least number, a switch that nobody reads.
        (
            "optimize",
            Profile::AsImplemented,
            ["CM211", "CM210", "CM212", "CM218"].as_slice(),
        ),
        // A recovery that nobody acknowledges, a signal that need not be given.
        ("control-plane", Profile::AsImplemented, &["CM211", "CM219"]),
        // Evidence that may be vacuous and old.
        ("cutover", Profile::AsImplemented, &["CM220", "CM221"]),
        // The controller asks for no acknowledgement and lets NaN pass.
        ("raptorq", Profile::AsImplemented, &["CM211", "CM219"]),
        // The code compares the limit with the plan and watches nothing.
        ("wedge", Profile::AsImplemented, &["CM233"]),
    ];
    for (system, profile, wanted) in expect {
        let found = codes(system, profile);
        for code in wanted {
            assert!(found.contains(code), "{system} has {code}: {found:?}");
        }
    }
    let written = codes("control-plane", Profile::AsWritten);
    assert!(
        !written.contains("CM219"),
        "the document asks for an acknowledgement"
    );
    assert!(
        !written.contains("CM211"),
        "the reading of the document fails closed"
    );
}
