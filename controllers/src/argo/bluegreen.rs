//! The controller of a blue-green rollout: one call is one round of reconciling.
//!
//! Source: argo-rollouts v1.10.1 `rollout/{bluegreen,service,analysis,replicaset,pause,sync}.go`. A round goes: pods,
//! pause, active service, analyses, status. Times are milliseconds.

use super::assess::Phase;
use super::canary::Progress;
use super::canary_policy::{AbortDelay, DEFAULT_PROGRESS_DEADLINE, DEFAULT_SCALE_DOWN_DELAY};
use super::form::{RolloutAnalysis, RolloutSpec};
use super::orders::{Order, Orders, PauseReason, RunId, RunKind, Seen, Set};
use super::pause::{Changes, Pauses};

/// What a blue-green rollout is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlueGreenPolicy {
    /// Pods.
    pub replicas: i32,
    /// Pods of the preview until it is promoted; none: all.
    pub preview: Option<i32>,
    /// It promotes by itself.
    pub auto_promotion: bool,
    /// Milliseconds until it does; 0: at once.
    pub auto_promotion_after: i64,
    /// There is an analysis before the promotion.
    pub pre_promotion: bool,
    /// There is one after it.
    pub post_promotion: bool,
    /// Milliseconds until the previous pods go after a promotion; 0 keeps them.
    pub scale_down_delay: i64,
    /// When preview pods go after an abort.
    pub abort_delay: AbortDelay,
    /// Milliseconds without progress.
    pub progress_deadline: i64,
    /// Then it aborts.
    pub progress_abort: bool,
    /// A person stopped it.
    pub paused: bool,
}

impl BlueGreenPolicy {
    /// The policy of a Rollout; none if it is not blue-green.
    pub fn new(spec: &RolloutSpec) -> Option<Self> {
        let strategy = spec.strategy.blue_green.as_ref()?;
        let asked = |analysis: &Option<RolloutAnalysis>| {
            analysis.as_ref().is_some_and(|a| !a.templates.is_empty())
        };
        Some(Self {
            replicas: spec.replicas.unwrap_or(1),
            preview: strategy.preview_replica_count,
            auto_promotion: strategy.auto_promotion_enabled.unwrap_or(true),
            auto_promotion_after: strategy.auto_promotion_seconds * 1000,
            pre_promotion: asked(&strategy.pre_promotion_analysis),
            post_promotion: asked(&strategy.post_promotion_analysis),
            scale_down_delay: strategy
                .scale_down_delay_seconds
                .unwrap_or(DEFAULT_SCALE_DOWN_DELAY)
                * 1000,
            abort_delay: AbortDelay::new(strategy.abort_scale_down_delay_seconds),
            progress_deadline: spec
                .progress_deadline_seconds
                .unwrap_or(DEFAULT_PROGRESS_DEADLINE)
                * 1000,
            progress_abort: spec.progress_deadline_abort,
            paused: spec.paused,
        })
    }
}

/// What is stored between rounds.
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

struct Round<'a> {
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
            self.state.pauses = Pauses {
                aborted: Some(now),
                ..Pauses::default()
            };
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
        let mut round = Round {
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

impl Round<'_> {
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

    fn ask(&mut self, set: Set, count: i32) {
        let asked = match set {
            Set::New => &mut self.state.asked.0,
            Set::Stable => &mut self.state.asked.1,
        };
        if *asked != count {
            *asked = count;
            self.orders.push(Order::Scale(set, count));
        }
    }

    /// The pods of the new set: those of the preview until it is promoted or past its checkpoint.
    fn new_count(&self) -> i32 {
        let full = self.policy.replicas;
        let Some(preview) = self.policy.preview else {
            return full;
        };
        let waits = self.policy.paused || !self.before.pauses.conditions.is_empty();
        let past = self.before.active == Set::New
            || self.before.promote_full
            || self.before.checkpoint && !waits;
        if past { full } else { preview }
    }

    fn pods(&mut self) {
        if !self.delays_on_abort() {
            self.state.new_deadline = None;
        }
        if !self.before.promoted {
            self.ask(Set::Stable, self.policy.replicas);
        }
        if let Some(count) = self.after_delay(self.new_count()) {
            self.ask(Set::New, count);
        }
        self.old_pods();
    }

    fn delays_on_abort(&self) -> bool {
        self.before.pauses.is_aborted(&self.changes) && self.policy.abort_delay.delay.is_some()
    }

    /// After an abort the preview stays until its delay is over, which begins only when stable has all its pods.
    fn after_delay(&mut self, count: i32) -> Option<i32> {
        let delay = self
            .policy
            .abort_delay
            .delay
            .filter(|_| self.delays_on_abort());
        let Some(delay) = delay else {
            return Some(count);
        };
        match self.state.new_deadline {
            Some(deadline) if deadline > self.now => self.next.push(deadline),
            Some(_) => return Some(0),
            None if self.seen.stable.available >= self.policy.replicas => {
                let deadline = (self.now + delay).div_euclid(1000) * 1000;
                self.state.new_deadline = Some(deadline);
                self.next.push(deadline);
            }
            None => {}
        }
        None
    }

    fn old_pods(&mut self) {
        let inconclusive = self
            .before
            .pauses
            .since(PauseReason::InconclusiveAnalysis)
            .is_some();
        if !self.before.promoted || self.state.asked.1 == 0 || inconclusive {
            return;
        }
        match self.state.old_deadline {
            None if self.policy.scale_down_delay > 0 => {
                let deadline = (self.now + self.policy.scale_down_delay).div_euclid(1000) * 1000;
                self.state.old_deadline = Some(deadline);
                self.next.push(deadline);
            }
            None => {}
            Some(deadline) if deadline > self.now => self.next.push(deadline),
            Some(_) => self.ask(Set::Stable, 0),
        }
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
            Some(_) => {}
            None if !self.before.pauses.controller => {
                self.changes.add.push(PauseReason::BlueGreenPause)
            }
            None => {}
        }
    }

    fn pre_promotion_passed(&self) -> bool {
        !self.policy.pre_promotion
            || self
                .state
                .pre
                .is_some_and(|id| self.seen.run(id).0 == Phase::Successful)
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

    fn analyses(&mut self) {
        let aborted = self.before.pauses.is_aborted(&self.changes);
        if self.before.promoted || aborted || self.before.promote_full {
            for run in [self.state.pre, self.state.post] {
                self.stop(run);
            }
            return;
        }
        self.pre_promotion();
        self.post_promotion();
    }

    fn stop(&mut self, run: Option<RunId>) {
        if let Some(id) = run.filter(|id| !self.seen.run(*id).0.completed()) {
            self.orders.push(Order::Stop(id));
        }
    }

    fn pre_promotion(&mut self) {
        if !self.policy.pre_promotion {
            return;
        }
        let ready = self.complete(self.policy.preview.unwrap_or(self.policy.replicas));
        if self.before.active == Set::New || self.state.pre.is_none() && !ready {
            return self.stop(self.state.pre);
        }
        self.state.pre = self.current(self.state.pre, RunKind::PrePromotion);
        self.take(
            self.state.pre,
            "Blue/green pre-promotion analysis phase error/failed",
        );
    }

    fn post_promotion(&mut self) {
        if !self.policy.post_promotion {
            return;
        }
        let ready = self.complete(self.policy.replicas);
        if self.before.active != Set::New || self.state.post.is_none() && !ready {
            return self.stop(self.state.post);
        }
        self.state.post = self.current(self.state.post, RunKind::PostPromotion);
        self.take(
            self.state.post,
            "Blue/green post-promotion analysis phase error/failed",
        );
    }

    /// The run that there is, or a new one if one is needed.
    fn current(&mut self, run: Option<RunId>, kind: RunKind) -> Option<RunId> {
        if self
            .before
            .pauses
            .since(PauseReason::InconclusiveAnalysis)
            .is_some()
        {
            return run;
        }
        let needs = |id: RunId| {
            self.before
                .pauses
                .needs_new_run(self.seen.run(id).0 == Phase::Inconclusive)
        };
        if run.is_some_and(|id| !needs(id)) {
            return run;
        }
        self.state.started += 1;
        self.orders.push(Order::Start(self.state.started, kind));
        Some(self.state.started)
    }

    fn take(&mut self, run: Option<RunId>, what: &str) {
        let Some(id) = run else { return };
        let (phase, message) = self.seen.run(id);
        match phase {
            Phase::Inconclusive => self.changes.add.push(PauseReason::InconclusiveAnalysis),
            Phase::Error | Phase::Failed => {
                let words = if message.is_empty() {
                    what.to_string()
                } else {
                    format!("{what}: {message}")
                };
                self.changes.abort = Some(words);
            }
            Phase::Pending | Phase::Running | Phase::Successful => {}
        }
    }

    fn status(&mut self) {
        if self.before.promote_full {
            (self.changes.clear, self.changes.remove_abort) = (true, true);
        }
        if self.promotes() {
            (self.changes.clear, self.changes.remove_abort) = (true, true);
            (
                self.state.promoted,
                self.state.promote_full,
                self.state.checkpoint,
            ) = (true, false, false);
            self.orders.push(Order::Promote);
        } else {
            self.state.checkpoint = self.past_checkpoint();
        }
        self.progress();
        self.state
            .pauses
            .store(&self.changes, self.now, &mut self.orders);
        let waits = self.state.pauses.since(PauseReason::BlueGreenPause);
        let after = self.policy.auto_promotion_after;
        self.next.extend(
            waits
                .filter(|_| self.policy.auto_promotion && after > 0)
                .map(|since| since + after + 1),
        );
    }

    fn promotes(&self) -> bool {
        if self.before.promoted || self.state.active != Set::New {
            return false;
        }
        if self.before.promote_full {
            return true;
        }
        let passed = || {
            self.state
                .post
                .is_some_and(|id| self.seen.run(id).0 == Phase::Successful)
        };
        !self.before.pauses.is_aborted(&self.changes) && (!self.policy.post_promotion || passed())
    }

    fn past_checkpoint(&self) -> bool {
        let Some(preview) = self.policy.preview else {
            return false;
        };
        self.before.checkpoint
            || self.pre_promotion_passed()
                && self.pause_over()
                && self.seen.new.available == preview
    }

    fn progress(&mut self) {
        if self.state.promoted || self.before.pauses.is_aborted(&self.changes) {
            return;
        }
        let paused = self.policy.paused || !self.before.pauses.conditions.is_empty();
        let (deadline, at) = (
            self.policy.progress_deadline,
            (usize::from(self.state.active == Set::New), paused),
        );
        if self
            .state
            .progress
            .late(self.now, deadline, self.seen, at, paused)
        {
            if self.policy.progress_abort {
                self.changes.abort = Some("has timed out progressing".into());
            }
            if self.state.progress.report() {
                self.orders.push(Order::Degraded);
            }
        } else if !paused && !self.state.progress.is_degraded() {
            self.next.push(self.state.progress.deadline(deadline));
        }
    }
}
