//! Invariants that policies make by something that they say: each holds on a story, trips on planted faults, and is not
//! judged where nothing is said.

use std::collections::BTreeSet;

use sim_core::engine::SimDuration;
use sim_core::history::{PauseReason, Request};
use sim_core::policy::gate::Flaw;
use sim_core::policy::{Action, Advances, ApprovalLimit, Judgement, Unanswered};
use sim_core::{Event, Experiment, Outcome};

use super::story::{Story, answered, asked, breached, entered, minute, passed};
use crate::checker::{CATALOGUE, Status, check_history, known};

/// What a story comes to: nothing wrong, or broken in this minute.
type Expected = Option<u64>;

fn ticks(advances: Advances) -> impl Fn(&mut Experiment) {
    move |experiment| experiment.policy.advances = advances
}

fn within(then: Unanswered) -> impl Fn(&mut Experiment) {
    move |experiment| {
        for stage in &mut experiment.policy.stages {
            stage.approval_within = Some(ApprovalLimit {
                limit: SimDuration::from_mins(20),
                then,
            });
        }
    }
}

fn lasts(experiment: &mut Experiment) {
    experiment.policy.gates[2].lasting = Some(SimDuration::from_mins(10));
}

fn keeps(experiment: &mut Experiment) {
    experiment.policy.gates[0].keep = vec![Flaw::Missing, Flaw::TooFew];
}

/// Three stages, left at these minutes for the next one, with half a minute more where it is said.
fn leaves(first: u64, second: u64) -> Story {
    Story::empty()
        .at(0, [Event::Started, entered(0, 0)])
        .passes_to(first, 0)
        .passes_to(second, 1)
}

fn tick() -> Vec<(&'static str, Story, Expected)> {
    let every_two = |experiment: &mut Experiment| {
        experiment.policy.evaluate_every = SimDuration::from_mins(2);
    };
    let overruled = Event::Overruled { stage: 0 };
    let on_tick = ticks(Advances::OnTick);
    vec![
        ("at two ticks", leaves(60, 62).given(&on_tick), None),
        ("both at one tick", leaves(60, 60).given(&on_tick), Some(60)),
        (
            "both at one tick, by the clock",
            leaves(60, 60).given(ticks(Advances::CatchUp)),
            None,
        ),
        (
            "between two ticks",
            leaves(60, 63).given(&on_tick).given(every_two),
            Some(63),
        ),
        (
            "between two ticks, by somebody's word",
            leaves(61, 64)
                .given(&on_tick)
                .given(every_two)
                .with(61, overruled),
            None,
        ),
    ]
}

/// The approval is asked for in the first minute, and this happens later.
fn asks(when: u64, events: impl IntoIterator<Item = Event>) -> Story {
    let end = Event::Ended {
        outcome: Outcome::Unfinished,
    };
    Story::empty()
        .at(0, [Event::Started, entered(0, 0)])
        .at(1, [asked(0, Request::Approval)])
        .at(when, events)
        .at(90, [end])
}

fn answer() -> Vec<(&'static str, Story, Expected)> {
    let given_up = Event::Unanswered { stage: 0 };
    let paused = Event::Paused {
        stage: 0,
        why: PauseReason::Unanswered,
    };
    let yes = answered(0, Request::Approval);
    let (pause, back) = (within(Unanswered::Pause), within(Unanswered::Rollback));
    vec![
        ("in time", asks(21, [given_up, paused]).given(&pause), None),
        (
            "at the evaluation after it",
            asks(22, [given_up, paused]).given(&pause),
            None,
        ),
        (
            "too late",
            asks(23, [given_up, paused]).given(&pause),
            Some(21),
        ),
        (
            "too early",
            asks(20, [given_up, paused]).given(&pause),
            Some(20),
        ),
        ("never", asks(60, []).given(&pause), Some(21)),
        (
            "something else is done",
            asks(21, [given_up, paused]).given(&back),
            Some(21),
        ),
        (
            "what is declared is done",
            asks(21, [given_up, Event::RollbackBegan]).given(&back),
            None,
        ),
        (
            "nothing is done",
            asks(21, [given_up]).given(&back),
            Some(21),
        ),
        (
            "nobody had been asked",
            Story::empty()
                .at(0, [Event::Started, entered(0, 0)])
                .at(30, [given_up, paused])
                .given(&pause),
            Some(30),
        ),
        (
            "somebody answered, and another stage asks in time",
            asks(10, [yes, Event::Advanced { from: 0, to: 1 }, entered(1, 0)])
                .with(30, asked(0, Request::Approval))
                .with(50, Event::Unanswered { stage: 1 })
                .with(
                    50,
                    Event::Paused {
                        stage: 1,
                        why: PauseReason::Unanswered,
                    },
                )
                .given(&pause),
            None,
        ),
    ]
}

fn lasting() -> Vec<(&'static str, Story, Expected)> {
    let story = |events: &[(u64, Event)]| {
        let begun = Story::empty().at(0, [Event::Started, entered(0, 0)]);
        let told = events
            .iter()
            .fold(begun, |story, (at, event)| story.at(*at, [*event]));
        told.fires(30, 2, Action::NextRung).given(lasts)
    };
    let hold = Event::Judged {
        gate: 2,
        judgement: Judgement::Hold,
        flaw: Some(Flaw::Missing),
        value: f64::NAN,
        samples: 0,
        limit: 0.05,
    };
    vec![
        ("for exactly as long", story(&[(20, breached(2))]), None),
        ("a minute less", story(&[(21, breached(2))]), Some(30)),
        ("at once", story(&[]), Some(30)),
        (
            "with a pass in between",
            story(&[(10, breached(2)), (25, passed(2)), (26, breached(2))]),
            Some(30),
        ),
        (
            "with nothing to say in between",
            story(&[(10, breached(2)), (25, hold)]),
            None,
        ),
        (
            "of another gate",
            story(&[(10, breached(1)), (25, breached(2))]),
            Some(30),
        ),
    ]
}

fn kept() -> Vec<(&'static str, Story, Expected)> {
    let lost = |judgement| Event::Judged {
        gate: 0,
        judgement,
        flaw: Some(Flaw::Missing),
        value: f64::NAN,
        samples: 0,
        limit: 0.05,
    };
    let few = |judgement| Event::Judged {
        gate: 0,
        judgement,
        flaw: None,
        value: 0.2,
        samples: 3,
        limit: 0.05,
    };
    let story = |events: &[Event]| {
        let begun = Story::empty().at(0, [Event::Started, entered(0, 0)]);
        let told = events
            .iter()
            .zip(1..)
            .fold(begun, |story, (event, at)| story.at(at, [*event]));
        told.given(keeps)
    };
    let (hold, pass, breach) = (Judgement::Hold, Judgement::Pass, Judgement::Breach);
    vec![
        ("a pass is kept", story(&[passed(0), lost(pass)]), None),
        (
            "a breach is kept",
            story(&[breached(0), lost(breach)]),
            None,
        ),
        (
            "a breach is forgotten",
            story(&[breached(0), lost(hold)]),
            Some(2),
        ),
        (
            "a breach passes",
            story(&[breached(0), lost(pass)]),
            Some(2),
        ),
        ("nothing was said", story(&[lost(hold)]), None),
        (
            "nothing was said, and it passes",
            story(&[lost(pass)]),
            Some(1),
        ),
        (
            "too few are kept on as well",
            story(&[passed(0), few(breach)]),
            Some(2),
        ),
        (
            "a new stage may begin afresh",
            story(&[breached(0), entered(0, 0), lost(hold)]),
            None,
        ),
    ]
}

#[test]
fn an_invariant_that_a_policy_makes_by_what_it_says_trips_where_it_should_and_nowhere_else() {
    let cases = [
        ("INV-TICK", tick()),
        ("INV-ANSWER", answer()),
        ("INV-FOR", lasting()),
        ("INV-KEEP", kept()),
    ];
    let declared: BTreeSet<_> = known().skip(CATALOGUE.len()).map(|it| it.id).collect();
    assert_eq!(BTreeSet::from(cases.each_ref().map(|it| it.0)), declared);
    for (id, stories) in cases {
        for (what, story, expect) in stories {
            let found = story.judged(id);
            let status = if expect.is_some() {
                Status::Violated
            } else {
                Status::Holds
            };
            assert_eq!(found.status, status, "{id}, {what}: {found:?}");
            let at = expect.map(minute);
            assert_eq!(found.at, at, "{id}, {what}: {found:?}");
        }
        assert_eq!(Story::empty().judged(id).status, Status::NotReached);
    }
}

#[test]
fn what_a_policy_does_not_say_is_not_judged() {
    let history = sim_core::History::new();
    let judged = |experiment: &Experiment| -> Vec<_> {
        let found = check_history(experiment, &history);
        found[CATALOGUE.len()..].iter().map(|it| it.id).collect()
    };
    let mut experiment = Story::empty().experiment;
    assert_eq!(judged(&experiment), [""; 0]);
    ticks(Advances::OnTick)(&mut experiment);
    assert_eq!(judged(&experiment), ["INV-TICK"]);
    within(Unanswered::Pause)(&mut experiment);
    lasts(&mut experiment);
    keeps(&mut experiment);
    let all = ["INV-TICK", "INV-ANSWER", "INV-FOR", "INV-KEEP"];
    assert_eq!(judged(&experiment), all);
}
