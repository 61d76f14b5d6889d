//! What people reported in public, played: each example that `list --examples` holds, with its right value.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{coalmine, coalmine_in, json};

/// The files of one example, as `list` gives them.
fn example(name: &str) -> TempDir {
    let listed = json(&coalmine(&["list", "--examples", "--format", "json"]));
    let all = listed["examples"].as_array().unwrap();
    let example = all.iter().find(|it| it["name"] == name).unwrap();
    assert!(!example["source"].as_str().unwrap().is_empty(), "{name}");
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in example["files"].as_object().unwrap() {
        fs::write(folder.path().join(file), text.as_str().unwrap()).unwrap();
    }
    folder
}

fn answer(name: &str, words: &str) -> Value {
    let folder = example(name);
    let words = format!("{words} --format json");
    let ran = coalmine_in(folder.path(), &words.split(' ').collect::<Vec<_>>());
    assert!([0, 4, 99].contains(&ran.code), "{ran:#?}");
    json(&ran)
}

/// The seconds at which events of a kind happen, with their stages.
fn times(run: &Value, code: &str) -> Vec<(f64, String)> {
    let events = run["events"].as_array().unwrap().iter();
    let named = events.filter(|event| event["code"] == code);
    named
        .map(|event| {
            let stage = event["stage"].as_str().unwrap_or_default();
            (event["t_s"].as_f64().unwrap(), stage.to_owned())
        })
        .collect()
}

fn seconds(run: &Value, code: &str) -> Vec<f64> {
    times(run, code).into_iter().map(|(at, _)| at).collect()
}

/// The share of rollouts, and the objective whose value it is.
#[track_caller]
fn share(study: &Value, objective: &str, expect: f64, runs: f64) {
    let rows = study["objectives"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == objective).unwrap();
    let value = row["value"].as_f64().unwrap();
    let errors = 4.0 * (expect * (1.0 - expect) / runs).sqrt();
    assert!(
        (value - expect).abs() <= errors,
        "{objective}: {value}, expected {expect} +- {errors}"
    );
}

#[test]
fn every_example_is_listed_with_its_source_and_is_sound() {
    let listed = json(&coalmine(&["list", "--examples", "--format", "json"]));
    for report in listed["examples"].as_array().unwrap() {
        let folder = example(report["name"].as_str().unwrap());
        let ran = coalmine_in(folder.path(), &["lint", "."]);
        assert!(ran.out.contains("0 errors"), "{}: {ran:#?}", report["name"]);
    }
}

/// growthbook#5415: a scheduler that looks once a minute moves one step a minute, or jumps to the step that is due.
#[test]
fn a_scheduler_that_looks_once_a_minute_moves_at_its_ticks() {
    let entered = |policy: &str| {
        let run = answer(
            "scheduler-tick",
            &format!("run {policy}.policy.yaml -s healthy"),
        );
        times(&run, "stage-entered")
    };
    let stages = ["one", "five", "ten", "all"].map(str::to_owned);
    let at = |times: [f64; 4]| times.into_iter().zip(stages.clone()).collect::<Vec<_>>();
    assert_eq!(entered("on-tick"), at([0.0, 60.0, 120.0, 180.0]));
    assert_eq!(entered("catch-up"), at([0.0, 60.0, 60.0, 60.0]));
}

/// fedora-homelab-containers#165. By hand: 0.9 m / 60 > 0.072 from the fifth minute on, and two minutes more. Joined: more
/// than 100 errors come in four minutes, 0.9 m / 60 > 0.5 takes 34, and an hour more.
#[test]
fn a_duration_lies_on_top_of_burn_rates_and_of_joined_breaches() {
    let run = answer("burn-tiers", "run lasting.policy.yaml -s outage");
    let day = 86_400.0;
    assert_eq!(seconds(&run, "rollback-began"), [day + 7.0 * 60.0]);
    let run = answer("burn-tiers", "run joined.policy.yaml -s outage");
    // 34 minutes bring 918 errors of the 900 that it takes, with a standard deviation of 10.
    let at = seconds(&run, "rollback-began")[0] - day - 3600.0;
    assert!([34.0, 35.0].contains(&(at / 60.0)), "{at} s");
}

/// pint#966: with every other scrape lost an alert for five minutes starts anew for ever; keeping its state it fires five
/// minutes after the first value.
#[test]
fn a_gate_that_keeps_its_state_fires_over_lost_scrapes() {
    let run = answer("lost-scrape", "run keep.policy.yaml -s flap");
    assert_eq!(seconds(&run, "rollback-began"), [330.0]);
    let run = answer("lost-scrape", "run starts-anew.policy.yaml -s flap");
    assert_eq!(seconds(&run, "rollback-began"), [0.0; 0]);
}

/// temporal-worker-controller#270. The old version is kept for a day: found after 20 hours the release is shifted back in ten
/// seconds, after 30 hours there is nothing to go back to. Of releases that come every 20 hours the last two are there for 40.
#[test]
fn a_regression_found_late_finds_the_old_version_where_the_last_ones_are_kept() {
    let run = |policy: &str, scenario: &str| {
        let run = answer(
            "standby-kept",
            &format!("run {policy}.policy.yaml -s {scenario}"),
        );
        let back = seconds(&run, "reverted").first().copied();
        let begun = seconds(&run, "rollback-began").first().copied();
        let took = back.zip(begun).map(|(back, begun)| back - begun);
        (took, seconds(&run, "standby-absent").len())
    };
    assert_eq!(run("day", "late-20"), (Some(10.0), 0));
    assert_eq!(run("day", "late-30"), (None, 1));
    assert_eq!(run("last-two", "late-30"), (Some(10.0), 0));
}

/// vocable-android#690: asked after a day, nobody answers for a week; of 1000 rollouts 30 % are taken back.
#[test]
fn an_approval_that_nobody_gives_in_time_takes_the_release_back() {
    let run = answer("nobody-to-finish", "run week.policy.yaml -s silent-1");
    assert_eq!(seconds(&run, "unanswered"), [8.0 * 86_400.0]);
    assert_eq!(run["outcome"], "rolled_back");
    let study = answer(
        "nobody-to-finish",
        "simulate week.policy.yaml -s silent-0.3 -n 1000",
    );
    share(&study, "false_rollback", 0.3, 1000.0);
}

/// Of 20 updates that fail with 3 % more than one fails with 1 - 0.97^20 - 20 x 0.03 x 0.97^19 = 11.98 %.
#[test]
fn a_rollout_stops_on_how_many_updates_failed() {
    let study = answer(
        "update-budget",
        "simulate budget.policy.yaml -s flaky -n 2000",
    );
    share(&study, "stalled_release", 0.1198, 2000.0);
}

/// Ten updates run at a time and all time out after ten minutes: ten of ten have failed, and from the fifth on a fifth may.
/// Nothing is updated then, and nothing more is begun.
#[test]
fn a_rollout_stops_on_the_share_of_updates_that_failed_of_those_tried() {
    let run = answer("update-budget", "run share.policy.yaml -s broken");
    assert_eq!(seconds(&run, "paused"), [600.0]);
    assert_eq!(run["outcome"], "paused");
    assert_eq!(run["exposure"]["reached_max_percent"].as_f64(), Some(0.0));
}

/// Half a percent is nobody for Unleash, one percent for ConfigCat, and 1 - 0.995^20 with the turns of 21 draws for nginx.
#[test]
fn half_a_percent_is_what_the_splitter_makes_of_it() {
    for (splitter, reached) in [("unleash", 0.0), ("configcat", 1.0), ("random-two", 9.94)] {
        let run = answer(
            "flag-half-percent",
            &format!("run ramp.policy.yaml -s {splitter}"),
        );
        let events = run["events"].as_array().unwrap();
        let before = events.iter().take_while(|event| event["stage"] != "one");
        let exposed = before.filter(|event| event["code"] == "exposure").last();
        let says = exposed.map_or("0 %", |event| event["detail"].as_str().unwrap());
        let percent: f64 = says.split(' ').next().unwrap().parse().unwrap();
        assert!((percent - reached).abs() < 0.01, "{splitter}: {says}");
    }
}

/// aurora#487. A queue played by another program (25 tasks an hour, 1.5 to 14.5 minutes, four workers): 3.13 of the running
/// tasks run for more than 30 seconds still; none for more than 15 minutes.
#[test]
fn tasks_that_outlast_the_grace_are_killed_with_their_workers() {
    let mut lost = 0.0;
    for replication in 0..60 {
        let run = answer(
            "long-tasks",
            &format!("run all-at-once.policy.yaml -s killed --replication {replication}"),
        );
        lost += run["harm"]["lost_jobs"].as_f64().unwrap_or(0.0);
    }
    // The number is one of 0 to 4 with a standard deviation of 1.1: four errors of 60 are 0.57.
    assert!((lost / 60.0 - 3.13).abs() < 0.57, "{}", lost / 60.0);
    let run = answer("long-tasks", "run all-at-once.policy.yaml -s finished");
    assert!(run["harm"].get("lost_jobs").is_none(), "{}", run["harm"]);
}

/// skuba#1637: each minute brings 30 errors of the old version. The fix is taken back for them at the first look; an alarm that was
/// red before is ignored, or nothing is started.
#[test]
fn an_alarm_that_was_red_before_is_taken_for_the_release_or_ignored_or_nothing_starts() {
    let played = |policy: &str| {
        let run = answer("already-red", &format!("run {policy}.policy.yaml -s fix"));
        let outcome = run["outcome"].as_str().unwrap().to_owned();
        let red = seconds(&run, "already-red").len();
        (outcome, red, seconds(&run, "rollback-began"))
    };
    let told = |outcome: &str, red, back: &[f64]| (outcome.to_owned(), red, back.to_vec());
    assert_eq!(played("unasked"), told("rolled_back", 0, &[60.0]));
    assert_eq!(played("ignore"), told("completed", 1, &[]));
    assert_eq!(played("refuse"), told("aborted", 1, &[]));
}

/// A tenth of the updated hosts hangs and reports nothing: of errors that nobody hears of none is left, while 10.1 % of the hosts are
/// silent. A hundred hosts are there after a minute; three looks above 2 % later it is taken back.
#[test]
fn hosts_that_hang_are_seen_by_their_silence_alone() {
    let run = answer("silent-hosts", "run errors.policy.yaml -s dead");
    assert_eq!(run["outcome"], "completed");
    let run = answer("silent-hosts", "run heartbeat.policy.yaml -s dead");
    assert_eq!(seconds(&run, "rollback-began"), [240.0]);
}

/// Monday at ten, a step a day: the store goes on at the weekend, the team does not, and waits for the end of the freeze (from the
/// seventh day on for two days) on Tuesday at ten.
#[test]
fn a_phased_release_goes_on_by_the_day_or_on_days_of_work() {
    let hours = |policy: &str, scenario: &str| {
        let run = answer(
            "phased-release",
            &format!("run {policy}.policy.yaml -s {scenario}"),
        );
        let entered = seconds(&run, "stage-entered");
        let hours: Vec<f64> = entered.iter().map(|at| at / 3600.0).collect();
        (hours, seconds(&run, "paused"), run)
    };
    let (entered, _, run) = hours("as-written", "healthy");
    assert_eq!(entered, [0.0, 24.0, 48.0, 72.0, 96.0, 120.0, 144.0]);
    assert_eq!(run["outcome"], "completed");
    let (entered, _, run) = hours("as-implemented", "healthy");
    assert_eq!(entered, [0.0, 24.0, 48.0, 72.0, 96.0, 192.0, 216.0]);
    assert_eq!(run["outcome"], "completed");
    for scenario in ["crashing", "failing"] {
        let (_, paused, run) = hours("as-written", scenario);
        assert_eq!(paused, [86_400.0], "{scenario}");
        assert_eq!(run["exposure"]["reached_max_percent"].as_f64(), Some(1.0));
    }
}

/// Argo Rollouts scales the old side down after 30 seconds. Two looks a minute apart find a new side that fails from the start
/// after two minutes: there is nothing to switch back to, whereas a standby of a day is there in five seconds.
#[test]
fn a_standby_of_thirty_seconds_is_gone_before_any_gate_has_fired() {
    let back = |policy: &str, scenario: &str| {
        let run = answer(
            "blue-green",
            &format!("run {policy}.policy.yaml -s {scenario}"),
        );
        let begun = seconds(&run, "rollback-began");
        let took = seconds(&run, "reverted").first().map(|at| at - begun[0]);
        (begun[0], took, seconds(&run, "standby-absent").len())
    };
    assert_eq!(back("as-written", "at-once"), (120.0, Some(5.0), 0));
    assert_eq!(back("as-implemented", "at-once"), (120.0, None, 1));
    let (begun, took, absent) = back("as-written", "late");
    assert_eq!((took, absent), (Some(5.0), 0));
    // It fails from 3 h and 30 s on; two looks with more than 2 % in five minutes are over by the third.
    assert!((10_920.0..=10_980.0).contains(&begun), "{begun}");
    assert_eq!(back("as-implemented", "late").2, 1);
}
