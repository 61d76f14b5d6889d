//! What a rollout does, seen from its history.

use serde_json::{Value, json};
use sim_core::effect::{Change, Course, Cycle, Effect};
use sim_core::engine::{SimDuration, SimTime};
use sim_core::history::{Event, Outcome, PauseReason, StepResult};
use sim_core::policy::gate::{Sustain, SustainMode, Window};
use sim_core::policy::{Action, Recovery};
use sim_core::{Experiment, Run, Seed};

use crate::example::{bad_wedge, errors, minutes, operator, wedge};

fn play(experiment: &Experiment, replication: u64) -> Run {
    sim_core::run(
        experiment,
        Seed {
            root: 1,
            replication,
        },
    )
}

fn when(run: &Run, wanted: impl Fn(&Event) -> bool) -> Vec<SimTime> {
    run.history
        .iter()
        .filter(|(_, event)| wanted(event))
        .map(|(at, _)| *at)
        .collect()
}

fn parse<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("the test's own data are well formed")
}

#[test]
fn a_good_release_completes_and_a_bad_one_is_rolled_back() {
    let good = play(&wedge(), 0);
    assert_eq!(good.outcome, Outcome::Completed);
    assert_eq!(good.harm.exposed_error_minutes, 0.0);
    let bad = play(&bad_wedge(0.1), 0);
    assert_eq!(bad.outcome, Outcome::RolledBack);
    assert_eq!(when(&bad, |event| *event == Event::Reverted).len(), 1);
    assert!(bad.harm.exposed_error_minutes > 0.0);
}

/// Acceptance row 9: no advance before the window is over, an advance exactly at its end.
#[test]
fn a_stage_is_left_exactly_when_its_window_is_over() {
    for replication in 0..20 {
        let run = play(&wedge(), replication);
        let began = when(&run, |event| {
            matches!(event, Event::ObservationBegan { .. })
        });
        let mut left = when(&run, |event| matches!(event, Event::Advanced { .. }));
        left.extend(when(&run, |event| matches!(event, Event::Ended { .. })));
        assert_eq!(began.len(), 3);
        for (began, left) in began.iter().zip(&left) {
            assert_eq!(left.saturating_since(*began), SimDuration::from_hours(1));
        }
    }
}

/// Acceptance row 9: a stage that is never satisfied pauses exactly at three windows.
#[test]
fn a_stage_that_is_not_satisfied_pauses_exactly_at_three_windows() {
    let mut experiment = bad_wedge(0.1);
    experiment.policy.stages[0].triggers.clear();
    let run = play(&experiment, 0);
    let began = when(&run, |event| {
        matches!(event, Event::ObservationBegan { .. })
    });
    let paused = when(&run, |event| {
        matches!(
            event,
            Event::Paused {
                why: PauseReason::Overdue,
                stage: 0
            }
        )
    });
    assert_eq!(run.outcome, Outcome::Paused);
    assert_eq!(
        paused[0].saturating_since(began[0]),
        SimDuration::from_hours(3)
    );
}

/// Acceptance row 12: a stage that needs an approval is never left without it, and is left when it
/// comes.
#[test]
fn a_manual_stage_waits_for_its_approval() {
    let mut experiment = wedge();
    experiment.policy.stages[0].approval = Some("lead".into());
    experiment.policy.stages[0].pause_after_windows = None;
    experiment.operators.push(operator("lead", 1.0));
    let run = play(&experiment, 0);
    assert_eq!(run.outcome, Outcome::Unfinished);
    assert_eq!(
        when(&run, |event| matches!(event, Event::Asked { .. })).len(),
        1
    );
    assert!(when(&run, |event| matches!(event, Event::Advanced { .. })).is_empty());
    experiment.operators[0].silent = 0.0;
    let run = play(&experiment, 0);
    let asked = when(&run, |event| matches!(event, Event::Asked { .. }));
    let advanced = when(&run, |event| {
        matches!(event, Event::Advanced { from: 0, .. })
    });
    assert_eq!(advanced[0].saturating_since(asked[0]), minutes(10));
}

/// Acceptance row 4: a performance breach goes one stage back, a correctness breach all the way at
/// once, an instability waits for a sign-off.
#[test]
fn each_trigger_class_has_its_own_action() {
    let late = Course {
        after: minutes(90),
        lasts: Some(minutes(4)),
        ..Course::default()
    };
    let with = |action, sign_off: Option<&str>| {
        let mut experiment = wedge();
        experiment.release.push(errors("late", 0.2, late));
        experiment.policy.gates[0].over = minutes(1);
        experiment.policy.classes[0].action = action;
        experiment.policy.classes[0].sign_off = sign_off.map(Into::into);
        experiment.operators.push(operator("triage", 0.0));
        experiment
    };
    let back = play(&with(Action::StepBack, None), 0);
    assert_eq!(
        when(&back, |event| matches!(
            event,
            Event::SteppedBack { from: 1 }
        ))
        .len(),
        1
    );
    assert!(when(&back, |event| *event == Event::RollbackBegan).is_empty());
    assert_eq!(
        back.outcome,
        Outcome::Completed,
        "it climbs again when the regression is over"
    );

    let at_once = play(&with(Action::Rollback, None), 0);
    let fired = when(&at_once, |event| matches!(event, Event::Triggered { .. }));
    assert_eq!(
        when(&at_once, |event| *event == Event::RollbackBegan),
        fired
    );
    assert_eq!(at_once.outcome, Outcome::RolledBack);

    let paused = play(&with(Action::Pause, Some("triage")), 0);
    let asked = when(&paused, |event| matches!(event, Event::Asked { .. }));
    let answered = when(&paused, |event| matches!(event, Event::Answered { .. }));
    assert!(!asked.is_empty());
    let between = when(&paused, |event| matches!(event, Event::Advanced { .. }));
    assert!(between.iter().all(|at| *at < asked[0] || *at > answered[0]));
}

/// Acceptance row 6: a missing pointer, an unclassified reason and unreadable telemetry each stop
/// the stage, alone.
#[test]
fn each_flaw_of_evidence_alone_stops_the_stage() {
    for flaw in ["exists", "parses", "says-something", "passes"] {
        let mut experiment = wedge();
        experiment.policy.evidence.push(parse(json!({
            "id": "pointer", "must-exist": true, "must-parse": true, "must-not-be-vacuous": true,
            "must-pass": true, "class": "regression"
        })));
        experiment.policy.stages[0].hold.push("pointer".into());
        let mut state = json!({"exists": true, "parses": true, "says-something": true,
                               "passes": true, "age": "0"});
        state[flaw] = json!(false);
        let change = json!({"evidence": "pointer", "from": "30m", "state": state});
        experiment.evidence.push(parse(change));
        let run = play(&experiment, 0);
        let flawed = when(&run, |event| matches!(event, Event::EvidenceFlawed { .. }));
        assert_eq!(flawed, [SimTime::after(minutes(30))], "{flaw}");
        assert_eq!(run.outcome, Outcome::RolledBack, "{flaw}");
    }
}

/// A ladder of two rungs; the regression is cured by the second.
fn ladder(cured_by: &str) -> Experiment {
    let mut experiment = wedge();
    let rung = |id: &str| json!({"id": id, "sets": {id: "false"}, "takes": {"constant": "10s"}});
    experiment.policy.ladder = Some(parse(
        json!({"rungs": [rung("first"), rung("second")], "exhausted": "safest"}),
    ));
    experiment.policy.classes[0].action = Action::NextRung;
    experiment.release.push(Effect {
        cured_by: vec![cured_by.into()],
        ..errors("bad", 0.1, Course::default())
    });
    experiment
}

/// Acceptance row 14: rungs are taken in order, one for each sustained breach, and the end of the
/// ladder escalates.
#[test]
fn a_ladder_is_climbed_down_rung_by_rung() {
    let sustained = Window::Sustained(Sustain {
        over: minutes(5),
        mode: SustainMode::Every,
    });
    let mut cured = ladder("second");
    cured.policy.gates[0].window = sustained;
    let run = play(&cured, 0);
    let rungs = when(&run, |event| matches!(event, Event::RungTaken { .. }));
    assert_eq!(rungs.len(), 2);
    assert!(
        rungs[1].saturating_since(rungs[0]) >= minutes(5),
        "each needs its own breach"
    );
    assert_eq!(run.outcome, Outcome::FellBack);
    assert!(when(&run, |event| *event == Event::LadderExhausted).is_empty());

    let mut hopeless = ladder("nothing");
    hopeless.policy.gates[0].window = sustained;
    let run = play(&hopeless, 0);
    let order: Vec<u16> = run
        .history
        .iter()
        .filter_map(|(_, event)| match event {
            Event::RungTaken { rung } => Some(*rung),
            _ => None,
        })
        .collect();
    assert_eq!(order, [0, 1]);
    assert_eq!(
        when(&run, |event| *event == Event::LadderExhausted).len(),
        1
    );
}

/// Acceptance row 16: the rollout never climbs back without acknowledgement and a fresh canary.
#[test]
fn recovery_needs_an_acknowledgement_and_a_fresh_canary() {
    let recovered = |run: &Run| when(run, |event| matches!(event, Event::Recovered { .. }));
    for silent in [1.0, 0.0] {
        let mut experiment = ladder("first");
        experiment.operators.push(operator("owner", silent));
        let acknowledge = Some("owner".to_owned());
        experiment.policy.recovery = Some(Recovery {
            acknowledge,
            fresh_canary: true,
            attempts: 1,
        });
        let run = play(&experiment, 0);
        if silent == 1.0 {
            assert!(recovered(&run).is_empty());
            assert_eq!(run.outcome, Outcome::FellBack);
            continue;
        }
        let answered = when(&run, |event| matches!(event, Event::Answered { .. }));
        assert_eq!(recovered(&run), answered[..1]);
        let fresh = when(&run, |event| {
            matches!(
                event,
                Event::StageEntered {
                    stage: 0,
                    attempt: 1,
                    ..
                }
            )
        });
        assert_eq!(
            fresh,
            answered[..1],
            "the new attempt begins with the first stage"
        );
    }
}

/// A switch that was thrown stays thrown in the next attempt, and what a rung took away comes back with it.
#[test]
fn a_new_attempt_undoes_what_rungs_cured_and_nothing_else() {
    let with = |action: Action, cured_by: &[&str]| {
        let mut experiment = ladder("nothing");
        experiment.release[0].cured_by = cured_by.iter().map(ToString::to_string).collect();
        experiment.policy.classes[0].action = action;
        // What was bad before the new attempt is not looked back upon.
        experiment.policy.gates[0].over = minutes(1);
        experiment.policy.kill_switch = Some(parse(json!({"id": "off", "works": true,
            "takes": {"constant": "30s"}, "cancels-pending": false})));
        let throw = json!({"id": "throw", "required": true, "takes": {"constant": "5s"},
            "effect": "throw-kill-switch"});
        experiment.policy.rollback.steps.push(parse(throw));
        experiment.policy.recovery = Some(Recovery {
            acknowledge: None,
            fresh_canary: true,
            attempts: 1,
        });
        let run = play(&experiment, 0);
        let acted = |event: &Event| matches!(event, Event::Triggered { .. });
        (run.outcome, when(&run, acted).len())
    };
    // By hand: taken back once, and good from then on; without the switch it is as bad as before.
    assert_eq!(
        with(Action::Rollback, &["off", "second"]),
        (Outcome::Completed, 1)
    );
    assert_eq!(
        with(Action::Rollback, &["second"]),
        (Outcome::RolledBack, 2)
    );
}

/// The times of a step in the first and the second rollback of a rollout are draws of their own: over 400 rollouts their
/// correlation is 0 within four standard errors of 1 / sqrt(400).
#[test]
fn a_second_rollback_takes_a_time_of_its_own() {
    let mut experiment = bad_wedge(0.2);
    let shift = json!({"id": "shift", "required": false, "effect": "confirm",
        "takes": {"exponential": {"mean": "10m"}}});
    experiment.policy.rollback.steps =
        vec![parse(shift), experiment.policy.rollback.steps[0].clone()];
    experiment.policy.recovery = Some(Recovery {
        acknowledge: None,
        fresh_canary: true,
        attempts: 1,
    });
    let runs = 400;
    let pairs: Vec<[f64; 2]> = (0..runs)
        .map(|replication| {
            let run = play(&experiment, replication);
            let began = when(&run, |event| {
                matches!(event, Event::StepBegan { step: 0, .. })
            });
            let ended = when(&run, |event| {
                matches!(event, Event::StepEnded { step: 0, .. })
            });
            assert_eq!((began.len(), ended.len()), (2, 2));
            [0, 1].map(|it| ended[it].saturating_since(began[it]).as_secs_f64() / 600.0)
        })
        .collect();
    // Of a draw of mean 1 and variance 1.
    let products = pairs.iter().map(|[one, two]| (one - 1.0) * (two - 1.0));
    let correlation = products.sum::<f64>() / runs as f64;
    assert!(correlation.abs() < 0.2, "{correlation}");
}

/// Acceptance row 19: sustained over 15 minutes trips at 15 minutes of breach, not before; a breach
/// that pauses in between never trips.
#[test]
fn a_sustained_trigger_trips_when_its_window_is_full_and_flapping_escapes_it() {
    let sustained = Window::Sustained(Sustain {
        over: minutes(15),
        mode: SustainMode::Every,
    });
    let mut steady = bad_wedge(0.2);
    steady.policy.gates[0].window = sustained;
    steady.policy.gates[0].over = minutes(1);
    let run = play(&steady, 0);
    let judged = when(&run, |event| {
        matches!(
            event,
            Event::Judged {
                judgement: sim_core::policy::Judgement::Breach,
                ..
            }
        )
    });
    let fired = when(&run, |event| matches!(event, Event::Triggered { .. }));
    assert_eq!(fired[0].saturating_since(judged[0]), minutes(15));

    let mut flapping = steady.clone();
    let cycle = Some(Cycle {
        on: minutes(10),
        off: minutes(2),
    });
    flapping.release[0].course.cycle = cycle;
    let run = play(&flapping, 0);
    assert!(when(&run, |event| matches!(event, Event::Triggered { .. })).is_empty());
    assert!(
        run.harm.exposed_error_minutes > 1.0,
        "it hurts all the same"
    );
}

fn fault(change: Change) -> Effect {
    Effect {
        id: "fault".into(),
        change,
        course: Course::default(),
        hosts: None,
        cured_by: vec![],
        only: None,
        hosts_of: None,
        confirm: false,
    }
}

/// A bad release whose rollback is traffic, configuration, confirmation, incident.
fn cutover() -> Experiment {
    let mut experiment = bad_wedge(0.2);
    let step = |id: &str, effect: &str| json!({"id": id, "effect": effect, "required": true, "takes": {"constant": "10s"}});
    experiment.policy.rollback = parse(json!({"standby": "1h", "steps": [
        step("repoint", "shift-traffic"), step("restore", "restore-config"),
        step("confirm", "confirm"), step("incident", "publish")]}));
    experiment
}

/// Acceptance row 24: four steps in order; without a standby the rollback is reported as impossible,
/// and a bundle with the same content is no recovery.
#[test]
fn a_cutover_rollback_is_four_steps_that_can_fail_each_in_its_way() {
    let good = play(&cutover(), 0);
    let done = when(&good, |event| {
        matches!(
            event,
            Event::StepEnded {
                result: StepResult::Done,
                ..
            }
        )
    });
    assert_eq!(done.len(), 4);
    assert!(
        done.windows(2)
            .all(|pair| pair[1].saturating_since(pair[0]) == SimDuration::from_secs(10))
    );
    assert_eq!(good.outcome, Outcome::RolledBack);

    let mut gone = cutover();
    gone.faults.push(fault(Change::StandbyAbsent));
    let run = play(&gone, 0);
    assert_eq!(when(&run, |event| *event == Event::StandbyAbsent).len(), 1);
    assert!(when(&run, |event| *event == Event::Reverted).is_empty());
    assert_eq!((run.outcome, run.rollback), (Outcome::Aborted, None));

    let mut same = cutover();
    same.faults.push(fault(Change::SameContent {
        step: "restore".into(),
    }));
    let run = play(&same, 0);
    let ended = |event: &Event| *event == Event::RollbackEnded { recovered: false };
    assert_eq!(when(&run, ended).len(), 1);
    assert_eq!(run.outcome, Outcome::Aborted);
}

/// Acceptance row 21: pending work is cancelled, running work finishes, the queue drains.
#[test]
fn a_kill_switch_cancels_what_waits_and_lets_finish_what_runs() {
    let mut experiment = bad_wedge(0.2);
    experiment.policy.classes[0].action = Action::Kill;
    experiment.policy.kill_switch = Some(parse(json!({"id": "off", "works": true,
        "takes": {"constant": "30s"}, "cancels-pending": true})));
    experiment.traffic.work = Some(parse(json!({"jobs-per-hour": 600.0, "workers": 4,
        "takes": {"constant": "30s"}, "warm-up": "2h"})));
    let run = play(&experiment, 0);
    let drained = run.history.iter().find_map(|(_, event)| match event {
        Event::Drained {
            cancelled,
            finished,
        } => Some((*cancelled, *finished)),
        _ => None,
    });
    // Ten jobs a minute of half a minute each are 5 Erlang on 4 workers: the queue is never empty.
    let (cancelled, finished) = drained.expect("the queue was drained");
    assert_eq!(finished, 4);
    assert!(cancelled > 0);
    assert_eq!(run.outcome, Outcome::Killed);

    experiment.faults.push(fault(Change::KillSwitchNoop));
    let run = play(&experiment, 0);
    assert!(when(&run, |event| *event == Event::KillEffective).is_empty());
    assert_eq!(
        run.outcome,
        Outcome::Unfinished,
        "the release stays where it is"
    );
}

#[test]
fn equal_seeds_give_equal_histories_and_other_seeds_others() {
    let (first, again, other) = (
        play(&bad_wedge(0.03), 5),
        play(&bad_wedge(0.03), 5),
        play(&bad_wedge(0.03), 6),
    );
    assert_eq!(first.history.first_divergence(&again.history), None);
    assert_eq!(first.history.hash(), again.history.hash());
    assert_ne!(first.history.hash(), other.history.hash());
}

#[test]
fn an_effect_of_strength_zero_leaves_the_history_as_it_was() {
    let mut experiment = wedge();
    let before = play(&experiment, 3).history.hash();
    experiment.release.push(errors(
        "nothing",
        0.5,
        Course {
            strength: 0.0,
            ..Course::default()
        },
    ));
    assert_eq!(play(&experiment, 3).history.hash(), before);
}

#[test]
fn data_that_do_not_arrive_hold_a_gate_that_fails_closed() {
    let mut experiment = bad_wedge(0.2);
    experiment.faults.push(fault(Change::Outage(
        sim_core::effect::DataChange::default(),
    )));
    let run = play(&experiment, 0);
    assert_eq!(
        run.outcome,
        Outcome::Paused,
        "blind, it neither advances nor fires"
    );
    experiment.policy.gates[0].on.missing = sim_core::policy::Judgement::Pass;
    experiment.policy.gates[0].on.stale = sim_core::policy::Judgement::Pass;
    assert_eq!(
        play(&experiment, 0).outcome,
        Outcome::Completed,
        "open, it lets a bad release by"
    );
}

#[test]
fn a_shift_of_traffic_that_reaches_a_part_moves_that_part_and_leaves_the_rest() {
    let mut experiment = bad_wedge(0.1);
    experiment.policy.rollback.steps = parse(json!([
        {"id": "shift", "required": true, "takes": {"constant": "5s"}, "effect": "shift-traffic"}
    ]));
    experiment.faults.push(Effect {
        change: parse(json!({"step-partial": {"step": "shift", "reaches": "60%"}})),
        ..errors("partial", 0.0, Course::default())
    });
    let run = play(&experiment, 0);
    let exposures: Vec<_> = run
        .history
        .iter()
        .filter_map(|(_, event)| match event {
            Event::Exposure { reached } => Some(reached.ppm()),
            _ => None,
        })
        .collect();
    // Five of a hundred hosts were exposed; three of the five are sixty percent.
    assert_eq!(exposures, [50_000, 20_000]);
    assert_eq!(run.outcome, Outcome::Aborted);
    assert_eq!(run.rollback, None);
}
