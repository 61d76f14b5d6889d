//! The state machines of both strategies, as one.

use std::sync::Arc;

use controllers::argo::bluegreen::BlueGreen;
use controllers::argo::canary::Canary;
use controllers::argo::orders::{Orders, Seen};

use crate::decider::ArgoStrategy;

/// The state machine of a Rollout.
#[derive(Clone)]
pub(super) enum Machine {
    Canary(Canary),
    BlueGreen(BlueGreen),
}

impl Machine {
    pub fn new(strategy: &ArgoStrategy) -> Self {
        match strategy {
            ArgoStrategy::Canary(policy) => Self::Canary(Canary::new(Arc::clone(policy), 0)),
            ArgoStrategy::BlueGreen(policy) => Self::BlueGreen(BlueGreen::new(policy.clone(), 0)),
        }
    }

    pub fn replicas(&self) -> i32 {
        match self {
            Self::Canary(it) => it.policy.scale.replicas,
            Self::BlueGreen(it) => it.policy.replicas,
        }
    }

    /// Whether something routes requests, so that pods are not the weight.
    pub fn routed(&self) -> bool {
        match self {
            Self::Canary(it) => it.policy.scale.routed,
            Self::BlueGreen(_) => true,
        }
    }

    pub fn share(&self, seen: &Seen) -> f64 {
        match self {
            Self::Canary(it) => it.share(seen),
            Self::BlueGreen(it) => it.share(),
        }
    }

    pub fn wake(&mut self, now: i64, seen: &Seen) -> Orders {
        match self {
            Self::Canary(it) => it.wake(now, seen),
            Self::BlueGreen(it) => it.wake(now, seen),
        }
    }

    pub fn promoted(&self) -> bool {
        match self {
            Self::Canary(it) => it.state.promoted,
            Self::BlueGreen(it) => it.state.promoted,
        }
    }

    pub fn aborted(&self) -> bool {
        let pauses = match self {
            Self::Canary(it) => &it.state.pauses,
            Self::BlueGreen(it) => &it.state.pauses,
        };
        pauses.aborted.is_some()
    }

    pub fn resume(&mut self) {
        match self {
            Self::Canary(it) => it.resume(),
            Self::BlueGreen(it) => it.resume(),
        }
    }

    pub fn promote_full(&mut self) {
        match self {
            Self::Canary(it) => it.promote_full(),
            Self::BlueGreen(it) => it.promote_full(),
        }
    }

    /// Whether the step at `index` sets a weight.
    pub fn sets_weight(&self, index: usize) -> bool {
        match self {
            Self::Canary(it) => it
                .policy
                .step(index)
                .is_some_and(|step| step.set_weight.is_some()),
            Self::BlueGreen(_) => false,
        }
    }

    /// Whether the pause that begins now ends by itself.
    pub fn pause_ends(&self) -> bool {
        match self {
            Self::Canary(it) => {
                let step = it.policy.step(it.state.step);
                let pause = step.and_then(|step| step.pause.as_ref());
                pause.is_some_and(|pause| pause.seconds().is_some())
            }
            Self::BlueGreen(it) => it.policy.auto_promotion,
        }
    }
}
