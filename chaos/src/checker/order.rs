//! `INV-ORDER`: steps and rungs in their order, one after the other.

use sim_core::engine::SimTime;
use sim_core::history::StepResult;
use sim_core::{Event, Experiment};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-ORDER",
    title: "rollback steps and fallback rungs are taken in their declared order, each after the one \
            before has ended, and a failed step is not tried more often than allowed",
    source: "RaptorQ rollout policy, rollback sequence; Rollout Control-Plane Contract, Fallback \
             order; CP8 cutover runbook, Rollback steps; optimize rollout runbook, Rollback actions",
    unit: None,
    judge,
    untested: "no rollback step and no rung was taken",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let (mut steps, mut rungs) = (Steps::default(), Rungs::default());
    for &(at, event) in past {
        match event {
            Event::RollbackBegan => steps = Steps::default(),
            Event::StepBegan { step, attempt } => {
                steps.begin(experiment, at, step, attempt, recorder);
            }
            Event::StepEnded { step, result } => steps.end(at, step, result, recorder),
            Event::RollbackEnded { recovered } => steps.close(experiment, at, recovered, recorder),
            Event::RungTaken { rung } => rungs.take(at, rung, recorder),
            Event::RungEffective { rung } => rungs.settle(at, rung, recorder),
            Event::LadderExhausted => rungs.exhaust(experiment, at, recorder),
            Event::Recovered { .. } => rungs = Rungs::default(),
            _ => {}
        }
    }
}

/// The sequence of a rollback so far.
#[derive(Default)]
struct Steps {
    running: Option<(u16, u16)>,
    last: Option<(u16, u16, StepResult)>,
}

impl Steps {
    fn begin(
        &mut self,
        all: &Experiment,
        at: SimTime,
        step: u16,
        attempt: u16,
        recorder: &mut CheckRecorder,
    ) {
        let fits = self.running.is_none() && self.may_begin(all, step, attempt);
        if fits {
            recorder.holds();
        } else {
            recorder.breaks(
                at,
                format!("rollback step {} began out of turn", step_name(all, step)),
            );
        }
        self.running = Some((step, attempt));
    }

    fn may_begin(&self, all: &Experiment, step: u16, attempt: u16) -> bool {
        let Some((before, tries, result)) = self.last else {
            return step == 0 && attempt == 0;
        };
        let Some(rules) = all.policy.rollback.steps.get(usize::from(before)) else {
            return false;
        };
        if step == before {
            let worth_it = matches!(result, StepResult::Failed | StepResult::Partial);
            return worth_it && attempt == tries + 1 && u32::from(attempt) <= rules.retries;
        }
        let stopped = result == StepResult::Failed && rules.required;
        step == before + 1 && attempt == 0 && !stopped
    }

    fn end(&mut self, at: SimTime, step: u16, result: StepResult, recorder: &mut CheckRecorder) {
        match self.running.take() {
            Some((running, attempt)) if running == step => {
                self.last = Some((step, attempt, result));
            }
            _ => recorder.breaks(at, format!("rollback step {step} ended and had not begun")),
        }
    }

    /// A rollback that says it recovered has been through every step.
    fn close(&self, all: &Experiment, at: SimTime, recovered: bool, recorder: &mut CheckRecorder) {
        let done = self.last.map_or(0, |(step, ..)| usize::from(step) + 1);
        if recovered && (done < all.policy.rollback.steps.len() || self.running.is_some()) {
            recorder.breaks(at, format!("the rollback ended after {done} of its steps"));
        }
    }
}

fn step_name(all: &Experiment, step: u16) -> String {
    let known = all.policy.rollback.steps.get(usize::from(step));
    known.map_or_else(|| step.to_string(), |step| format!("`{}`", step.id))
}

/// The ladder so far.
#[derive(Default)]
struct Rungs {
    taken: u16,
    settled: u16,
}

impl Rungs {
    fn take(&mut self, at: SimTime, rung: u16, recorder: &mut CheckRecorder) {
        if rung != self.taken {
            recorder.breaks(
                at,
                format!("rung {rung} was taken, rung {} was next", self.taken),
            );
        } else if self.settled < self.taken {
            recorder.breaks(
                at,
                format!("rung {rung} was taken before the one before had effect"),
            );
        } else {
            recorder.holds();
        }
        self.taken = rung + 1;
    }

    fn settle(&mut self, at: SimTime, rung: u16, recorder: &mut CheckRecorder) {
        if rung >= self.taken {
            recorder.breaks(at, format!("rung {rung} had effect and was never taken"));
        }
        self.settled = rung + 1;
    }

    fn exhaust(&self, all: &Experiment, at: SimTime, recorder: &mut CheckRecorder) {
        let all = all
            .policy
            .ladder
            .as_ref()
            .map_or(0, |ladder| ladder.rungs.len());
        if usize::from(self.taken) == all {
            recorder.holds();
        } else {
            recorder.breaks(
                at,
                format!(
                    "the ladder was given up after {} of {all} rungs",
                    self.taken
                ),
            );
        }
    }
}
