//! An AnalysisRun in time: when each metric is measured, what its measurements come to, how the run ends.
//!
//! Source: argo-rollouts v1.10.1 `analysis/analysis.go`; times as they were seen by running it. Times are milliseconds.
//! What is stored of a measurement are whole seconds, so that a latency below a second never shifts the schedule.

mod answer;
mod prepare;
mod round;
mod track;

pub use answer::{Answer, Reading};
pub use prepare::AnalysisSpec;
pub use round::{Measurement, Round};
pub use track::ERROR_RETRY;

use super::assess::{Phase, Tally};
use super::condition::Outcome;
use super::orders::whole_second;
use prepare::prepare;
use track::Track;

/// An AnalysisRun. Reading its conditions is the dear part: make it once and clone it for each repetition.
#[derive(Debug, Clone)]
pub struct AnalysisRun {
    tracks: Vec<Track>,
    invalid: Option<String>,
    terminate: bool,
    started: Option<i64>,
    phase: Phase,
    message: String,
    completed: Option<i64>,
}

impl AnalysisRun {
    /// A run that has not begun.
    pub fn new(spec: &AnalysisSpec) -> Self {
        let (tracks, invalid) = match prepare(spec) {
            Ok(tracks) => (tracks, None),
            Err(message) => (Vec::new(), Some(message)),
        };
        let phase = Phase::Pending;
        Self {
            tracks,
            invalid,
            terminate: false,
            started: None,
            phase,
            message: String::new(),
            completed: None,
        }
    }

    /// The phase of the run.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The engine's words on how it ended.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// When it was complete.
    pub fn completed(&self) -> Option<i64> {
        self.completed
    }

    /// The phases of the metrics that have been measured, by name in their order.
    pub fn metric_phases(&self) -> impl Iterator<Item = (&str, Phase)> {
        let measured = self.tracks.iter().filter(|t| t.last.is_some());
        measured.map(|t| (t.name.as_str(), t.phase))
    }

    /// What was counted for a metric.
    pub fn tally(&self, metric: usize) -> Option<&Tally> {
        self.tracks.get(metric).map(|t| &t.tally)
    }

    /// Whether the result of a metric is left out of the run's.
    pub fn dry(&self, metric: usize) -> bool {
        self.tracks.get(metric).is_some_and(|t| t.dry)
    }

    /// Asks the run to stop: nothing more is measured, and what has not failed is successful. Wake it then.
    pub fn terminate(&mut self) {
        self.terminate = true;
    }

    /// One round of reconciling at `now`. `read` is asked once for each metric that is due, with its index and the time.
    pub fn wake(&mut self, now: i64, read: &mut dyn FnMut(usize, i64) -> Reading) -> Round {
        let mut round = Round {
            over: now,
            ..Round::default()
        };
        if self.phase.completed() {
            return round;
        }
        if let Some(message) = self.invalid.clone() {
            (self.phase, self.message, self.completed) = (Phase::Error, message, Some(now));
            return round;
        }
        round.measurements = self.measure_due(now, read, &mut round.over);
        self.assess(round.over);
        for taken in &mut round.measurements {
            let track = &self.tracks[taken.metric];
            (taken.metric_phase, taken.count) = (track.phase, track.tally.count);
        }
        // What was stored wakes the controller again: a metric that ended the run ends its siblings now.
        if !self.phase.completed()
            && self.terminating()
            && !self.tracks.iter().any(Track::in_flight)
        {
            self.assess(round.over);
        }
        round.next = self.next(round.over);
        round
    }

    fn terminating(&self) -> bool {
        let bad = |t: &Track| matches!(t.phase, Phase::Failed | Phase::Error | Phase::Inconclusive);
        self.terminate
            || self
                .tracks
                .iter()
                .any(|t| t.last.is_some() && !t.dry && bad(t))
    }

    /// Measures what is due; what each metric comes to is not known before all are assessed.
    fn measure_due(
        &mut self,
        now: i64,
        read: &mut dyn FnMut(usize, i64) -> Reading,
        over: &mut i64,
    ) -> Vec<Measurement> {
        let terminating = self.terminating();
        let mut taken = Vec::with_capacity(1);
        for metric in 0..self.tracks.len() {
            if !self.tracks[metric].due(now, self.started, terminating) {
                continue;
            }
            let (phase, answered) = self.measure(metric, now, terminating, read);
            *over = (*over).max(answered);
            taken.push(Measurement {
                metric,
                at: now,
                phase,
                metric_phase: Phase::Running,
                count: 0,
            });
        }
        taken
    }

    fn measure(
        &mut self,
        metric: usize,
        now: i64,
        terminating: bool,
        read: &mut dyn FnMut(usize, i64) -> Reading,
    ) -> (Phase, i64) {
        let track = &mut self.tracks[metric];
        let reading = if terminating && track.in_flight() {
            let answer = Answer::Judged(Outcome::Successful, "Metric Terminated".into());
            Reading { answer, latency: 0 }
        } else {
            read(metric, now)
        };
        let over = now + reading.latency.max(0);
        (track.record(reading.answer, over), over)
    }

    /// Assesses every metric, then the run: the worst of the complete metrics once all are complete or it is stopping.
    fn assess(&mut self, now: i64) {
        let terminating = self.terminating();
        self.started.get_or_insert(whole_second(now));
        let (worst, message, complete) = self.worst(terminating);
        (self.phase, self.message) = match (terminating, worst) {
            (true, None) => (Phase::Successful, message),
            (true, Some(worst)) => (worst, message),
            (false, Some(worst)) if complete => (worst, message),
            _ => (Phase::Running, String::new()),
        };
        if self.phase.completed() {
            self.completed.get_or_insert(now);
        }
    }

    /// The worst phase of the complete metrics with its words, and whether all are complete.
    fn worst(&mut self, terminating: bool) -> (Option<Phase>, String, bool) {
        let mut worst: Option<Phase> = None;
        let mut message = if self.terminate {
            "Run Terminated".to_string()
        } else {
            String::new()
        };
        let mut complete = true;
        for track in &mut self.tracks {
            let Some(phase) = track.assess(terminating) else {
                complete = false;
                continue;
            };
            if track.dry {
                worst = worst.or(Some(Phase::Successful));
            } else if worst.is_none_or(|known| phase.worse_than(known)) {
                worst = Some(phase);
                if let Some(words) = track.words() {
                    message = words;
                }
            }
        }
        (worst, message, complete)
    }

    fn next(&self, now: i64) -> Option<i64> {
        if self.phase.completed() {
            return None;
        }
        let earliest = self
            .tracks
            .iter()
            .filter_map(|t| t.next(self.started.unwrap_or(now)))
            .min()?;
        // The queue wakes after the time, never at it.
        Some((earliest + 1).max(now))
    }
}
