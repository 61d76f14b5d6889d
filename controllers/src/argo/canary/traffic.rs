//! What share the router is told to send.

use super::CanaryRound;
use crate::argo::orders::Order;

impl CanaryRound<'_> {
    /// Sets the weight of this round. False if the round ends here: all traffic is to go to the new revision and the
    /// router has not confirmed it.
    pub(super) fn traffic(&mut self) -> bool {
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

    pub(super) fn set_weight(&mut self, weight: i32) -> bool {
        let changes = self.state.weight != Some(weight);
        if changes {
            self.state.weight = Some(weight);
            self.orders.push(Order::SetWeight(weight));
        }
        changes
    }

    pub(super) fn desired_weight(&self) -> i32 {
        let policy = self.policy;
        let (canary, index) = (self.new_pods(), self.before.step);
        if self.before.pauses.aborted.is_some() {
            return self.abort_weight();
        }
        if canary.available == 0 {
            return 0;
        }
        if self.before.promote_full {
            return if policy.scale.dynamic_stable_scale {
                policy.scale.max_weight * canary.available / policy.scale.replicas
            } else {
                self.before.weight.unwrap_or(0)
            };
        }
        if policy.steps.is_empty() {
            return 0;
        }
        if self.at_desired(None) {
            policy.weight_at(index)
        } else {
            policy.last_weight(index)
        }
    }

    /// With a scaled stable set the weight goes down a rung only when stable can carry the rest; below the last rung it
    /// follows the pods.
    pub(super) fn abort_weight(&self) -> i32 {
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

    pub(super) fn set_routes(&mut self) {
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

    pub(super) fn remove_routes(&mut self) {
        if !self.state.routes.is_empty() {
            self.state.routes.clear();
            self.orders.push(Order::RemoveRoutes);
        }
    }
}
