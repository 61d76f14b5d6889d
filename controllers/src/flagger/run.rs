//! What a tick under way may do: ask webhooks, tell events, order, route traffic, note a phase.
//!
//! Source: `pkg/controller/scheduler*.go` and `pkg/canary/status.go` of fluxcd/flagger v1.44.0.

use super::form::HookType;
use super::policy::{Policy, Router};
use super::state::{Asked, Event, Order, Phase, Routes, State, Tick, Wake, World};

/// A tick under way. `was` is the object as it was read at the beginning: Flagger decides by that copy throughout.
pub(super) struct Run<'a> {
    pub(super) policy: &'a Policy,
    pub(super) was: State,
    pub(super) wake: Wake,
    pub(super) world: &'a mut dyn World,
    pub(super) tick: Tick,
}

impl Run<'_> {
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
    pub(super) fn sync(&mut self, phase: Phase, weight: i64) {
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
