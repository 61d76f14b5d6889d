//! Tests of case folders: what is in them, and that it is read back as it was.

use chaos::catalogue::{Entry, Injection};
use chaos::rehearsal::Rehearsal;
use chaos::shrink::{BUDGET, Shrunk, shrink};
use scenarios::{CaseFile, library, load};
use sim_core::Seed;
use sim_core::policy::Profile;

use super::{CaseFolder, Found, case_folder};

/// A bad release of `wedge` whose hosts do not obey, and a fault that plays no part.
fn rehearsal() -> Rehearsal {
    let wedge = library::system("wedge").expect("it is shipped");
    let text = wedge.policy(Profile::AsWritten).expect("it has both");
    let policy = load::policy("policy", text.as_bytes()).expect("sound");
    let text = wedge.scenario("step-regression").expect("it has one");
    let scenario = load::scenario("scenario", text.as_bytes()).expect("sound");
    let world = load::world("world", wedge.world.as_bytes())
        .expect("sound")
        .value;
    let faults = ["env.surge", "actuation.stuck_hosts"];
    let injection = |name: &&str| Injection::of(Entry::of(name).expect("in the catalogue"));
    Rehearsal {
        experiment: load::experiment_of(&policy, &scenario, &world).expect("they fit"),
        injections: faults.iter().map(injection).collect(),
        seed: Seed {
            root: 424_242,
            replication: 3,
        },
    }
}

fn folder() -> (Rehearsal, Shrunk, CaseFolder) {
    let original = rehearsal();
    let shrunk = shrink(&original, "INV-ROLLBACK", BUDGET).expect("hosts do not obey");
    let found = Found {
        original: &original,
        shrunk: &shrunk,
        promise: "INV-ROLLBACK",
        found_by: Some("coalmine chaos wedge --seed 1"),
    };
    let folder = case_folder(&found, "cases/one").expect("both break it");
    (original, shrunk, folder)
}

fn text<'f>(folder: &'f CaseFolder, name: &str) -> &'f str {
    let found = folder.files.iter().find(|(known, _)| *known == name);
    &found.expect("it is in the folder").1
}

#[test]
fn both_rehearsals_of_a_folder_read_back_as_they_were() {
    let (original, shrunk, folder) = folder();
    let read = |name: &str| {
        let text = text(&folder, name);
        load::case(name, text.as_bytes())
            .unwrap_or_else(|report| panic!("{report}"))
            .1
    };
    assert!(read(CaseFile::NAME) == shrunk.rehearsal);
    let again = read("original.yaml");
    assert_eq!(again.digest(), original.digest());
}

#[test]
fn the_page_names_the_promise_the_fault_and_the_command() {
    let (_, shrunk, folder) = folder();
    assert_eq!(shrunk.rehearsal.injections.len(), 1);
    let why = text(&folder, "why.md");
    for said in [
        "INV-ROLLBACK",
        "actuation.stuck_hosts",
        "coalmine replay cases/one",
        "kept",
        "1 fault of 2",
    ] {
        assert!(why.contains(said), "{said} is not in\n{why}");
    }
    assert!(
        text(&folder, CaseFile::NAME).starts_with("# Play it again: coalmine replay cases/one\n")
    );
}

#[test]
fn the_timeline_has_a_line_for_each_event() {
    let (_, shrunk, folder) = folder();
    let played = shrunk.rehearsal.play().expect("it can happen");
    let lines = text(&folder, "timeline.csv").lines().count();
    assert_eq!(lines, played.run.history.len() + 1);
}

#[test]
fn the_drawing_shows_the_faults_and_the_moment_of_the_breach() {
    let (_, _, folder) = folder();
    let drawing = text(&folder, "plot.svg");
    assert!(
        drawing.starts_with("<svg") && drawing.contains("actuation.stuck_hosts"),
        "{drawing}"
    );
    let clock = reports::figure::clock(folder.report.broken_at_s.expect("it has a moment"));
    let said = format!("At {clock}: {}.", folder.report.whole.detail);
    assert!(drawing.contains(&said), "{said}: {drawing}");
    let mark = format!("◆ {clock} INV-ROLLBACK is broken");
    assert!(drawing.contains(&mark), "{mark}: {drawing}");
}

#[test]
fn the_margin_of_a_fault_is_what_the_promise_has_without_it() {
    let (_, _, folder) = folder();
    let fault = &folder.report.faults[0];
    let (without, with) = (fault.without.slack, folder.report.whole.slack);
    assert!(fault.needed && without > Some(0.0), "{without:?}");
    assert_eq!(
        fault.margin,
        without.zip(with).map(|(without, with)| without - with)
    );
    assert!(
        fault.cost.contains("because hosts do not obey"),
        "{}",
        fault.cost
    );
}
