//! What each measure reads of a recording that is known to the last number, and what windows that count
//! come to.

use serde_json::{Value, json};
use sim_core::engine::{Distribution, SimDuration, SimTime};
use sim_core::history::{Event, Outcome};
use sim_core::policy::gate::{Limit, Population};
use sim_core::telemetry::{Dealt, Recording, Sample, SignalKind, Track};
use sim_core::traffic::Split;
use sim_core::{Experiment, Plan, Seed};

use crate::example::{minutes, wedge};

const SEED: Seed = Seed {
    root: 20_261_130,
    replication: 0,
};

/// One stage of an hour with one gate on one signal, of which minute `k` is recorded as `sample(k)`; a
/// minute without a sample is missing.
fn recorded(kind: Value, measure: Value, sample: impl Fn(u32) -> Option<f64>) -> Experiment {
    let mut experiment = wedge();
    experiment.traffic.split = Split::ByRequest;
    experiment.fleet.update.takes = Distribution::Constant(SimDuration::ZERO);
    experiment.fleet.update.parallel = None;
    experiment.policy.stages.truncate(1);
    experiment.policy.stages[0].target = "100%".parse().expect("a share");
    let gate = &mut experiment.policy.gates[0];
    gate.measure = serde_json::from_value(measure).expect("a measure");
    gate.min_samples = 0;
    gate.breach.limit = Limit::Absolute(1e9);
    let signal = &mut experiment.telemetry.signals[0];
    signal.kind = serde_json::from_value::<SignalKind>(kind).expect("a kind");
    let sample = |k: u32| {
        sample(k).map(|numerator| Sample {
            numerator,
            denominator: 10.0,
        })
    };
    signal.recording = Some(Recording {
        step: minutes(1),
        canary: Track::new((0..200).map(sample).collect()),
        control: None,
        start: 0,
        phase: SimDuration::ZERO,
        counted: true,
        dealt: Dealt::Whole,
    });
    experiment
}

/// Minute `k` has `k` of 10: what five minutes that end with minute `t` show is known.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a value is written where it is passed"
)]
#[track_caller]
fn check(kind: &Value, measure: Value, expect: impl Fn(f64) -> f64) {
    let experiment = recorded(kind.clone(), measure.clone(), |k| Some(k.into()));
    let (_, watched) = Plan::new(&experiment).watch(SEED);
    let mut seen = 0;
    for watched in &watched {
        let minute = watched.at.as_nanos() / minutes(1).as_nanos();
        if minute < 5 {
            continue;
        }
        let (got, expect) = (watched.value.expect("a value"), expect(minute as f64));
        assert!(
            (got - expect).abs() < 1e-9,
            "{measure} at minute {minute}: {got}, {expect} is right"
        );
        seen += 1;
    }
    assert!(seen > 20, "{measure}: {seen} evaluations");
}

#[test]
fn each_measure_reads_what_its_name_says() {
    let gauge = json!({"gauge": {"base": 1.0, "sd": 1.0}});
    // Minutes t-4 to t: their mean is that of minute t-2, and the newest is t.
    check(&gauge, json!("mean"), |t| (t - 2.0) / 10.0);
    check(&gauge, json!("last"), |t| t / 10.0);
    // Two minutes (their mean is t - 3.5) before three (t - 1).
    check(&gauge, json!("trend"), |_| 2.5 / 10.0);
    let ratio = json!({"ratio": {"base": 0.1}});
    check(&ratio, json!("ratio"), |t| (t - 2.0) / 10.0);
    check(&ratio, json!("count"), |t| 5.0 * (t - 2.0));
    let count = json!({"count": {"per-host-hour": 1.0}});
    check(&count, json!("rate-per-host-hour"), |t| (t - 2.0) / 10.0);
    check(&count, json!("count"), |t| 5.0 * (t - 2.0));
}

/// A level that is 2 up to minute 9 and 0 from then on: its mean over ten minutes is above 1 up to minute 13 (six of ten).
#[test]
fn the_newest_value_forgets_what_the_mean_remembers() {
    let above = |measure: &str| {
        let level = |k: u32| Some(if k < 10 { 20.0 } else { 0.0 });
        let kind = json!({"gauge": {"base": 1.0, "sd": 1.0}});
        let mut experiment = recorded(kind, json!(measure), level);
        experiment.policy.gates[0].over = minutes(10);
        let (_, watched) = Plan::new(&experiment).watch(SEED);
        let high = watched
            .iter()
            .filter(|one| one.value.is_some_and(|value| value > 1.0));
        high.map(|one| one.at.as_nanos() / minutes(1).as_nanos())
            .max()
            .expect("it is high at first")
    };
    assert_eq!((above("last"), above("mean")), (9, 13));
}

/// A gap at the end of the look-back time leaves the newest value before it; ten empty minutes leave none.
#[test]
fn the_newest_value_is_looked_for_within_the_look_back_time() {
    let level = |k: u32| (k <= 10).then_some(f64::from(k));
    let kind = json!({"gauge": {"base": 1.0, "sd": 1.0}});
    let mut experiment = recorded(kind, json!("last"), level);
    experiment.telemetry.stale_after = SimDuration::from_hours(2);
    let (_, watched) = Plan::new(&experiment).watch(SEED);
    let at = |minute: u64| {
        let at = |one: &&sim_core::Watched| one.at.as_nanos() == minute * minutes(1).as_nanos();
        watched.iter().find(at).expect("an evaluation").value
    };
    assert_eq!(
        [at(10), at(12), at(14), at(15), at(30)],
        [Some(1.0), Some(1.0), Some(1.0), None, None]
    );
}

/// What the newest value of a level that is `k` in minute `k` reads as at these minutes, while `fault` is on its way.
fn distorted(fault: Value, at: [u64; 4], bend: impl Fn(&mut Experiment)) -> [u64; 4] {
    let kind = json!({"gauge": {"base": 0.5, "sd": 0.0}});
    let mut experiment = recorded(kind, json!("last"), |_| None);
    experiment.telemetry.signals[0].recording = None;
    experiment.telemetry.stale_after = SimDuration::from_hours(2);
    let climb = json!({"id": "climb", "change": {"add": {"signal": "errors", "by": 60.0}},
        "course": {"ramp": "60m"}});
    for (effects, effect) in [
        (&mut experiment.release, climb),
        (&mut experiment.faults, fault),
    ] {
        effects.push(serde_json::from_value(effect).expect("an effect"));
    }
    bend(&mut experiment);
    let (_, watched) = Plan::new(&experiment).watch(SEED);
    at.map(|minute| {
        let at = |one: &&sim_core::Watched| one.at.as_nanos() == minute * minutes(1).as_nanos();
        let one = watched.iter().find(at).expect("an evaluation");
        one.value.map_or(0, |value| value.round() as u64)
    })
}

/// Ten minutes on and ten off from minute 10 on: each spell serves the newest value of its own beginning.
#[test]
fn a_store_that_freezes_again_serves_what_it_had_when_it_froze_again() {
    let fault = json!({"id": "f", "change": {"freeze": {}},
        "course": {"after": "10m", "cycle": {"on": "10m", "off": "10m"}}});
    let read = distorted(fault, [15, 25, 35, 55], |_| {});
    assert_eq!(read, [10, 25, 30, 50]);
}

/// The load is high from minute 10 to minute 20: before that nothing is frozen, or lost.
#[test]
fn what_hits_only_under_load_begins_when_the_load_comes_and_not_when_its_spell_did() {
    let bend = |experiment: &mut Experiment| {
        let surge = json!([{"surge": {"at": "10m", "lasts": "10m", "factor": 2.0}}]);
        experiment.traffic.shape = serde_json::from_value(surge).expect("a shape");
    };
    for change in ["freeze", "outage"] {
        let fault = json!({"id": "f", "change": {change: {}}, "only": {"load-above": 300.0}});
        let read = distorted(fault, [5, 10, 14, 25], bend);
        assert_eq!(read, [5, 10, 10, 25], "{change}");
    }
}

/// The outcome of a gate that counts its looks, one a minute, of levels that breach (`b`), pass (`p`) or are
/// missing (`m`); the last letter goes on.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a value is written where it is passed"
)]
fn counted(counting: Value, letters: &'static str) -> Outcome {
    let letter = |k: u32| {
        letters
            .chars()
            .nth(k as usize - 1)
            .or(letters.chars().last())
    };
    let level = |k: u32| match letter(k.max(1)) {
        Some('b') => Some(20.0),
        Some('m') => None,
        _ => Some(0.0),
    };
    let kind = json!({"gauge": {"base": 1.0, "sd": 1.0}});
    let mut experiment = recorded(kind, json!("last"), level);
    experiment.policy.stages[0].pause_after_windows = None;
    experiment.horizon = SimDuration::from_hours(3);
    let gate = &mut experiment.policy.gates[0];
    gate.over = SimDuration::ZERO;
    gate.breach.limit = Limit::Absolute(1.0);
    gate.window = serde_json::from_value(json!({ "count": counting })).expect("a window");
    Plan::new(&experiment).play(SEED).outcome
}

#[test]
fn a_gate_that_is_done_passes_and_cannot_fire_any_more() {
    // The third failure fires.
    assert_eq!(
        counted(json!({"failures": 2}), "bpbpb"),
        Outcome::RolledBack
    );
    // Two failures of four measurements are allowed; what comes after them is not measured.
    assert_eq!(
        counted(json!({"failures": 2, "of": 4}), "bpbpb"),
        Outcome::Completed
    );
    // Three failures come before the fourth measurement.
    assert_eq!(
        counted(json!({"failures": 2, "of": 4}), "bbbp"),
        Outcome::RolledBack
    );
}

#[test]
fn a_gate_that_is_inconclusive_lets_nothing_go_on() {
    assert_eq!(
        counted(json!({"inconclusive": 2}), "pmpmp"),
        Outcome::Completed
    );
    // The third look without data is one too many, and no data later mend it.
    let outcome = counted(json!({"inconclusive": 2}), "pmpmpmp");
    assert!(
        ![Outcome::Completed, Outcome::RolledBack].contains(&outcome),
        "{outcome:?}"
    );
}

/// The control fails in one of ten requests while it is recorded, for an hour; what a limit comes to is written beside
/// each judgement.
#[test]
fn a_relative_limit_is_written_as_the_number_that_it_came_to() {
    let control = Population::Control;
    let limits = [
        (Limit::Absolute(0.3), 0.3),
        (
            Limit::Times {
                factor: 2.5,
                of: control,
            },
            0.25,
        ),
        (
            Limit::Plus {
                margin: 0.05,
                of: control,
            },
            0.15,
        ),
    ];
    for (limit, resolved) in limits {
        for recorded_control in [true, false] {
            let mut experiment = recorded(json!({"ratio": {"base": 0.0}}), json!("ratio"), |_| {
                Some(1.0)
            });
            experiment.policy.stages[0].target = "50%".parse().expect("a share");
            experiment.policy.gates[0].breach.limit = limit;
            let recording = experiment.telemetry.signals[0].recording.as_mut();
            let recording = recording.expect("there is one");
            recording.control = Some(if recorded_control {
                recording.canary.clone()
            } else {
                Track::new(vec![None; 200])
            });
            let run = Plan::new(&experiment).play(SEED);
            let written: Vec<_> = run.history.iter().filter_map(limit_of).collect();
            assert!(!written.is_empty(), "{limit:?}: nothing was judged");
            let known = recorded_control || limit.refers_to().is_none();
            let last = written[written.len() - 1];
            assert_eq!(last.is_finite(), known, "{limit:?}: {written:?}");
            assert!(
                !known || (last - resolved).abs() < 1e-12,
                "{limit:?}: {written:?}"
            );
        }
    }
}

fn limit_of((_, event): &(SimTime, Event)) -> Option<f64> {
    match *event {
        Event::Judged { limit, .. } => Some(limit),
        _ => None,
    }
}
