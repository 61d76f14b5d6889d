//! Policies with a flaw that nobody is told of: each is a shipped policy, spoilt in one place, and a rehearsal
//! with single faults, or with a release that fails plainly, must find it.

use coalmine::chaos::catalogue::{ENTRIES, Injection};
use coalmine::chaos::checker::{MissingDeclaration, Status, unsaid};
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

/// A gap that the flawed policy has and the sound one has not.
#[track_caller]
fn check_gap(system: &str, edits: &[(&str, &str)], promise: &str, says: &str) {
    let (sound, flawed) = (unsaid(&spoilt(system, &[])), unsaid(&spoilt(system, edits)));
    let new = |gap: &&MissingDeclaration| !sound.contains(gap);
    let found: Vec<_> = flawed.iter().filter(new).collect();
    let told = found
        .iter()
        .any(|gap| gap.promise == promise && gap.what.contains(says));
    assert!(told, "{system} {edits:?}: {found:?}");
}

#[test]
fn a_blast_radius_that_nobody_enforces_is_told() {
    let enforced = "blast-radius: {max: 90%, enforced: true}";
    let idle = "blast-radius: {max: 90%, enforced: false}";
    check_gap(
        "wedge",
        &[(enforced, idle)],
        "INV-BLAST",
        "does not enforce it",
    );
}

#[test]
fn a_rollback_without_a_deadline_is_told() {
    check_gap(
        "wedge",
        &[("  deadline: 60s\n", "")],
        "INV-ROLLBACK",
        "no deadline",
    );
}

#[test]
fn a_step_that_takes_users_off_and_is_not_required_is_told() {
    let step = "effect: shift-traffic, takes: {lognormal: {median: 30s, sigma: 0.5}}, retries: 2, required: true";
    let optional = "effect: shift-traffic, takes: {lognormal: {median: 30s, sigma: 0.5}}, retries: 2, required: false";
    check_gap(
        "cutover",
        &[(step, optional)],
        "INV-ROLLBACK",
        "is not required",
    );
}

#[test]
fn a_reaction_that_only_pauses_is_told() {
    let acts = "{id: rollback-trigger, action: rollback}";
    let pauses = "{id: rollback-trigger, action: pause}";
    check_gap(
        "wedge",
        &[(acts, pauses)],
        "INV-ROLLBACK",
        "no trigger leads to",
    );
}

#[test]
fn a_sustained_window_that_no_stage_lasts_is_told() {
    let window = "window: {sustained: {over: 15m, mode: every}}";
    let long = "window: {sustained: {over: 3h, mode: every}}";
    check_gap(
        "optimize",
        &[(window, long)],
        "INV-TRIGGER",
        "must breach for 3h",
    );
}

#[test]
fn stages_that_wait_for_ever_are_told() {
    let pause = "    pause-after-windows: 3\n";
    check_gap("wedge", &[(pause, "")], "INV-PAUSE", "no stage declares");
}

#[test]
fn a_trigger_that_one_stage_lacks_is_told() {
    let stage = "  - id: half\n    target: 50%\n    ramp: at-once\n    observe: 1h\n    observe-from: convergence\n    pause-after-windows: 3\n    planned: 2h\n    criteria: [error-rate-criterion, latency-p99-criterion, crashes-criterion]\n    triggers: [error-rate-trigger, ";
    let lacks = stage.replace("error-rate-trigger, ", "");
    check_gap(
        "wedge",
        &[(stage, &lacks)],
        "INV-TRIGGER",
        "stage `half` does not act on `error_rate`",
    );
}

#[test]
fn a_criterion_that_one_stage_lacks_is_told() {
    let stage = "  - id: half\n    target: 50%\n    ramp: at-once\n    observe: 1h\n    observe-from: convergence\n    pause-after-windows: 3\n    planned: 2h\n    criteria: [error-rate-criterion, ";
    let lacks = stage.replace("error-rate-criterion, ", "");
    check_gap(
        "wedge",
        &[(stage, &lacks)],
        "INV-GATE",
        "stage `half` does not ask for `error-rate-criterion`",
    );
}

#[test]
fn a_stage_that_nobody_approves_is_told() {
    let stage = "triggers: [error-rate-trigger, latency-p99-trigger, crashes-trigger]\n    approval: operator\n  - id: half";
    let alone = stage.replace("    approval: operator\n", "");
    check_gap(
        "wedge",
        &[(stage, &alone)],
        "INV-APPROVAL",
        "stage `early` is left without",
    );
}

/// Between two stages that wait for somebody, whatever the others do.
#[test]
fn a_stage_between_two_that_are_approved_is_told_where_others_are_not_approved_either() {
    let last = "triggers: [error-rate-trigger, latency-p99-trigger, crashes-trigger]\n    approval: operator\n  # Completion";
    let early = "triggers: [error-rate-trigger, latency-p99-trigger, crashes-trigger]\n    approval: operator\n  - id: half";
    let another = "triggers: [error-rate-trigger, latency-p99-trigger, crashes-trigger]\n  - id: three-quarters\n    target: 75%\n    ramp: at-once\n    observe: 1h\n    observe-from: convergence\n    pause-after-windows: 3\n    planned: 2h\n    criteria: [error-rate-criterion, latency-p99-criterion]\n    triggers: [error-rate-trigger, latency-p99-trigger, crashes-trigger]\n  # Completion";
    let half = last.replace(
        "  # Completion",
        &another[another.find("  - id").unwrap()..],
    );
    check_gap(
        "wedge",
        &[
            (early, &early.replace("    approval: operator\n", "")),
            (last, &half),
        ],
        "INV-APPROVAL",
        "stage `early` is left without",
    );
}

#[test]
fn evidence_of_any_age_is_told() {
    let fresh = "{id: cp0-gate, must-exist: true, must-parse: true, must-not-be-vacuous: true, must-pass: true, max-age: 24h}";
    let old = "{id: cp0-gate, must-exist: true, must-parse: true, must-not-be-vacuous: true, must-pass: true}";
    check_gap("cutover", &[(fresh, old)], "INV-PRE", "`cp0-gate`");
}

#[test]
fn rollback_steps_that_keep_users_waiting_are_told() {
    let first = "    - {id: repoint-traffic, effect: shift-traffic, takes: {lognormal: {median: 30s, sigma: 0.5}}, retries: 2, required: true}\n";
    let second = "    - {id: restore-bundle-and-config, effect: restore-config, takes: {lognormal: {median: 2m, sigma: 0.5}}, retries: 1, required: true}\n";
    let (right, wrong) = ([first, second].concat(), [second, first].concat());
    check_gap(
        "cutover",
        &[(&right, &wrong)],
        "INV-ORDER",
        "comes after `restore-bundle-and-config`",
    );
}

#[test]
fn a_ladder_that_leaves_a_rung_out_is_told() {
    let rung = "    - id: disable_batch_mode\n      sets: {PECR_CONTROLLER_BATCH_MODE_ENABLED: \"false\"}\n      reason: Second fallback stage in contract order.\n      takes: {lognormal: {median: 45s, sigma: 0.5}}\n";
    check_gap(
        "control-plane",
        &[(rung, "")],
        "INV-ORDER",
        "PECR_CONTROLLER_BATCH_MODE_ENABLED",
    );
}

#[test]
fn a_controller_that_looks_away_is_told() {
    check_gap(
        "wedge",
        &[("evaluate-every: 1m", "evaluate-every: 30m")],
        "INV-TRIGGER",
        "is read every 30m",
    );
}

#[test]
fn a_criterion_that_needs_no_samples_is_told() {
    let needs = "breach: {is: at-least, limit: {absolute: 0.01}}\n    window: instant\n    min-samples: 1000";
    let none = needs.replace("min-samples: 1000", "min-samples: 0");
    check_gap(
        "wedge",
        &[(needs, &none)],
        "INV-GATE",
        "any number of samples",
    );
}

#[test]
fn a_recovery_that_takes_up_where_it_was_is_found() {
    check(
        "control-plane",
        &[("  fresh-canary: true\n", "  fresh-canary: false\n")],
        "INV-RECOVER",
    );
}

#[test]
fn evidence_that_may_say_nothing_is_found() {
    let asks = "{id: change-proposal, must-exist: true, must-parse: true, must-not-be-vacuous: true, must-pass: true}";
    let blind = asks.replace("must-not-be-vacuous: true", "must-not-be-vacuous: false");
    check("wedge", &[(asks, &blind)], "INV-PRE");
}

#[test]
fn a_kill_switch_that_does_nothing_is_found() {
    check(
        "optimize",
        &[("  works: true\n", "  works: false\n")],
        "INV-KILL",
    );
}
