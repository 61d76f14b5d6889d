//! What a candidate is judged by: the vector of objectives.

use super::sample::Sample;

/// One figure of a candidate over many rollouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// The share of good releases that were taken back.
    FalseRollback,
    /// The share of good releases that stood still to the end.
    StalledRelease,
    /// The share of bad releases that were completed, about which nothing was done, or on which users were
    /// left, among the rollouts that met the regression.
    MissedRegression,
    /// The share of the rollouts of bad releases that ended before the regression began; they are in no other
    /// figure about bad releases.
    EndedBeforeRegression,
    /// The share of the others that were stopped by a signal that the regression does not change; neither
    /// are they.
    StoppedByChance,
    /// Minutes of full outage that a bad release costs its users, in the mean.
    Harm,
    /// The time that a good release takes, in the mean; one that is not completed counts until the end
    /// of its scenario.
    Duration,
    /// The time from a regression until it is acted upon, in the mean; one that never is counts as long as its
    /// scenario is.
    Detection,
    /// The time within which half of the bad releases are acted upon.
    DetectionP50,
    /// The time within which 95 % of the bad releases are acted upon.
    DetectionP95,
    /// The share of the rollbacks that began which ended within the policy's deadline.
    RollbackWithinDeadline,
    /// The share of the rollouts that stayed within the policy's blast radius.
    BlastWithin,
}

/// The releases that a metric is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Good ones.
    Good,
    /// Bad ones.
    Bad,
    /// All of them.
    All,
}

/// The unit of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A fraction of the rollouts.
    Rate,
    /// Minutes.
    Minutes,
    /// Seconds.
    Seconds,
}

impl Metric {
    /// All metrics, in the order of reports.
    pub const ALL: [Self; 12] = [
        Self::FalseRollback,
        Self::StalledRelease,
        Self::MissedRegression,
        Self::EndedBeforeRegression,
        Self::StoppedByChance,
        Self::Harm,
        Self::Duration,
        Self::Detection,
        Self::DetectionP50,
        Self::DetectionP95,
        Self::RollbackWithinDeadline,
        Self::BlastWithin,
    ];

    /// What the front is drawn in where nobody says.
    pub const FRONT: [Self; 4] = [
        Self::FalseRollback,
        Self::MissedRegression,
        Self::Harm,
        Self::Duration,
    ];

    /// Returns the word that arguments and reports use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FalseRollback => "false_rollback",
            Self::StalledRelease => "stalled_release",
            Self::MissedRegression => "missed_regression",
            Self::EndedBeforeRegression => "ended_before_regression",
            Self::StoppedByChance => "stopped_by_chance",
            Self::Harm => "harm",
            Self::Duration => "duration",
            Self::Detection => "detection",
            Self::DetectionP50 => "detection_p50",
            Self::DetectionP95 => "detection_p95",
            Self::RollbackWithinDeadline => "rollback_within_deadline",
            Self::BlastWithin => "blast_within",
        }
    }

    /// Returns the metric of that word; `-` counts as `_`.
    pub fn of_word(word: &str) -> Option<Self> {
        let word = word.replace('-', "_");
        Self::ALL.into_iter().find(|metric| metric.word() == word)
    }

    /// Returns the unit.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Harm => Unit::Minutes,
            Self::Duration | Self::Detection | Self::DetectionP50 | Self::DetectionP95 => {
                Unit::Seconds
            }
            _ => Unit::Rate,
        }
    }

    /// Returns the releases that the metric is about.
    pub const fn scope(self) -> Scope {
        match self {
            Self::FalseRollback | Self::StalledRelease | Self::Duration => Scope::Good,
            Self::RollbackWithinDeadline | Self::BlastWithin => Scope::All,
            _ => Scope::Bad,
        }
    }

    /// Says whether more is better.
    pub const fn is_wanted(self) -> bool {
        matches!(self, Self::RollbackWithinDeadline | Self::BlastWithin)
    }

    /// For a quantile, the share of the rollouts above it.
    pub const fn above(self) -> Option<f64> {
        match self {
            Self::DetectionP50 => Some(0.5),
            Self::DetectionP95 => Some(0.05),
            _ => None,
        }
    }

    /// Returns what one rollout contributes; nothing where it has no such thing.
    pub fn of(self, sample: &Sample) -> Option<f64> {
        let rate = |happened: Option<bool>| happened.map(|it| f64::from(u8::from(it)));
        match self {
            Self::FalseRollback => rate(sample.taken_back),
            Self::StalledRelease => rate(sample.stalled),
            Self::MissedRegression => rate(sample.missed),
            Self::EndedBeforeRegression => rate(sample.ended_before),
            Self::StoppedByChance => rate(sample.by_chance),
            Self::Harm => sample.harm_min,
            Self::Duration => sample.duration_s,
            Self::Detection | Self::DetectionP50 | Self::DetectionP95 => sample.detection_s,
            Self::RollbackWithinDeadline => rate(sample.within_deadline),
            Self::BlastWithin => rate(sample.within_blast),
        }
    }
}
