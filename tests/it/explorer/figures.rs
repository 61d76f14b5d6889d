//! The figures of the page are those of the commands.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{Explorer, last};
use crate::command::{coalmine_in, json, plain};

/// The objectives of a view, by name: value, ends of the interval, events and among how many.
fn rows(view: &Value, side: &str) -> Vec<(String, Value, Value)> {
    let rows = view["objectives"].as_array().unwrap().iter();
    let mut rows: Vec<_> = rows
        .map(|row| {
            let of = &row[side];
            (
                row["id"].as_str().unwrap().to_owned(),
                of["exact"].clone(),
                of["counted"].clone(),
            )
        })
        .collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    rows
}

/// The same of a result.
fn result_rows(result: &Value) -> Vec<(String, Value, Value)> {
    let rows = result["objectives"].as_array().unwrap().iter();
    let mut rows: Vec<_> = rows
        .map(|row| {
            let exact = serde_json::json!([row["value"], row["low"], row["high"]]);
            let counted = serde_json::json!([row["events"], row["among"]]);
            (row["id"].as_str().unwrap().to_owned(), exact, counted)
        })
        .collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    rows
}

/// How the rollouts of each scenario ended in a view: outcome and count.
fn endings(view: &Value, side: &str) -> Vec<Value> {
    let pairs = |ending: &Value| {
        let pairs = ending[side].as_array().unwrap().iter();
        let pair = |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].clone());
        Value::Object(pairs.map(pair).collect())
    };
    view["endings"]
        .as_array()
        .unwrap()
        .iter()
        .map(pairs)
        .collect()
}

/// The same of a result.
fn result_endings(result: &Value) -> Vec<Value> {
    let scenarios = result["scenarios"].as_array().unwrap().iter();
    scenarios.map(|one| one["outcomes"].clone()).collect()
}

/// Plays the command that the page shows.
fn told(folder: &std::path::Path, view: &Value) -> Value {
    let words = view["command"].as_str().unwrap();
    let mut args: Vec<&str> = words
        .strip_prefix("coalmine ")
        .unwrap()
        .split(' ')
        .collect();
    args.extend(["--format", "json", "-q"]);
    json(&coalmine_in(folder, &args))
}

const CHANGE: &str =
    "set=gates.errors-high.breach.limit.absolute=2%25&set=stages.canary.target=5%25";

/// Applies the patch that the page offers after these answers.
#[track_caller]
fn apply(folder: &Path, events: &[(String, Value)]) {
    let patch = last(events, "setting")["patch"].as_str().unwrap();
    fs::write(folder.join("my.patch"), patch).unwrap();
    let git = Command::new("git")
        .args(["apply", "my.patch"])
        .current_dir(folder)
        .status();
    assert!(git.unwrap().success(), "{patch}");
}

#[test]
fn a_page_says_what_the_commands_say_before_and_after_its_patch() {
    let folder = plain();
    let policy = fs::read_to_string(folder.path().join("policy.yaml")).unwrap();
    let explorer = Explorer::start(folder.path(), &["policy.yaml", "--seed", "7"]);
    let today = explorer.study("most=400");
    let study = last(&today, "study");
    let result = told(folder.path(), study);
    let of_today = study["hash"].clone();
    assert_eq!(rows(study, "today"), result_rows(&result));
    assert_eq!(endings(study, "today"), result_endings(&result));

    let changed = explorer.study(&format!("most=400&{}", change(&policy)));
    let study = last(&changed, "study");
    assert_eq!(
        study["hash"], of_today,
        "today's policy stands beside the changed one"
    );
    apply(folder.path(), &changed);
    let result = told(folder.path(), study);
    assert_ne!(study["changed_hash"], study["hash"]);
    assert_eq!(rows(study, "changed"), result_rows(&result));
    assert_eq!(endings(study, "changed"), result_endings(&result));

    let curve = last(&changed, "curve");
    let result = told(folder.path(), curve);
    let points = result["points"].as_array().unwrap();
    let sizes = curve["sizes"].as_array().unwrap();
    assert_eq!(points.len(), sizes.len());
    for (point, size) in points.iter().zip(sizes) {
        assert_eq!(size["size"], point["effect"]);
        let counted = serde_json::json!([point["events"], point["among"]]);
        assert_eq!(size["changed"]["counted"], counted, "size {}", size["size"]);
    }
}

/// Two numbers of the plain policy.
fn change(policy: &str) -> &'static str {
    assert!(
        policy.contains("errors-high"),
        "the plain policy has this gate"
    );
    CHANGE
}

#[test]
fn answers_rest_on_more_and_more_rollouts_and_the_last_is_said() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    let events = explorer.study("most=2000");
    let studies: Vec<_> = events.iter().filter(|(kind, _)| kind == "study").collect();
    let levels: Vec<_> = studies
        .iter()
        .map(|(_, view)| view["level"].as_u64().unwrap())
        .collect();
    assert_eq!(levels, [100, 400, 2000]);
    let runs: Vec<_> = studies
        .iter()
        .map(|(_, view)| view["runs"].as_u64().unwrap())
        .collect();
    assert_eq!(runs, [50, 200, 1000], "of each of two scenarios");
    assert_eq!(events[0].0, "setting", "the picture comes first");
    assert_eq!(events[events.len() - 1].0, "done");
}

#[test]
fn a_rollout_that_ends_so_is_told_with_the_command_that_plays_it_again() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    let reply = explorer.get("why?scenario=bad&outcome=rolled_back", "");
    let told: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(told["outcome"], "rolled_back", "{told}");
    let words = told["command"]
        .as_str()
        .unwrap()
        .strip_prefix("coalmine ")
        .unwrap();
    let mut args: Vec<&str> = words.split(' ').collect();
    args.extend(["--format", "json", "-q"]);
    let result = json(&coalmine_in(folder.path(), &args));
    assert_eq!(result["outcome"], "rolled_back");
    assert_eq!(result["replication"], told["replication"]);
    let reply = explorer.get("why?scenario=bad&outcome=no-such-thing", "");
    assert!(reply.body.contains("refused"), "{}", reply.body);
}

#[test]
fn a_value_that_means_nothing_is_refused_with_its_place() {
    let folder = plain();
    let explorer = Explorer::start(folder.path(), &["policy.yaml"]);
    for (query, expect) in [
        ("set=gates.errors-high.breach.limit.absolute=soon", "CM073"),
        ("set=gates.errors-high.breach.limit.absolute=15m", "CM128"),
        (
            "set=gates.errors-high.breach.limit.absolute=1%25..2%25",
            "one value",
        ),
        ("set=gates.nothing.limit=1%25", "CM070"),
        ("set=stages.canary.target=101%25", "error"),
    ] {
        let events = explorer.study(query);
        let [(kind, data)] = &events[..] else {
            panic!("{query}: {events:?}");
        };
        assert_eq!(kind, "refused", "{query}");
        let text = data["text"].as_str().unwrap();
        assert!(text.contains(expect), "{query}: {text}");
    }
}

#[test]
fn a_policy_of_another_product_is_explored_in_its_assumed_world() {
    let folder = tempfile::tempdir().unwrap();
    let rollout = include_str!("../../../docs/argo/rollout.yaml");
    fs::write(folder.path().join("rollout.yaml"), rollout).unwrap();
    let explorer = Explorer::start(folder.path(), &["rollout.yaml"]);
    let model: Value = serde_json::from_str(&explorer.get("model", "").body).unwrap();
    let numbers = model["numbers"].as_array().unwrap();
    assert!(
        numbers.iter().any(|number| number["path"] == "base-error"),
        "{model}"
    );
    let weight = "Rollout.strategy.canary.steps.0.setWeight";
    assert!(
        numbers.iter().any(|number| number["path"] == weight),
        "{model}"
    );
    let events = explorer.study(&format!("most=100&set=base-error=3%25&set={weight}=10"));
    let study = last(&events, "study");
    assert!(
        study["command"]
            .as_str()
            .unwrap()
            .contains("--base-error 0.03"),
        "{study}"
    );
    apply(folder.path(), &events);
    let result = told(folder.path(), study);
    assert_eq!(rows(study, "changed"), result_rows(&result));
}
