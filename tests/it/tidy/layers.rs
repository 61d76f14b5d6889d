//! Who may know whom.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use super::source::{Source, places, root, sources};

/// What each package may depend on inside the workspace. `benches` measures everything.
const PACKAGES: [(&str, &[&str]); 6] = [
    ("controllers", &[]),
    ("sim-core", &["controllers"]),
    ("chaos", &["sim-core"]),
    ("scenarios", &["sim-core", "chaos", "controllers"]),
    ("reports", &["sim-core"]),
    (
        "coalmine",
        &["sim-core", "controllers", "chaos", "scenarios", "reports"],
    ),
];

/// What each folder of the machine may name of the machine.
const ROOMS: [(&str, &[&str]); 14] = [
    ("engine", &["engine"]),
    ("policy", &["engine", "policy"]),
    ("effect", &["effect", "engine", "policy"]),
    // The laws of windows need their form, and nothing that plays.
    ("exact", &["engine", "exact", "policy"]),
    ("fleet", &["engine", "fleet"]),
    ("traffic", &["engine", "traffic"]),
    ("operator", &["engine", "operator", "policy"]),
    // Who decides, as data; how is the business of the package `controllers`.
    ("decider", &["decider", "engine", "policy"]),
    // Populations alone are named of the policy.
    (
        "environment",
        &["address", "engine", "fleet", "policy", "traffic"],
    ),
    ("faults", &["address", "effect", "engine", "environment"]),
    // Measurements are bent by effects; they know nothing of decisions and of the history.
    (
        "telemetry",
        &[
            "address",
            "effect",
            "engine",
            "environment",
            "faults",
            "policy",
        ],
    ),
    // Gates read and remember; they know neither who decides nor what is done.
    (
        "cohort",
        &["engine", "faults", "grid", "plan", "policy", "telemetry"],
    ),
    // What is acted on knows nobody who acts.
    (
        "plant",
        &[
            "address",
            "effect",
            "engine",
            "environment",
            "faults",
            "fleet",
            "harms",
            "history",
            "plan",
            "policy",
            "run",
            "telemetry",
            "traffic",
            "trail",
        ],
    ),
    (
        "controller",
        &[
            "address", "cohort", "decider", "effect", "engine", "fleet", "history", "plan",
            "plant", "policy",
        ],
    ),
];

/// What may be named in a few places only.
const CONFINED: [(&str, &[&str]); 12] = [
    ("rayon", &["src/study/", "src/verify/"]),
    ("std::thread", &["src/study/", "src/verify/", "src/cli/"]),
    ("serde_saphyr", &["scenarios/src/source"]),
    ("indicatif", &["src/cli/console.rs"]),
    // Whoever serves knows nothing of rollouts.
    ("axum", &["src/serve/"]),
    ("tokio::", &["src/serve/"]),
    ("hyper::", &["src/serve/"]),
    ("println!", &["src/cli/"]),
    ("print!", &["src/cli/"]),
    ("eprintln!", &["src/cli/"]),
    ("clap", &["src/cli/", "src/main.rs"]),
    ("std::process::exit", &["src/cli/interrupt.rs"]),
];

/// What a checker would share with the controller that it watches.
const OF_THE_CONTROLLER: [&str; 7] = [
    "decide",
    "Decision",
    "Tracker",
    "Firing",
    "sim_core::plan",
    "sim_core::run",
    ".judge(",
];

#[test]
fn packages_depend_in_one_direction() {
    let known: BTreeMap<_, _> = PACKAGES.into_iter().collect();
    let packages = metadata();
    assert_eq!(
        packages.len(),
        PACKAGES.len() + 1,
        "every package has its rule"
    );
    for (name, dependencies) in packages {
        if name == "benches" {
            continue;
        }
        let allowed = known.get(name.as_str()).expect("the package is known");
        for dependency in dependencies {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} depends on {dependency}"
            );
        }
    }
}

/// Returns every package of the workspace and its dependencies inside of it.
fn metadata() -> Vec<(String, Vec<String>)> {
    let mut cargo = Command::new(env!("CARGO"));
    let command = cargo.args([
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
    ]);
    let output = command.current_dir(root()).output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let found: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let text = |value: &Value| value.as_str().expect("a name is text").to_owned();
    let list = |value: &Value| value.as_array().expect("it is a list").clone();
    let packages = list(&found["packages"]);
    let inside = |package: &Value| {
        let all = list(&package["dependencies"]);
        let local = all
            .iter()
            .filter(|dependency| dependency["path"].is_string());
        local.map(|dependency| text(&dependency["name"])).collect()
    };
    packages
        .iter()
        .map(|package| (text(&package["name"]), inside(package)))
        .collect()
}

#[test]
fn the_rooms_of_the_machine_know_only_what_lies_below_them() {
    for (room, allowed) in ROOMS {
        let folder = format!("sim-core/src/{room}/");
        let inside: Vec<_> = sources()
            .iter()
            .filter(|source| source.path.starts_with(&folder))
            .collect();
        assert!(!inside.is_empty(), "{folder} is there");
        for source in inside {
            for named in named_rooms(source) {
                assert!(
                    named == room || allowed.contains(&named.as_str()),
                    "{} names {named}",
                    source.path
                );
            }
        }
    }
}

/// Returns what a file names right below the root of its package.
fn named_rooms(source: &Source) -> Vec<String> {
    let code = source.product();
    let mut named = Vec::new();
    for at in places(code, "crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => {
                let group = &group[..group.find("};").expect("a group of imports ends")];
                named.extend(group.split(',').map(|part| first_word(part.trim())));
            }
            None => named.push(first_word(rest)),
        }
    }
    named.retain(|name| !name.is_empty());
    named
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn threads_files_formats_and_terminals_stay_in_their_rooms() {
    for source in sources() {
        for (word, rooms) in CONFINED {
            let at_home = rooms.iter().any(|room| source.path.starts_with(room));
            // Benches measure and examples show: neither is part of the program.
            let is_beside = ["benches/", "examples/"]
                .iter()
                .any(|beside| source.path.starts_with(beside));
            if at_home || is_beside {
                continue;
            }
            if let Some(at) = places(source.product(), word).next() {
                panic!("{}:{}: {word}", source.path, source.line_of(at));
            }
        }
    }
}

#[test]
fn checkers_share_no_code_with_the_controller() {
    let checkers: Vec<_> = sources()
        .iter()
        .filter(|source| source.path.starts_with("chaos/src/checker/"))
        .collect();
    assert!(checkers.len() > 15, "the checkers were found");
    for source in checkers {
        for word in OF_THE_CONTROLLER {
            if let Some(at) = places(source.product(), word).next() {
                panic!("{}:{}: {word}", source.path, source.line_of(at));
            }
        }
    }
}
