//! What one rollout comes to.

use crate::engine::{Share, SimDuration};
use crate::history::{History, Outcome};

/// A finished rollout.
#[derive(Clone, Debug)]
pub struct Run {
    /// How it ended.
    pub outcome: Outcome,
    /// What happened, with its hash.
    pub history: History,
    /// The exposure that was declared and the exposure that was reached.
    pub exposure: Exposure,
    /// The time from the first exposure to a regression, or from a flaw in the evidence about the
    /// release, until the first trigger that acted; none where nothing acted or nothing was wrong.
    pub detection: Option<SimDuration>,
    /// The time from the trigger until the last host served the old version again; none where
    /// nothing was rolled back, or some host never returned.
    pub rollback: Option<SimDuration>,
    /// What users suffered.
    pub harm: Harm,
}

/// Exposure to the new version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// The largest target of the stages that were entered.
    pub declared_max: Share,
    /// The largest share that served the new version at any instant.
    pub reached_max: Share,
}

/// What users suffered, integrated over the whole rollout.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Harm {
    /// Requests that the new version served.
    pub exposed_requests: f64,
    /// Minutes of full outage that the errors above normal amount to: the integral of the share of
    /// traffic that failed because of the new version.
    pub exposed_error_minutes: f64,
}
