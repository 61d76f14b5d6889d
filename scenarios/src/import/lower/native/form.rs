//! A policy of our own form in the place of another product's.

use sim_core::engine::SimDuration;
use sim_core::policy::Policy;

/// A policy of our own form in the place of another product's.
#[derive(Clone, Debug)]
pub struct NativeForm {
    /// The policy.
    pub policy: Policy,
    /// How long a host needs for an update in its world.
    pub update: SimDuration,
    /// What the product does and this policy does not, or not quite.
    pub differs: Vec<String>,
}
