//! Cases: written, read back as they were, and refused where something is wrong.

use chaos::catalogue::{Entry, Injection};
use chaos::rehearsal::Rehearsal;
use sim_core::Seed;

use crate::{Broken, CaseFile, library, load};

/// A rehearsal of a system of the library under three faults.
fn rehearsal(system: &str) -> Rehearsal {
    let known = library::system(system).expect("a system of the library");
    let policy = load::policy(
        "policy",
        known
            .policy(sim_core::policy::Profile::AsWritten)
            .expect("it has one")
            .as_bytes(),
    );
    let scenario = load::scenario(
        "scenario",
        known
            .scenario("step-regression")
            .expect("it has one")
            .as_bytes(),
    );
    let world = load::world("world", known.world.as_bytes())
        .expect("sound")
        .value;
    let (policy, scenario) = (policy.expect("sound"), scenario.expect("sound"));
    let experiment = load::experiment_of(&policy, &scenario, &world).expect("they fit");
    let faults = ["actuation.stuck_hosts", "telemetry.nan", "env.surge"];
    let injection = |name: &&str| Injection::of(Entry::of(name).expect("in the catalogue"));
    Rehearsal {
        experiment,
        injections: faults.iter().map(injection).collect(),
        seed: Seed {
            root: u64::MAX,
            replication: 7,
        },
    }
}

fn case(rehearsal: &Rehearsal) -> CaseFile {
    let broken = Broken {
        promise: "INV-ROLLBACK".to_owned(),
        detail: "hosts of `z: 2` # did not\nobey".to_owned(),
        at: sim_core::engine::SimDuration::from_millis(61_001),
        hash: "0123456789abcdef".to_owned(),
        digest: "0000000000000001".to_owned(),
        tool: "coalmine".to_owned(),
        faults_found: 19,
        replays: 40,
        found_by: None,
    };
    CaseFile::of(rehearsal, broken)
}

#[test]
fn a_case_of_every_system_reads_back_as_the_same_rehearsal() {
    for system in library::systems() {
        let written = rehearsal(system.name);
        let case = case(&written);
        let (document, read) = load::case("case.yaml", case.text().as_bytes()).expect(system.name);
        assert_eq!(document.value, case, "{}", system.name);
        assert!(read == written, "{}", system.name);
        assert_eq!(read.digest(), written.digest(), "{}", system.name);
    }
}

#[test]
fn json_is_as_good_as_yaml() {
    let case = case(&rehearsal("wedge"));
    let json = serde_json::to_string(&case).expect("plain data");
    let (document, _) = load::case("case.json", json.as_bytes()).expect("it is sound");
    assert_eq!(document.value, case);
}

#[track_caller]
fn refused(spoil: impl Fn(&str) -> String, code: &str, place: &str) {
    let text = spoil(&case(&rehearsal("wedge")).text());
    let report = load::case("case.yaml", text.as_bytes()).expect_err("it is broken");
    let found = report.diagnostics.iter().find(|found| found.code == code);
    let span = found.unwrap_or_else(|| panic!("{report}")).span.clone();
    let said = &text[span.expect("it has a place")];
    assert!(said.contains(place), "{said}");
}

#[test]
fn what_is_wrong_with_a_case_has_a_place() {
    refused(
        |text| text.replace("INV-ROLLBACK\n", "INV-ROLBACK\n"),
        "CM102",
        "INV-ROLBACK",
    );
    refused(|text| text.replace("seed:", "sede:"), "CM020", "sede");
    refused(
        |text| text.replace("telemetry.nan:", "telemetry.nun:"),
        "CM023",
        "telemetry.nun",
    );
    refused(
        |text| text.replace("version: 1\nbroken", "version: 2\nbroken"),
        "CM024",
        "2",
    );
}

#[test]
fn a_case_holds_its_world() {
    let mut case = case(&rehearsal("wedge"));
    case.scenario.world = crate::WorldSource::Library("wedge".to_owned());
    let report = load::case("case.yaml", case.text().as_bytes()).expect_err("it is refused");
    let codes: Vec<_> = report.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["CM180"], "{report}");
}

#[test]
fn a_fault_that_cannot_happen_in_the_case_is_named() {
    let mut rehearsal = rehearsal("wedge");
    rehearsal.experiment.operators.clear();
    let mut injection = Injection::of(Entry::of("human.ack_late").expect("in the catalogue"));
    injection.id = "late".to_owned();
    rehearsal.injections = vec![injection];
    let text = case(&rehearsal).text();
    let report = load::case("case.yaml", text.as_bytes()).expect_err("nobody could be late");
    assert!(
        report.diagnostics.iter().any(|found| found.code == "CM168"),
        "{report}"
    );
}
