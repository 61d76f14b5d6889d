//! `INV-TRIGGER`: what fires is acted upon at once, and the most severe wins.

use sim_core::engine::SimTime;
use sim_core::history::{PauseReason, Request};
use sim_core::policy::{Action, Class};
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-TRIGGER",
    title: "what fires is followed by its class's action at the same instant, the most severe first, \
            and nothing is rolled back or down without it",
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

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let mut standing = Standing::default();
    for instant in past.chunk_by(|(at, _), (next, _)| at == next) {
        let at = instant.first().expect("an instant has at least one line").0;
        let asked = asked(experiment, &standing, at, instant, recorder);
        let taken: Vec<Action> = instant
            .iter()
            .filter_map(|(_, event)| takes(event))
            .collect();
        let exceeded = instant
            .iter()
            .any(|(_, event)| matches!(event, Event::BlastExceeded { .. }));
        if let Some(why) = objection(&standing, &asked, &taken, exceeded) {
            recorder.breaks(at, why);
        } else if asked.iter().any(|action| *action > Action::Record) {
            recorder.holds();
        }
        for (_, event) in instant {
            standing.note(event);
        }
    }
}

/// Returns what the triggers and the flawed evidence of an instant ask for. The action that a
/// trigger records must be the one that its class declares.
fn asked(
    experiment: &Experiment,
    standing: &Standing,
    at: SimTime,
    instant: &[Line],
    recorder: &mut CheckRecorder,
) -> Vec<Action> {
    let mut asked = Vec::new();
    for (_, event) in instant {
        match *event {
            Event::Triggered { class, action, .. } => {
                let class = experiment.policy.classes.get(usize::from(class));
                if !class.is_some_and(|class| standing.fits(class, action)) {
                    recorder.breaks(
                        at,
                        format!("{action:?} is not what the trigger's class declares"),
                    );
                }
                asked.push(action);
            }
            Event::EvidenceFlawed { evidence, .. } => {
                asked.extend(class_of(experiment, evidence).map(|class| standing.action(class)));
            }
            _ => {}
        }
    }
    asked
}

fn class_of(experiment: &Experiment, evidence: u16) -> Option<&Class> {
    let id = experiment
        .policy
        .evidence
        .get(usize::from(evidence))?
        .class
        .as_ref()?;
    experiment.policy.class(id)
}

/// Returns what is wrong with what was done at an instant.
///
/// The most severe action that is asked for must be taken, unless as much is already under way or
/// an exceeded blast radius asks for more. A step back and a rung need a cause at the same instant;
/// rollbacks are judged by `INV-NOFALSE`.
fn objection(
    standing: &Standing,
    asked: &[Action],
    taken: &[Action],
    exceeded: bool,
) -> Option<String> {
    let uncalled = [Action::StepBack, Action::NextRung]
        .into_iter()
        .find(|action| taken.contains(action) && !asked.contains(action));
    if let Some(action) = uncalled {
        return Some(format!("{action:?} was done and nothing asked for it"));
    }
    let worst = *asked
        .iter()
        .max()
        .filter(|action| **action > Action::Record)?;
    let under_way = standing.busy.is_some_and(|busy| busy >= worst);
    let overruled = exceeded && taken.iter().any(|action| *action > worst);
    let done = under_way || overruled || taken.contains(&worst);
    (!done).then(|| format!("{worst:?} was asked for and not done at once"))
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
    /// Returns what a class does now: a step back from the first stage, or one too many, is a
    /// rollback.
    fn action(&self, class: &Class) -> Action {
        let worn_out = class
            .at_most
            .is_some_and(|limit| self.step_backs_of_attempt >= limit);
        match class.action {
            Action::StepBack if self.stage == 0 || worn_out => Action::Rollback,
            action => action,
        }
    }

    /// Whether `action` is one that the class may take now. Policies do not say whether a new
    /// attempt forgets the step backs of the one before, so both readings are accepted.
    fn fits(&self, class: &Class, action: Action) -> bool {
        let worn_out = class.at_most.is_some_and(|limit| self.step_backs >= limit);
        let by_both = class.action == Action::StepBack && action == Action::Rollback && worn_out;
        by_both || self.action(class) == action
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::StageEntered { stage, .. } => (self.stage, self.busy) = (*stage, None),
            Event::SteppedBack { .. } => {
                self.step_backs += 1;
                self.step_backs_of_attempt += 1;
            }
            Event::RungEffective { .. }
            | Event::Answered {
                request: Request::SignOff,
                ..
            } => {
                self.busy = None;
            }
            Event::Recovered { .. } => (self.step_backs_of_attempt, self.busy) = (0, None),
            _ => self.busy = self.busy.max(takes(event)),
        }
    }
}
