//! A rollout whose gates are watched: every reading is kept, not only those that say something new.

use crate::controller::{Control as _, ReadingTaken};
use crate::engine::SimTime;
use crate::plan::Plan;
use crate::policy::RolloutPhase;
use crate::policy::gate::Flaw;
use crate::run::Run;

use super::{Simulation, StepStart};

/// What a gate read at one evaluation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watched {
    /// When.
    pub at: SimTime,
    /// The gate, by its index in the policy.
    pub gate: usize,
    /// The value; none where there was something wrong with the data.
    pub value: Option<f64>,
    /// How many samples the value rests on.
    pub samples: u64,
    /// What was wrong with the data.
    pub flaw: Option<Flaw>,
    /// The limit that the value was compared with, as a number; none where what it refers to could not be
    /// read.
    pub limit: Option<f64>,
}

impl Plan {
    /// The readings of a foreign engine, as those of gates.
    pub(super) fn watched(&self, taken: Vec<ReadingTaken>) -> Vec<Watched> {
        let gates = &self.experiment.policy.gates;
        let watched = |(at, gate, reading): ReadingTaken| Watched {
            at,
            gate,
            value: reading.noted.is_none().then_some(reading.value),
            samples: reading.samples,
            flaw: reading.noted,
            limit: gates[gate].breach.limit.absolute(),
        };
        taken.into_iter().map(watched).collect()
    }
}

impl Simulation<'_> {
    /// Plays the only member to the end as [`Simulation::play`] does, and keeps what its gates read.
    ///
    /// # Panics
    /// When there are several.
    pub fn watch(mut self) -> (Run, Vec<Watched>) {
        let mut watched = Vec::new();
        self.read_exactly();
        let run = self.play_with(&mut |played, before| played.note_readings(before, &mut watched));
        (run, watched)
    }

    /// Adds what the gates of `before`'s stage have just read, if they were looked at.
    fn note_readings(&self, before: StepStart, watched: &mut Vec<Watched>) {
        let evaluated = self.controller.next_wake() != before.evaluation;
        if !evaluated || before.phase != RolloutPhase::Active {
            return;
        }
        let plan = self.plant.plan;
        let gates = plan.stages[before.stage].watched.iter();
        for gate in gates.map(|watch| plan.members[0][watch.place]) {
            let memory = self.controller.bank().memory(plan.gates[gate].leader);
            let reading = memory.reading;
            watched.push(Watched {
                at: self.plant.now(),
                gate,
                value: reading.noted.is_none().then_some(reading.value),
                samples: reading.samples,
                flaw: reading.noted,
                limit: memory.limit,
            });
        }
    }
}
