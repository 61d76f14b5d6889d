//! What Flagger must know to decide.

use controllers::flagger::Policy;

use super::probe::Probe;
use crate::engine::{Share, SimDuration};

/// A Canary as Flagger takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct FlaggerDecider {
    /// The canary with its templates.
    pub policy: Policy,
    /// How each metric is answered; none for one that fails without being asked.
    pub probes: Vec<Option<Probe>>,
    /// How each webhook answers.
    pub hooks: Vec<Hook>,
    /// The stages of the policy by their weight, %, in their order; the last is after the promotion.
    pub weights: Vec<i64>,
    /// The share of the users that an A/B test takes.
    pub matched: Share,
    /// Pods of the workload.
    pub replicas: u32,
}

/// How a webhook answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hook {
    /// It passes with a probability.
    Chance {
        /// The gate of the policy that stands for it; none where its answer is no check of the release.
        gate: Option<usize>,
        /// The probability that a call passes, 0 to 1.
        passes: f64,
        /// How long a call holds the tick.
        takes: SimDuration,
    },
    /// It passes once a person has approved, who is asked with the first call.
    Person,
}
