//! `INV-RETRY`, `INV-RESULT` and `INV-DRAIN`: a failed step is tried as often as declared, a sequence goes
//! to its end and says how it went, and what a switch or a step shuts is emptied.

use sim_core::engine::SimTime;
use sim_core::history::StepResult;
use sim_core::policy::StepEffect;
use sim_core::{Event, Experiment};

use super::notes::{NotedEvent, Notes};

pub(super) const RETRY: &str = "INV-RETRY";
pub(super) const RESULT: &str = "INV-RESULT";
pub(super) const DRAIN: &str = "INV-DRAIN";

pub(super) fn judge(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    retries(experiment, lines, notes);
    results(experiment, lines, notes);
    drains(experiment, lines, notes);
}

fn retries(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    let (mut attempt, mut last) = (0, None::<(u16, StepResult)>);
    for &(at, event) in lines {
        match event {
            Event::RollbackBegan => last = None,
            Event::StepBegan { step, attempt: now } => {
                if owes_a_try(experiment, last, attempt) && last.is_some_and(|(was, _)| was != step)
                {
                    notes.breaks(RETRY, at, "a failed step was not tried again");
                }
                attempt = now;
            }
            Event::StepEnded { step, result } => last = Some((step, result)),
            Event::RollbackEnded { .. } => {
                ended(experiment, (last, attempt), at, notes);
                last = None;
            }
            _ => {}
        }
    }
}

/// Failed steps were tried again, and a rollback that no required step stopped went to its end.
fn ended(
    experiment: &Experiment,
    (last, attempt): (Option<(u16, StepResult)>, u16),
    at: SimTime,
    notes: &mut Notes,
) {
    let steps = &experiment.policy.rollback.steps;
    if owes_a_try(experiment, last, attempt) {
        notes.breaks(RETRY, at, "a failed step was not tried again");
    }
    let stopped = last.is_some_and(|(step, result)| {
        let rules = steps.get(usize::from(step));
        result == StepResult::Failed && rules.is_some_and(|rules| rules.required)
    });
    let done = last.map_or(0, |(step, _)| usize::from(step) + 1);
    if !stopped && done < steps.len() {
        notes.breaks(RETRY, at, "the rollback ended before its last step");
    }
}

/// A rollback has recovered where everything was reverted and each required step was done.
fn results(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    let steps = &experiment.policy.rollback.steps;
    let (mut done, mut reverted) = (vec![false; steps.len()], false);
    for &(at, event) in lines {
        match event {
            Event::RollbackBegan => (done, reverted) = (vec![false; steps.len()], false),
            Event::Reverted => reverted = true,
            Event::StepEnded { step, result } => {
                if let Some(done) = done.get_mut(usize::from(step)) {
                    *done = result == StepResult::Done;
                }
            }
            Event::RollbackEnded { recovered } => {
                let mut all = steps.iter().zip(&done);
                let well = reverted && all.all(|(step, done)| *done || !step.required);
                if well != recovered {
                    let word = if recovered { "well" } else { "badly" };
                    notes.breaks(
                        RESULT,
                        at,
                        format!("the rollback is said to have ended {word}"),
                    );
                }
            }
            _ => {}
        }
    }
}

fn owes_a_try(experiment: &Experiment, last: Option<(u16, StepResult)>, attempt: u16) -> bool {
    let Some((step, StepResult::Failed)) = last else {
        return false;
    };
    let rules = experiment.policy.rollback.steps.get(usize::from(step));
    rules.is_some_and(|rules| u32::from(attempt) < rules.retries)
}

fn drains(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    if experiment.traffic.work.is_none() {
        return;
    }
    let policy = &experiment.policy;
    let switch = policy.kill_switch.as_ref();
    let cancels = switch.is_some_and(|switch| switch.cancels_pending);
    let mut drained = false;
    for (place, &(at, event)) in lines.iter().enumerate() {
        match event {
            Event::Drained { .. } => drained = true,
            Event::RollbackBegan | Event::KillThrown => drained = false,
            Event::KillEffective if cancels && thrown_by_a_trigger(&lines[..place]) => {
                drained_at_once(at, &lines[place..], notes);
            }
            Event::StepEnded {
                step,
                result: StepResult::Done,
            } => {
                let rules = policy.rollback.steps.get(usize::from(step));
                let shuts = rules.is_some_and(|rules| rules.effect == StepEffect::DrainQueue);
                if shuts && !drained {
                    notes.breaks(DRAIN, at, "the queue was to be drained and was not");
                }
            }
            _ => {}
        }
    }
}

fn drained_at_once(at: SimTime, from_here: &[NotedEvent], notes: &mut Notes) {
    let drains = |(then, event): &NotedEvent| *then == at && matches!(event, Event::Drained { .. });
    if !from_here.iter().any(drains) {
        notes.breaks(DRAIN, at, "the switch took effect and pending work went on");
    }
}

/// A switch that is thrown as a step of a rollback leaves the queue to the steps after it.
fn thrown_by_a_trigger(before: &[NotedEvent]) -> bool {
    let acts = |(_, event): &&NotedEvent| matches!(event, Event::KillThrown | Event::RollbackBegan);
    let last = before.iter().rev().find(acts);
    last.is_some_and(|(_, event)| *event == Event::KillThrown)
}

#[cfg(test)]
mod tests {
    use sim_core::History;
    use sim_core::engine::{Distribution, SimDuration, SimTime};
    use sim_core::traffic::Work;

    use super::*;
    use crate::catalogue::tests::ground::Ground;
    use crate::mutant::broken;

    /// A rollback whose first step drains the queue of a fleet that has work.
    fn experiment() -> Experiment {
        let mut experiment = Ground::Bad.experiment();
        experiment.traffic.work = Some(Work {
            jobs_per_hour: 60.0,
            takes: Distribution::Constant(SimDuration::from_mins(1)),
            workers: 2,
            warm_up: SimDuration::ZERO,
            grace: None,
        });
        experiment.policy.rollback.steps[0].effect = StepEffect::DrainQueue;
        let switch = experiment
            .policy
            .kill_switch
            .as_mut()
            .expect("the ground has one");
        switch.cancels_pending = true;
        experiment
    }

    #[track_caller]
    fn check(events: &[Event], breaks: bool) {
        let mut history = History::new();
        for (second, event) in events.iter().enumerate() {
            history.push(
                SimTime::after(SimDuration::from_secs(second as u64)),
                *event,
            );
        }
        let found = broken(&experiment(), &history);
        let drain = found.iter().any(|one| one.promise == DRAIN);
        assert_eq!(drain, breaks, "{found:?}");
    }

    const DRAINED: Event = Event::Drained {
        cancelled: 3,
        finished: 1,
    };
    const ENDED: Event = Event::StepEnded {
        step: 0,
        result: StepResult::Done,
    };
    const BEGAN: Event = Event::StepBegan {
        step: 0,
        attempt: 0,
    };

    #[test]
    fn a_queue_that_a_step_says_it_has_drained_and_has_not_is_found() {
        check(&[Event::RollbackBegan, BEGAN, ENDED], true);
        check(&[Event::RollbackBegan, BEGAN, DRAINED, ENDED], false);
    }

    #[test]
    fn what_was_drained_in_an_earlier_rollback_does_not_count() {
        let again = [
            Event::RollbackBegan,
            BEGAN,
            DRAINED,
            ENDED,
            Event::RollbackBegan,
            BEGAN,
            ENDED,
        ];
        check(&again, true);
    }

    #[test]
    fn a_switch_that_leaves_pending_work_going_is_found() {
        check(&[Event::KillThrown, Event::KillEffective], true);
    }
}
