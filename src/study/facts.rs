//! What one rollout contributes to a study.

use std::collections::BTreeMap;

use reports::{InvariantStatus, Verdict};
use sim_core::Outcome;

use super::causes::Culprit;
use super::exposure::ExposureCurve;
use super::rate::Rate;

/// The plain facts of one rollout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How it ended.
    pub outcome: Outcome,
    /// What is to be thought of it.
    pub verdict: Verdict,
    /// How the safety promises fared, by name.
    pub invariants: Vec<(String, InvariantStatus)>,
    /// Whether each thing happened that could have happened here.
    pub rates: BTreeMap<Rate, bool>,
    /// The kinds in which the rollout failed, and how badly.
    pub failures: BTreeMap<String, u64>,
    /// Who led to what went wrong, by the rate.
    pub causes: Vec<(Rate, Culprit)>,
    /// Milliseconds from the regression until it was acted upon; the inner none is never, the outer one
    /// that there was nothing to detect.
    pub detection_ms: Option<Option<u64>>,
    /// Milliseconds until the last host was back; the inner none is never, the outer one that
    /// nothing was rolled back.
    pub rollback_ms: Option<Option<u64>>,
    /// The largest share that served the new version, in parts per million.
    pub reached_ppm: u64,
    /// Requests that the new version served.
    pub exposed_requests: u64,
    /// Thousandths of a minute of full outage; none where the rollout of a bad release ended before the
    /// regression began.
    pub error_millimin: Option<u64>,
    /// Of the users between two places, in the order in which they get the new version, how many of a billion were hurt; empty where
    /// no users are declared.
    pub hurt_ppb: Vec<u64>,
    /// How the exposure that was reached developed.
    pub exposure: ExposureCurve,
    /// The hash of the history.
    pub hash: u64,
}
