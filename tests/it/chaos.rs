//! Campaigns of faults, through the binary.

use crate::command::{coalmine, json};

fn campaign(words: &str, runs: &str, more: &[&str]) -> crate::command::Ran {
    let mut args = vec!["chaos"];
    args.extend(words.split(' '));
    args.extend(["-n", runs]);
    args.extend(more);
    coalmine(&args)
}

#[test]
fn a_campaign_does_not_depend_on_the_number_of_threads() {
    let play = |threads| campaign("wedge", "60", &["--format", "json", "--threads", threads]);
    let (one, three) = (play("1"), play("3"));
    assert_eq!(one.out, three.out, "{}", one.err);
    let report = json(&one);
    assert_eq!(report["self-check"], serde_json::Value::Null);
    assert_eq!(report["self_check"]["runs"], 3);
    assert_eq!(report["self_check"]["differed"], 0);
}

#[test]
fn the_counterexample_is_played_again_by_its_command() {
    let ran = campaign(
        "wedge --profile as-implemented",
        "80",
        &["--format", "json"],
    );
    let report = json(&ran);
    let worst = &report["worst"];
    let (code, command) = (
        worst["invariant"].as_str().unwrap(),
        worst["replay"].as_str().unwrap(),
    );
    let words: Vec<_> = command.split(' ').skip(1).collect();
    let again = coalmine(&words);
    assert!(
        again.out.contains(&format!("{code} is broken")),
        "{command}\n{}",
        again.out
    );
}

#[test]
fn a_rehearsal_that_is_not_there_is_a_mistake_of_the_user() {
    let ran = campaign("wedge", "10", &["--rehearsal", "10"]);
    assert_eq!(ran.code, 2, "{ran:#?}");
    assert!(ran.err.contains("from 0 to 9"), "{}", ran.err);
}
