//! A look at one gate: what it reads, what it says, and what is remembered of it.

use super::testing::Progress;
use crate::engine::{SimDuration, SimTime};
use crate::faults::Conditions;
use crate::plan::{GatePlan, Plan, Source, intervals};
use crate::policy::gate::{Firing, Flaw, Gate, Judgement, Population, Reading, Tracker, Window};
use crate::telemetry::{Query, Store};

/// What is remembered of one gate.
#[derive(Clone, Debug)]
pub(crate) struct GateMemory {
    pub tracker: Tracker,
    pub reading: Reading,
    /// The limit that the reading was compared with, as a number.
    pub limit: Option<f64>,
    /// The last judgement, and the one that was last written to the history.
    pub judgement: Judgement,
    pub written: Option<(Judgement, Option<Flaw>)>,
    /// Whether the gate fired at its last evaluation.
    pub firing: bool,
    /// What the gate says from now on, where its window has ended: it is done, or inconclusive.
    concluded: Option<Judgement>,
    /// The reading of the canary when its first stage ended.
    pub baseline: Option<Reading>,
    /// The test of a window that takes every request.
    test: Option<Progress>,
}

/// What a look at a gate can see.
pub(crate) struct Sight<'w, 'p> {
    pub plan: &'p Plan,
    pub store: &'w mut Store<'p>,
    pub conditions: &'w mut Conditions<'p>,
    pub answers: &'w mut Answers,
    pub now: SimTime,
}

/// The answers that the store has given at this look, so that equal queries are answered once.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    known: Vec<Option<Reading>>,
    /// Whether somebody reads every value, and not only what gates say of it.
    pub exact: bool,
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

impl<'p> Sight<'_, 'p> {
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
                    return known;
                }
                let query = self.plan.queries[index];
                let marks = if self.answers.exact {
                    &[]
                } else {
                    &self.plan.marks[index][..]
                };
                let asked = (query, marks);
                let reading = self.store.compare(self.conditions, asked, self.now);
                self.answers.known[index] = Some(reading);
                reading
            }
        }
    }

    /// Returns what a gate has read just now with its exact value, which a look need not have found.
    pub fn exactly(&mut self, gate: usize, reading: Reading) -> Reading {
        match self.plan.gates[gate].reads {
            Source::Query(index)
                if !self.answers.exact
                    && !self.plan.marks[index].is_empty()
                    && reading.noted.is_none() =>
            {
                let query = self.plan.queries[index];
                self.store.read(self.conditions, query, self.now)
            }
            _ => reading,
        }
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

impl GateMemory {
    /// What is remembered of a gate that is evaluated `every` so often, before its first look.
    pub fn new(gate: &Gate, plan: &GatePlan, every: SimDuration) -> Self {
        let begun = |test| Progress::new(test, SimTime::ZERO, 0);
        Self {
            test: plan.test.clone().map(begun),
            tracker: Tracker::new(gate.window, every),
            reading: Reading::flawed(Flaw::Missing),
            limit: None,
            judgement: Judgement::Hold,
            written: None,
            firing: false,
            concluded: None,
            baseline: None,
        }
    }

    /// Reads and judges the gate.
    pub fn look(&mut self, gate: usize, sight: &mut Sight<'_, '_>) {
        if let Some(progress) = &mut self.test {
            (self.reading, self.judgement) = sight.take(gate, progress);
            self.limit = sight.gate(gate).1.breach.limit.absolute();
            return;
        }
        let (plan, declared) = sight.gate(gate);
        let reading = sight.read(plan.reads, self.baseline);
        let reference = plan
            .refers_to
            .map(|source| sight.read(source, self.baseline));
        let judged = declared.judge(reading, reference);
        (self.reading, self.judgement, self.limit) = (reading, judged.judgement, judged.limit);
        if declared.window.judges() {
            self.judgement = sight.judge_by_window(gate, self, reference);
        }
        self.judgement = self.concluded.unwrap_or(self.judgement);
    }

    /// Takes over what a gate that judges alike has just read and said.
    pub fn follow(&mut self, leader: Reading, judgement: Judgement) {
        (self.reading, self.judgement) = (leader, judgement);
    }

    /// Whether the last look said something else than what was last written down.
    pub fn is_news(&self) -> bool {
        self.written != Some((self.judgement, self.reading.noted))
    }

    /// Lets the gate's window count the last judgement; returns whether the gate fires now and did not
    /// before.
    ///
    /// A window that has ended counts no more: a gate that is done passes, and one that is inconclusive
    /// says nothing, until the count begins afresh.
    pub fn count(&mut self, gate: &Gate, now: SimTime) -> bool {
        if self.concluded.is_some() {
            return false;
        }
        let value = match gate.window {
            Window::Cusum(_) | Window::Ewma(_) => gate.excess(self.reading),
            _ => self.reading.value,
        };
        let judgement = self.judgement;
        let firing = self.tracker.observe(now, judgement, value, &gate.breach);
        self.concluded = match firing {
            Firing::Done => Some(Judgement::Pass),
            Firing::Inconclusive => Some(Judgement::Hold),
            Firing::Quiet | Firing::Fired | Firing::Errored => None,
        };
        self.judgement = self.concluded.unwrap_or(judgement);
        let fired = matches!(firing, Firing::Fired | Firing::Errored);
        let first = fired && !self.firing;
        self.firing = fired;
        first
    }

    /// Forgets what led to an action, so that the next action needs new evidence: a test begins afresh,
    /// after the intervals that have passed.
    pub fn forget(&mut self, plan: &GatePlan, now: SimTime, passed: u64) {
        let begin = |test| Progress::new(test, now, passed);
        self.test = plan.test.clone().map(begin);
        self.tracker.reset();
        (self.firing, self.concluded) = (false, None);
    }
}
