//! An AnalysisRun in time: when each metric is measured, what its measurements come to, how the run ends.
//!
//! Source: argo-rollouts v1.10.1 `analysis/analysis.go`; times as they were seen by running it. Times are milliseconds.
//! What is stored of a measurement are whole seconds, so that a latency below a second never shifts the schedule.

use std::sync::Arc;

use super::args::{self, Argument};
use super::assess::{Phase, Tally, metric_phase, passed_limit};
use super::condition::{Conditions, Outcome, Value};
use super::metric::{self, Limits, Metric};
use super::orders::whole_second;
use crate::pattern::Pattern;

/// After an error a metric is measured again after so many milliseconds, whatever its interval.
pub const ERROR_RETRY: i64 = 10_000;

/// An analysis to run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnalysisSpec {
    /// The metrics of all its templates.
    pub metrics: Vec<Metric>,
    /// Arguments with their values.
    pub args: Vec<Argument>,
    /// Patterns of names of metrics whose result does not count. They are searched for, not anchored.
    pub dry_run: Vec<String>,
}

/// What a provider gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// An answer that the conditions judge.
    Value(Value),
    /// A judgement of the provider itself: a job that ran, a Kayenta score.
    Judged(Outcome, String),
    /// No answer, with the words of the provider: the measurement is an error.
    Failure(String),
    /// Not finished yet: ask again at this time, or, without one, whenever the run is woken.
    Later(Option<i64>),
}

/// What one request to a provider came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The answer.
    pub answer: Answer,
    /// Milliseconds that it took. Requests of one round run side by side.
    pub latency: i64,
}

/// A measurement that was taken or finished in a round.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Index of the metric.
    pub metric: usize,
    /// When the request was made.
    pub at: i64,
    /// What it came to.
    pub phase: Phase,
    /// The phase of its metric after the round.
    pub metric_phase: Phase,
    /// The count of its metric after the round.
    pub count: i64,
}

/// What a round of reconciling did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Round {
    /// What was measured.
    pub measurements: Vec<Measurement>,
    /// When the round was over: later than its start by the longest latency.
    pub over: i64,
    /// When the run wants to be woken next; none if it is complete, or waits for an answer only.
    pub next: Option<i64>,
}

#[derive(Debug, Clone)]
struct Last {
    phase: Phase,
    finished: Option<i64>,
    resume: Option<i64>,
    message: String,
}

#[derive(Debug, Clone)]
struct Track {
    name: String,
    limits: Limits,
    interval: Option<i64>,
    delay: Option<i64>,
    conditions: Arc<Conditions>,
    dry: bool,
    tally: Tally,
    last: Option<Last>,
    phase: Phase,
    message: String,
}

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
        let terminating = self.terminating();
        for i in self.due(now, terminating) {
            let (phase, over) = self.measure(i, now, terminating, read);
            round.over = round.over.max(over);
            let (metric_phase, count) = (Phase::Running, 0);
            round.measurements.push(Measurement {
                metric: i,
                at: now,
                phase,
                metric_phase,
                count,
            });
        }
        self.assess(round.over);
        for taken in &mut round.measurements {
            let track = &self.tracks[taken.metric];
            (taken.metric_phase, taken.count) = (track.phase, track.tally.count);
        }
        // What was stored wakes the controller again: a metric that ended the run ends its siblings now.
        if !self.phase.completed() && self.terminating() && !self.in_flight() {
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

    fn in_flight(&self) -> bool {
        self.tracks
            .iter()
            .any(|t| t.last.as_ref().is_some_and(|last| last.finished.is_none()))
    }

    fn due(&self, now: i64, terminating: bool) -> Vec<usize> {
        let tracks = self.tracks.iter().enumerate();
        tracks
            .filter(|(_, t)| t.due(now, self.started, terminating))
            .map(|(i, _)| i)
            .collect()
    }

    fn measure(
        &mut self,
        i: usize,
        now: i64,
        terminating: bool,
        read: &mut dyn FnMut(usize, i64) -> Reading,
    ) -> (Phase, i64) {
        let track = &mut self.tracks[i];
        let stopped = terminating
            && track
                .last
                .as_ref()
                .is_some_and(|last| last.finished.is_none());
        let reading = if stopped {
            let answer = Answer::Judged(Outcome::Successful, "Metric Terminated".into());
            Reading { answer, latency: 0 }
        } else {
            read(i, now)
        };
        let over = now + reading.latency.max(0);
        let (outcome, message) = match reading.answer {
            Answer::Value(value) => track.conditions.judge(&value),
            Answer::Judged(outcome, message) => (outcome, message),
            Answer::Failure(message) => (Outcome::Error, message),
            Answer::Later(resume) => {
                let message = String::new();
                track.last = Some(Last {
                    phase: Phase::Running,
                    finished: None,
                    resume,
                    message,
                });
                return (Phase::Running, over);
            }
        };
        track.tally.add(outcome);
        let phase = Phase::from(outcome);
        track.last = Some(Last {
            phase,
            finished: Some(whole_second(over)),
            resume: None,
            message,
        });
        (phase, over)
    }

    /// Assesses every metric, then the run: the worst of the complete metrics once all are complete or it is stopping.
    fn assess(&mut self, now: i64) {
        let terminating = self.terminating();
        self.started.get_or_insert(whole_second(now));
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

impl Track {
    fn due(&self, now: i64, started: Option<i64>, terminating: bool) -> bool {
        if self.phase.completed() {
            return false;
        }
        let Some(last) = &self.last else {
            return !terminating
                && self
                    .delay
                    .is_none_or(|delay| started.is_some_and(|s| s + delay <= now));
        };
        let Some(finished) = last.finished else {
            return terminating || last.resume.is_none_or(|resume| resume <= now);
        };
        !terminating && !self.counted_out() && now > finished + self.gap(last)
    }

    fn counted_out(&self) -> bool {
        self.limits
            .count
            .is_some_and(|count| self.tally.count >= count)
    }

    fn gap(&self, last: &Last) -> i64 {
        if last.phase == Phase::Error {
            ERROR_RETRY
        } else {
            self.interval.unwrap_or(ERROR_RETRY)
        }
    }

    fn next(&self, started: i64) -> Option<i64> {
        if self.phase.completed() {
            return None;
        }
        let Some(last) = &self.last else {
            return self.delay.map(|delay| started + delay);
        };
        let Some(finished) = last.finished else {
            return last.resume;
        };
        let repeats = last.phase == Phase::Error || self.interval.is_some();
        (repeats && !self.counted_out()).then(|| finished + self.gap(last))
    }

    /// The phase if the metric is complete.
    fn assess(&mut self, terminating: bool) -> Option<Phase> {
        let last = self.last.as_ref()?;
        if !self.phase.completed() {
            let phase = metric_phase(&self.limits, &self.tally, Some(last.phase), terminating);
            if phase != self.phase {
                self.message.clone_from(&last.message);
            }
            self.phase = phase;
        }
        self.phase.completed().then_some(self.phase)
    }

    fn words(&self) -> Option<String> {
        let (_, why) = passed_limit(&self.limits, &self.tally)?;
        let mut words = format!(
            "Metric \"{}\" assessed {:?} due to {why}",
            self.name, self.phase
        );
        if !self.message.is_empty() {
            words.push_str(&format!(": \"Error Message: {}\"", self.message));
        }
        Some(words)
    }
}

fn prepare(spec: &AnalysisSpec) -> Result<Vec<Track>, String> {
    let resolved: Result<Vec<Metric>, String> = spec
        .metrics
        .iter()
        .map(|m| args::resolve(m, &spec.args))
        .collect();
    let metrics = resolved.map_err(|e| format!("Unable to resolve metric arguments: {e}"))?;
    let invalid = |e: String| format!("Analysis spec invalid: {e}");
    metric::validate_all(&metrics).map_err(invalid)?;
    let dry = dry_metrics(&spec.dry_run, &metrics).map_err(invalid)?;
    metrics
        .iter()
        .zip(dry)
        .map(|(metric, dry)| track(metric, dry))
        .collect()
}

fn track(metric: &Metric, dry: bool) -> Result<Track, String> {
    let time = |text: &str| {
        (!text.is_empty())
            .then(|| metric::milliseconds(text))
            .transpose()
    };
    Ok(Track {
        name: metric.name.clone(),
        limits: metric.limits(),
        interval: time(&metric.interval)?,
        delay: time(&metric.initial_delay)?,
        conditions: Arc::new(metric.conditions()),
        dry,
        tally: Tally::default(),
        last: None,
        phase: Phase::Running,
        message: String::new(),
    })
}

/// Which metrics are dry: a rule that is found in no name is an error; a rule that is no pattern is found in none.
fn dry_metrics(rules: &[String], metrics: &[Metric]) -> Result<Vec<bool>, String> {
    let mut dry = vec![false; metrics.len()];
    for (i, rule) in rules.iter().enumerate() {
        let pattern = Pattern::searched(rule).ok();
        let mut found = false;
        for (dry, metric) in dry.iter_mut().zip(metrics) {
            if pattern.as_ref().is_some_and(|p| p.matches(&metric.name)) {
                (*dry, found) = (true, true);
            }
        }
        if !found {
            return Err(format!("dryRun[{i}]: Rule didn't match any metric name(s)"));
        }
    }
    Ok(dry)
}
