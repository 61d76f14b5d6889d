//! Properties that should hold sometimes: coincidences that a campaign ought to have seen at least once.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::history::StepResult;
use sim_core::policy::Action;
use sim_core::{Event, Experiment};

use super::{Anchorage, Situation, Step};

/// A property that some run should have.
pub(super) struct Sometimes {
    /// The property, as a sentence without a full stop.
    pub name: &'static str,
    /// Whether the policy can have it.
    pub applies: fn(&Experiment) -> bool,
    /// Whether a run has it.
    pub holds: fn(&[Step<'_>]) -> bool,
}

/// Every property, in the order of reports.
pub(super) const ALL: [Sometimes; 10] = [
    Sometimes {
        name: "a rollback began while hosts were away",
        applies: can_roll_back,
        holds: |steps| while_away(steps, |event| matches!(event, Event::RollbackBegan)),
    },
    Sometimes {
        name: "hosts came back on the new version after a rollback had begun",
        applies: can_roll_back,
        holds: |steps| {
            follows(
                steps,
                |event| matches!(event, Event::RollbackBegan),
                |event| matches!(event, Event::HostsReturned { exposed, .. } if *exposed > 0),
            )
        },
    },
    Sometimes {
        name: "the controller was down during a rollback",
        applies: can_roll_back,
        holds: |steps| {
            let stopped = |step: &Step<'_>| {
                matches!(step.event, Event::ControllerStopped) && step.now == Situation::Retreating
            };
            steps.iter().any(stopped)
        },
    },
    Sometimes {
        name: "a trigger acted within a minute of a controller's return",
        applies: acts,
        holds: |steps| {
            let mut back = None::<SimTime>;
            steps.iter().any(|step| match step.event {
                Event::ControllerStarted { .. } => {
                    back = Some(step.at);
                    false
                }
                event => {
                    acts_now(event)
                        && back.is_some_and(|back| step.at.saturating_since(back) <= MINUTE)
                }
            })
        },
    },
    Sometimes {
        name: "a trigger acted while an approval was awaited",
        applies: |experiment| {
            let mut stages = experiment.policy.stages.iter();
            acts(experiment) && stages.any(|stage| stage.approval.is_some())
        },
        holds: |steps| {
            let asking =
                |step: &Step<'_>| acts_now(step.event) && matches!(step.then, Situation::Asking(_));
            steps.iter().any(asking)
        },
    },
    Sometimes {
        name: "a trigger acted while hosts were still being updated",
        applies: acts,
        holds: |steps| {
            let climbing = |step: &Step<'_>| {
                acts_now(step.event) && matches!(step.then, Situation::Climbing(_))
            };
            steps.iter().any(climbing)
        },
    },
    Sometimes {
        name: "a trigger acted in the last stage",
        applies: acts,
        holds: |steps| {
            let last = steps.iter().filter_map(|step| match step.event {
                Event::StageEntered { stage, .. } => Some(*stage),
                _ => None,
            });
            let deepest = last.max();
            let late = |step: &Step<'_>| {
                acts_now(step.event)
                    && matches!(step.then, Situation::Watching(stage) if Some(stage) == deepest && stage > 0)
            };
            steps.iter().any(late)
        },
    },
    Sometimes {
        name: "a rollback step failed and was tried again",
        applies: |experiment| {
            let mut steps = experiment.policy.rollback.steps.iter();
            can_roll_back(experiment) && steps.any(|step| step.retries > 0)
        },
        holds: |steps| {
            follows(
                steps,
                |event| {
                    matches!(
                        event,
                        Event::StepEnded {
                            result: StepResult::Failed,
                            ..
                        }
                    )
                },
                |event| matches!(event, Event::StepBegan { attempt, .. } if *attempt > 0),
            )
        },
    },
    Sometimes {
        name: "a trigger acted in a new attempt",
        applies: |experiment| acts(experiment) && Anchorage::Recovery.exists(experiment),
        holds: |steps| {
            follows(
                steps,
                |event| matches!(event, Event::Recovered { .. }),
                acts_now,
            )
        },
    },
    Sometimes {
        name: "somebody answered what nobody asked any more",
        applies: |experiment| {
            let mut stages = experiment.policy.stages.iter();
            stages.any(|stage| stage.approval.is_some())
        },
        holds: |steps| {
            let late = |step: &Step<'_>| {
                matches!(step.event, Event::Answered { .. })
                    && matches!(step.then, Situation::Retreating | Situation::Climbing(_))
            };
            steps.iter().any(late)
        },
    },
];

const MINUTE: SimDuration = SimDuration::from_mins(1);

fn can_roll_back(experiment: &Experiment) -> bool {
    Anchorage::Rollback.exists(experiment)
}

fn acts(experiment: &Experiment) -> bool {
    let mut classes = experiment.policy.classes.iter();
    classes.any(|class| class.action > Action::Record)
}

fn acts_now(event: &Event) -> bool {
    matches!(event, Event::Triggered { action, .. } if *action > Action::Record)
}

fn follows(steps: &[Step<'_>], first: fn(&Event) -> bool, then: fn(&Event) -> bool) -> bool {
    let mut rest = steps.iter().skip_while(|step| !first(step.event));
    rest.any(|step| then(step.event))
}

fn while_away(steps: &[Step<'_>], wanted: fn(&Event) -> bool) -> bool {
    let mut away = 0u32;
    steps.iter().any(|step| {
        match step.event {
            Event::HostsLost { .. } => away += 1,
            Event::HostsReturned { .. } => away = away.saturating_sub(1),
            _ => {}
        }
        away > 0 && wanted(step.event)
    })
}
