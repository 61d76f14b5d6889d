//! Tests of formulas: what they mean on histories written by hand, and what is said of those that mean nothing.

use sim_core::engine::{Share, SimDuration, SimTime};
use sim_core::history::{Event, PauseReason};
use sim_core::{Experiment, Outcome, Run, Seed};

use super::{EVENTS, QUANTITIES, judge, parse};
use crate::catalogue::tests::ground::Ground;
use crate::checker::Status::{self, Holds, NotReached, Violated};

/// A rollout with these events, at these seconds, in the place of what happened.
fn told(experiment: &Experiment, events: &[(u64, Event)]) -> Run {
    let seed = Seed {
        root: 1,
        replication: 0,
    };
    let mut run = sim_core::run(experiment, seed);
    run.history = sim_core::History::default();
    run.harm.exposed_error_minutes = 12.5;
    for &(at, event) in events {
        run.history
            .push(SimTime::after(SimDuration::from_secs(at)), event);
    }
    let last = events.last().map(|(_, event)| *event);
    run.outcome = match last {
        Some(Event::Ended { outcome }) => outcome,
        _ => Outcome::Unfinished,
    };
    run
}

fn exposed(percent: u32) -> Event {
    let reached = Share::from_ppm(percent * 10_000).expect("at most all");
    Event::Exposure { reached }
}

const fn over(outcome: Outcome) -> Event {
    Event::Ended { outcome }
}

/// A rollback that began at 100 s and was done at 140 s.
fn rolled_back() -> Vec<(u64, Event)> {
    vec![
        (0, Event::Started),
        (
            0,
            Event::StageEntered {
                stage: 0,
                hosts: 5,
                attempt: 0,
            },
        ),
        (10, exposed(5)),
        (100, Event::RollbackBegan),
        (120, exposed(2)),
        (140, exposed(0)),
        (140, Event::Reverted),
        (150, over(Outcome::RolledBack)),
    ]
}

#[track_caller]
fn check(formula: &str, events: &[(u64, Event)], status: Status, slack: Option<f64>) {
    let experiment = Ground::Good.experiment();
    let run = told(&experiment, events);
    let read = parse(formula, &experiment.policy).unwrap_or_else(|error| panic!("{error:?}"));
    let judged = judge(&read, &experiment, &run);
    assert_eq!(judged.status, status, "{formula}: {judged:?}");
    assert_eq!(judged.slack.map(|(slack, _)| slack), slack, "{formula}");
}

#[test]
fn an_answer_within_its_bounds_holds_and_one_beyond_them_does_not() {
    let within = |bound: &str| {
        format!("always(rollback_began -> eventually[0s, {bound}](serving_new == 0))")
    };
    check(&within("60s"), &rolled_back(), Holds, Some(20.0));
    check(&within("40s"), &rolled_back(), Holds, Some(0.0));
    check(&within("39s"), &rolled_back(), Violated, Some(-1.0));
}

#[test]
fn a_premise_that_never_comes_true_shows_nothing() {
    check(
        "always(kill_thrown -> eventually[0s, 1s](kill_effective))",
        &rolled_back(),
        NotReached,
        None,
    );
    check("always(not kill_thrown)", &rolled_back(), Holds, None);
}

#[test]
fn a_quantity_holds_from_one_instant_to_the_next() {
    check(
        "always(serving_new <= 10%)",
        &rolled_back(),
        Holds,
        Some(5.0),
    );
    check(
        "always(serving_new < 5%)",
        &rolled_back(),
        Violated,
        Some(0.0),
    );
    check(
        "always(rollback_began -> serving_new == 0.05)",
        &rolled_back(),
        Holds,
        None,
    );
    check(
        "eventually(state == rolling_back and serving_new <= 2%)",
        &rolled_back(),
        Holds,
        None,
    );
    check(
        "always[0s, 9s](serving_new == 0)",
        &rolled_back(),
        Holds,
        None,
    );
    check(
        "always[0s, 10s](serving_new == 0)",
        &rolled_back(),
        Violated,
        None,
    );
}

#[test]
fn once_looks_back() {
    check(
        "always(reverted -> once[0s, 40s](rollback_began))",
        &rolled_back(),
        Holds,
        None,
    );
    check(
        "always(reverted -> once[0s, 39s](rollback_began))",
        &rolled_back(),
        Violated,
        None,
    );
    check(
        "always(reverted -> once(started))",
        &rolled_back(),
        Holds,
        None,
    );
}

#[test]
fn the_end_knows_the_outcome_and_the_harm() {
    check("final(outcome == rolled_back)", &rolled_back(), Holds, None);
    check(
        "final(outcome != rolled_back)",
        &rolled_back(),
        Violated,
        None,
    );
    check(
        "final(exposed_error_minutes <= 30)",
        &rolled_back(),
        Holds,
        Some(17.5),
    );
    check(
        "final(exposed_error_minutes <= 10)",
        &rolled_back(),
        Violated,
        Some(-2.5),
    );
    check(
        "final(exposed_error_minutes <= 10) or advanced",
        &rolled_back(),
        Violated,
        None,
    );
}

#[test]
fn what_the_simulation_cut_off_is_not_held_against_anybody() {
    let mut cut = rolled_back();
    cut.truncate(5);
    let within = "always(rollback_began -> eventually[0s, 60s](serving_new == 0))";
    check(within, &cut, NotReached, None);
    // Ten seconds had passed without it.
    let sooner = "always(rollback_began -> eventually[0s, 10s](serving_new == 0))";
    check(sooner, &cut, Violated, None);
    // A rollout that is over stays as it is: nothing comes any more.
    cut.push((130, over(Outcome::Aborted)));
    check(within, &cut, Violated, None);
}

#[test]
fn a_broken_promise_is_broken_at_its_first_instant() {
    let experiment = Ground::Good.experiment();
    let run = told(&experiment, &rolled_back());
    let read = parse("always(serving_new < 3%)", &experiment.policy).expect("it is sound");
    let at = judge(&read, &experiment, &run).at;
    assert_eq!(at, Some(SimTime::after(SimDuration::from_secs(10))));
}

#[test]
fn states_follow_the_rollout() {
    let stage = experiment_stage();
    let paused = Event::Paused {
        stage: 0,
        why: PauseReason::Trigger,
    };
    let mut events = rolled_back();
    events.insert(3, (50, paused));
    check("always(paused -> state == paused)", &events, Holds, None);
    check(
        "always(state == paused -> eventually[0s, 50s](state == rolling_back))",
        &events,
        Holds,
        Some(0.0),
    );
    check(
        &format!("always(rollback_began -> stage == {stage} and stage == 0)"),
        &events,
        Holds,
        None,
    );
    check("always(ended -> state == over)", &events, Holds, None);
}

fn experiment_stage() -> String {
    Ground::Good.experiment().policy.stages[0].id.clone()
}

/// Asserts that the formula is refused at the text between the marks.
#[track_caller]
fn refused(marked: &str, what: &str) {
    let policy = Ground::Good.experiment().policy;
    let text = marked
        .replace(['<', '>'], "")
        .replace('{', "<")
        .replace('}', ">");
    let plain = marked.find('<').expect("a mark");
    let end = marked.find('>').expect("a mark") - 1;
    let misread = parse(&text, &policy).expect_err(&text);
    assert_eq!(misread.at, plain..end, "{text}: {misread:?}");
    assert!(misread.what.contains(what), "{text}: {misread:?}");
    assert!(!misread.help.is_empty());
}

#[test]
fn what_means_nothing_is_refused_where_it_stands() {
    // `{` and `}` stand for the signs that mark the place.
    refused("always(<servng_new> == 0)", "not known");
    refused("always(serving_new == 0<>", "`)` is missing");
    refused("eventually[60s, <0s>](advanced)", "wrong way round");
    refused("eventually[0s, <60>](advanced)", "no time");
    refused("always(<exposed_error_minutes> == 30)", "at the end alone");
    refused("always(state == <pausd>)", "not known");
    refused("always(stage == <nowhere>)", "not known");
    refused("final(outcome <}=> completed)", "no order");
    refused("always(rungs == <5%>)", "not the unit");
    refused("breaching(<nobody>)", "no gate is called");
    refused("<3> == 4", "two numbers");
    refused("advanced <advanced>", "behind the end");
    refused("always(<ä> == 0)", "no meaning");
    refused("<>", "a condition is missing");
}

#[test]
fn a_formula_that_is_nested_without_end_is_refused() {
    let policy = Ground::Good.experiment().policy;
    for text in [
        "(".repeat(100_000),
        "not ".repeat(100_000),
        "always(".repeat(100_000),
    ] {
        let misread = parse(&text, &policy).expect_err("too deep");
        assert!(misread.what.contains("too deeply"), "{}", misread.what);
    }
}

#[test]
fn every_word_of_the_tables_can_be_written() {
    let experiment = Ground::Good.experiment();
    let run = sim_core::run(
        &experiment,
        Seed {
            root: 1,
            replication: 0,
        },
    );
    for event in EVENTS {
        let read = parse(event.word, &experiment.policy).expect(event.word);
        judge(&read, &experiment, &run);
    }
    for quantity in QUANTITIES {
        let text = match quantity.word {
            "state" => "final(state == over)".to_owned(),
            "outcome" => format!("final(outcome == {})", run.outcome.word()),
            word => format!("final({word} >= 0)"),
        };
        let read = parse(&text, &experiment.policy).expect(quantity.word);
        assert_eq!(judge(&read, &experiment, &run).status, Holds, "{text}");
    }
}
