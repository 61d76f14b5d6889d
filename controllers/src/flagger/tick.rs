//! One tick of Flagger's scheduler.
//!
//! Source: `advanceCanary` and what it calls in `pkg/controller/scheduler.go` of fluxcd/flagger v1.44.0, seen to run as
//! written here. The order of the questions matters: readiness of the primary, a new revision, readiness of the canary,
//! rollback webhooks, the threshold, and only then the checks, so that a rollback comes one interval after the check
//! that reached the threshold.

use super::form::HookType;
use super::policy::Policy;
use super::ready::Readiness;
use super::run::Run;
use super::state::{Event, Order, Phase, Revision, Routes, State, Tick, Wake, World};

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
}
