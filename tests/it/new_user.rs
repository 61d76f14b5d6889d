//! The first minutes with coalmine.

use std::fs;

use scenarios::library;

use crate::command::{coalmine, coalmine_in};

#[test]
fn what_init_writes_is_accepted_unchanged_by_lint_run_and_simulate() {
    for system in library::systems() {
        let folder = tempfile::tempdir().unwrap();
        let init = coalmine_in(folder.path(), &["init", "--template", system.name]);
        assert_eq!(init.code, 0, "{init:#?}");
        let lint = coalmine_in(folder.path(), &["lint", "."]);
        assert_eq!(lint.code, 0, "{}: {lint:#?}", system.name);
        let run = ["run", "policy.yaml", "--scenario", "healthy", "--no-fail"];
        let run = coalmine_in(folder.path(), &run);
        assert_eq!(run.code, 0, "{}: {run:#?}", system.name);
        let simulate = ["simulate", "policy.yaml", "-n", "8", "--no-fail"];
        let simulate = coalmine_in(folder.path(), &simulate);
        assert!(
            [0, 4].contains(&simulate.code),
            "{}: {simulate:#?}",
            system.name
        );
        assert!(
            simulate.out.contains("2 scenarios: 16 rollouts"),
            "{simulate:#?}"
        );
    }
}

/// Whatever one says of a service, the policy that is written for it has no finding, lets good releases
/// through and takes bad ones back.
#[test]
fn what_init_writes_for_a_service_passes_as_it_is() {
    let services: [&[&str]; 4] = [
        &[],
        &["--rps", "12", "--stages", "25,100", "--base-error", "0.5%"],
        &[
            "--rps",
            "5000",
            "--base-error",
            "0.01%",
            "--p99",
            "90ms",
            "--hosts",
            "400",
        ],
        &["--p99", "2s", "--stages", "5,20,50", "--base-error", "1%"],
    ];
    for service in services {
        let folder = tempfile::tempdir().unwrap();
        let init = coalmine_in(folder.path(), &[&["init"], service].concat());
        assert_eq!(init.code, 0, "{init:#?}");
        let lint = coalmine_in(folder.path(), &["lint", ".", "--fail-on", "warning"]);
        assert_eq!(lint.code, 0, "{service:?}: {lint:#?}");
        let simulate = coalmine_in(folder.path(), &["simulate", "policy.yaml", "-n", "400"]);
        assert_eq!(simulate.code, 0, "{service:?}: {simulate:#?}");
        let policy = fs::read_to_string(folder.path().join("policy.yaml")).unwrap();
        assert!(policy.lines().count() <= 30, "{policy}");
        for pipeline in ["ci.github.yaml", "ci.gitlab.yaml"] {
            let text = fs::read_to_string(folder.path().join(pipeline)).unwrap();
            assert!(text.contains("coalmine simulate policy.yaml"), "{text}");
            assert!(text.contains("cargo install"), "{text}");
        }
    }
}

#[test]
fn init_asks_for_what_it_cannot_use() {
    let check = |args: &[&str], says: &str| {
        let folder = tempfile::tempdir().unwrap();
        let ran = coalmine_in(folder.path(), &[&["init"], args].concat());
        assert!([2, 3].contains(&ran.code), "{args:?}: {ran:#?}");
        assert!(ran.err.contains(says), "{args:?}: {ran:#?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{args:?}");
    };
    check(&["--base-error", "2"], "200%");
    check(&["--p99", "450"], "--p99 450ms");
    check(&["--stages", "10,5"], "climb");
    check(&["--rps", "0"], "no load");
    check(&["--rps", "0.01"], "requests a second");
    check(&["--template", "wedge", "--rps", "5"], "--rps");
}

#[test]
fn init_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("world.yaml");
    fs::write(&mine, "mine").unwrap();
    let init = coalmine_in(folder.path(), &["init", "."]);
    assert_eq!(init.code, 3, "{init:#?}");
    assert!(
        init.err.contains("world.yaml is there already"),
        "{init:#?}"
    );
    assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing was written"
    );
}

#[test]
fn init_names_the_schema_in_the_first_line_of_each_document() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(coalmine_in(folder.path(), &["init", "new/folder"]).code, 0);
    let folder = folder.path().join("new/folder");
    for name in ["policy.yaml", "world.yaml", "healthy.scenario.yaml"] {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let line = text.lines().next().unwrap();
        let schema = line
            .strip_prefix("# yaml-language-server: $schema=")
            .unwrap();
        let schema = fs::read_to_string(folder.join(schema)).unwrap();
        assert!(schema.contains("\"$schema\""), "{name}");
    }
}

#[test]
fn a_misspelt_name_is_answered_with_the_right_one() {
    let check = |args: &[&str], near: &str| {
        let ran = coalmine(args);
        assert_eq!(ran.code, 3, "{ran:#?}");
        assert!(
            ran.err.contains(&format!("did you mean `{near}`?")),
            "{ran:#?}"
        );
    };
    check(&["simulate", "wegde"], "wedge");
    check(
        &["run", "wedge", "--scenario", "step-regresion"],
        "step-regression",
    );
    check(&["list", "optimise"], "optimize");
    check(&["explain", "INV-STAGD"], "INV-STAGED");
    check(&["init", "--template", "wegde"], "wedge");
}

#[test]
fn the_library_is_listed_with_every_scenario() {
    let list = coalmine(&["list"]);
    for system in library::systems() {
        assert!(list.out.contains(system.name), "{}", list.out);
        let scenarios = coalmine(&["list", system.name]);
        for (name, _) in system.scenarios {
            assert!(
                scenarios.out.contains(&format!("{name} (")),
                "{name} in {}",
                scenarios.out
            );
        }
    }
}

#[test]
fn every_code_promise_and_objective_is_explained() {
    let index = coalmine(&["explain"]);
    for line in index.out.lines() {
        let code = line.split_whitespace().next().unwrap();
        let page = coalmine(&["explain", code]);
        assert!(
            page.out.starts_with(code) && page.out.len() > 2 * code.len(),
            "{page:#?}"
        );
    }
}

#[test]
fn the_help_says_what_to_type_first() {
    insta::assert_snapshot!(coalmine(&["-h"]).out);
}
