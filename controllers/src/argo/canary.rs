//! The controller of a canary: one call is one round of reconciling.
//!
//! Source: argo-rollouts v1.10.1 `rollout/{canary,trafficrouting,analysis,experiment,replicaset,sync,pause}.go`. A round
//! goes: traffic, experiments, analyses, pods, pause, status. What a round finds (an abort, a finished step) is stored at
//! its end and takes effect in the next one. Times are milliseconds.

use std::collections::BTreeSet;

use super::assess::Phase;
use super::canary_policy::{At, CanaryPolicy};
use super::counts::{Pods, Sets};
use super::orders::{Order, Orders, PauseReason, RunId, RunKind, Seen, Set};
use super::pause::{Changes, Pauses};

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

/// What counts as progress, and when there was some.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Progress {
    since: i64,
    new: i32,
    old: i32,
    available: i32,
    step: usize,
    paused: bool,
    degraded: bool,
}

impl Progress {
    pub(super) fn begin(now: i64, old: i32, available: i32) -> Self {
        Self {
            since: now,
            old,
            available,
            ..Self::default()
        }
    }

    /// Notes progress; tells whether the deadline has passed without any.
    pub(super) fn late(
        &mut self,
        now: i64,
        deadline: i64,
        seen: &Seen,
        at: (usize, bool),
        indefinite: bool,
    ) -> bool {
        let (step, paused) = at;
        let available = seen.new.available + seen.stable.available;
        let moved = self.new != seen.new.created
            || seen.stable.created < self.old
            || available > self.available
            || step != self.step
            || paused != self.paused;
        (self.new, self.old, self.available) = (seen.new.created, seen.stable.created, available);
        (self.step, self.paused) = (step, paused);
        if moved {
            (self.since, self.degraded) = (now, false);
        }
        !moved && !indefinite && now > self.since + deadline
    }

    pub(super) fn deadline(&self, deadline: i64) -> i64 {
        self.since + deadline + 1000
    }

    pub(super) fn is_degraded(&self) -> bool {
        self.degraded
    }

    pub(super) fn report(&mut self) -> bool {
        !std::mem::replace(&mut self.degraded, true)
    }
}

/// A canary with its controller.
#[derive(Debug, Clone, PartialEq)]
pub struct Canary {
    /// What it is to do.
    pub policy: CanaryPolicy,
    /// What is stored.
    pub state: CanaryState,
}

/// One round.
struct Round<'a> {
    policy: &'a CanaryPolicy,
    state: &'a mut CanaryState,
    /// As it was stored when the round began.
    before: CanaryState,
    seen: &'a Seen,
    now: i64,
    changes: Changes,
    orders: Vec<Order>,
    next: Vec<i64>,
}

impl Canary {
    /// A new revision beside a stable one that has all its pods, at `now`.
    pub fn new(policy: CanaryPolicy, now: i64) -> Self {
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
            self.state.pauses = Pauses {
                aborted: Some(now),
                ..Pauses::default()
            };
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

    /// Sets the weight of this round. False if the round ends here: all traffic is to go to the new revision and the
    /// router has not confirmed it.
    fn traffic(&mut self) -> bool {
        let scale = &self.policy.scale;
        if self.before.pauses.aborted.is_some() || self.before.promoted || self.before.promote_full
        {
            self.remove_routes();
        }
        if self.before.promoted {
            // The stable service shows the new revision now: all traffic goes there.
            self.set_weight(scale.max_weight);
            return true;
        }
        let desired = self.desired_weight();
        let needed = (scale.max_weight - desired) * scale.replicas / scale.max_weight;
        let stable = self.stable_pods();
        if stable.available < needed && !scale.far_enough(Some(stable), needed) {
            return true;
        }
        self.set_routes();
        if self.set_weight(desired) {
            return true;
        }
        let unverified = self.seen.weight_verified == Some(false);
        !(unverified && desired == scale.max_weight && self.policy.steps.len() >= self.before.step)
    }

    fn set_weight(&mut self, weight: i32) -> bool {
        let changes = self.state.weight != Some(weight);
        if changes {
            self.state.weight = Some(weight);
            self.orders.push(Order::SetWeight(weight));
        }
        changes
    }

    fn desired_weight(&self) -> i32 {
        let policy = self.policy;
        let (canary, index) = (self.new_pods(), self.before.step);
        if self.before.pauses.aborted.is_some() {
            return self.abort_weight();
        }
        if canary.available == 0 {
            return 0;
        }
        if self.before.promote_full {
            return match policy.scale.dynamic_stable_scale {
                true => policy.scale.max_weight * canary.available / policy.scale.replicas,
                false => self.before.weight.unwrap_or(0),
            };
        }
        if policy.steps.is_empty() {
            return 0;
        }
        if !self.at_desired(None) {
            policy.last_weight(index)
        } else {
            policy.weight_at(index)
        }
    }

    /// With a scaled stable set the weight goes down a rung only when stable can carry the rest; below the last rung it
    /// follows the pods.
    fn abort_weight(&self) -> i32 {
        let scale = &self.policy.scale;
        if !scale.dynamic_stable_scale || scale.replicas == 0 {
            return 0;
        }
        let stable = self.stable_pods();
        let rung = scale.next_rung(self.new_pods(), stable);
        let carried = scale.max_weight * stable.available / scale.replicas;
        let rest = (scale.max_weight - carried).max(0);
        match self.before.weight {
            None => rest.max(rung),
            Some(current) if rung <= 0 => rest.min(current),
            Some(current) if carried < scale.max_weight - rung => current,
            Some(current) => rung.min(current),
        }
    }

    fn set_routes(&mut self) {
        let index = self.before.step;
        let Some(step) = self
            .policy
            .step(index)
            .filter(|_| !self.state.routes.contains(&index))
        else {
            return;
        };
        if step.set_header_route.is_some() {
            self.orders.push(Order::SetHeaderRoute(index));
        } else if step.set_mirror_route.is_some() {
            self.orders.push(Order::SetMirrorRoute(index));
        } else {
            return;
        }
        self.state.routes.insert(index);
    }

    fn remove_routes(&mut self) {
        if !self.state.routes.is_empty() {
            self.state.routes.clear();
            self.orders.push(Order::RemoveRoutes);
        }
    }

    fn start(&mut self, kind: RunKind) -> RunId {
        self.state.started += 1;
        self.orders.push(Order::Start(self.state.started, kind));
        self.state.started
    }

    fn stop(&mut self, run: Option<RunId>) {
        if let Some(id) = run.filter(|id| !self.seen.run(*id).0.completed()) {
            self.orders.push(Order::Stop(id));
        }
    }

    /// What a finished run does to the rollout.
    fn take(&mut self, run: RunId, pause: PauseReason, what: &str) {
        let (phase, message) = self.seen.run(run);
        match phase {
            Phase::Inconclusive => self.changes.add.push(pause),
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

    fn experiments(&mut self) {
        let aborted = self.before.pauses.aborted.is_some();
        if aborted || self.before.promote_full {
            let run = self.state.experiment.take();
            return self.stop(run.map(|(id, _)| id));
        }
        if self
            .before
            .pauses
            .since(PauseReason::InconclusiveAnalysis)
            .is_some()
        {
            return;
        }
        let index = self.before.step;
        let kind = match self.policy.step(index) {
            Some(step) if step.experiment.is_some() => RunKind::Experiment(index),
            Some(step) if step.plugin.is_some() => RunKind::Plugin(index),
            _ => {
                let run = self.state.experiment.take();
                return self.stop(run.map(|(id, _)| id));
            }
        };
        match self.state.experiment.filter(|(_, step)| *step == index) {
            None => self.state.experiment = Some((self.start(kind), index)),
            Some((id, _)) => self.take(
                id,
                PauseReason::InconclusiveExperiment,
                "Experiment analysis phase is error/failed",
            ),
        }
    }

    fn analyses(&mut self) {
        let aborted = self.before.pauses.is_aborted(&self.changes);
        if self.before.promoted || aborted || self.before.promote_full {
            let (step, background) = (self.state.step_run.take(), self.state.background.take());
            self.stop(step.map(|(id, _)| id));
            return self.stop(background);
        }
        self.step_analysis();
        self.background_analysis();
    }

    fn step_analysis(&mut self) {
        if !self.before.pauses.conditions.is_empty() {
            return;
        }
        let index = self.before.step;
        let asked = self
            .policy
            .step(index)
            .and_then(|s| s.analysis.as_ref())
            .is_some_and(|a| !a.templates.is_empty());
        let current = self.state.step_run;
        if !asked || current.is_some_and(|(_, step)| step != index) {
            self.state.step_run = None;
            return self.stop(current.map(|(id, _)| id));
        }
        match current.filter(|(id, _)| !self.needs_new(*id)) {
            None => self.state.step_run = Some((self.start(RunKind::Step(index)), index)),
            Some((id, _)) => {
                self.take(
                    id,
                    PauseReason::InconclusiveAnalysis,
                    "Step-based analysis phase error/failed",
                );
            }
        }
    }

    fn needs_new(&self, run: RunId) -> bool {
        self.before
            .pauses
            .needs_new_run(self.seen.run(run).0 == Phase::Inconclusive)
    }

    fn background_analysis(&mut self) {
        let Some(starting) = self.policy.background else {
            return;
        };
        let (index, steps) = (self.before.step, self.policy.steps.len());
        if index < starting && index < steps {
            let run = self.state.background.take();
            return self.stop(run);
        }
        if self
            .before
            .pauses
            .since(PauseReason::InconclusiveAnalysis)
            .is_some()
        {
            return;
        }
        match self.state.background.filter(|id| !self.needs_new(*id)) {
            None => self.state.background = Some(self.start(RunKind::Background)),
            Some(id) => self.take(
                id,
                PauseReason::InconclusiveAnalysis,
                "Background analysis phase error/failed",
            ),
        }
    }

    /// Scales one set, if one is not where it is wanted. True if it did: the round goes no further.
    fn pods(&mut self) -> bool {
        if !self.delays_on_abort() {
            self.state.new_deadline = None;
        }
        let wanted = self.policy.wanted(&self.at(), self.before.weight);
        let stable = self.policy.scale.counts(&self.sets(), &wanted).stable;
        if !self.before.promoted && self.ask(Set::Stable, stable) {
            return true;
        }
        let wanted = self.policy.wanted(&self.at(), self.state.weight);
        let count = self.policy.scale.counts(&self.sets(), &wanted).canary;
        match self.after_delay(count) {
            Some(count) if self.ask(Set::New, count) => true,
            _ => self.old_pods(),
        }
    }

    fn ask(&mut self, set: Set, count: i32) -> bool {
        let asked = match set {
            Set::New => &mut self.state.asked.0,
            Set::Stable => &mut self.state.asked.1,
        };
        let changes = *asked != count;
        if changes {
            *asked = count;
            self.orders.push(Order::Scale(set, count));
        }
        changes
    }

    fn delays_on_abort(&self) -> bool {
        let delay = self.policy.abort_delay;
        self.before.pauses.is_aborted(&self.changes)
            && self.policy.scale.routed
            && delay.delay.is_some()
            && (!self.policy.scale.dynamic_stable_scale || delay.given)
    }

    /// What the new set is scaled to; after an abort nothing happens until the delay is over, and the delay begins only
    /// when stable has all its pods.
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
            Some(deadline) if deadline > self.now => {
                self.next.push(deadline);
                None
            }
            Some(_) => Some(0),
            None => {
                if self.seen.stable.available >= self.policy.scale.replicas {
                    // An annotation in whole seconds.
                    let deadline = (self.now + delay).div_euclid(1000) * 1000;
                    self.state.new_deadline = Some(deadline);
                    self.next.push(deadline);
                }
                None
            }
        }
    }

    /// After a promotion the previous stable pods go: within the bounds without a router, at once if stable is scaled,
    /// else after their delay.
    fn old_pods(&mut self) -> bool {
        let old = self.stable_pods();
        if !self.before.promoted || old.spec == 0 {
            return false;
        }
        let scale = &self.policy.scale;
        let least = scale.replicas - scale.fenceposts.unavailable;
        let may_go = self.seen.new.available + old.available - least;
        if may_go <= 0 {
            return false;
        }
        let count = match (scale.routed, scale.dynamic_stable_scale) {
            (false, _) => (old.spec - may_go).max(0),
            (true, true) => 0,
            (true, false) => match self.state.old_deadline {
                None if self.policy.scale_down_delay == 0 => old.spec,
                None => {
                    let deadline =
                        (self.now + self.policy.scale_down_delay).div_euclid(1000) * 1000;
                    self.state.old_deadline = Some(deadline);
                    self.next.push(deadline);
                    old.spec
                }
                Some(deadline) if deadline > self.now => {
                    self.next.push(deadline);
                    old.spec
                }
                Some(_) => 0,
            },
        };
        self.ask(Set::Stable, count)
    }

    fn pause(&mut self) {
        let Some(pause) = self
            .policy
            .step(self.before.step)
            .and_then(|s| s.pause.as_ref())
        else {
            return;
        };
        let aborted = self.before.pauses.is_aborted(&self.changes);
        if self.policy.paused || self.before.promote_full || self.before.promoted || aborted {
            return;
        }
        match self.before.pauses.since(PauseReason::CanaryPauseStep) {
            None if !self.before.pauses.controller => {
                self.changes.add.push(PauseReason::CanaryPauseStep)
            }
            None => {}
            Some(since) => self
                .next
                .extend(pause.seconds().map(|seconds| since + seconds * 1000 + 1)),
        }
    }

    fn status(&mut self) {
        let steps = self.policy.steps.len();
        let mut index = self.before.step;
        if self.before.promote_full {
            (self.changes.clear, self.changes.remove_abort) = (true, true);
            index = steps;
        }
        let aborted = self.before.pauses.is_aborted(&self.changes);
        if self.promotes(aborted) {
            (self.changes.clear, self.changes.remove_abort) = (true, true);
            (self.state.promoted, self.state.promote_full, index) = (true, false, steps);
            self.orders.push(Order::Promote);
        } else if aborted {
            index = 0;
        } else if !self.policy.paused && index == self.before.step && self.step_over() {
            index += 1;
            self.changes.remove.push(PauseReason::CanaryPauseStep);
            self.orders.push(Order::Step(index));
        }
        self.state.step = index;
        self.progress(aborted);
        self.state
            .pauses
            .store(&self.changes, self.now, &mut self.orders);
        let since = self.state.pauses.since(PauseReason::CanaryPauseStep);
        let seconds = self
            .policy
            .step(self.state.step)
            .and_then(|s| s.pause.as_ref())
            .and_then(|p| p.seconds());
        self.next.extend(
            since
                .zip(seconds)
                .map(|(since, seconds)| since + seconds * 1000 + 1),
        );
    }

    fn promotes(&self, aborted: bool) -> bool {
        let scale = &self.policy.scale;
        let complete = self.seen.new.available >= scale.replicas
            || scale.threshold.is_some() && scale.far_enough(Some(self.new_pods()), scale.replicas);
        !self.before.promoted
            && !aborted
            && complete
            && (self.before.promote_full || self.before.step >= self.policy.steps.len())
    }

    fn step_over(&self) -> bool {
        let Some(step) = self.policy.step(self.before.step) else {
            return false;
        };
        let succeeded = |run: Option<(RunId, usize)>| {
            run.is_some_and(|(id, at)| {
                at == self.before.step && self.seen.run(id).0 == Phase::Successful
            })
        };
        if let Some(pause) = &step.pause {
            return self.before.pauses.step_over(pause.seconds(), self.now);
        }
        if step.set_canary_scale.is_some() {
            return self.at_desired(self.state.weight);
        }
        if step.set_weight.is_some() {
            return self.at_desired(self.state.weight) && self.seen.weight_verified != Some(false);
        }
        if step.experiment.is_some() || step.plugin.is_some() {
            return succeeded(self.state.experiment);
        }
        if step.analysis.is_some() {
            return succeeded(self.state.step_run);
        }
        step.set_header_route.is_some() || step.set_mirror_route.is_some()
    }

    fn progress(&mut self, aborted: bool) {
        if self.state.promoted || aborted {
            return;
        }
        let step = self.policy.step(self.before.step);
        let indefinite = step
            .is_some_and(|s| s.pause.is_some() || s.analysis.is_some() || s.experiment.is_some());
        let paused = self.policy.paused || !self.before.pauses.conditions.is_empty();
        let deadline = self.policy.progress_deadline;
        let at = (self.state.step, paused);
        if self
            .state
            .progress
            .late(self.now, deadline, self.seen, at, indefinite || paused)
        {
            if self.policy.progress_abort {
                self.changes.abort = Some("has timed out progressing".into());
                self.state.step = 0;
            }
            if self.state.progress.report() {
                self.orders.push(Order::Degraded);
            }
        } else if !indefinite && !paused && !self.state.progress.is_degraded() {
            self.next.push(self.state.progress.deadline(deadline));
        }
    }
}
