//! Every number of every form at its extremes: refused where it stands, or played to its end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sim_core::engine::SimDuration;
use sim_core::{Experiment, Seed};

use crate::fixtures::{POLICY, SCENARIO, WORLD, spoil};
use crate::{Report, load};

/// What takes the place of a plain number.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "0.5",
    "5e-324",
    "-5e-324",
    "1e-320",
    "1e-300",
    "1e-13",
    "1e-9",
    "1e18",
    "1e308",
    "-1e308",
    "1.7976931348623157e308",
    ".nan",
    ".inf",
    "-.inf",
    "\"1e999\"",
];
/// What takes the place of a time.
const TIMES: &[&str] = &[
    "0s",
    "1ns",
    "1us",
    "20h",
    "175320h",
    "1000000h",
    "9223372036s",
];

/// Where a number begins and ends in a text, and whether it has a unit of time.
fn numbers(text: &str) -> Vec<(usize, usize, bool)> {
    let bytes = text.as_bytes();
    let word = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let begins = bytes[at].is_ascii_digit() && (at == 0 || !word(at - 1));
        let mut end = at + 1;
        if begins {
            while word(end) {
                end += 1;
            }
            let piece = &text[at..end];
            let time = piece.parse::<SimDuration>().is_ok() && piece.parse::<f64>().is_err();
            if time || piece.parse::<f64>().is_ok() {
                found.push((at, end, time));
            }
        }
        at = end;
    }
    found
}

/// The forms, with as many of their numbers as fit into one file.
fn forms() -> Vec<[String; 3]> {
    let world = spoil(
        WORLD,
        "base: 0.01}}\n      harms",
        "base: 0.01, correlation: 0.001}}\n      noise: {own: 0.1, shared: 0.1, memory: 0.9}\n      harms",
    );
    let world = spoil(
        &world,
        "per-host-hour: 0.01",
        "per-host-hour: 0.01, size: 2",
    );
    let world = spoil(
        &world,
        "runs-per-hour: 800",
        "runs-per-hour: 800, correlation: 0.001",
    );
    let world = spoil(
        &world,
        "telemetry:\n",
        "  work: {jobs-per-hour: 60, workers: 4, takes: {exponential: {mean: 2m}}, warm-up: 1h}\ntelemetry:\n",
    );
    let scenario = spoil(
        SCENARIO,
        "horizon: 24h",
        "  - id: slow\n    change: {multiply: {signal: latency, by: 1.5}}\n    course: {after: 1h, ramp: 5m, lasts: 1h, strength: 0.8}\n  - id: clock\n    change: {clock: {ahead: 1m, rate: 1.01}}\n    course: {after: 1h}\n  - id: hosts\n    change: {slow-hosts: {factor: 2}}\n  - id: load\n    change: {load: {factor: 1.5}}\nhorizon: 4h",
    );
    let scenario = spoil(&scenario, "evidence:\n", "").replace("  - evidence: build\n    from: 2h\n    state: {exists: true, parses: true, says-something: true, passes: false, age: 0}\n", "");
    let windows = [
        "{sustained: {over: 10m, mode: every}}",
        "{sustained: {over: 10m, mode: mean}}",
        "{consecutive: 3}",
        "{count: {failures: 3, inconclusive: 5, errors-in-a-row: 4, of: 20}}",
        "{cusum: {slack: 0.5, limit: 5, unit: 0.01}}",
        "{ewma: {weight: 0.2, width: 3, unit: 0.01}}",
        "{e-process: {alpha: 0.01, rate: 0.1, bet: 2}}",
    ];
    let of = |window: &str| {
        let policy = spoil(POLICY, "{sustained: {over: 10m, mode: every}}", window);
        [policy, world.clone(), scenario.clone()]
    };
    windows.iter().map(|window| of(window)).collect()
}

/// Puts the three together, or says why not.
fn experiment([policy, world, scenario]: &[String; 3]) -> Result<Experiment, Vec<Report>> {
    let policy = load::policy("policy.yaml", policy.as_bytes()).map_err(|report| vec![report])?;
    let world = load::world("world.yaml", world.as_bytes()).map_err(|report| vec![report])?;
    let scenario = load::scenario("s.yaml", scenario.as_bytes()).map_err(|report| vec![report])?;
    load::experiment_of(&policy, &scenario, &world.value)
}

/// Whether a run has so few steps that a test may wait for it.
fn is_short(experiment: &Experiment) -> bool {
    let steps = |every: SimDuration| {
        let horizon = experiment.horizon.as_nanos();
        horizon.checked_div(every.as_nanos()).unwrap_or(u64::MAX)
    };
    steps(experiment.policy.evaluate_every) < 3_000
        && steps(experiment.telemetry.scrape_every) < 10_000
        && experiment.fleet.hosts < 10_000
}

#[test]
fn the_forms_as_they_are_can_be_played() {
    for form in forms() {
        let experiment = experiment(&form).unwrap_or_else(|reports| panic!("{}", reports[0]));
        assert!(is_short(&experiment));
    }
}

#[test]
fn every_number_at_its_extremes_is_refused_or_played_to_its_end() {
    let mut panics = Vec::new();
    let (mut refused, mut played) = (0, 0);
    for (round, form) in forms().iter().enumerate() {
        for part in 0..3 {
            // Worlds and scenarios are the same in every round.
            if round > 0 && part > 0 {
                continue;
            }
            for (begin, end, time) in numbers(&form[part]) {
                for value in if time { TIMES } else { NUMBERS } {
                    let mut form = form.clone();
                    form[part].replace_range(begin..end, value);
                    let place = || {
                        let line = form[part][..begin].matches('\n').count();
                        let line = form[part].lines().nth(line).unwrap_or_default();
                        line.trim().to_owned()
                    };
                    let ended = catch_unwind(AssertUnwindSafe(|| match experiment(&form) {
                        Ok(experiment) if is_short(&experiment) => {
                            sim_core::run(
                                &experiment,
                                Seed {
                                    root: 42,
                                    replication: 0,
                                },
                            );
                            1
                        }
                        Ok(_) => 1,
                        Err(reports) => {
                            assert!(!reports.is_empty());
                            0
                        }
                    }));
                    match ended {
                        Ok(1) => played += 1,
                        Ok(_) => refused += 1,
                        Err(_) => panics.push(place()),
                    }
                }
            }
        }
    }
    assert!(
        panics.is_empty(),
        "{} of {played} played panic: {panics:#?}",
        panics.len()
    );
    assert!(
        refused > 300 && played > 300,
        "{refused} refused, {played} played"
    );
}
