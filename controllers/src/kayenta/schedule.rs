//! A canary analysis over time: when it is judged, on which window, and when it ends.
//!
//! Source: `SetupAndExecuteCanariesStage.java`, `MonitorCanaryTask.java`, `GenerateCanaryAnalysisResultTask.java` of
//! kayenta-standalone-canary-analysis (a69573b).

use super::form::ScoreThresholds;
use super::mode::{Mode, Repair};

/// The times of an execution request, minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `lifetimeDurationMins`: from the first window's beginning to the last one's end.
    pub lifetime: u64,
    /// `beginAfterMins`: waiting before the first window begins.
    pub warm_up: u64,
    /// `analysisIntervalMins`; 0, nothing, or more than the lifetime: one judgement at the end.
    pub interval: Option<u64>,
    /// `lookbackMins`; 0: the window grows from the beginning.
    pub look_back: u64,
}

/// One judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Minutes from the start of the request at which the window begins.
    pub from: i64,
    /// Minutes from the start at which it ends and is judged.
    pub to: i64,
}

/// What follows from a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The next judgement.
    GoOn,
    /// The analysis has passed.
    Passed,
    /// The analysis has failed.
    Failed,
}

impl Request {
    /// All judgements in order. What is left of the lifetime after the last whole interval is never judged; no lifetime
    /// has no judgement (Kayenta divides by zero there).
    #[must_use]
    pub fn windows(&self) -> Vec<Window> {
        let interval = match self.interval {
            Some(minutes) if minutes > 0 && minutes <= self.lifetime => minutes,
            _ => self.lifetime,
        };
        let judgements = self.lifetime.checked_div(interval).unwrap_or(0);
        (1..=judgements)
            .map(|number| self.window(number * interval))
            .collect()
    }

    fn window(&self, offset: u64) -> Window {
        let minutes = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let to = minutes(self.warm_up + offset);
        let from = match self.look_back {
            0 => minutes(self.warm_up),
            back => to - minutes(back),
        };
        Window { from, to }
    }
}

/// What follows from the score of a judgement. A score equal to the marginal one ends the analysis, although the judge
/// calls it Marginal.
#[must_use]
pub fn next(score: f64, thresholds: ScoreThresholds, is_last: bool, mode: Mode) -> Next {
    let equal_stops = !mode.has(Repair::EqualMarginal);
    let stops = if equal_stops {
        score <= thresholds.marginal
    } else {
        score < thresholds.marginal
    };
    match (stops, is_last) {
        (true, _) => Next::Failed,
        (false, false) => Next::GoOn,
        (false, true) if score < thresholds.pass => Next::Failed,
        (false, true) => Next::Passed,
    }
}
