//! What is said about each fault.

use std::collections::BTreeSet;

use super::super::{ENTRIES, Entry, Injection};
use crate::checker::known;

#[test]
fn every_failure_of_the_catalogue_is_played_by_some_fault() {
    let played: BTreeSet<&str> = ENTRIES.iter().map(|entry| entry.id).collect();
    for (group, last) in [("V", 16), ("E", 13), ("T", 18), ("C", 20), ("H", 11)] {
        for number in 1..=last {
            let id = format!("{group}{number}");
            assert!(played.contains(id.as_str()), "{id}");
        }
    }
}

#[test]
fn every_fault_has_a_name_of_its_own_and_threatens_promises_that_exist() {
    let names: BTreeSet<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
    assert_eq!(names.len(), ENTRIES.len());
    let promises: BTreeSet<&str> = known().map(|promise| promise.id).collect();
    for entry in ENTRIES {
        assert!(!entry.threatens.is_empty(), "{}", entry.name);
        for promise in entry.threatens {
            assert!(
                *promise == "HARM" || promises.contains(promise),
                "{}",
                entry.name
            );
        }
        assert_eq!((entry.default)().entry().name, entry.name);
        assert!(!entry.summary.ends_with('.'), "{}", entry.name);
    }
}

#[test]
fn every_parameter_says_what_it_means_and_every_number_is_bounded() {
    for entry in ENTRIES {
        for parameter in entry.parameters() {
            let place = format!("{} {}", entry.name, parameter.name);
            assert!(
                parameter.meaning.ends_with('.'),
                "{place}: {}",
                parameter.meaning
            );
            let number = parameter.default.parse::<f64>().is_ok();
            assert!(
                !number || parameter.bounds.is_some(),
                "{place} has no bounds"
            );
        }
    }
}

#[test]
fn an_injection_comes_back_from_its_file_as_it_was() {
    for entry in ENTRIES {
        let injection = Injection::of(entry);
        let text = serde_json::to_string(&injection).unwrap();
        let read: Injection = serde_json::from_str(&text).unwrap();
        assert_eq!(read, injection, "{text}");
        let short = format!(r#"{{"id": "x", "fault": {{"{}": {{}}}}}}"#, entry.name);
        let read: Injection = serde_json::from_str(&short).unwrap();
        assert_eq!(read.fault, injection.fault, "{short}");
    }
}

#[test]
fn unknown_parameters_are_refused() {
    let text = r#"{"id": "x", "fault": {"telemetry.nan": {"knid": "zero"}}}"#;
    assert!(serde_json::from_str::<Injection>(text).is_err());
    assert!(Entry::of("telemetry.nan").is_some() && Entry::of("telemetry.nam").is_none());
}
