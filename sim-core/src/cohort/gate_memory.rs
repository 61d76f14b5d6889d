//! What is remembered of one gate: what it read, what it said, and how far its window is.

use super::gate_reader::GateReader;
use super::progress::Progress;
use crate::engine::{SimDuration, SimTime};
use crate::plan::GatePlan;
use crate::policy::gate::{Firing, Flaw, Gate, Judged, Judgement, Reading, Tracker};

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
    /// What the gate said last on data that it could compare, and their value.
    kept: Option<(Judgement, f64)>,
    /// Whether it does not fire in this rollout, because it was red before.
    pub muted: bool,
    /// Since when its window has fired, for a gate that asks for a duration.
    lasting: Option<SimTime>,
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
            kept: None,
            lasting: None,
            muted: false,
        }
    }

    /// Reads and judges the gate.
    pub fn look(&mut self, gate: usize, reader: &mut GateReader<'_, '_>) {
        if let Some(progress) = &mut self.test {
            (self.reading, self.judgement) = reader.take(gate, progress);
            self.limit = reader.gate(gate).1.breach.limit.absolute();
            return;
        }
        let (plan, declared) = reader.gate(gate);
        let reading = reader.read(plan.reads, self.baseline);
        let reference = plan
            .refers_to
            .map(|source| reader.read(source, self.baseline));
        let judged = declared.judge(reading, reference);
        (self.reading, self.judgement, self.limit) = (reading, judged.judgement, judged.limit);
        if declared.window.judges() {
            let judged = (reading, self.judgement);
            let besides = (self.baseline, reference);
            self.judgement = reader.judge_by_window(gate, judged, besides);
        }
        if !declared.keep.is_empty() {
            self.keep(declared);
        }
        self.judgement = self.concluded.unwrap_or(self.judgement);
    }

    /// Says what was said before where the gate keeps that on data with such a flaw.
    fn keep(&mut self, declared: &Gate) {
        match (self.reading.flaw(declared.min_samples), self.kept) {
            (None, _) => self.kept = Some((self.judgement, self.reading.value)),
            (Some(flaw), Some((judgement, value))) if declared.keep.contains(&flaw) => {
                (self.judgement, self.reading.value) = (judgement, value);
            }
            _ => {}
        }
    }

    /// What is written down: what the gate read and says of it, or, where a window fires that judges something else than the
    /// last reading, what it judged.
    pub fn stated(&self, gate: &Gate) -> (Reading, Judged) {
        let judged = self
            .firing
            .then(|| self.tracker.judged(gate.over, &gate.breach));
        let (judgement, limit) = (self.judgement, self.limit);
        match judged.flatten() {
            Some((reading, limit)) => {
                let judgement = Judgement::Breach;
                (reading, Judged { judgement, limit })
            }
            None => (self.reading, Judged { judgement, limit }),
        }
    }

    /// Takes over what a gate that judges alike has just read and said.
    pub fn follow(&mut self, leader: Reading, judged: Judged) {
        self.reading = leader;
        (self.judgement, self.limit) = (judged.judgement, judged.limit);
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
        if self.concluded.is_some() || self.muted {
            return false;
        }
        let mut reading = self.reading;
        if gate.window.is_chart() {
            reading.value = gate.excess(reading);
        }
        let judgement = self.judgement;
        let firing = self
            .tracker
            .observe(now, judgement, (reading, self.limit), &gate.breach);
        self.concluded = match firing {
            Firing::Done => Some(Judgement::Pass),
            Firing::Inconclusive => Some(Judgement::Hold),
            Firing::Quiet | Firing::Fired | Firing::Errored => None,
        };
        self.judgement = self.concluded.unwrap_or(judgement);
        let fired = matches!(firing, Firing::Fired | Firing::Errored);
        let fired = match gate.lasting {
            Some(lasting) => self.has_lasted(lasting, fired, now),
            None => fired,
        };
        let first = fired && !self.firing;
        self.firing = fired;
        first
    }

    /// Whether the window has fired for so long, up to now.
    fn has_lasted(&mut self, lasting: SimDuration, fires: bool, now: SimTime) -> bool {
        if !fires {
            if !matches!(self.judgement, Judgement::Hold | Judgement::Error) {
                self.lasting = None;
            }
            return false;
        }
        let since = *self.lasting.get_or_insert(now);
        now.saturating_since(since) >= lasting
    }

    /// Forgets what led to an action, so that the next action needs new evidence: a test begins afresh,
    /// after the intervals that have passed.
    pub fn forget(&mut self, plan: &GatePlan, now: SimTime, passed: u64) {
        let begin = |test| Progress::new(test, now, passed);
        self.test = plan.test.clone().map(begin);
        self.tracker.reset();
        (self.firing, self.concluded) = (false, None);
        (self.kept, self.lasting) = (None, None);
    }
}
