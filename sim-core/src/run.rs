//! What one rollout comes to.

use crate::engine::{Share, SimDuration, SimTime};
use crate::history::{Event, History, Outcome};
use crate::trail::Trail;

/// A finished rollout.
#[derive(Clone, Debug)]
pub struct Run {
    /// How it ended.
    pub outcome: Outcome,
    /// What happened, with its hash.
    pub history: History,
    /// The exposure that was declared and the exposure that was reached.
    pub exposure: Exposure,
    /// When users first met a regression, or a release whose evidence was flawed; none where that did
    /// not happen before the rollout ended.
    pub regression: Option<SimTime>,
    /// The time from [`Run::regression`] until the first trigger that acted at that instant or later;
    /// none where nothing acted since, or nothing was wrong.
    pub detection: Option<SimDuration>,
    /// The time from the trigger until the last host served the old version again; none where
    /// nothing was rolled back, or some host never returned.
    pub rollback: Option<SimDuration>,
    /// What users suffered.
    pub harm: Harm,
}

/// What a finished rollout comes to, without what happened on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// How it ended.
    pub outcome: Outcome,
    /// The exposure that was declared and the exposure that was reached.
    pub exposure: Exposure,
    /// As in [`Run::regression`].
    pub regression: Option<SimTime>,
    /// As in [`Run::detection`].
    pub detection: Option<SimDuration>,
    /// As in [`Run::rollback`].
    pub rollback: Option<SimDuration>,
    /// What users suffered.
    pub harm: Harm,
    /// When it ended.
    pub ended: SimTime,
    /// What was done, and what was left at the end; its gate is one of the member's own policy.
    pub trail: Trail,
    /// Whether a rollback began.
    pub rollback_began: bool,
}

impl Run {
    /// The figures of the rollout.
    pub fn figures(&self) -> Figures {
        let last = self.history.iter().next_back();
        let mut events = self.history.iter();
        let began = events.any(|(_, event)| *event == Event::RollbackBegan);
        Figures {
            outcome: self.outcome,
            exposure: self.exposure,
            regression: self.regression,
            detection: self.detection,
            rollback: self.rollback,
            harm: self.harm,
            ended: last.map_or(SimTime::ZERO, |(at, _)| *at),
            trail: Trail::of(&self.history),
            rollback_began: began,
        }
    }
}

/// Exposure to the new version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// The largest target of the stages that were entered.
    pub declared_max: Share,
    /// The largest share that served the new version at any instant.
    pub reached_max: Share,
}

/// Shares between which users are told apart by when they get the new version: those that policies are made of.
pub const PLACES: [f64; 16] = [
    0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0,
];

/// What users suffered, integrated over the whole rollout.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Harm {
    /// Requests that the new version served.
    pub exposed_requests: f64,
    /// Minutes of full outage that the errors above normal amount to: the integral of the share of
    /// traffic that failed because of the new version.
    pub exposed_error_minutes: f64,
    /// Jobs of the work queue that were killed because their workers were replaced.
    pub lost_jobs: u64,
    /// How many different users came to the new version, and how many of them it failed at least once; none where the
    /// traffic declares no users and their visits. While users come and go in the middle of a movement it is a mean.
    pub users: Option<[f64; 2]>,
    /// Of the users between two of [`PLACES`], in the order in which they get the new version, the share whom it failed at least
    /// once; none where `users` is none.
    pub hurt: Option<[f64; PLACES.len() - 1]>,
    /// When the policy's budget of harm was exceeded; none where it was not, or where there is none.
    pub exceeded_at: Option<SimTime>,
}
