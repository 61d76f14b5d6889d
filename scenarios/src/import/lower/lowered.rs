//! What other people's files come to.

use sim_core::Decider;
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

use super::meaning::Meaning;
use crate::import::object::Object;

/// What other people's files come to.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// Who it is: `Rollout checkout of Argo Rollouts`.
    pub subject: String,
    /// The policy of our form.
    pub policy: Policy,
    /// The product's engine.
    pub decider: Decider,
    /// How each metric is understood.
    pub meanings: Vec<Meaning>,
    /// What else is to be known before a result is read: weights that are not reached, keys that decide nothing here.
    pub notes: Vec<String>,
    /// Pods of the workload.
    pub replicas: u32,
    /// How long a rollout is followed.
    pub horizon: SimDuration,
}

/// What was made, and the objects that it was made of.
pub(super) type Made<'a> = (Lowered, Vec<&'a Object>);
