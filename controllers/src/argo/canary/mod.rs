//! The controller of a canary: one call is one round of reconciling.
//!
//! Source: argo-rollouts v1.10.1 `rollout/{canary,trafficrouting,analysis,experiment,replicaset,sync,pause}.go`. A round
//! goes: traffic, experiments, analyses, pods, pause, status. What a round finds (an abort, a finished step) is stored at
//! its end and takes effect in the next one. Times are milliseconds.

mod pods;
pub mod policy;
mod runs;
mod status;
mod traffic;

use std::collections::BTreeSet;
use std::sync::Arc;

use self::policy::{At, CanaryPolicy};
use crate::argo::counts::{Pods, Sets};
use crate::argo::orders::{Order, Orders, PauseReason, RunId, Seen};
use crate::argo::pause::{Changes, Pauses};
use crate::argo::progress::Progress;

/// What is stored between rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanaryState {
    /// Pods asked for: of the new revision and of the stable one.
    pub asked: (i32, i32),
    /// The current step; as many as there are steps past the end.
    pub step: usize,
    /// Pauses and aborts.
    pub pauses: Pauses,
    /// A person asked for all at once.
    pub promote_full: bool,
    /// The weight that was last set; none before, or without a router.
    pub weight: Option<i32>,
    /// The new revision is stable.
    pub promoted: bool,
    /// Runs that are current.
    background: Option<RunId>,
    step_run: Option<(RunId, usize)>,
    experiment: Option<(RunId, usize)>,
    started: RunId,
    routes: BTreeSet<usize>,
    new_deadline: Option<i64>,
    old_deadline: Option<i64>,
    progress: Progress,
}

/// A canary with its controller.
#[derive(Debug, Clone, PartialEq)]
pub struct Canary {
    /// What it is to do.
    pub policy: Arc<CanaryPolicy>,
    /// What is stored.
    pub state: CanaryState,
}

/// One round.
struct CanaryRound<'a> {
    policy: &'a CanaryPolicy,
    state: &'a mut CanaryState,
    /// As it was stored when the round began.
    before: &'a CanaryState,
    seen: &'a Seen,
    now: i64,
    changes: Changes,
    orders: Vec<Order>,
    next: Vec<i64>,
}

impl Canary {
    /// A new revision beside a stable one that has all its pods, at `now`.
    pub fn new(policy: impl Into<Arc<CanaryPolicy>>, now: i64) -> Self {
        let policy = policy.into();
        let replicas = policy.scale.replicas;
        let state = CanaryState {
            asked: (0, replicas),
            step: 0,
            pauses: Pauses::default(),
            promote_full: false,
            weight: None,
            promoted: false,
            background: None,
            step_run: None,
            experiment: None,
            started: 0,
            routes: BTreeSet::new(),
            new_deadline: None,
            old_deadline: None,
            progress: Progress::begin(now, replicas, replicas),
        };
        Self { policy, state }
    }

    /// A person goes on at a pause (`promote`).
    pub fn resume(&mut self) {
        self.state.pauses.resume();
    }

    /// A person asks for all steps at once (`promote --full`).
    pub fn promote_full(&mut self) {
        self.state.promote_full = !self.state.promoted;
    }

    /// A person aborts.
    pub fn abort(&mut self, now: i64) {
        if !self.state.promoted {
            self.state.pauses.abort(now);
        }
    }

    /// A person retries an aborted rollout, from its first step.
    pub fn retry(&mut self) {
        self.state.pauses.aborted = None;
    }

    /// The current share of the new revision: the router's weight, or without a router the share of its available pods.
    pub fn share(&self, seen: &Seen) -> f64 {
        if self.policy.scale.routed {
            let weight = if self.state.promoted {
                self.policy.scale.max_weight
            } else {
                self.state.weight.unwrap_or(0)
            };
            return f64::from(weight) / f64::from(self.policy.scale.max_weight);
        }
        let all = seen.new.available + seen.stable.available;
        if all == 0 {
            0.0
        } else {
            f64::from(seen.new.available) / f64::from(all)
        }
    }

    /// One round of reconciling.
    pub fn wake(&mut self, now: i64, seen: &Seen) -> Orders {
        let before = self.state.clone();
        let mut round = CanaryRound {
            policy: &self.policy,
            before: &before,
            state: &mut self.state,
            seen,
            now,
            changes: Changes::default(),
            orders: Vec::new(),
            next: Vec::new(),
        };
        round.reconcile();
        let (orders, next) = (round.orders, round.next);
        Orders {
            orders,
            next: next.into_iter().filter(|at| *at > now).min(),
            again: self.state != before,
        }
    }
}

impl CanaryRound<'_> {
    fn reconcile(&mut self) {
        if self.policy.scale.routed && !self.traffic() {
            return;
        }
        self.experiments();
        self.analyses();
        let halted = self.policy.paused
            || self
                .before
                .pauses
                .since(PauseReason::InconclusiveAnalysis)
                .is_some();
        if self.changes.add.is_empty() && (halted || !self.pods()) {
            self.pause();
        }
        self.status();
    }

    fn new_pods(&self) -> Pods {
        self.seen.new.with(self.state.asked.0)
    }

    fn stable_pods(&self) -> Pods {
        self.seen.stable.with(self.state.asked.1)
    }

    fn at(&self) -> At {
        At {
            index: self.before.step,
            aborted: self.before.pauses.aborted.is_some(),
            promote_full: self.before.promote_full,
            promoted: self.before.promoted,
            canary: self.new_pods(),
            stable: self.stable_pods(),
        }
    }

    fn sets(&self) -> Sets {
        let (new, stable) = (self.new_pods(), self.stable_pods());
        if self.before.promoted {
            return Sets {
                canary: Some(new),
                stable: None,
                older: stable,
            };
        }
        Sets {
            canary: Some(new),
            stable: Some(stable),
            older: Pods::default(),
        }
    }

    fn at_desired(&self, routed: Option<i32>) -> bool {
        self.policy
            .scale
            .at_desired(&self.sets(), &self.policy.wanted(&self.at(), routed))
    }
}
