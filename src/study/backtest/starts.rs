//! Every start, played: what was decided first, when, and on which gate.

use std::sync::atomic::{AtomicBool, Ordering};

use chaos::checker::Stated;
use rayon::prelude::*;
use scenarios::recorded::Timestamp;
use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::{Flaw, Judgement};
use sim_core::policy::{Action, Policy};
use sim_core::{Event, Experiment, Outcome, Plan, Run, Seed};

use super::past::Past;

/// So many starts are played before the next are begun.
const PORTION: usize = 64;

/// What became of one start in one replication.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Start {
    /// The number of the start.
    pub number: u64,
    pub from: Timestamp,
    pub decision: &'static str,
    pub at: Timestamp,
    pub after: SimDuration,
    /// When the gate first had its say: at the decision, or when it first held what completed later.
    pub noticed: Timestamp,
    pub stage: Option<usize>,
    pub gate: Option<usize>,
    pub value: Option<f64>,
    pub samples: u64,
    pub flaw: Option<Flaw>,
}

impl Past {
    /// Plays all starts in every replication, on the threads of the pool that this is called in; the result
    /// has a list for each replication.
    ///
    /// Once `stop` is set no further start is begun. Whole replications are then returned, and of the first one
    /// what there is if it is all.
    pub(super) fn play(&self, stop: &AtomicBool, done: &(dyn Fn(u64) + Sync)) -> Vec<Vec<Start>> {
        let starts = self.starts();
        let play = |place: u64| {
            (!stop.load(Ordering::Relaxed)).then(|| {
                let start = self.start(place % starts, place / starts);
                done(1);
                start
            })
        };
        // In small portions: threads would else begin far apart, with little without a gap to report.
        let mut all: Vec<Start> = Vec::new();
        let mut places = 0..self.plays();
        while !places.is_empty() && !stop.load(Ordering::Relaxed) {
            let portion: Vec<u64> = places.by_ref().take(PORTION).collect();
            let played: Vec<_> = portion.into_par_iter().map(play).collect();
            all.extend(played.into_iter().map_while(|start| start));
        }
        let whole = all.len() - all.len() % starts as usize;
        if whole > 0 {
            all.truncate(whole);
        }
        late(&mut all);
        all.chunks(starts as usize).map(<[Start]>::to_vec).collect()
    }

    fn start(&self, number: u64, replication: u64) -> Start {
        let into = self.every.saturating_mul(number) + self.phase;
        let left = self.span - into;
        let experiment = self.experiment_from(into, left);
        // All that is drawn is which requests reached the canary: in one replication the same for all starts.
        let run = Plan::new(&experiment).play(Seed {
            root: self.seed,
            replication,
        });
        let mut found = first_decision(&experiment.policy, &run);
        if found.decision == HELD && left < self.horizon {
            found.decision = "unfinished";
        }
        let millis = |time: SimDuration| (time.as_nanos() / 1_000_000) as i64;
        let start = Timestamp::from_millis(self.origin.millis() + millis(into));
        Start {
            number,
            from: start,
            at: Timestamp::from_millis(start.millis() + millis(found.after)),
            noticed: Timestamp::from_millis(start.millis() + found.noticed.millis()),
            ..found
        }
    }

    /// The experiment with recordings that begin so far into them, and so much time that is left.
    fn experiment_from(&self, into: SimDuration, left: SimDuration) -> Experiment {
        let mut experiment = self.experiment.clone();
        experiment.horizon = self.horizon.min(left);
        for signal in &mut experiment.telemetry.signals {
            let recording = signal.recording.as_ref().expect("every signal is recorded");
            let step = recording.step.as_nanos();
            let phase = SimDuration::from_nanos(into.as_nanos() % step);
            let place = (into.as_nanos() / step) as usize;
            signal.recording = Some(recording.starting_at(place, phase));
        }
        experiment
    }
}

const HELD: &str = "held";
const COMPLETED: &str = Outcome::Completed.word();
/// It completed, and took longer than the quickest because a criterion held it.
const LATE: &str = "completed_late";

/// Tells the starts that something held from those that went through: only these have no gate.
fn late(starts: &mut [Start]) {
    let done = starts.iter().filter(|start| start.decision == COMPLETED);
    let Some(quickest) = done.map(|start| start.after).min() else {
        return;
    };
    for start in starts
        .iter_mut()
        .filter(|start| start.decision == COMPLETED)
    {
        if start.after > quickest {
            start.decision = LATE;
        } else {
            start.noticed = start.at;
            (start.gate, start.value, start.flaw, start.samples) = (None, None, None, 0);
        }
    }
}

/// Returns what was decided first; its instants are counted from the start.
fn first_decision(policy: &Policy, run: &Run) -> Start {
    let mut said: Vec<Option<Stated>> = vec![None; policy.gates.len()];
    let mut stage = None;
    let mut held: Option<Held> = None;
    for (at, event) in &run.history {
        let gate = match *event {
            Event::StageEntered { stage: entered, .. } => {
                stage = Some(usize::from(entered));
                continue;
            }
            Event::Judged { .. } => {
                let Some((gate, now)) = Stated::of(event) else {
                    continue;
                };
                let gate = usize::from(gate);
                said[gate] = Some(now);
                if held.is_none() && holding(policy, stage, &said) == Some(gate) {
                    held = Some(Held {
                        at: *at,
                        stage,
                        gate,
                        said: now,
                    });
                }
                continue;
            }
            Event::Triggered { gate, action, .. } if action != Action::Record => {
                (Some(usize::from(gate)), word(action))
            }
            Event::Paused { .. } => (holding(policy, stage, &said), "paused"),
            Event::Ended { outcome } => {
                let word = match outcome {
                    Outcome::Completed => return completed(*at, stage, held),
                    Outcome::Unfinished => HELD,
                    other => other.word(),
                };
                (holding(policy, stage, &said), word)
            }
            _ => continue,
        };
        let last = gate.0.and_then(|gate| Some((*at, gate, said[gate]?)));
        return start(*at, stage, gate, last);
    }
    start(SimTime::ZERO, stage, (None, HELD), None)
}

/// A criterion that does not pass: since when, and in which stage.
#[derive(Clone, Copy, Debug)]
struct Held {
    at: SimTime,
    stage: Option<usize>,
    gate: usize,
    said: Stated,
}

/// A start that completed, with the gate that held it first.
fn completed(at: SimTime, stage: Option<usize>, held: Option<Held>) -> Start {
    let gate = held.map(|held| held.gate);
    let stage = held.map_or(stage, |held| held.stage);
    let said = held.map(|held| (held.at, held.gate, held.said));
    start(at, stage, (gate, COMPLETED), said)
}

fn start(
    at: SimTime,
    stage: Option<usize>,
    (gate, decision): (Option<usize>, &'static str),
    said: Option<(SimTime, usize, Stated)>,
) -> Start {
    let last = said.map(|(_, _, said)| said);
    let noticed = said.map_or(at, |(at, _, _)| at);
    Start {
        number: 0,
        from: Timestamp::from_millis(0),
        decision,
        at: Timestamp::from_millis(0),
        after: SimDuration::from_nanos(at.as_nanos()),
        noticed: Timestamp::from_millis((noticed.as_nanos() / 1_000_000) as i64),
        stage,
        gate,
        value: last.map(|it| it.value).filter(|value| value.is_finite()),
        samples: last.map_or(0, |it| it.samples),
        flaw: last.and_then(|it| it.flaw),
    }
}

/// Returns the first criterion of the stage that was judged and does not pass.
fn holding(policy: &Policy, stage: Option<usize>, said: &[Option<Stated>]) -> Option<usize> {
    let criteria = &policy.stages[stage?].criteria;
    let fails = |gate: &usize| {
        let fails = said[*gate].is_some_and(|it| it.judgement != Judgement::Pass);
        criteria.contains(&policy.gates[*gate].id) && fails
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
