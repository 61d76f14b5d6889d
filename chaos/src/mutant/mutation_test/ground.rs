//! The ground: what a good release reads and when it does what, found out by playing it once.

use sim_core::effect::{Anchor, Change, Course, DataChange, Misread, Misreading};
use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::Gate;
use sim_core::policy::gate::Population;
use sim_core::{Event, Experiment, History, Plan, Seed};

use crate::mutant::add_oracle_gates;

/// An experiment without faults, and how it goes.
pub(super) struct Ground<'e> {
    pub base: &'e Experiment,
    pub root: u64,
    /// What each gate reads of a good release; none for a gate that was never read.
    pub readings: Vec<Option<f64>>,
    /// When each stage was entered.
    pub entered: Vec<Option<SimTime>>,
}

impl<'e> Ground<'e> {
    pub fn new(base: &'e Experiment, root: u64) -> Self {
        let mut experiment = base.clone();
        add_oracle_gates(&mut experiment, &base.policy);
        let seed = Seed {
            root,
            replication: 0,
        };
        let run = Plan::new(&experiment).play(seed);
        let (readings, entered) = Self::noted(base, &run.history);
        Self {
            base,
            root,
            readings,
            entered,
        }
    }

    /// What each gate of `base` read last, and when each stage was entered first.
    fn noted(base: &Experiment, history: &History) -> (Vec<Option<f64>>, Vec<Option<SimTime>>) {
        let own = base.policy.gates.len();
        let mut readings = vec![None; own];
        let mut entered = vec![None; base.policy.stages.len()];
        for (at, event) in history {
            match *event {
                Event::Judged {
                    gate, value, flaw, ..
                } if flaw.is_none() && value.is_finite() => {
                    readings[usize::from(gate) % own] = Some(value);
                }
                Event::StageEntered { stage, .. } => {
                    entered[usize::from(stage)].get_or_insert(*at);
                }
                _ => {}
            }
        }
        (readings, entered)
    }

    /// The time between two evaluations.
    pub fn beat(&self) -> SimDuration {
        self.base.policy.evaluate_every
    }

    /// The window of a gate, as a time from the first breach to the last one that it needs.
    pub fn window(&self, gate: &Gate) -> SimDuration {
        gate.window
            .run_length(self.beat())
            .unwrap_or(SimDuration::ZERO)
    }

    /// How long it takes until a stage is surely converged and its gates have data: a part of its window.
    pub fn settled(&self, stage: usize) -> SimDuration {
        self.base.policy.stages[stage].observe / 4
    }
}

/// From so long after a stage was entered, for as long as is said.
pub(super) fn within(stage: usize, after: SimDuration, lasts: Option<SimDuration>) -> Course {
    Course {
        from: Anchor::StageEntered(stage as u16),
        after,
        lasts,
        ..Course::default()
    }
}

/// A signal that reads as this number where a gate asks what this one asks.
pub(super) fn reads(gate: &Gate, population: Population, value: f64) -> Change {
    Change::Misread(Misread {
        of: DataChange {
            signal: Some(gate.signal.clone()),
            population: Some(population),
        },
        measure: Some(gate.measure),
        reads: Misreading::Constant(value),
    })
}
