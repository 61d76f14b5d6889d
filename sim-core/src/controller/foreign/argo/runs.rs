//! Analyses and what else runs beside a Rollout.

use std::sync::Arc;

use controllers::argo::assess::Phase;
use controllers::argo::condition::{Outcome, Value};
use controllers::argo::orders::{Available, RunId, RunKind, Seen};
use controllers::argo::run::{AnalysisRun, Answer, Measurement, Reading as Read};

use super::super::clock::{instant, lasts};
use super::super::pods::Pods;
use super::super::reader::{ReadingTaken, called, chance, number, read};
use super::super::teller::Teller;
use crate::decider::{AnswerShape, ArgoDecider, ArgoRunner, Probe, ProbeAnswer};
use crate::plant::Plant;
use crate::policy::Judgement;
use crate::policy::gate::Reading;

/// All that was started and is not over, or that the controller has not looked at since.
#[derive(Clone)]
pub(super) struct Runs {
    /// What each run of the decider is before it has begun; none for what is no analysis.
    prototypes: Arc<Vec<Option<AnalysisRun>>>,
    all: Vec<StartedRun>,
    /// The gate that ended the last run that ended badly.
    pub culprit: Option<usize>,
    /// The readings that were taken, where somebody watches.
    pub taken: Option<Vec<ReadingTaken>>,
    /// How many calls were answered by chance.
    calls: u32,
}

#[derive(Clone)]
struct StartedRun {
    id: RunId,
    /// Its place in the decider's list.
    which: usize,
    body: Body,
    /// When it is to be looked at again, in milliseconds.
    next: Option<i64>,
}

#[derive(Clone)]
enum Body {
    Analysis {
        run: AnalysisRun,
        /// For each metric when the job that it waits for is done.
        waits: Vec<Option<i64>>,
    },
    Opaque {
        phase: Phase,
    },
}

impl StartedRun {
    fn phase(&self) -> (Phase, &str) {
        match &self.body {
            Body::Analysis { run, .. } => (run.phase(), run.message()),
            Body::Opaque { phase } => (*phase, ""),
        }
    }
}

impl Runs {
    pub fn new(prototypes: Arc<Vec<Option<AnalysisRun>>>) -> Self {
        Self {
            prototypes,
            all: Vec::new(),
            culprit: None,
            taken: None,
            calls: 0,
        }
    }

    /// What the controller sees.
    pub fn seen(&self, now: i64, new: &Pods, stable: &Pods) -> Seen {
        let run = |run: &StartedRun| {
            let (phase, message) = run.phase();
            (run.id, phase, message.to_owned())
        };
        Seen {
            runs: self.all.iter().map(run).collect(),
            ..Self::seen_pods(now, new, stable)
        }
    }

    /// The pods that the controller sees.
    pub fn seen_pods(now: i64, new: &Pods, stable: &Pods) -> Seen {
        let there = |pods: &Pods| Available {
            created: pods.created(),
            available: pods.available(now),
        };
        Seen {
            new: there(new),
            stable: there(stable),
            ..Seen::default()
        }
    }

    /// When the first of them is to be looked at.
    pub fn next(&self) -> Option<i64> {
        self.all.iter().filter_map(|run| run.next).min()
    }

    /// Starts what the decider has for `kind`.
    pub fn start(
        &mut self,
        plant: &mut Plant<'_>,
        decider: &ArgoDecider,
        (id, kind): (RunId, RunKind),
        now: i64,
    ) {
        let Some(which) = decider.runs.iter().position(|run| run.kind == kind) else {
            return;
        };
        let body = match &self.prototypes[which] {
            Some(run) => Body::Analysis {
                run: run.clone(),
                waits: Vec::new(),
            },
            None => Body::Opaque {
                phase: Phase::Running,
            },
        };
        // What is over was seen; what it was no longer matters.
        self.all
            .retain(|run| run.which != which || !run.phase().0.completed());
        let next = match &decider.runs[which].runner {
            ArgoRunner::Opaque { takes, .. } => now + lasts(*takes),
            ArgoRunner::Analysis { .. } => now,
        };
        self.all.push(StartedRun {
            id,
            which,
            body,
            next: Some(next),
        });
        self.measure(plant, decider, now);
    }

    /// Tells a run to stop.
    pub fn stop(&mut self, plant: &mut Plant<'_>, decider: &ArgoDecider, id: RunId, now: i64) {
        let Some(run) = self.all.iter_mut().find(|run| run.id == id) else {
            return;
        };
        match &mut run.body {
            Body::Analysis { run: analysis, .. } => {
                analysis.terminate();
                run.next = Some(now);
                self.measure(plant, decider, now);
            }
            Body::Opaque { phase } => {
                (*phase, run.next) = (Phase::Successful, None);
            }
        }
    }

    /// Looks at everything that is due; says whether a run has another phase now.
    pub fn measure(&mut self, plant: &mut Plant<'_>, decider: &ArgoDecider, now: i64) -> bool {
        let mut moved = false;
        for place in 0..self.all.len() {
            if self.all[place].next.is_some_and(|at| at <= now) {
                let before = self.all[place].phase().0;
                match &decider.runs[self.all[place].which].runner {
                    ArgoRunner::Analysis { probes, .. } => {
                        self.measure_analysis(plant, probes, place, now);
                    }
                    ArgoRunner::Opaque { gate, passes, .. } => {
                        self.end_opaque(plant, (*gate, *passes), place);
                    }
                }
                moved |= self.all[place].phase().0 != before;
            }
        }
        moved
    }

    fn measure_analysis(
        &mut self,
        plant: &mut Plant<'_>,
        probes: &[Probe],
        place: usize,
        now: i64,
    ) {
        let mut readings = vec![None; probes.len()];
        let Body::Analysis { run, waits } = &mut self.all[place].body else {
            return;
        };
        waits.resize(probes.len(), None);
        let calls = &mut self.calls;
        let round = run.wake(now, &mut |metric, at| {
            let asked = &mut (&mut waits[metric], &mut readings[metric]);
            answer(plant, &probes[metric], at, asked, calls)
        });
        let ended = run.phase();
        let bad = |phase| matches!(phase, Phase::Failed | Phase::Error | Phase::Inconclusive);
        self.all[place].next = round.next;
        let mut culprit = None;
        for Measurement {
            metric,
            phase,
            metric_phase,
            ..
        } in round.measurements
        {
            let gate = probes[metric].gate;
            let reading = readings[metric].unwrap_or(called(phase == Phase::Successful));
            if let Some(judgement) = judgement(phase) {
                Teller::judged(plant, gate, judgement, reading);
                if let Some(taken) = &mut self.taken {
                    taken.push((instant(now), gate, reading));
                }
            }
            if metric_phase == ended && bad(ended) {
                culprit = Some(gate);
            }
        }
        if bad(ended) {
            // A run that is an error before it has measured anything ends by its first metric.
            let first = probes.first().map(|probe| probe.gate);
            if culprit.is_none()
                && let Some(gate) = first
            {
                Teller::judged(plant, gate, Judgement::Error, called(false));
            }
            self.culprit = culprit.or(first);
        }
    }

    fn end_opaque(&mut self, plant: &mut Plant<'_>, (gate, passes): (usize, f64), place: usize) {
        self.calls += 1;
        let passed = chance(plant, passes, (gate, self.calls));
        let (phase, judgement) = if passed {
            (Phase::Successful, Judgement::Pass)
        } else {
            self.culprit = Some(gate);
            (Phase::Failed, Judgement::Breach)
        };
        Teller::judged(plant, gate, judgement, called(passed));
        let run = &mut self.all[place];
        (run.body, run.next) = (Body::Opaque { phase }, None);
    }
}

/// Answers one question of a metric.
fn answer(
    plant: &mut Plant<'_>,
    probe: &Probe,
    at: i64,
    (waits, taken): &mut (&mut Option<i64>, &mut Option<Reading>),
    calls: &mut u32,
) -> Read {
    let answer = match &probe.answer {
        ProbeAnswer::Signal { unit, shape } => {
            let reading = read(plant, probe.gate);
            **taken = Some(reading);
            let number = number(plant, (probe.gate, *unit), reading);
            Answer::Value(match (shape, number) {
                (AnswerShape::Vector, Some(number)) => Value::vector(&[number]),
                (AnswerShape::Vector, None) => Value::vector(&[]),
                (AnswerShape::Number, Some(number)) => Value::Float(number),
                (AnswerShape::Number, None) => Value::Nil,
            })
        }
        ProbeAnswer::Chance { passes, takes } => {
            let done = *waits.get_or_insert(at + lasts(*takes));
            if done > at {
                return later(done);
            }
            **waits = None;
            *calls += 1;
            let passed = chance(plant, *passes, (probe.gate, *calls));
            **taken = Some(called(passed));
            let outcome = if passed {
                Outcome::Successful
            } else {
                Outcome::Failed
            };
            Answer::Judged(outcome, String::new())
        }
    };
    Read { answer, latency: 0 }
}

fn later(at: i64) -> Read {
    let answer = Answer::Later(Some(at));
    Read { answer, latency: 0 }
}

/// What a measurement says of the release; none while it is not finished.
const fn judgement(phase: Phase) -> Option<Judgement> {
    match phase {
        Phase::Successful => Some(Judgement::Pass),
        Phase::Failed => Some(Judgement::Breach),
        Phase::Inconclusive => Some(Judgement::Hold),
        Phase::Error => Some(Judgement::Error),
        Phase::Running | Phase::Pending => None,
    }
}
