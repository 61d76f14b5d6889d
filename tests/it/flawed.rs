//! Policies with a flaw that nobody is told of: each is a shipped policy, spoilt in one place, and a rehearsal
//! with single faults, or with a release that fails plainly, must find it.

use coalmine::chaos::catalogue::{ENTRIES, Injection};
use coalmine::chaos::checker::Status;
use coalmine::chaos::rehearsal::Rehearsal;
use coalmine::scenarios::{library, load};
use coalmine::sim_core::effect::{Anchor, Course};
use coalmine::sim_core::policy::Profile;
use coalmine::sim_core::{Experiment, Seed};

use crate::acceptance::ROOT;
use crate::acceptance_rehearsed::injection;

/// The policy of a system as it is written, with `old` replaced by `new` wherever it stands.
fn spoilt(system: &str, edits: &[(&str, &str)]) -> Experiment {
    let system = library::system(system).expect("it is shipped");
    let mut text = system
        .policy(Profile::AsWritten)
        .expect("it is shipped")
        .to_owned();
    for (old, new) in edits {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    let policy =
        load::policy(system.name, text.as_bytes()).unwrap_or_else(|report| panic!("{report}"));
    let scenario = system.scenario("healthy").expect("it is shipped");
    let scenario = load::scenario(system.name, scenario.as_bytes()).expect("it loads");
    let world = load::world(system.name, system.world.as_bytes()).expect("it loads");
    load::experiment(&policy.value, &scenario.value, &world.value)
        .unwrap_or_else(|report| panic!("{report}"))
}

/// A release that fails plainly from the first exposure or from the entry into a stage on, for each signal that
/// users feel.
fn plain(experiment: &Experiment) -> Vec<Vec<Injection>> {
    let stages = experiment.policy.stages.len() as u16;
    let entries = (1..stages).map(Anchor::StageEntered);
    let anchors: Vec<_> = [Anchor::FirstExposure].into_iter().chain(entries).collect();
    let signals = experiment.telemetry.signals.iter();
    let felt = signals.filter(|signal| signal.harms_users);
    let fails = |id: &str, from: Anchor| {
        let with = format!(r#"{{"signal": "{id}", "by": {{"plus": 0.5}}}}"#);
        let at = Course {
            from,
            ..Course::default()
        };
        vec![injection("version.step", &with, Some(at))]
    };
    felt.flat_map(|signal| anchors.iter().map(|from| fails(&signal.id, *from)))
        .collect()
}

/// Rehearsals with a release that fails plainly, with each single fault, and with both.
fn rehearsals(experiment: &Experiment) -> Vec<Vec<Injection>> {
    let plain = plain(experiment);
    let single = ENTRIES.iter().map(|entry| vec![Injection::of(entry)]);
    let both = ENTRIES
        .iter()
        .map(|entry| [&plain[0][..], &[Injection::of(entry)]].concat());
    plain.iter().cloned().chain(single).chain(both).collect()
}

/// Whether the faults break the promise; nothing where they have nothing to happen to.
fn breaks(experiment: &Experiment, injections: &[Injection], promise: &str) -> bool {
    let seed = Seed {
        root: ROOT,
        replication: 0,
    };
    let injections = injections.to_vec();
    let rehearsal = Rehearsal {
        experiment: experiment.clone(),
        injections,
        seed,
    };
    rehearsal.play().is_ok_and(|played| {
        let found = played.finding(promise).expect("it is judged");
        found.status == Status::Violated
    })
}

/// Some rehearsal must break `promise` with the flaw and keep it without.
#[track_caller]
fn check(system: &str, edits: &[(&str, &str)], promise: &str) {
    let (sound, flawed) = (spoilt(system, &[]), spoilt(system, edits));
    let mut all = rehearsals(&sound).into_iter();
    let found =
        all.any(|faults| breaks(&flawed, &faults, promise) && !breaks(&sound, &faults, promise));
    assert!(found, "{system} {edits:?}: nobody notices, seed {ROOT}");
}

#[test]
fn a_gate_that_passes_without_data_is_found() {
    let hold = "on: {missing: hold, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}";
    let pass = "on: {missing: pass, stale: hold, nan: hold, zero-denominator: hold, too-few: hold}";
    check("optimize", &[(hold, pass)], "INV-GATE");
}

#[test]
fn a_stage_without_an_observation_is_found() {
    let stage = "target: 20%\n    ramp: at-once\n    observe: 1h\n    observe-from: convergence\n    pause-after-windows: 3\n";
    let none = "target: 20%\n    ramp: at-once\n    observe: 0s\n    observe-from: convergence\n";
    check("wedge", &[(stage, none)], "INV-OBSERVE");
}

#[test]
fn a_recovery_without_acknowledgement_is_found() {
    check(
        "control-plane",
        &[("  acknowledge: rollback-owner\n", "")],
        "INV-RECOVER",
    );
}

#[test]
fn triggers_that_only_record_are_found() {
    let acts = "{id: rollback-trigger, action: rollback}";
    let records = "{id: rollback-trigger, action: record}";
    // Nor is there a criterion that would block.
    let criteria = "criteria: [error-rate-criterion, latency-p99-criterion, crashes-criterion]";
    let none = "criteria: [latency-p99-criterion, crashes-criterion]";
    check("wedge", &[(acts, records), (criteria, none)], "INV-CAUGHT");
}

/// In the last stage the fleet is the canary.
#[test]
fn a_gate_that_compares_the_canary_with_itself_is_found() {
    let itself = "limit: {times: {factor: 3, of: fleet}}";
    check(
        "optimize",
        &[("limit: {absolute: 0.03}", itself)],
        "INV-CAUGHT",
    );
}

#[test]
fn a_rollback_that_leaves_the_last_step_out_is_found() {
    let step = "    - id: revert\n      effect: {revert-hosts: {takes: {lognormal: {median: 9s, sigma: 0.4}}}}\n";
    let none = "    - id: revert\n      effect: capture-evidence\n";
    check("wedge", &[(step, none)], "INV-ROLLBACK");
}
