//! An experiment: everything that one rollout depends on, apart from the seed.

use crate::decider::Decider;
use crate::effect::Effect;
use crate::engine::SimDuration;
use crate::fleet::Fleet;
use crate::operator::{EvidenceChange, Operator};
use crate::policy::Policy;
use crate::shared::Shared;
use crate::telemetry::Telemetry;
use crate::traffic::Traffic;

/// A policy and the world in which it is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The policy under test.
    pub policy: Shared<Policy>,
    /// Who decides: the policy itself, or the engine of another product, for which the policy names stages and gates.
    pub decider: Decider,
    /// The hosts.
    pub fleet: Fleet,
    /// The load, and how it is split between versions.
    pub traffic: Traffic,
    /// What is measured, and how measurements reach the controller.
    pub telemetry: Shared<Telemetry>,
    /// What the new version does to the signals.
    pub release: Vec<Effect>,
    /// What goes wrong besides.
    pub faults: Vec<Effect>,
    /// The people.
    pub operators: Vec<Operator>,
    /// How the evidence is, where it is not in perfect order.
    pub evidence: Vec<EvidenceChange>,
    /// When the simulation ends, whatever the rollout is doing.
    pub horizon: SimDuration,
}

/// What steers a rollout: a policy, and the engine that decides where the policy does not itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Steering {
    /// The policy.
    pub policy: Shared<Policy>,
    /// Who decides.
    pub decider: Decider,
}

impl From<Policy> for Steering {
    fn from(policy: Policy) -> Self {
        Shared::from(policy).into()
    }
}

impl From<Shared<Policy>> for Steering {
    fn from(policy: Shared<Policy>) -> Self {
        Self {
            policy,
            decider: Decider::Native,
        }
    }
}

impl Experiment {
    /// The same experiment, steered by something else.
    #[must_use]
    pub fn steered_by(&self, steering: Steering) -> Self {
        let Steering { policy, decider } = steering;
        Self {
            policy,
            decider,
            ..self.clone()
        }
    }

    /// The time of the week at which the rollout starts, from Monday 00:00 UTC on, for what needs one: Monday 00:00 where
    /// nothing says it.
    pub fn starts(&self) -> SimDuration {
        self.telemetry.starts_in_week.unwrap_or_default()
    }

    /// The product whose engine steers the rollout; none where the policy itself does.
    pub fn product(&self) -> Option<&'static str> {
        self.decider.product()
    }
}
