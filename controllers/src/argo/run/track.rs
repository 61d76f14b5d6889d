//! One metric of a run: when it is due, what its measurements come to.
//!
//! Source: argo-rollouts v1.10.1 `analysis/analysis.go`.

use std::sync::Arc;

use super::answer::Answer;
use crate::argo::assess::{Phase, Tally, metric_phase, passed_limit};
use crate::argo::condition::{Conditions, Outcome};
use crate::argo::metric::Limits;
use crate::argo::orders::whole_second;

/// After an error a metric is measured again after so many milliseconds, whatever its interval.
pub const ERROR_RETRY: i64 = 10_000;

/// The last measurement, with the engine's words on it.
#[derive(Debug, Clone)]
pub(super) struct Last {
    pub(super) phase: Phase,
    pub(super) finished: Option<i64>,
    pub(super) resume: Option<i64>,
    pub(super) message: String,
}

/// A metric that is measured.
#[derive(Debug, Clone)]
pub(super) struct Track {
    pub(super) name: String,
    pub(super) limits: Limits,
    pub(super) interval: Option<i64>,
    pub(super) delay: Option<i64>,
    pub(super) conditions: Arc<Conditions>,
    pub(super) dry: bool,
    pub(super) tally: Tally,
    pub(super) last: Option<Last>,
    pub(super) phase: Phase,
    pub(super) message: String,
}

impl Track {
    pub(super) fn due(&self, now: i64, started: Option<i64>, terminating: bool) -> bool {
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

    pub(super) fn next(&self, started: i64) -> Option<i64> {
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
    pub(super) fn assess(&mut self, terminating: bool) -> Option<Phase> {
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

    pub(super) fn words(&self) -> Option<String> {
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

    /// It was asked and has not answered yet.
    pub(super) fn in_flight(&self) -> bool {
        let last = self.last.as_ref();
        last.is_some_and(|last| last.finished.is_none())
    }

    /// Notes an answer that came at `over`, and returns the phase of the measurement.
    pub(super) fn record(&mut self, answer: Answer, over: i64) -> Phase {
        let (outcome, message) = match answer {
            Answer::Value(value) => self.conditions.judge(&value),
            Answer::Judged(outcome, message) => (outcome, message),
            Answer::Failure(message) => (Outcome::Error, message),
            Answer::Later(resume) => {
                self.last = Some(Last {
                    phase: Phase::Running,
                    finished: None,
                    resume,
                    message: String::new(),
                });
                return Phase::Running;
            }
        };
        self.tally.add(outcome);
        let phase = Phase::from(outcome);
        self.last = Some(Last {
            phase,
            finished: Some(whole_second(over)),
            resume: None,
            message,
        });
        phase
    }
}
