//! What a lost scrape costs, and what a window over readings is said to have judged.

use serde_json::json;
use sim_core::history::{Event, Outcome};
use sim_core::policy::gate::{Judgement, Limit, Population};
use sim_core::telemetry::{Dealt, Recording, Sample, Track};
use sim_core::{Experiment, Plan, Seed, Watched};

use crate::example::{minutes, wedge};

const SEED: Seed = Seed {
    root: 20_261_130,
    replication: 0,
};

/// One stage of an hour on the whole fleet, watched each minute by a gate on a signal without chance.
fn watching(kind: serde_json::Value, measure: &str, over: u64) -> Experiment {
    let mut experiment = wedge();
    experiment.fleet =
        serde_json::from_value(json!({"hosts": 1, "update": {"takes": {"constant": 0}}}))
            .expect("a fleet");
    experiment.traffic.split = sim_core::traffic::Split::ByRequest;
    experiment.policy.stages.truncate(1);
    experiment.policy.stages[0].target = "100%".parse().expect("a share");
    experiment.policy.stages[0].pause_after_windows = None;
    experiment.telemetry.signals[0].kind = serde_json::from_value(kind).expect("a kind");
    let gate = &mut experiment.policy.gates[0];
    gate.measure = serde_json::from_value(json!(measure)).expect("a measure");
    gate.over = minutes(over);
    gate.min_samples = 0;
    gate.breach.limit = Limit::Absolute(1e9);
    experiment
}

/// The scrape at 4 minutes is lost.
fn losing(mut experiment: Experiment) -> Experiment {
    let outage = json!({"id": "lost", "change": {"outage": {}}, "course": {"after": "3m30s", "lasts": "1m"}});
    experiment
        .faults
        .push(serde_json::from_value(outage).expect("an effect"));
    experiment
}

/// The minutes at which a gate read nothing, from the second on.
fn blind(watched: &[Watched]) -> Vec<u64> {
    let minute = |one: &Watched| one.at.as_nanos() / minutes(1).as_nanos();
    let blind = watched.iter().filter(|one| one.value.is_none());
    blind.map(minute).filter(|minute| *minute > 1).collect()
}

#[test]
fn a_lost_scrape_of_a_level_costs_the_looks_that_have_nothing_else() {
    let gauge = json!({"gauge": {"base": 1.0, "sd": 0.0}});
    let ratio = json!({"ratio": {"base": 0.01}});
    let silent = json!({"heartbeat": {"silent": 0.0}});
    for (kind, measure, over, expect) in [
        // Minute 5 has a sample of its own.
        (&gauge, "last", 0, vec![4]),
        (&gauge, "mean", 1, vec![4]),
        (&gauge, "mean", 3, vec![]),
        (&silent, "ratio", 1, vec![4]),
        // The difference of two counters needs both ends: minutes 3 to 4 and 4 to 5 have one each.
        (&ratio, "ratio", 1, vec![4, 5]),
        (&ratio, "ratio", 3, vec![]),
    ] {
        let experiment = losing(watching(kind.clone(), measure, over));
        let (_, watched) = Plan::new(&experiment).watch(SEED);
        assert!(watched.len() > 30, "{kind} {over}: {} looks", watched.len());
        assert_eq!(
            blind(&watched),
            expect,
            "{kind}, {measure} over {over} minutes"
        );
    }
}

/// The level is 11 while nothing arrives, and 1 whenever something does.
#[test]
fn a_level_that_did_not_arrive_is_in_no_mean() {
    let mut experiment = losing(watching(
        json!({"gauge": {"base": 1.0, "sd": 0.0}}),
        "mean",
        3,
    ));
    let spike = json!({
        "id": "spike", "change": {"add": {"signal": "errors", "by": 10.0}},
        "course": {"after": "3m10s", "lasts": "40s"}
    });
    let spike: sim_core::effect::Effect = serde_json::from_value(spike).expect("an effect");
    experiment.release.push(spike.clone());
    let highest = |experiment: &Experiment| {
        let (_, watched) = Plan::new(experiment).watch(SEED);
        let values = watched.iter().filter_map(|one| one.value);
        values.fold(0.0, f64::max)
    };
    assert!((highest(&experiment) - 1.0).abs() < 1e-9);
    experiment.faults.clear();
    assert!(
        highest(&experiment) > 2.0,
        "with the sample the mean shows it"
    );
}

/// Minute `k` has `k` of 10, and the mean of three minutes is that of the one in the middle.
fn rising(over: u64, limit: Limit, control: Option<f64>) -> Experiment {
    let mut experiment = watching(json!({"gauge": {"base": 1.0, "sd": 1.0}}), "mean", over);
    experiment.policy.stages[0].target = "50%".parse().expect("a share");
    let gate = &mut experiment.policy.gates[0];
    gate.window = serde_json::from_value(json!({"sustained": {"over": "3m", "mode": "mean"}}))
        .expect("a window");
    gate.breach.limit = limit;
    let track = |value: &dyn Fn(u32) -> f64| {
        let sample = |k| {
            Some(Sample {
                numerator: value(k),
                denominator: 10.0,
            })
        };
        Track::new((0..200).map(sample).collect())
    };
    experiment.telemetry.signals[0].recording = Some(Recording {
        step: minutes(1),
        canary: track(&|k| f64::from(k)),
        control: control.map(|level| track(&|_| level * 10.0)),
        start: 0,
        phase: sim_core::engine::SimDuration::ZERO,
        counted: true,
        dealt: Dealt::Whole,
    });
    experiment
}

#[test]
fn a_gate_on_the_mean_of_a_window_states_the_mean_its_samples_and_its_limit() {
    let times = Limit::Times {
        factor: 2.0,
        of: Population::Control,
    };
    let plus = Limit::Plus {
        margin: 0.5,
        of: Population::Control,
    };
    // Value, samples and limit at the look that fires. Looks over five minutes overlap: three of them a minute
    // apart rest on seven minutes, and their mean is that of the minute four before.
    for (over, limit, control, expect) in [
        (0, Limit::Absolute(1.25), None, (13, 1.3, 30, 1.25)),
        (5, Limit::Absolute(1.25), None, (13, 1.3, 70, 1.25)),
        (0, times, Some(0.7), (15, 1.5, 30, 1.4)),
        (0, plus, Some(0.7), (13, 1.3, 30, 1.2)),
    ] {
        let run = Plan::new(&rising(over, limit, control)).play(SEED);
        assert_eq!(run.outcome, Outcome::RolledBack, "{limit:?}");
        let fires = |(_, event): &&_| matches!(event, Event::Triggered { .. });
        let (fired, _) = run.history.iter().find(fires).expect("it fires");
        let stated = run
            .history
            .iter()
            .take_while(|(_, event)| !matches!(event, Event::Triggered { .. }));
        let last = stated
            .filter(|(_, event)| matches!(event, Event::Judged { .. }))
            .last();
        let Some((
            _,
            Event::Judged {
                judgement,
                value,
                samples,
                limit: resolved,
                ..
            },
        )) = last
        else {
            panic!("{limit:?}: nothing was judged")
        };
        let (middle, mean, on, bound) = expect;
        let minute = fired.as_nanos() / minutes(1).as_nanos();
        let newest = if over == 5 { middle + 3 } else { middle + 1 };
        assert_eq!(
            (minute, *judgement, *samples),
            (newest, Judgement::Breach, on),
            "{limit:?}"
        );
        assert!(
            (value - mean).abs() < 1e-9,
            "{limit:?} over {over}: {value}, {mean} is right"
        );
        assert!((resolved - bound).abs() < 1e-9, "{limit:?}: {resolved}");
    }
}
