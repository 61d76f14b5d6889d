//! Planted faults in what the controller does when something is wrong.

use sim_core::effect::Change;
use sim_core::history::{PauseReason, Request, StepResult};
use sim_core::policy::Action;
use sim_core::policy::gate::Population;
use sim_core::{Event, Experiment, Outcome};

use super::story::{Story, answered, breached, entered, passed};
use super::verdicts::{Planted, plant};

const fn is_reverted(event: &Event) -> bool {
    matches!(event, Event::Reverted)
}

const fn is_overdue(event: &Event) -> bool {
    matches!(
        event,
        Event::Paused {
            why: PauseReason::Overdue,
            ..
        }
    )
}

const fn is_rollback(event: &Event) -> bool {
    matches!(event, Event::RollbackBegan)
}

const fn is_rollback_trigger(event: &Event) -> bool {
    matches!(
        event,
        Event::Triggered {
            action: Action::Rollback,
            ..
        }
    )
}

const fn is_recovery(event: &Event) -> bool {
    matches!(event, Event::Recovered { .. })
}

fn rollback() -> Vec<Planted> {
    vec![
        plant(
            "INV-ROLLBACK",
            "the last host returns a minute late",
            202,
            Story::good().moved(is_reverted, 202),
        ),
        plant(
            "INV-ROLLBACK",
            "the bad content is put back and all is said to be well",
            200,
            Story::good().instead(
                |event| matches!(event, Event::StepEnded { step: 1, .. }),
                Event::StepEnded {
                    step: 1,
                    result: StepResult::SameContent,
                },
            ),
        ),
        plant(
            "INV-ROLLBACK",
            "a host never returns",
            210,
            Story::good().without(is_reverted),
        ),
        plant("INV-ROLLBACK", "a trigger is never answered", 200, {
            Story::good().until(is_rollback).at(
                400,
                [Event::Ended {
                    outcome: Outcome::Unfinished,
                }],
            )
        }),
        plant("INV-ROLLBACK", "the old version is gone", 200, {
            let story = Story::good().until(|event| matches!(event, Event::StepBegan { .. }));
            story.at(
                200,
                [
                    Event::StandbyAbsent,
                    Event::Ended {
                        outcome: Outcome::Aborted,
                    },
                ],
            )
        }),
    ]
}

fn pause() -> Vec<Planted> {
    vec![
        plant(
            "INV-PAUSE",
            "the pause comes a window early",
            331,
            Story::good().moved(is_overdue, 331),
        ),
        plant(
            "INV-PAUSE",
            "the pause comes an evaluation late",
            391,
            Story::good().moved(is_overdue, 392),
        ),
        plant(
            "INV-PAUSE",
            "the pause never comes",
            391,
            Story::good().without(is_overdue),
        ),
    ]
}

fn trigger() -> Vec<Planted> {
    vec![
        plant("INV-TRIGGER", "a trigger is not acted upon", 90, {
            Story::good().instead(
                |event| matches!(event, Event::SteppedBack { .. }),
                passed(0),
            )
        }),
        plant(
            "INV-TRIGGER",
            "the action comes a minute late",
            200,
            Story::good().moved(is_rollback, 201),
        ),
        plant("INV-TRIGGER", "the milder of two actions is taken", 90, {
            let milder = |event: &Event| matches!(event, Event::SteppedBack { .. });
            let severe = Event::Triggered {
                gate: 0,
                class: 0,
                action: Action::Rollback,
            };
            Story::good().moved(milder, 90).with(90, severe)
        }),
        plant("INV-TRIGGER", "a class does what another declares", 200, {
            let other = Event::Triggered {
                gate: 1,
                class: 1,
                action: Action::Pause,
            };
            Story::good().instead(is_rollback_trigger, other)
        }),
        plant("INV-TRIGGER", "a rung is taken for no reason", 300, {
            Story::good().with(300, Event::RungTaken { rung: 0 })
        }),
    ]
}

fn nofalse() -> Vec<Planted> {
    vec![
        plant(
            "INV-NOFALSE",
            "nothing fired",
            200,
            Story::good().without(is_rollback_trigger),
        ),
        plant("INV-NOFALSE", "the gate that fired had passed", 200, {
            let breach = |event: &Event| *event == breached(0);
            Story::good().instead(breach, passed(0))
        }),
        plant(
            "INV-NOFALSE",
            "the old version fails, and the gate reads the whole fleet",
            200,
            Story::good().given(|experiment| {
                experiment.policy.gates[0].population = Population::Fleet;
                let effect = &mut experiment.release[0];
                if let Change::Add(change) = &mut effect.change {
                    change.population = Population::Control;
                }
            }),
        ),
    ]
}

fn recover() -> Vec<Planted> {
    vec![
        plant("INV-RECOVER", "nobody acknowledges", 210, {
            let acknowledged = answered(0, Request::Acknowledgement);
            Story::good().without(|event| *event == acknowledged)
        }),
        plant("INV-RECOVER", "the wrong people acknowledge", 210, {
            let acknowledged = answered(0, Request::Acknowledgement);
            Story::good().instead(
                |event| *event == acknowledged,
                answered(1, Request::Acknowledgement),
            )
        }),
        plant("INV-RECOVER", "the controller says that nobody did", 210, {
            Story::good().instead(
                is_recovery,
                Event::Recovered {
                    attempt: 1,
                    acknowledged: false,
                    fresh: true,
                },
            )
        }),
        plant("INV-RECOVER", "the canary is not fresh", 210, {
            Story::good().instead(
                is_recovery,
                Event::Recovered {
                    attempt: 1,
                    acknowledged: true,
                    fresh: false,
                },
            )
        }),
        plant("INV-RECOVER", "there was no attempt left", 210, {
            Story::good().instead(
                is_recovery,
                Event::Recovered {
                    attempt: 2,
                    acknowledged: true,
                    fresh: true,
                },
            )
        }),
        plant(
            "INV-RECOVER",
            "a policy that asks nobody, and nobody is asked",
            210,
            {
                let acknowledged = answered(0, Request::Acknowledgement);
                Story::good()
                    .without(|event| *event == acknowledged)
                    .given(|experiment| {
                        experiment
                            .policy
                            .recovery
                            .as_mut()
                            .expect("there is one")
                            .acknowledge = None;
                    })
            },
        ),
        plant(
            "INV-RECOVER",
            "a stage is entered in silence",
            210,
            Story::good().without(is_recovery),
        ),
        plant(
            "INV-RECOVER",
            "it climbs again after a step back that nothing bounds, and nobody was asked",
            151,
            Story::good().given(endless),
        ),
    ]
}

fn kill() -> Vec<Planted> {
    vec![plant("INV-KILL", "the switch does nothing", 400, {
        Story::good().without(|event| matches!(event, Event::KillEffective))
    })]
}

fn signoff() -> Vec<Planted> {
    vec![
        plant("INV-SIGNOFF", "nobody signs", 151, {
            let signed = answered(1, Request::SignOff);
            Story::good().without(|event| *event == signed)
        }),
        plant("INV-SIGNOFF", "somebody else signs", 151, {
            let signed = answered(1, Request::SignOff);
            Story::good().instead(|event| *event == signed, answered(0, Request::SignOff))
        }),
    ]
}

fn live() -> Vec<Planted> {
    vec![
        plant("INV-LIVE", "the simulation ends first", 1440, {
            let story = Story::good().until(|event| matches!(event, Event::Ended { .. }));
            story.at(
                1440,
                [Event::Ended {
                    outcome: Outcome::Unfinished,
                }],
            )
        }),
        plant(
            "INV-LIVE",
            "the history breaks off",
            211,
            Story::good().until(is_overdue),
        ),
        plant(
            "INV-LIVE",
            "it goes back and forth to the end",
            1440,
            back_and_forth(),
        ),
    ]
}

/// Stepped back twice by a class that may do so for ever, and then time is over.
fn back_and_forth() -> Story {
    let back = Event::Triggered {
        gate: 1,
        class: 1,
        action: Action::StepBack,
    };
    let twice = [100, 200].into_iter().fold(
        Story::good().until(|event| matches!(event, Event::Triggered { .. })),
        |story, minute| {
            story.at(
                minute,
                [
                    breached(1),
                    back,
                    Event::SteppedBack { from: 1 },
                    entered(0, 0),
                    Event::Converged { stage: 0 },
                    Event::Advanced { from: 0, to: 1 },
                    entered(1, 0),
                ],
            )
        },
    );
    let ended = Event::Ended {
        outcome: Outcome::Unfinished,
    };
    twice.at(1440, [ended]).given(endless)
}

/// The class that steps back does so any number of times.
fn endless(experiment: &mut Experiment) {
    experiment.policy.classes[1].at_most = None;
}

fn order() -> Vec<Planted> {
    let first_step = |event: &Event| {
        matches!(
            event,
            Event::StepBegan {
                step: 0,
                attempt: 0
            }
        )
    };
    let second_try = |event: &Event| matches!(event, Event::StepBegan { attempt: 1, .. });
    let failed = Event::StepEnded {
        step: 0,
        result: StepResult::Failed,
    };
    let rung = |event: &Event| matches!(event, Event::RungTaken { .. });
    vec![
        plant("INV-ORDER", "the second step comes first", 200, {
            Story::good().instead(
                first_step,
                Event::StepBegan {
                    step: 1,
                    attempt: 0,
                },
            )
        }),
        plant("INV-ORDER", "a step is tried once too often", 200, {
            Story::good().given(|experiment| experiment.policy.rollback.steps[0].retries = 0)
        }),
        plant(
            "INV-ORDER",
            "a step begins before the one before ends",
            200,
            Story::good().without(|event| *event == failed),
        ),
        plant(
            "INV-ORDER",
            "the sequence goes on after a step failed for good",
            200,
            {
                Story::good().instead(
                    second_try,
                    Event::StepBegan {
                        step: 1,
                        attempt: 0,
                    },
                )
            },
        ),
        plant("INV-ORDER", "a step is left out", 200, {
            Story::good().without(|event| {
                matches!(
                    event,
                    Event::StepBegan { step: 1, .. } | Event::StepEnded { step: 1, .. }
                )
            })
        }),
        plant("INV-ORDER", "the second rung comes first", 80, {
            Story::good().instead(rung, Event::RungTaken { rung: 1 })
        }),
        plant(
            "INV-ORDER",
            "a rung is taken on top of one without effect",
            85,
            {
                let story =
                    Story::good().without(|event| matches!(event, Event::RungEffective { .. }));
                story.with(85, Event::RungTaken { rung: 1 })
            },
        ),
        plant(
            "INV-ORDER",
            "the ladder is given up with a rung to go",
            85,
            Story::good().with(85, Event::LadderExhausted),
        ),
    ]
}

pub(super) fn planted() -> Vec<Planted> {
    [
        rollback(),
        pause(),
        trigger(),
        nofalse(),
        recover(),
        kill(),
        signoff(),
        live(),
        order(),
    ]
    .concat()
}
