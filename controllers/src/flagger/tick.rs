//! One tick of Flagger's scheduler.
//!
//! Source: `advanceCanary` and what it calls in `pkg/controller/scheduler.go` of fluxcd/flagger v1.44.0, seen to run as
//! written here. The order of the questions matters: readiness of the primary, a new revision, readiness of the canary,
//! rollback webhooks, the threshold, and only then the checks, so that a rollback comes one interval after the check
//! that reached the threshold.

use super::form::HookType;
use super::policy::{Policy, Router};
use super::ready::Readiness;
use super::state::{Asked, Event, Order, Phase, Revision, Routes, State, Tick, Wake, World};

/// Plays one tick: what the canary is afterwards, and what was asked, ordered and told on the way.
#[must_use]
pub fn tick(policy: &Policy, state: &State, wake: Wake, world: &mut dyn World) -> Tick {
    let (asked, orders, events) = (Vec::new(), Vec::new(), Vec::new());
    let tick = Tick {
        state: *state,
        asked,
        orders,
        events,
    };
    let mut run = Run {
        policy,
        was: *state,
        wake,
        world,
        tick,
    };
    run.advance();
    run.tick
}

/// A tick under way. `was` is the object as it was read at the beginning: Flagger decides by that copy throughout.
pub(super) struct Run<'a> {
    pub(super) policy: &'a Policy,
    pub(super) was: State,
    pub(super) wake: Wake,
    pub(super) world: &'a mut dyn World,
    pub(super) tick: Tick,
}

impl Run<'_> {
    fn advance(&mut self) {
        if self.policy.canary().spec.suspend {
            self.tell(Event::Suspended);
            return;
        }
        let goes_on = self.is_initialized()
            && self.should_advance()
            && self.primary_is_ready()
            && self.has_started()
            && !self.restarts()
            && self.canary_is_ready()
            && !self.skips_analysis()
            && !self.rollback_is_asked();
        if !goes_on {
            return;
        }
        match self.was.phase {
            Phase::Promoting => self.shift_to_primary(),
            Phase::Finalising => self.succeed(),
            _ if self.was.failed_checks >= self.policy.threshold() => self.roll_back(),
            _ => self.analyse(),
        }
    }

    fn skips(&self) -> bool {
        self.policy.canary().spec.skip_analysis
    }

    /// The first ticks wait for the primary and note the revision that is there.
    fn is_initialized(&mut self) -> bool {
        if self.was.phase != Phase::Initializing {
            return true;
        }
        if !self.skips() {
            self.tell(Event::ProvidersAvailable);
            if self.wake.primary != Readiness::Ready {
                self.tell(Event::PrimaryNotReady);
                return false;
            }
        }
        self.order(Order::ScaleToZero);
        self.sync(Phase::Initialized, 0);
        self.tick.state.promoted = Some(self.wake.revision);
        self.tell(Event::Initialized);
        false
    }

    /// A failed canary notes the newest revision on **every** tick. One that comes while the primary is not ready is
    /// noted and not started, and never looked at again.
    fn should_advance(&mut self) -> bool {
        match self.was.phase {
            Phase::Initializing | Phase::Initialized | Phase::Succeeded => {}
            Phase::Failed => self.tick.state.applied = Some(self.wake.revision),
            _ => return true,
        }
        self.is_new(self.wake.revision)
    }

    fn is_new(&self, revision: Revision) -> bool {
        self.was.is_new(revision)
    }

    fn primary_is_ready(&mut self) -> bool {
        if self.skips() || self.wake.primary == Readiness::Ready {
            return true;
        }
        self.tell(Event::PrimaryNotReady);
        if self.wake.primary == Readiness::Stuck {
            match self.was.phase {
                Phase::Promoting | Phase::Finalising => self.fail_forward(),
                _ => self.roll_back(),
            }
        }
        false
    }

    /// The tick on which a revision is noticed only asks confirm-rollout and scales up.
    fn has_started(&mut self) -> bool {
        let started = [
            Phase::Progressing,
            Phase::WaitingPromotion,
            Phase::Promoting,
            Phase::Finalising,
        ];
        if started.contains(&self.was.phase) {
            return true;
        }
        if self.rollout_is_confirmed() {
            self.tell(Event::NewRevision);
            self.order(Order::ScaleUp);
            self.sync(Phase::Progressing, 0);
        }
        false
    }

    fn rollout_is_confirmed(&mut self) -> bool {
        for index in self.hooks(HookType::ConfirmRollout) {
            if !self.call(index, self.was.phase) {
                if self.was.phase != Phase::Waiting {
                    self.set_phase(Phase::Waiting);
                    self.tell(Event::HookFailed(index));
                }
                return false;
            }
            self.tell(Event::HookPassed(index));
        }
        true
    }

    /// A revision that comes under way starts the analysis again from nothing. It is not looked for while promoting.
    fn restarts(&mut self) -> bool {
        let looked_for = matches!(self.was.phase, Phase::Progressing | Phase::WaitingPromotion);
        if !looked_for || !self.is_new(self.wake.revision) {
            return false;
        }
        self.tell(Event::RevisionChanged);
        self.route(Routes::PRIMARY);
        self.sync(Phase::Progressing, 0);
        true
    }

    fn canary_is_ready(&mut self) -> bool {
        if self.wake.canary == Readiness::Ready {
            return true;
        }
        self.tell(Event::CanaryNotReady);
        if self.wake.canary == Readiness::Stuck {
            self.roll_back();
        }
        false
    }

    fn skips_analysis(&mut self) -> bool {
        if !self.skips() {
            return false;
        }
        self.route(Routes::PRIMARY);
        self.tell(Event::CopyingSpec);
        self.order(Order::Promote);
        self.succeed();
        true
    }

    fn rollback_is_asked(&mut self) -> bool {
        if !matches!(self.was.phase, Phase::Progressing | Phase::WaitingPromotion) {
            return false;
        }
        for index in self.hooks(HookType::Rollback) {
            if self.call(index, self.was.phase) {
                self.tell(Event::HookPassed(index));
                self.tell(Event::RollbackAsked);
                self.roll_back();
                return true;
            }
            self.tell(Event::HookFailed(index));
        }
        false
    }

    fn succeed(&mut self) {
        self.order(Order::ScaleToZero);
        self.set_phase(Phase::Succeeded);
        self.tick.state.promoted = self.was.applied;
        self.after(Phase::Succeeded);
        self.tell(Event::PromotionCompleted);
    }

    /// All traffic to the primary and the canary to zero, in a single tick.
    pub(super) fn roll_back(&mut self) {
        if self.was.failed_checks >= self.policy.threshold() {
            self.tell(Event::ThresholdReached(self.was.failed_checks));
        }
        self.route(Routes::PRIMARY);
        self.tell(Event::ScalingDownFailed);
        self.order(Order::ScaleToZero);
        self.sync(Phase::Failed, 0);
        self.after(Phase::Failed);
    }

    /// A primary that gets stuck while it is being updated: the canary, which passed, takes everything and stays.
    fn fail_forward(&mut self) {
        self.tell(Event::PromotionFailed);
        self.route(Routes::CANARY);
        self.sync(Phase::Failed, Routes::CANARY.canary);
        self.after(Phase::Failed);
    }

    /// Calls post-rollout webhooks until one fails.
    fn after(&mut self, phase: Phase) {
        for index in self.hooks(HookType::PostRollout) {
            if !self.call(index, phase) {
                self.tell(Event::HookFailed(index));
                return;
            }
            self.tell(Event::HookPassed(index));
        }
    }

    /// The webhooks of a type in the order of the file.
    pub(super) fn hooks(&self, kind: HookType) -> Vec<usize> {
        let hooks = self.policy.analysis().webhooks.iter().enumerate();
        hooks
            .filter(|(_, hook)| hook.kind == kind)
            .map(|(index, _)| index)
            .collect()
    }

    /// Asks a webhook.
    pub(super) fn call(&mut self, index: usize, phase: Phase) -> bool {
        self.tick.asked.push(Asked::Hook(index));
        self.world
            .hook(index, &self.policy.analysis().webhooks[index], phase)
    }

    /// Notes an event and sends it to the webhooks of type `event`.
    pub(super) fn tell(&mut self, event: Event) {
        self.tick.events.push(event);
        for index in self.hooks(HookType::Event) {
            self.world.hook(
                index,
                &self.policy.analysis().webhooks[index],
                self.was.phase,
            );
        }
    }

    pub(super) fn order(&mut self, order: Order) {
        self.tick.orders.push(order);
    }

    /// Where traffic goes as Flagger reads it. The provider `kubernetes` makes it up from the iterations.
    pub(super) fn routes(&self) -> Routes {
        match self.policy.router() {
            Router::None if self.was.iterations > 0 => Routes::CANARY,
            Router::None => Routes::PRIMARY,
            _ => self.was.routes,
        }
    }

    /// Orders routes, as far as the router can.
    pub(super) fn route(&mut self, routes: Routes) {
        if self.policy.router() == Router::None {
            return;
        }
        let routes = Routes {
            mirrored: routes.mirrored && self.policy.mirrors(),
            ..routes
        };
        self.tick.state.routes = routes;
        self.order(Order::Route(routes));
    }

    /// `SyncStatus`: a status from nothing, which notes the revision that is there.
    fn sync(&mut self, phase: Phase, weight: i64) {
        let routes = self.tick.state.routes;
        let (applied, promoted) = (Some(self.wake.revision), self.was.promoted);
        let fresh = State {
            phase,
            weight,
            routes,
            ..State::new()
        };
        self.tick.state = State {
            applied,
            promoted,
            ..fresh
        };
    }

    /// `SetStatusPhase`: some phases forget weight and iterations. Waiting for promotion sets iterations one below those
    /// of the analysis, which is -1 for a canary by weight and 0 for one iteration.
    pub(super) fn set_phase(&mut self, phase: Phase) {
        let state = &mut self.tick.state;
        state.phase = phase;
        match phase {
            Phase::Progressing | Phase::Waiting | Phase::Promoting => {}
            Phase::WaitingPromotion => {
                state.weight = 0;
                state.iterations = self.policy.iterations() - 1;
            }
            _ => (state.weight, state.iterations) = (0, 0),
        }
    }
}
