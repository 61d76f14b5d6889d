//! Every start, played: what was decided first, when, and on which gate.

use rayon::prelude::*;
use scenarios::history::Timestamp;
use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::{Flaw, Judgement};
use sim_core::policy::{Action, Policy};
use sim_core::{Event, Outcome, Plan, Run, Seed};

use super::past::Past;

/// What became of one start.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Start {
    pub start: Timestamp,
    pub decision: &'static str,
    pub at: Timestamp,
    pub after: SimDuration,
    pub stage: Option<usize>,
    pub gate: Option<usize>,
    pub value: Option<f64>,
    pub samples: u64,
    pub flaw: Option<Flaw>,
}

/// What a gate said last.
#[derive(Clone, Copy, Debug)]
struct Said {
    judgement: Judgement,
    flaw: Option<Flaw>,
    value: f64,
    samples: u64,
}

impl Past {
    /// Plays all starts, on the threads of the pool that this is called in.
    pub(super) fn play(&self, done: &(dyn Fn(u64) + Sync)) -> Vec<Start> {
        let play = |number: u64| {
            let start = self.start(number);
            done(1);
            start
        };
        (0..self.starts()).into_par_iter().map(play).collect()
    }

    fn start(&self, number: u64) -> Start {
        let into = self.every.saturating_mul(number);
        let left = self.span - into;
        let mut experiment = self.experiment.clone();
        experiment.horizon = self.horizon.min(left);
        for signal in &mut experiment.telemetry.signals {
            let recording = signal.recording.as_ref().expect("every signal is recorded");
            let step = into.as_nanos() / recording.step.as_nanos();
            signal.recording = Some(recording.starting_at(step as usize));
        }
        // Nothing is drawn that a decision depends on: any seed will do.
        let run = Plan::new(&experiment).play(Seed {
            root: 0,
            replication: 0,
        });
        let mut found = first_decision(&experiment.policy, &run);
        if found.decision == HELD && left < self.horizon {
            found.decision = "unfinished";
        }
        let millis = |time: SimDuration| (time.as_nanos() / 1_000_000) as i64;
        let start = Timestamp::from_millis(self.origin.millis() + millis(into));
        Start {
            start,
            at: Timestamp::from_millis(start.millis() + millis(found.after)),
            ..found
        }
    }
}

const HELD: &str = "held";

/// Returns what was decided first; its instants are counted from 1970.
fn first_decision(policy: &Policy, run: &Run) -> Start {
    let mut said: Vec<Option<Said>> = vec![None; policy.gates.len()];
    let mut stage = None;
    for (at, event) in run.history.iter() {
        let gate = match *event {
            Event::StageEntered { stage: entered, .. } => {
                stage = Some(usize::from(entered));
                continue;
            }
            Event::Judged {
                gate,
                judgement,
                flaw,
                value,
                samples,
            } => {
                said[usize::from(gate)] = Some(Said {
                    judgement,
                    flaw,
                    value,
                    samples,
                });
                continue;
            }
            Event::Triggered { gate, action, .. } if action != Action::Record => {
                (Some(usize::from(gate)), word(action))
            }
            Event::Paused { .. } => (holding(policy, stage, &said), "paused"),
            Event::Ended { outcome } => {
                let unfinished = outcome == Outcome::Unfinished;
                let gate = unfinished.then(|| holding(policy, stage, &said)).flatten();
                (gate, if unfinished { HELD } else { outcome.word() })
            }
            _ => continue,
        };
        return start(*at, stage, gate, &said);
    }
    start(SimTime::ZERO, stage, (None, HELD), &said)
}

fn start(
    at: SimTime,
    stage: Option<usize>,
    (gate, decision): (Option<usize>, &'static str),
    said: &[Option<Said>],
) -> Start {
    let last = gate.and_then(|gate| said[gate]);
    Start {
        start: Timestamp::from_millis(0),
        decision,
        at: Timestamp::from_millis(0),
        after: SimDuration::from_nanos(at.as_nanos()),
        stage,
        gate,
        value: last.map(|it| it.value).filter(|value| value.is_finite()),
        samples: last.map_or(0, |it| it.samples),
        flaw: last.and_then(|it| it.flaw),
    }
}

/// Returns the first criterion of the stage that does not pass.
fn holding(policy: &Policy, stage: Option<usize>, said: &[Option<Said>]) -> Option<usize> {
    let criteria = &policy.stages[stage?].criteria;
    let fails = |gate: &usize| {
        let passes = said[*gate].is_some_and(|it| it.judgement == Judgement::Pass);
        criteria.contains(&policy.gates[*gate].id) && !passes
    };
    (0..policy.gates.len()).find(fails)
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::Record => "recorded",
        Action::Pause => "paused",
        Action::StepBack => "stepped_back",
        Action::NextRung => "fell_back",
        Action::Kill => "killed",
        Action::Rollback => "rolled_back",
    }
}
