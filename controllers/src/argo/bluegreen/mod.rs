//! The controller of a blue-green rollout: one call is one round of reconciling.
//!
//! Source: argo-rollouts v1.10.1 `rollout/{bluegreen,service,analysis,replicaset,pause,sync}.go`. A round goes: pods,
//! pause, active service, analyses, status. Times are milliseconds.

mod pods;
pub mod policy;
mod runs;
mod status;

use self::policy::BlueGreenPolicy;
use crate::argo::orders::{Order, Orders, PauseReason, RunId, Seen, Set};
use crate::argo::pause::{Changes, Pauses};
use crate::argo::progress::Progress;

/// What is stored between rounds.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the flags of the product"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlueGreenState {
    /// Pods asked for: of the new revision and of the stable one.
    pub asked: (i32, i32),
    /// The set that the active service shows.
    pub active: Set,
    /// The preview service shows the new revision.
    pub previewed: bool,
    /// Pauses and aborts.
    pub pauses: Pauses,
    /// A person asked for all at once.
    pub promote_full: bool,
    /// The new revision is stable.
    pub promoted: bool,
    checkpoint: bool,
    pre: Option<RunId>,
    post: Option<RunId>,
    started: RunId,
    new_deadline: Option<i64>,
    old_deadline: Option<i64>,
    progress: Progress,
}

/// A blue-green rollout with its controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlueGreen {
    /// What it is to do.
    pub policy: BlueGreenPolicy,
    /// What is stored.
    pub state: BlueGreenState,
}

struct BlueGreenRound<'a> {
    policy: &'a BlueGreenPolicy,
    state: &'a mut BlueGreenState,
    /// As it was stored when the round began.
    before: BlueGreenState,
    seen: &'a Seen,
    now: i64,
    changes: Changes,
    orders: Vec<Order>,
    next: Vec<i64>,
}

impl BlueGreen {
    /// A new revision beside a stable one that has all its pods, at `now`.
    pub fn new(policy: BlueGreenPolicy, now: i64) -> Self {
        let replicas = policy.replicas;
        let state = BlueGreenState {
            asked: (0, replicas),
            active: Set::Stable,
            previewed: false,
            pauses: Pauses::default(),
            promote_full: false,
            promoted: false,
            checkpoint: false,
            pre: None,
            post: None,
            started: 0,
            new_deadline: None,
            old_deadline: None,
            progress: Progress::begin(now, replicas, replicas),
        };
        Self { policy, state }
    }

    /// A person promotes the preview (`promote`).
    pub fn resume(&mut self) {
        self.state.pauses.resume();
    }

    /// A person promotes without analyses and pauses (`promote --full`).
    pub fn promote_full(&mut self) {
        self.state.promote_full = !self.state.promoted;
    }

    /// A person aborts.
    pub fn abort(&mut self, now: i64) {
        if !self.state.promoted {
            self.state.pauses.abort(now);
        }
    }

    /// A person retries an aborted rollout.
    pub fn retry(&mut self) {
        self.state.pauses.aborted = None;
    }

    /// The share of the new revision: all or nothing.
    pub fn share(&self) -> f64 {
        if self.state.active == Set::New {
            1.0
        } else {
            0.0
        }
    }

    /// One round of reconciling.
    pub fn wake(&mut self, now: i64, seen: &Seen) -> Orders {
        let before = self.state.clone();
        let mut round = BlueGreenRound {
            policy: &self.policy,
            before: before.clone(),
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

impl BlueGreenRound<'_> {
    fn reconcile(&mut self) {
        if !self.state.previewed {
            self.state.previewed = true;
            self.orders.push(Order::SwitchPreview);
        }
        self.pods();
        self.pause();
        self.active_service();
        self.analyses();
        self.status();
    }

    fn halted(&self) -> bool {
        self.policy.paused
            || self
                .before
                .pauses
                .since(PauseReason::InconclusiveAnalysis)
                .is_some()
    }

    fn complete(&self, count: i32) -> bool {
        self.state.asked.0 == count && self.seen.new.available == count
    }

    fn fast_tracked(&self) -> bool {
        self.before.promoted || self.before.promote_full || self.before.active == Set::New
    }

    fn pause(&mut self) {
        if self.before.pauses.aborted.is_some() || !self.complete(self.new_count()) || self.halted()
        {
            return;
        }
        let managed = !self.policy.auto_promotion || self.policy.auto_promotion_after > 0;
        if self.fast_tracked() || self.before.checkpoint || !managed {
            self.changes.remove.push(PauseReason::BlueGreenPause);
            return;
        }
        if !self.pre_promotion_passed() {
            return;
        }
        match self.before.pauses.since(PauseReason::BlueGreenPause) {
            Some(_) if self.pause_over() => self.changes.remove.push(PauseReason::BlueGreenPause),
            None if !self.before.pauses.controller => {
                self.changes.add.push(PauseReason::BlueGreenPause);
            }
            _ => {}
        }
    }

    /// The time to promote by itself has come, or a person went on.
    fn pause_over(&self) -> bool {
        let since = self.before.pauses.since(PauseReason::BlueGreenPause);
        if !self.changes.add.is_empty() {
            return false;
        }
        if self.before.checkpoint {
            return true;
        }
        match (self.policy.auto_promotion, self.policy.auto_promotion_after) {
            (true, 0) => true,
            (true, after) => since.is_some_and(|since| self.now > since + after),
            (false, _) => self.before.pauses.controller && since.is_none(),
        }
    }

    /// Switches the active service; also back, on an abort. Either way only while the new set is complete.
    fn active_service(&mut self) {
        let replicas = self.policy.replicas;
        if self.halted() || !self.complete(self.new_count()) || !self.complete(replicas) {
            return;
        }
        let mut target = self.before.active;
        if self.fast_tracked() || self.pause_over() && self.pre_promotion_passed() {
            target = Set::New;
        }
        if self.before.pauses.aborted.is_some() && !self.before.promoted {
            target = Set::Stable;
        }
        if self.state.active != target {
            self.state.active = target;
            self.orders.push(Order::SwitchActive(target));
        }
    }
}
