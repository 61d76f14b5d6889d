//! `INV-TRIGGER`: what fires is acted upon at once, and the most severe wins.

use sim_core::engine::SimTime;
use sim_core::history::PauseReason;
use sim_core::policy::Action;
use sim_core::{Event, Experiment};

use super::docket::Docket;
use super::finding::{Invariant, Line};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-TRIGGER",
    title: "what fires is followed by its class's action at the same instant, the most severe first, \
            and nothing is taken back or down without it",
    source: "RaptorQ rollout policy, Stop and Rollback Triggers (three classes, three actions); \
             Rollout Control-Plane Contract, Auto-Fallback Policy",
    unit: None,
    judge,
    untested: "nothing fired",
};

/// Where the rollout stands, as far as the actions of classes depend on it.
#[derive(Default)]
struct Standing {
    stage: u16,
    step_backs: u32,
    step_backs_of_attempt: u32,
    busy: Option<Action>,
}

fn judge(experiment: &Experiment, past: &[Line], docket: &mut Docket) {
    let mut standing = Standing::default();
    for instant in past.chunk_by(|(at, _), (next, _)| at == next) {
        right_action(experiment, instant, &standing, docket);
        acted_upon(experiment, instant, &standing, docket);
        without_cause(experiment, instant, docket);
        for (_, event) in instant {
            standing.note(event);
        }
    }
}

/// The action that is recorded must be the one that the class declares.
fn right_action(
    experiment: &Experiment,
    instant: &[Line],
    standing: &Standing,
    docket: &mut Docket,
) {
    for &(at, event) in instant {
        let Event::Triggered { class, action, .. } = event else {
            continue;
        };
        let Some(class) = experiment.policy.classes.get(usize::from(class)) else {
            docket.breaks(at, "a trigger fired whose class does not exist");
            continue;
        };
        let limit = class.at_most.unwrap_or(u32::MAX);
        let fits = match (class.action, action) {
            (Action::StepBack, Action::Rollback) => {
                standing.stage == 0 || standing.step_backs >= limit
            }
            (Action::StepBack, Action::StepBack) => {
                standing.stage > 0 && standing.step_backs_of_attempt < limit
            }
            (declared, recorded) => declared == recorded,
        };
        if !fits {
            docket.breaks(
                at,
                format!("class `{}` did something else than it declares", class.id),
            );
        }
    }
}

/// The most severe action of an instant must be taken at that instant, unless as much is already
/// under way.
fn acted_upon(experiment: &Experiment, instant: &[Line], standing: &Standing, docket: &mut Docket) {
    let asked = instant
        .iter()
        .filter_map(|(_, event)| asks_for(experiment, event))
        .max();
    let Some(asked) = asked.filter(|asked| *asked > Action::Record) else {
        return;
    };
    if standing.busy.is_some_and(|busy| busy >= asked) {
        return;
    }
    let taken: Vec<Action> = instant
        .iter()
        .filter_map(|(_, event)| takes(event))
        .collect();
    let overruled = instant
        .iter()
        .any(|(_, event)| matches!(event, Event::BlastExceeded { .. }))
        && taken.iter().any(|action| *action > asked);
    if taken.contains(&asked) || overruled {
        docket.holds();
    } else {
        docket.breaks(
            at_of(instant),
            format!("something fired that asks for {asked:?}, not done"),
        );
    }
}

/// A step back and a rung need a cause at the same instant; rollbacks are judged by `INV-NOFALSE`.
fn without_cause(experiment: &Experiment, instant: &[Line], docket: &mut Docket) {
    for action in [Action::StepBack, Action::NextRung] {
        let taken = instant
            .iter()
            .any(|(_, event)| takes(event) == Some(action));
        let asked = instant
            .iter()
            .any(|(_, event)| asks_for(experiment, event) == Some(action));
        if taken && !asked {
            docket.breaks(
                at_of(instant),
                format!("{action:?} was done and nothing asked for it"),
            );
        }
    }
}

fn at_of(instant: &[Line]) -> SimTime {
    instant.first().expect("an instant has at least one line").0
}

/// What an event asks for.
fn asks_for(experiment: &Experiment, event: &Event) -> Option<Action> {
    match *event {
        Event::Triggered { action, .. } => Some(action),
        Event::EvidenceFlawed { evidence, .. } => {
            let class = experiment
                .policy
                .evidence
                .get(usize::from(evidence))?
                .class
                .as_ref()?;
            experiment
                .policy
                .classes
                .iter()
                .find(|known| known.id == *class)
                .map(|class| class.action)
        }
        _ => None,
    }
}

/// What an event does.
fn takes(event: &Event) -> Option<Action> {
    match event {
        Event::Paused {
            why: PauseReason::Trigger | PauseReason::AwaitingSignOff,
            ..
        } => Some(Action::Pause),
        Event::SteppedBack { .. } => Some(Action::StepBack),
        Event::RungTaken { .. } | Event::LadderExhausted => Some(Action::NextRung),
        Event::KillThrown => Some(Action::Kill),
        Event::RollbackBegan => Some(Action::Rollback),
        _ => None,
    }
}

impl Standing {
    fn note(&mut self, event: &Event) {
        match event {
            Event::StageEntered { stage, .. } => (self.stage, self.busy) = (*stage, None),
            Event::SteppedBack { .. } => {
                self.step_backs += 1;
                self.step_backs_of_attempt += 1;
            }
            Event::RungEffective { .. } => self.busy = None,
            Event::Recovered { .. } => (self.step_backs_of_attempt, self.busy) = (0, None),
            _ => self.busy = self.busy.max(takes(event)),
        }
    }
}
