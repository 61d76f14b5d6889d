//! Histories told by hand.

use serde_json::json;
use sim_core::engine::{Share, SimDuration, SimTime};
use sim_core::history::{PauseReason, Request, StepResult};
use sim_core::policy::{Action, Judgement, WaiverRefusal};
use sim_core::{Event, Experiment, History, Outcome};

use super::experiment::{experiment, form, percent};
use crate::checker::{Finding, known};

/// A history, and the experiment in which it is said to have happened.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub experiment: Experiment,
    lines: Vec<(SimTime, Event)>,
}

/// Half of the requests to the new version fail, from when the history says so.
pub(super) fn fails_plainly(experiment: &mut Experiment) {
    let change = json!({ "add": { "signal": "errors", "by": 0.5 } });
    experiment.release = form(json!([{ "id": "broken", "change": change }]));
    experiment.telemetry.signals[0].harms_users = true;
}

/// The instant `minute` minutes after the start.
pub(super) fn minute(minute: u64) -> SimTime {
    SimTime::after(SimDuration::from_mins(minute))
}

impl Story {
    /// A story in which nothing has happened.
    pub fn empty() -> Self {
        Self {
            experiment: experiment(),
            lines: Vec::new(),
        }
    }

    /// A story in which every promise is put to the test and holds.
    pub fn good() -> Self {
        let start = Self::empty()
            .given(fails_plainly)
            .at(
                0,
                [
                    Event::Started,
                    judged_waiver(0, Some(WaiverRefusal::TooFewApprovers)),
                ],
            )
            .at(0, [judged_waiver(1, None), entered(0, 0)])
            .settles(1, 0, 10.0)
            .passes_to(62, 0)
            .settles(63, 1, 50.0)
            .fires(80, 2, Action::NextRung)
            .at(80, [Event::RungTaken { rung: 0 }])
            .at(
                81,
                [
                    Event::RungEffective { rung: 0 },
                    Event::ObservationBegan { stage: 1 },
                ],
            );
        start
            .fires(90, 1, Action::StepBack)
            .at(90, [Event::SteppedBack { from: 1 }, entered(0, 0)])
            .settles(90, 0, 10.0)
            .at(95, [answered(1, Request::SignOff)])
            .passes_to(151, 0)
            .settles(152, 1, 50.0)
            .at(170, [Event::EffectBegan { effect: 0 }])
            .rolls_back(200)
            .at(210, [answered(0, Request::Acknowledgement)])
            .at(
                210,
                [Event::Recovered {
                    attempt: 1,
                    acknowledged: true,
                    fresh: true,
                }],
            )
            .at(210, [entered(0, 1)])
            .settles(210, 0, 10.0)
            .at(
                391,
                [Event::Paused {
                    stage: 0,
                    why: PauseReason::Overdue,
                }],
            )
            .fires(400, 3, Action::Kill)
            .at(400, [Event::KillThrown])
            .at(
                405,
                [
                    Event::KillEffective,
                    Event::Ended {
                        outcome: Outcome::Killed,
                    },
                ],
            )
    }

    /// A story that goes through all three stages to the end, two hours and a bit in each.
    pub fn completed() -> Self {
        let way = Self::empty()
            .at(0, [Event::Started, entered(0, 0)])
            .settles(1, 0, 10.0);
        way.passes_to(100, 0)
            .settles(101, 1, 50.0)
            .passes_to(200, 1)
            .settles(201, 2, 75.0)
            .at(
                300,
                [
                    passed(0),
                    asked(0, Request::Approval),
                    answered(0, Request::Approval),
                ],
            )
            .at(
                300,
                [Event::Ended {
                    outcome: Outcome::Completed,
                }],
            )
    }

    /// Goes on with these events, all at one minute.
    pub fn at(self, when: u64, events: impl IntoIterator<Item = Event>) -> Self {
        self.after(minute(when), events)
    }

    fn after(mut self, at: SimTime, events: impl IntoIterator<Item = Event>) -> Self {
        self.lines
            .extend(events.into_iter().map(|event| (at, event)));
        self
    }

    /// The stage's share is reached, and a minute later its observation begins.
    pub fn settles(self, when: u64, stage: u16, share: f64) -> Self {
        let reached = percent(share);
        self.at(when, [Event::Exposure { reached }]).at(
            when + 1,
            [
                Event::Converged { stage },
                Event::ObservationBegan { stage },
            ],
        )
    }

    /// The stage passes, is approved and left for the next one.
    pub fn passes_to(self, when: u64, from: u16) -> Self {
        let to = from + 1;
        self.at(
            when,
            [
                passed(0),
                asked(0, Request::Approval),
                answered(0, Request::Approval),
            ],
        )
        .at(when, [Event::Advanced { from, to }, entered(to, 0)])
    }

    /// A gate breaches and fires; gates and classes have the same numbers.
    pub fn fires(self, when: u64, gate: u16, action: Action) -> Self {
        self.at(
            when,
            [
                breached(gate),
                Event::Triggered {
                    gate,
                    class: gate,
                    action,
                },
            ],
        )
    }

    /// Everything is taken back in 40 s, with one step that needs a second try.
    fn rolls_back(self, when: u64) -> Self {
        let later = |secs| minute(when) + SimDuration::from_secs(secs);
        self.fires(when, 0, Action::Rollback)
            .at(
                when,
                [
                    Event::RollbackBegan,
                    Event::StepBegan {
                        step: 0,
                        attempt: 0,
                    },
                ],
            )
            .after(
                later(20),
                [Event::StepEnded {
                    step: 0,
                    result: StepResult::Failed,
                }],
            )
            .after(
                later(20),
                [Event::StepBegan {
                    step: 0,
                    attempt: 1,
                }],
            )
            .after(
                later(40),
                [
                    Event::Exposure {
                        reached: Share::ZERO,
                    },
                    Event::Reverted,
                ],
            )
            .after(
                later(40),
                [Event::StepEnded {
                    step: 0,
                    result: StepResult::Done,
                }],
            )
            .after(
                later(40),
                [Event::StepBegan {
                    step: 1,
                    attempt: 0,
                }],
            )
            .after(
                later(50),
                [Event::StepEnded {
                    step: 1,
                    result: StepResult::Done,
                }],
            )
            .after(later(50), [Event::RollbackEnded { recovered: true }])
    }

    /// The same story without every event that is picked; at least one must be.
    pub fn without(mut self, pick: impl Fn(&Event) -> bool) -> Self {
        let before = self.lines.len();
        self.lines.retain(|(_, event)| !pick(event));
        assert!(self.lines.len() < before, "the story has such an event");
        self
    }

    /// The same story up to and without the first event that is picked.
    pub fn until(mut self, pick: impl Fn(&Event) -> bool) -> Self {
        let place = self.place(pick);
        self.lines.truncate(place);
        self
    }

    /// The same story with another event in the place of the first one that is picked.
    pub fn instead(mut self, pick: impl Fn(&Event) -> bool, event: Event) -> Self {
        let place = self.place(pick);
        self.lines[place].1 = event;
        self
    }

    /// The same story with one more event at a minute, before what happens later.
    pub fn with(mut self, when: u64, event: Event) -> Self {
        let place = self.lines.partition_point(|(at, _)| *at <= minute(when));
        self.lines.insert(place, (minute(when), event));
        self
    }

    /// The same story after another first event.
    pub fn after_all(mut self, event: Event) -> Self {
        self.lines.insert(0, (SimTime::ZERO, event));
        self
    }

    /// The same story, in which the first event that is picked happens at another minute.
    pub fn moved(mut self, pick: impl Fn(&Event) -> bool, when: u64) -> Self {
        let place = self.place(pick);
        let (_, event) = self.lines.remove(place);
        self.with(when, event)
    }

    /// The same story under other rules.
    pub fn given(mut self, change: impl FnOnce(&mut Experiment)) -> Self {
        change(&mut self.experiment);
        self
    }

    fn place(&self, pick: impl Fn(&Event) -> bool) -> usize {
        let place = self.lines.iter().position(|(_, event)| pick(event));
        place.expect("the story has such an event")
    }

    /// What the checker called `id` says about the story.
    pub fn judged(&self, id: &str) -> Finding {
        let mut history = History::new();
        self.lines
            .iter()
            .for_each(|(at, event)| history.push(*at, *event));
        let invariant = known().find(|invariant| invariant.id == id);
        invariant
            .expect("the catalogue has the invariant")
            .check(&self.experiment, &history)
    }
}

pub(super) fn entered(stage: u16, attempt: u16) -> Event {
    Event::StageEntered {
        stage,
        hosts: 10,
        attempt,
    }
}

pub(super) fn answered(operator: u16, request: Request) -> Event {
    Event::Answered { operator, request }
}

pub(super) fn asked(operator: u16, request: Request) -> Event {
    Event::Asked { operator, request }
}

pub(super) fn passed(gate: u16) -> Event {
    Event::Judged {
        gate,
        judgement: Judgement::Pass,
        flaw: None,
        value: 0.01,
        samples: 1000,
        limit: 0.05,
    }
}

pub(super) fn breached(gate: u16) -> Event {
    Event::Judged {
        gate,
        judgement: Judgement::Breach,
        flaw: None,
        value: 0.2,
        samples: 1000,
        limit: 0.05,
    }
}

fn judged_waiver(waiver: u16, refusal: Option<WaiverRefusal>) -> Event {
    Event::WaiverJudged { waiver, refusal }
}
