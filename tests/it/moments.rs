//! Rehearsed faults at moments of their own, and in an order, through the binary.

use std::fs;

use serde_json::Value;

use crate::command::{coalmine_in, plain};

/// A bad release in the shipped system, which is rolled back, and faults with it.
const BASE: &str = "version: 1\nname: moments\nworld: {library: wedge}\nhorizon: 24h\nrelease:\n  is: bad\n  \
                    effects:\n    - id: errors\n      change: {add: {signal: error_rate, by: 0.4}}\n      \
                    course: {from: {stage-entered: 1}, after: 10m}\n";

/// Plays the base with more at its end; returns what `run` says as JSON.
#[track_caller]
fn run(more: &str, seed: u32) -> Value {
    let folder = plain();
    fs::write(
        folder.path().join("it.scenario.yaml"),
        format!("{BASE}{more}"),
    )
    .unwrap();
    let seed = seed.to_string();
    let fixed = [
        "run",
        "wedge",
        "--scenario",
        "it.scenario.yaml",
        "--no-fail",
    ];
    let args = [&fixed[..], &["--format", "json", "--seed", &seed]].concat();
    let ran = coalmine_in(folder.path(), &args);
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:#?}"))
}

/// When the first event of this kind was, in seconds, whose detail holds `detail`.
#[track_caller]
fn when(said: &Value, code: &str, detail: &str) -> f64 {
    let events = said["events"].as_array().unwrap();
    let is = |event: &&Value| {
        event["code"] == code && event["detail"].as_str().unwrap().contains(detail)
    };
    let found = events.iter().find(is);
    let found = found.unwrap_or_else(|| panic!("no {code} with {detail}: {events:#?}"));
    found["t_s"].as_f64().unwrap()
}

fn surge(at: &str) -> String {
    format!("rehearse:\n  - {{id: surge, fault: {{env.surge: {{}}}}, at: {at}}}\n")
}

#[test]
fn a_fault_begins_at_a_time_an_event_or_a_state() {
    let begins = |at: &str, after: &str, delay: f64| {
        let said = run(&surge(at), 42);
        let from = if after.is_empty() {
            0.0
        } else {
            when(&said, after, "")
        };
        assert_eq!(when(&said, "effect-began", "surge"), from + delay, "{at}");
    };
    begins("{time: 30m}", "", 1_800.0);
    begins(
        "{after: rollback-decided, stage: early, delay: 2s}",
        "rollback-began",
        2.0,
    );
    begins(
        "{when: state == rolling_back and stage == early}",
        "rollback-began",
        0.0,
    );
}

#[test]
fn a_fault_of_another_stage_never_begins_and_the_run_is_inconclusive() {
    let said = run(&surge("{after: rollback-decided, stage: canary}"), 42);
    assert_eq!(said["verdict"], "INCONCLUSIVE", "{said:#}");
}

#[test]
fn a_drawn_moment_lies_within_its_bounds_differs_by_seed_and_replays() {
    let at = |seed| {
        let said = run(
            &surge("{after: rollback-decided, delay: 5s, within: 10s}"),
            seed,
        );
        let delay = when(&said, "effect-began", "surge") - when(&said, "rollback-began", "");
        assert!((5.0..=15.0).contains(&delay), "seed {seed}: {delay}");
        (delay.to_bits(), said["hash"].clone())
    };
    let drawn: Vec<_> = (0..6).map(at).collect();
    assert!(
        drawn.iter().any(|(delay, _)| *delay != drawn[0].0),
        "{drawn:?}"
    );
    assert_eq!(at(0), drawn[0]);
}

#[test]
fn a_method_plays_one_after_another_and_side_by_side() {
    let more = "method:\n  template-type: Serial\n  at: {after: rollback-decided}\n  children:\n    \
                - {id: first, fault: {env.surge: {}}, at: {lasts: 20s}}\n    \
                - template-type: Parallel\n      children:\n        \
                - {id: second, fault: {telemetry.lag: {}}, at: {lasts: 1m}}\n        \
                - {id: third, fault: {env.brownout: {}}, at: {lasts: 5s, delay: 1s}}\n\
                promises:\n  - {id: OWN-CALM, title: nothing is rolled back, formula: always(not rollback_began)}\n";
    let said = run(more, 42);
    let decided = when(&said, "rollback-began", "");
    let begins = |id| when(&said, "effect-began", id) - decided;
    assert_eq!(
        [begins("first"), begins("second"), begins("third")],
        [0.0, 20.0, 21.0]
    );
    let broken = said["invariants"].as_array().unwrap().iter();
    let broken = broken.filter(|one| one["status"] == "violated");
    let codes: Vec<_> = broken.map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(codes, ["OWN-CALM"]);
}

/// A controller that never comes back lets no rollout end; once it is healed, the bad release is taken back.
#[test]
fn once_everything_has_healed_the_rollout_comes_to_an_outcome() {
    let crash = "rehearse:\n  - {id: gone, fault: {controller.crash: {}}, at: {time: 30m}}\n";
    assert_eq!(run(crash, 42)["outcome"], "unfinished");
    let healed = run(&format!("{crash}heal-at: 6h\n"), 42);
    assert_eq!(healed["outcome"], "rolled_back", "{healed:#}");
    let live = healed["invariants"].as_array().unwrap().iter();
    let mut live = live.filter(|one| one["id"] == "INV-LIVE");
    assert_eq!(live.next().unwrap()["status"], "holds");
}

#[test]
fn a_moment_that_makes_no_sense_is_refused_where_it_stands() {
    let folder = plain();
    let text = format!("{BASE}{}", surge("{when: state == pausd}"));
    fs::write(folder.path().join("it.scenario.yaml"), &text).unwrap();
    let ran = coalmine_in(
        folder.path(),
        &["run", "wedge", "--scenario", "it.scenario.yaml"],
    );
    assert_eq!(ran.code, 3, "{ran:#?}");
    for said in ["CM174", "it.scenario.yaml:12:", "did you mean `paused`?"] {
        assert!(ran.err.contains(said), "{said} is missing: {}", ran.err);
    }
}

#[test]
fn a_rollback_that_never_ends_is_not_a_rollback_that_never_was() {
    let told = |scenario: &str| {
        let args = ["run", "cutover", "--scenario", scenario, "--no-fail"];
        coalmine_in(plain().path(), &args).out
    };
    let said = told("standby-gone");
    assert!(said.contains("rollback   began and never ended"), "{said}");
    let said = told("healthy");
    assert!(said.contains("rollback   none"), "{said}");
}
