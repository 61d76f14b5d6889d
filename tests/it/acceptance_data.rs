//! Acceptance rows about data: how long to look, and what to make of readings that are none.

use coalmine::chaos::checker::Status;
use coalmine::sim_core::Experiment;
use coalmine::sim_core::effect::{Anchor, Course};
use coalmine::sim_core::engine::{SimDuration, SimTime};
use coalmine::sim_core::history::Event;
use coalmine::sim_core::policy::gate::{
    Comparison, Flaw, Gate, Judgement, Limit, Relation, Sustain, SustainMode, Window,
};
use coalmine::sim_core::telemetry::{Noise, SignalKind};

use crate::acceptance::{ROOT, implemented, runs, written};
use crate::acceptance_rehearsed::{injection, rehearsed};

/// The four ways to look that the control plane's document, guard and alert rules amount to.
#[derive(Clone, Copy, Debug)]
struct Look {
    name: &'static str,
    over: SimDuration,
    sustained: Option<SimDuration>,
}

/// From the quickest to the slowest.
const LOOKS: [Look; 4] = [
    Look {
        name: "10 s, one shot",
        over: SimDuration::from_secs(10),
        sustained: None,
    },
    Look {
        name: "1 min, for 5 min",
        over: SimDuration::from_mins(1),
        sustained: Some(SimDuration::from_mins(5)),
    },
    Look {
        name: "1 min, for 10 min",
        over: SimDuration::from_mins(1),
        sustained: Some(SimDuration::from_mins(10)),
    },
    Look {
        name: "rate[5m], for 10 min",
        over: SimDuration::from_mins(5),
        sustained: Some(SimDuration::from_mins(10)),
    },
];

/// One gate on budget violations above 0.5 %, looked at every 30 s for an hour, with `base` violations by
/// nature and 700 requests in 10 s; chance is the only noise.
fn looking(look: Look, base: f64) -> Experiment {
    let mut experiment = written("control-plane", "healthy");
    let gate = |gate: &Gate| gate.id == "budget_violation_rate";
    let gates = &mut experiment.policy.gates;
    gates.retain(gate);
    gates[0].over = look.over;
    gates[0].min_samples = 1;
    gates[0].breach = Comparison {
        is: Relation::Above,
        limit: Limit::Absolute(0.005),
    };
    gates[0].window = look.sustained.map_or(Window::Instant, |over| {
        Window::Sustained(Sustain {
            over,
            mode: SustainMode::Every,
        })
    });
    experiment.policy.stages.truncate(1);
    let stage = &mut experiment.policy.stages[0];
    stage.criteria.clear();
    stage.triggers = vec!["budget_violation_rate".to_owned()];
    for signal in &mut experiment.telemetry.signals {
        signal.noise = Noise::default();
        if signal.id == "bvr" {
            signal.kind = SignalKind::Ratio {
                base,
                correlation: 0.0,
                of: sim_core::telemetry::Counted::Requests,
                unheard: 0.0,
            };
        }
    }
    experiment.horizon = SimDuration::from_hours(2);
    experiment
}

/// When the gate fired first.
fn fires(experiment: &Experiment, count: u64) -> Vec<Option<SimTime>> {
    let fired = |run: &coalmine::sim_core::Run| {
        let mut past = run.history.iter();
        past.find(|(_, event)| matches!(event, Event::Triggered { .. }))
            .map(|(at, _)| *at)
    };
    runs(experiment, count).iter().map(fired).collect()
}

/// P(more than 0.5 % of 700 requests), for a Poisson number of violations among so many.
fn one_shot(base: f64) -> f64 {
    let mean = 700.0 * base;
    let mut term = (-mean).exp();
    let mut below = term;
    for k in 1..=3 {
        term *= mean / f64::from(k);
        below += term;
    }
    1.0 - below
}

/// The rollouts for one share; a share of a hundredth has a standard error of 0.7 hundredths.
const RUNS: u64 = 200;

/// The median time in minutes from a breach (1.5 %, three times the limit) until the gate fires, in
/// rollouts in which it did not before.
fn delay(look: Look) -> f64 {
    let after = SimDuration::from_mins(20);
    let onset = Course {
        from: Anchor::FirstExposure,
        after,
        ..Course::default()
    };
    let step = r#"{"signal": "bvr", "by": {"plus": 0.011}}"#;
    let one = |replication| {
        let faults = vec![injection("version.step", step, Some(onset))];
        // A low base, so that the one-shot guard has not tripped long before.
        let run = rehearsed(looking(look, 0.0004), faults, replication).run;
        let when = |wanted: fn(&Event) -> bool| {
            let mut past = run.history.iter();
            past.find(|(_, event)| wanted(event)).map(|(at, _)| *at)
        };
        let exposed =
            when(|event| matches!(event, Event::Exposure { reached } if reached.ppm() > 0))?;
        let fired = when(|event| matches!(event, Event::Triggered { .. }))?;
        (fired > exposed + after).then(|| (fired - (exposed + after)).as_secs_f64() / 60.0)
    };
    let mut delays: Vec<f64> = (0..60).filter_map(one).collect();
    delays.sort_by(f64::total_cmp);
    assert!(
        delays.len() >= 50,
        "{look:?}: {} breaches seen",
        delays.len()
    );
    delays[delays.len() / 2]
}

/// Acceptance row 15: the one-shot guard trips falsely as often as its 706 requests make it; each longer
/// look falls back falsely less often and sees a real breach later.
#[test]
fn a_longer_look_falls_back_falsely_less_often_and_later_when_it_must() {
    // Recorded for 706 requests: 31 % at 0.4 %, 5.5 % at 0.2 %. Four of 700 are more than 0.5 %.
    assert!((one_shot(0.004) - 0.31).abs() < 0.01, "{}", one_shot(0.004));
    assert!(
        (one_shot(0.002) - 0.055).abs() < 0.005,
        "{}",
        one_shot(0.002)
    );
    let (mut before, mut rows) = ((1.0, 0.0), Vec::new());
    for look in LOOKS {
        let fired = fires(&looking(look, 0.004), RUNS);
        let share = fired.iter().flatten().count() as f64 / RUNS as f64;
        let delay = delay(look);
        rows.push(format!(
            "{}: {share} falsely in an hour, {delay} min late",
            look.name
        ));
        assert!(
            share <= before.0 && delay >= before.1,
            "{rows:#?}, seed {ROOT}"
        );
        // The look has to fill, and the readings with it.
        let least = look.sustained.map_or(0.0, |over| over.as_secs_f64() / 60.0);
        assert!(
            (least..=least + 6.0).contains(&delay),
            "{rows:#?}, seed {ROOT}"
        );
        before = (share, delay);
        if look.sustained.is_none() {
            // 120 looks, each by its own chance: 1 - (1 - 0.29)^120.
            assert!(share > 0.999, "{rows:#?}");
        }
    }
    // 0.4 % for five minutes in a row beyond 0.5 % is rare, for ten rarer, of means of five never seen.
    assert!(before.0 < 0.01, "{rows:#?}, seed {ROOT}");
}

/// What a profile makes of a fault in the data: what its gates said while it lasted, whether the canary
/// was left on a flawed reading, and what INV-GATE says.
struct Made {
    judgements: Vec<(Judgement, Flaw)>,
    gate: Status,
    advanced_in_it: bool,
}

/// A fault of the data from five minutes after the first exposure on, for an hour and a half.
fn made(experiment: Experiment, fault: &str, with: &str) -> Made {
    let at = Course {
        from: Anchor::FirstExposure,
        after: SimDuration::from_mins(5),
        lasts: (fault != "telemetry.counter_reset").then(|| SimDuration::from_mins(90)),
        ..Course::default()
    };
    let played = rehearsed(experiment, vec![injection(fault, with, Some(at))], 0);
    assert_eq!(played.confirmed, [true], "{fault} shows");
    let flawed = |event: &Event| match *event {
        Event::Judged {
            judgement,
            flaw: Some(flaw),
            ..
        } => Some((judgement, flaw)),
        _ => None,
    };
    let end = SimTime::after(SimDuration::from_mins(95));
    let past = || played.run.history.iter();
    Made {
        judgements: past().filter_map(|(_, event)| flawed(event)).collect(),
        gate: played.finding("INV-GATE").expect("it is judged").status,
        advanced_in_it: past()
            .any(|(at, event)| *at < end && matches!(event, Event::Advanced { from: 0, .. })),
    }
}

/// The control plane with counters whose queries do not know of resets, as the guard's do not, and with so
/// few violations that chance trips nothing.
fn naive(mut experiment: Experiment) -> Experiment {
    experiment.telemetry.resets_unhandled = true;
    for signal in &mut experiment.telemetry.signals {
        if ["bvr", "ser"].contains(&signal.id.as_str()) {
            let (base, correlation) = (1e-5, 0.0);
            signal.kind = SignalKind::Ratio {
                base,
                correlation,
                of: sim_core::telemetry::Counted::Requests,
                unheard: 0.0,
            };
        }
    }
    experiment
}

/// Acceptance row 17: NaN, a reset counter and no finalised request at all, by the reference and by the
/// variant that fails closed. The reference is healthy on NaN, and ends with an error on the others.
#[test]
fn data_faults_pass_the_reference_and_hold_the_variant_that_fails_closed() {
    let reference = || naive(implemented("control-plane", "healthy"));
    let closed = || naive(written("control-plane", "healthy"));
    let said = |made: &Made, judgement, flaw| made.judgements.contains(&(judgement, flaw));

    let nan = made(reference(), "telemetry.nan", "{}");
    assert!(
        said(&nan, Judgement::Pass, Flaw::Nan),
        "{:?}",
        nan.judgements
    );
    assert!(nan.advanced_in_it, "NaN is healthy");
    assert_eq!(nan.gate, Status::Violated);
    for (fault, with, flaw) in [
        ("telemetry.nan", "{}", Flaw::Nan),
        ("telemetry.zero_traffic", "{}", Flaw::ZeroDenominator),
    ] {
        let made = made(closed(), fault, with);
        assert!(
            said(&made, Judgement::Hold, flaw),
            "{fault}: {:?}",
            made.judgements
        );
        assert!(!made.advanced_in_it, "{fault}: nothing goes on on it");
        assert_ne!(made.gate, Status::Violated, "{fault}");
    }
    let zero = made(reference(), "telemetry.zero_traffic", "{}");
    assert!(
        said(&zero, Judgement::Error, Flaw::ZeroDenominator),
        "{:?}",
        zero.judgements
    );
    assert!(!zero.advanced_in_it, "an error is no healthy run");
    // The guard's query of 10 s must meet the instant at which the counters begin again.
    for (mut experiment, judgement) in
        [(reference(), Judgement::Error), (closed(), Judgement::Hold)]
    {
        experiment.policy.evaluate_every = SimDuration::from_secs(10);
        let reset = made(experiment, "telemetry.counter_reset", "{}");
        assert!(
            said(&reset, judgement, Flaw::Missing),
            "{:?}",
            reset.judgements
        );
        assert_ne!(
            reset.gate,
            Status::Violated,
            "nothing goes on on a rate across a reset"
        );
    }
}
