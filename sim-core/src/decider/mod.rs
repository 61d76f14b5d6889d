//! Deciders: which engine steers a rollout, with all that it must know, as data.
//!
//! A policy of one's own is decided natively. One that was written for another product is decided by that product's
//! own state machine, of the package `controllers`; the policy beside it names stages, signals and gates, so that
//! reports, checkers and histories speak of it as of any other. A [`Guard`] decides in the place of a policy's gates.

mod argo;
mod flagger;
mod guard;
mod probe;

pub use argo::{ArgoDecider, ArgoRun, ArgoRunner, ArgoStrategy};
pub use flagger::{FlaggerDecider, Hook};
pub use guard::{GateReading, Guard, GuardAnswer, GuardHandle, Question};
pub use probe::{AnswerShape, MetricUnit, Probe, ProbeAnswer};

use std::sync::Arc;

/// Who decides.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Decider {
    /// The policy itself.
    #[default]
    Native,
    /// Argo Rollouts.
    Argo(Arc<ArgoDecider>),
    /// Flagger.
    Flagger(Arc<FlaggerDecider>),
    /// A guard in the place of the policy's gates.
    Guard(GuardHandle),
}

impl Decider {
    /// Whether the policy itself decides, by its own gates.
    pub const fn is_native(&self) -> bool {
        matches!(self, Self::Native)
    }

    /// The product whose engine decides; none where the policy itself does.
    pub const fn product(&self) -> Option<&'static str> {
        match self {
            Self::Native | Self::Guard(_) => None,
            Self::Argo(_) => Some("Argo Rollouts"),
            Self::Flagger(_) => Some("Flagger"),
        }
    }
}
