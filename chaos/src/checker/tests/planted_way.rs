//! Planted faults on the way forward.

use sim_core::engine::SimDuration;
use sim_core::history::Request;
use sim_core::policy::gate::{Flaw, Limit, Population};
use sim_core::policy::{Calendar, Judgement};
use sim_core::{Event, Experiment, Outcome};

use super::experiment::percent;
use super::story::{Story, answered, entered, fails_plainly};
use super::verdicts::{Planted, plant};

const fn is_entry(event: &Event) -> bool {
    matches!(event, Event::StageEntered { stage: 1, .. })
}

const fn is_advance(event: &Event) -> bool {
    matches!(event, Event::Advanced { .. })
}

const fn is_reading(event: &Event) -> bool {
    matches!(event, Event::Judged { gate: 0, .. })
}

fn reading(judgement: Judgement, flaw: Option<Flaw>, value: f64, samples: u64) -> Story {
    Story::good().instead(
        is_reading,
        Event::Judged {
            gate: 0,
            judgement,
            flaw,
            value,
            samples,
            limit: 0.05,
        },
    )
}

fn passed_at(value: f64, limit: f64) -> Event {
    Event::Judged {
        gate: 0,
        judgement: Judgement::Pass,
        flaw: None,
        value,
        samples: 1000,
        limit,
    }
}

fn relative(experiment: &mut Experiment) {
    experiment.policy.gates[0].breach.limit = Limit::Times {
        factor: 2.0,
        of: Population::Control,
    };
}

fn staged() -> Vec<Planted> {
    vec![
        plant(
            "INV-STAGED",
            "a stage is skipped",
            62,
            Story::good().instead(is_entry, entered(2, 0)),
        ),
        plant("INV-STAGED", "the first stage is not the first", 0, {
            Story::good().instead(
                |event| matches!(event, Event::StageEntered { .. }),
                entered(1, 0),
            )
        }),
        plant(
            "INV-STAGED",
            "the rollout says that it skips a stage",
            62,
            Story::good().instead(is_advance, Event::Advanced { from: 0, to: 2 }),
        ),
        plant(
            "INV-STAGED",
            "a stage is left while the calendar is closed",
            62,
            Story::good().given(|experiment| {
                experiment.policy.calendar = Some(Calendar {
                    from: SimDuration::from_mins(120),
                    ..Calendar::default()
                });
            }),
        ),
        plant("INV-STAGED", "a step back stays where it was", 90, {
            let back = |event: &Event| matches!(event, Event::SteppedBack { .. });
            Story::good().instead(back, Event::SteppedBack { from: 2 })
        }),
        plant("INV-STAGED", "a fresh attempt begins in the middle", 210, {
            let second = |event: &Event| matches!(event, Event::StageEntered { attempt: 1, .. });
            Story::good().instead(second, entered(1, 1))
        }),
        plant(
            "INV-STAGED",
            "completion comes before the last stage",
            405,
            {
                let end = |event: &Event| matches!(event, Event::Ended { .. });
                Story::good().instead(
                    end,
                    Event::Ended {
                        outcome: Outcome::Completed,
                    },
                )
            },
        ),
    ]
}

fn observe() -> Vec<Planted> {
    vec![
        plant(
            "INV-OBSERVE",
            "a stage asks for no observation",
            62,
            Story::good().given(|experiment| {
                experiment.policy.stages[0].observe = SimDuration::ZERO;
            }),
        ),
        plant("INV-OBSERVE", "a stage is left a minute early", 62, {
            let begun = |event: &Event| {
                matches!(
                    event,
                    Event::Converged { .. } | Event::ObservationBegan { .. }
                )
            };
            Story::good().moved(begun, 3)
        }),
        plant(
            "INV-OBSERVE",
            "a stage is left before it has converged",
            62,
            {
                let converged = |event: &Event| matches!(event, Event::Converged { stage: 0 });
                Story::good().without(converged)
            },
        ),
        plant("INV-OBSERVE", "the last stage is completed early", 300, {
            let last = |event: &Event| matches!(event, Event::ObservationBegan { stage: 2 });
            Story::completed().moved(last, 250)
        }),
    ]
}

fn blast() -> Vec<Planted> {
    vec![plant("INV-BLAST", "one host too many for a moment", 100, {
        Story::good().with(
            100,
            Event::Exposure {
                reached: percent(80.0001),
            },
        )
    })]
}

fn gate() -> Vec<Planted> {
    vec![
        plant(
            "INV-GATE",
            "a criterion breaches",
            62,
            reading(Judgement::Breach, None, 0.2, 1000),
        ),
        plant(
            "INV-GATE",
            "a criterion holds its breath",
            62,
            reading(Judgement::Hold, None, 0.01, 1000),
        ),
        plant("INV-GATE", "a gate lets missing data pass", 62, {
            reading(Judgement::Pass, Some(Flaw::Missing), f64::NAN, 0)
        }),
        plant(
            "INV-GATE",
            "a gate lets NaN pass",
            62,
            reading(Judgement::Pass, None, f64::NAN, 1000),
        ),
        plant(
            "INV-GATE",
            "a gate lets few samples pass",
            62,
            reading(Judgement::Pass, None, 0.01, 99),
        ),
        plant(
            "INV-GATE",
            "a gate passes beyond its limit",
            62,
            reading(Judgement::Pass, None, 0.0501, 1000),
        ),
        plant(
            "INV-GATE",
            "a gate passes beyond what its relative limit came to",
            62,
            Story::good()
                .given(relative)
                .instead(is_reading, passed_at(0.031, 0.03)),
        ),
        plant(
            "INV-GATE",
            "a gate was read a minute ago",
            62,
            Story::good().moved(is_reading, 61),
        ),
        plant(
            "INV-GATE",
            "the last stage is completed on an old reading",
            310,
            {
                let end = |event: &Event| matches!(event, Event::Ended { .. });
                Story::completed().moved(end, 310)
            },
        ),
    ]
}

fn approval() -> Vec<Planted> {
    vec![
        plant("INV-APPROVAL", "nobody approves", 62, {
            let approval = answered(0, Request::Approval);
            Story::good().without(|event| *event == approval)
        }),
        plant("INV-APPROVAL", "somebody else approves", 62, {
            let approval = answered(0, Request::Approval);
            Story::good().instead(|event| *event == approval, answered(1, Request::Approval))
        }),
        plant("INV-APPROVAL", "an answer to another question", 62, {
            let approval = answered(0, Request::Approval);
            Story::good().instead(|event| *event == approval, answered(0, Request::SignOff))
        }),
    ]
}

fn caught() -> Vec<Planted> {
    let begun = Event::EffectBegan { effect: 0 };
    vec![
        plant(
            "INV-CAUGHT",
            "a stage that was entered with a broken release is left",
            151,
            Story::good().with(30, begun),
        ),
        plant(
            "INV-CAUGHT",
            "a broken release is completed",
            200,
            Story::completed().given(fails_plainly).with(50, begun),
        ),
    ]
}

pub(super) fn planted() -> Vec<Planted> {
    [staged(), observe(), blast(), gate(), approval(), caught()].concat()
}
