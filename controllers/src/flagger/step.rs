//! Checks and strategies: what a tick does while a canary is under analysis or being promoted.
//!
//! Source: the second half of `advanceCanary`, `runCanary`, `runAB`, `runBlueGreen`, `runPromotionTrafficShift` and
//! `pkg/controller/scheduler_hooks.go` of fluxcd/flagger v1.44.0.

use super::form::HookType;
use super::metric::{self, Answer, Source, Step};
use super::policy::{Strategy, TOTAL};
use super::run::Run;
use super::state::{Asked, Event, Order, Phase, Routes};

impl Run<'_> {
    /// A check, and a step of the strategy if it passes. A check that fails is one failed check.
    pub(super) fn analyse(&mut self) {
        let routes = self.routes();
        let mirrored = self.policy.analysis().mirror && routes.mirrored;
        let untouched = routes.canary == 0 && self.was.iterations == 0 && !mirrored;
        let passed = if untouched {
            self.before_traffic()
        } else {
            self.check()
        };
        if !passed {
            self.tick.state.failed_checks += 1;
            return;
        }
        self.warn_of_kubernetes();
        match self.policy.strategy() {
            Strategy::AbTesting => self.step_ab(),
            Strategy::BlueGreen => self.step_blue_green(routes),
            Strategy::Canary => self.step_canary(routes),
        }
    }

    /// Without traffic there is nothing to measure: no metric and no rollout webhook, only pre-rollout.
    fn before_traffic(&mut self) -> bool {
        self.tell(Event::AnalysisStarts);
        for index in self.hooks(HookType::PreRollout) {
            if !self.call(index, Phase::Progressing) {
                self.tell(Event::HookFailed(index));
                return false;
            }
            self.tell(Event::HookPassed(index));
        }
        true
    }

    /// Rollout webhooks, then metrics; the first failure ends the check.
    fn check(&mut self) -> bool {
        for index in self.hooks(HookType::Rollout) {
            if !self.call(index, Phase::Progressing) {
                self.tell(Event::HookFailed(index));
                return false;
            }
        }
        let policy = self.policy;
        metric::steps(policy)
            .into_iter()
            .all(|step| self.measure(&step))
    }

    fn measure(&mut self, step: &Step<'_>) -> bool {
        let (index, passed) = match step {
            Step::Fail(index) => (*index, false),
            Step::Ask(ask) => {
                self.tick.asked.push(Asked::Metric(ask.index));
                let answer = self.answer(ask);
                let value = answer.deciding();
                (
                    ask.index,
                    value.is_some_and(|value| metric::passes(self.policy, ask, value)),
                )
            }
        };
        if !passed {
            self.tell(Event::MetricFailed(index));
        }
        passed
    }

    fn answer(&mut self, ask: &metric::Ask<'_>) -> Answer {
        let empty = ask.source == Source::Template
            && self
                .policy
                .template(ask.index)
                .is_some_and(|template| metric::renders_empty_window(template, ask.metric));
        let answer = self.world.metric(ask);
        if empty { Answer::Failed } else { answer }
    }

    fn warn_of_kubernetes(&mut self) {
        if !self.policy.is_kubernetes() {
            return;
        }
        if !self.policy.analysis().matches.is_empty() {
            self.tell(Event::NoAbTesting);
        }
        if self.policy.analysis().iterations < 1 {
            self.tell(Event::NoTrafficShift);
            self.tell(Event::NoTrafficShift);
        }
    }

    fn step_canary(&mut self, routes: Routes) {
        let step = self.policy.next_step(routes.canary);
        if step <= 0 {
            return;
        }
        let waits = self.was.phase == Phase::WaitingPromotion;
        if !routes.mirrored && !waits && !self.increase_is_confirmed() {
            return;
        }
        if routes.canary >= self.policy.max_weight() {
            if self.promotion_is_confirmed() {
                self.promote();
            }
            return;
        }
        let routes = self.next_routes(routes, step);
        self.route(routes);
        self.tick.state.weight = routes.canary;
        self.tell(Event::Weight(routes.canary));
    }

    /// One mirrored tick comes before the first weight where `mirror` is set. A step may go beyond `maxWeight`.
    fn next_routes(&self, now: Routes, step: i64) -> Routes {
        if self.policy.analysis().mirror && now.canary == 0 {
            if !now.mirrored {
                return Routes {
                    mirrored: true,
                    ..Routes::PRIMARY
                };
            }
            return Routes {
                primary: TOTAL - step,
                canary: step,
                mirrored: false,
            };
        }
        Routes {
            primary: (now.primary - step).max(0),
            canary: (now.canary + step).min(TOTAL),
            mirrored: now.mirrored,
        }
    }

    fn increase_is_confirmed(&mut self) -> bool {
        for index in self.hooks(HookType::ConfirmTrafficIncrease) {
            if !self.call(index, Phase::Progressing) {
                self.tell(Event::HookFailed(index));
                return false;
            }
            self.tell(Event::HookPassed(index));
        }
        true
    }

    /// A refusal waits; the second and later ones set the iterations back, so that blue/green, which counts up again
    /// on the next tick, asks every second tick only.
    fn promotion_is_confirmed(&mut self) -> bool {
        for index in self.hooks(HookType::ConfirmPromotion) {
            if !self.call(index, Phase::Progressing) {
                if self.was.phase == Phase::WaitingPromotion {
                    self.tick.state.iterations = self.policy.iterations() - 1;
                } else {
                    self.set_phase(Phase::WaitingPromotion);
                    self.tell(Event::HookFailed(index));
                }
                return false;
            }
            self.tell(Event::HookPassed(index));
        }
        true
    }

    fn promote(&mut self) {
        self.tell(Event::CopyingSpec);
        self.order(Order::Promote);
        self.set_phase(Phase::Promoting);
    }

    fn count_iteration(&mut self) {
        self.tick.state.iterations = self.was.iterations + 1;
    }

    fn step_ab(&mut self) {
        if self.policy.iterations() > self.was.iterations {
            self.route(Routes::CANARY);
            self.count_iteration();
            self.tell(Event::Iteration(self.was.iterations + 1));
        } else if self.promotion_is_confirmed() && self.policy.iterations() == self.was.iterations {
            self.promote();
        }
    }

    fn step_blue_green(&mut self, routes: Routes) {
        let iterations = self.policy.iterations();
        if iterations > self.was.iterations {
            if self.policy.analysis().mirror && !routes.mirrored {
                self.route(Routes {
                    mirrored: true,
                    ..Routes::PRIMARY
                });
            }
            self.count_iteration();
            self.tell(Event::Iteration(self.was.iterations + 1));
        } else if self.promotion_is_confirmed() {
            if iterations == self.was.iterations {
                self.switch();
            } else {
                self.promote();
            }
        }
    }

    /// Blue/green routes everything to the canary for one more check.
    fn switch(&mut self) {
        if !self.policy.is_kubernetes() {
            self.tell(Event::RoutingToCanary);
            self.route(Routes::CANARY);
        }
        self.count_iteration();
    }

    /// Takes traffic back to the primary, which has the new spec by now.
    pub(super) fn shift_to_primary(&mut self) {
        let step = self.policy.analysis().step_weight_promotion;
        let now = self.routes();
        if self.policy.is_kubernetes() {
            self.set_phase(Phase::Finalising);
        } else if step == 0 {
            self.tell(Event::RoutingToPrimary);
            self.route(Routes::PRIMARY);
            self.set_phase(Phase::Finalising);
        } else if now.canary > 0 {
            self.shift_by(now, step);
        }
    }

    fn shift_by(&mut self, now: Routes, step: i64) {
        let primary = (now.primary + step).min(TOTAL);
        let canary = (now.canary - step).max(0);
        self.route(Routes {
            primary,
            canary,
            mirrored: false,
        });
        self.tell(Event::PrimaryWeight(primary));
        if primary == TOTAL {
            self.set_phase(Phase::Finalising);
        } else {
            self.tick.state.weight = canary;
        }
    }
}
