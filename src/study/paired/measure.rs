//! What is compared: a number that each rollout of a pair has, or has not.

use scenarios::Verdict as Release;
use serde::{Deserialize, Serialize};
use sim_core::engine::SimTime;
use sim_core::{Outcome, Run};

use crate::study::case::Case;
use crate::study::facts::Facts;
use crate::study::rate::Rate;

/// Something in which two rollouts of a pair can differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// A good release was rolled back, fell back, was killed or aborted.
    FalseRollback,
    /// A good release stood still to the end.
    StalledRelease,
    /// A bad release was completed, or nothing was done about it.
    MissedRegression,
    /// A rollback that began in both rollouts ended within the policy's deadline.
    RollbackWithinDeadline,
    /// The rollout of a bad release ended before the regression began, so that it says nothing about how
    /// a regression is dealt with.
    EndedBeforeRegression,
    /// The exposure stayed within the policy's blast radius.
    BlastWithin,
    /// The time until a bad release was acted upon; one that never was counts until the horizon, so
    /// that a policy that misses the slow ones is not called fast (a restricted mean).
    Detection,
    /// The time from the trigger until the last host was back, where both rolled back; one that
    /// never ended counts until the horizon.
    RollbackTime,
    /// The time from the start to the completion of a good release, where both completed it.
    Duration,
    /// Minutes of full outage that the errors of the new version amount to.
    Harm,
    /// The largest share that served a bad version.
    Reached,
}

/// The unit in which a measure is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureUnit {
    /// A fraction of the rollouts: the measure is yes or no.
    Rate,
    /// Seconds; counted in milliseconds.
    Seconds,
    /// Minutes; counted in thousandths.
    Minutes,
    /// A fraction of the fleet or the traffic; counted in parts per million.
    Share,
}

impl MeasureUnit {
    /// Returns how many counts make one unit.
    pub const fn scale(self) -> f64 {
        match self {
            Self::Rate => 1.0,
            Self::Seconds | Self::Minutes => 1e3,
            Self::Share => 1e6,
        }
    }
}

impl Measure {
    /// All measures, in the order of reports.
    pub const ALL: [Self; 11] = [
        Self::FalseRollback,
        Self::StalledRelease,
        Self::MissedRegression,
        Self::EndedBeforeRegression,
        Self::RollbackWithinDeadline,
        Self::BlastWithin,
        Self::Detection,
        Self::RollbackTime,
        Self::Duration,
        Self::Harm,
        Self::Reached,
    ];

    /// Returns the word that reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FalseRollback => Rate::FalseRollback.word(),
            Self::StalledRelease => Rate::StalledRelease.word(),
            Self::MissedRegression => Rate::MissedRegression.word(),
            Self::EndedBeforeRegression => Rate::EndedBeforeRegression.word(),
            Self::RollbackWithinDeadline => Rate::RollbackWithinDeadline.word(),
            Self::BlastWithin => Rate::BlastWithin.word(),
            Self::Detection => "detection",
            Self::RollbackTime => "rollback_time",
            Self::Duration => "duration",
            Self::Harm => "harm",
            Self::Reached => "reached",
        }
    }

    /// Returns the unit.
    pub const fn unit(self) -> MeasureUnit {
        match self {
            Self::Detection | Self::RollbackTime | Self::Duration => MeasureUnit::Seconds,
            Self::Harm => MeasureUnit::Minutes,
            Self::Reached => MeasureUnit::Share,
            _ => MeasureUnit::Rate,
        }
    }

    /// Says whether more is better.
    pub const fn is_wanted(self) -> bool {
        matches!(self, Self::RollbackWithinDeadline | Self::BlastWithin)
    }

    /// Returns the measure of one rollout in whole counts; none where it has no such thing.
    pub fn of(self, case: &Case, run: &Run, facts: &Facts) -> Option<i64> {
        let was = |rate: Rate| facts.rates.get(&rate) == Some(&true);
        let early = was(Rate::EndedBeforeRegression) || was(Rate::StoppedByChance);
        let bad = case.release == Release::Bad;
        let rate = |rate| facts.rates.get(&rate).map(|&happened| i64::from(happened));
        let until_horizon = |time: Option<u64>| {
            time.unwrap_or(case.experiment().horizon.as_nanos() / 1_000_000) as i64
        };
        match self {
            Self::FalseRollback => rate(Rate::FalseRollback),
            Self::StalledRelease => rate(Rate::StalledRelease),
            Self::MissedRegression => rate(Rate::MissedRegression),
            Self::EndedBeforeRegression => rate(Rate::EndedBeforeRegression),
            Self::RollbackWithinDeadline => rate(Rate::RollbackWithinDeadline),
            Self::BlastWithin => rate(Rate::BlastWithin),
            Self::Detection => facts.detection_ms.map(until_horizon),
            Self::RollbackTime => facts.rollback_ms.map(until_horizon),
            Self::Duration => (!bad && run.outcome == Outcome::Completed).then(|| lasted(run)),
            Self::Harm => facts.error_millimin.map(|harm| harm as i64),
            Self::Reached => (bad && !early).then_some(facts.reached_ppm as i64),
        }
    }
}

/// The milliseconds from the start to the last event.
fn lasted(run: &Run) -> i64 {
    let end = run
        .history
        .iter()
        .last()
        .map_or(SimTime::ZERO, |(at, _)| *at);
    (end.as_nanos() / 1_000_000) as i64
}
