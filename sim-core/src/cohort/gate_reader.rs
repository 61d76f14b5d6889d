//! What a gate reads: the answers of the store, each once at a look.

use crate::engine::SimTime;
use crate::faults::Conditions;
use crate::grid::intervals;
use crate::plan::{GatePlan, Plan, Source};
use crate::policy::gate::{Flaw, Gate, Population, Reading};
use crate::telemetry::{Mark, Query, Store};

/// What a look at a gate can see.
pub(crate) struct GateReader<'w, 'p> {
    pub plan: &'p Plan,
    pub store: &'w mut Store<'p>,
    pub conditions: &'w mut Conditions<'p>,
    pub answers: &'w mut Answers,
    pub now: SimTime,
}

/// The answers that the store has given at this look, so that equal queries are answered once.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    known: Vec<Option<Answer>>,
    /// Whether somebody reads every value, and not only what gates say of it.
    pub exact: bool,
}

#[derive(Clone, Copy, Debug)]
struct Answer {
    reading: Reading,
    /// Whether the value is exact, and not only on the right side of each limit.
    exact: bool,
}

impl Answers {
    pub fn new(plan: &Plan) -> Self {
        Self {
            known: vec![None; plan.queries.len()],
            exact: false,
        }
    }

    /// Forgets all answers: whatever is asked next may be answered otherwise, even at the same instant.
    pub fn forget(&mut self) {
        self.known.fill(None);
    }
}

impl<'p> GateReader<'_, 'p> {
    /// Returns what the plan and the policy say about a gate.
    pub(super) fn gate(&self, gate: usize) -> (&'p GatePlan, &'p Gate) {
        let plan = self.plan;
        (&plan.gates[gate], &plan.experiment.policy.gates[gate])
    }

    pub(super) fn read(&mut self, source: Source, baseline: Option<Reading>) -> Reading {
        match source {
            Source::Baseline => baseline.unwrap_or(Reading::flawed(Flaw::Missing)),
            Source::Query(index) => {
                if let Some(known) = self.answers.known[index] {
                    return known.reading;
                }
                let marks = if self.answers.exact {
                    &[]
                } else {
                    &self.plan.marks[index][..]
                };
                self.answer(index, marks)
            }
        }
    }

    /// Returns what a gate has read just now with its exact value, which a look need not have found.
    pub fn exactly(&mut self, gate: usize, reading: Reading) -> Reading {
        let Source::Query(index) = self.plan.gates[gate].reads else {
            return reading;
        };
        if reading.noted.is_some() || self.plan.marks[index].is_empty() {
            return reading;
        }
        match self.answers.known[index] {
            Some(Answer { reading, exact }) if exact => reading,
            _ if self.answers.exact => reading,
            _ => self.answer(index, &[]),
        }
    }

    /// Asks the store, and keeps its answer for this look.
    fn answer(&mut self, index: usize, marks: &[Mark]) -> Reading {
        let asked = (self.plan.queries[index], marks);
        let reading = self.store.compare(self.conditions, asked, self.now);
        self.answers.known[index] = Some(Answer {
            reading,
            exact: marks.is_empty(),
        });
        reading
    }

    /// Draws what a look at the gate would draw.
    pub fn touch(&mut self, gate: usize) {
        let plan = &self.plan.gates[gate];
        for source in [Some(plan.reads), plan.refers_to].into_iter().flatten() {
            if let Source::Query(index) = source
                && self.answers.known[index].is_none()
            {
                let query = self.plan.queries[index];
                self.store.draw(self.conditions, query, self.now);
            }
        }
    }

    /// Reads what the canary showed over its whole first stage, for a gate that refers to it.
    pub fn baseline(&mut self, gate: usize) -> Option<Reading> {
        let plan = &self.plan.gates[gate];
        if plan.reads != Source::Baseline && plan.refers_to != Some(Source::Baseline) {
            return None;
        }
        let policy = &self.plan.experiment.policy;
        let declared = &policy.gates[gate];
        let whole = policy.stages[0].observe.max(declared.over);
        let query = Query {
            signal: plan.signal,
            population: Population::Canary,
            measure: declared.measure,
            back: intervals(whole, self.plan.interval),
        };
        Some(self.store.read(self.conditions, query, self.now))
    }
}
