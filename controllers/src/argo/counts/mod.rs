//! How many pods the canary and the stable set are asked to have, in one round of reconciling.
//!
//! Source: argo-rollouts v1.10.1 `utils/replicaset/canary.go`.

mod approximate;
mod basic;

pub use approximate::approximate;

use super::fenceposts::Fenceposts;

/// A set of pods as the controller sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pods {
    /// Asked for (`spec.replicas`).
    pub spec: i32,
    /// There, ready or not (`status.replicas`).
    pub created: i32,
    /// Ready for `minReadySeconds` (`status.availableReplicas`).
    pub available: i32,
}

impl Pods {
    /// A set whose pods are all created.
    pub fn new(spec: i32, available: i32) -> Self {
        Self {
            spec,
            created: spec,
            available,
        }
    }

    /// What counts as available before a scale-down; pods that are about to go do not, and where availability is
    /// ignored all that are asked for do.
    fn to_scale_down(self, ignore_availability: bool) -> i32 {
        if self.spec < self.available || ignore_availability {
            self.spec
        } else {
            self.available
        }
    }
}

/// When a canary is scaled far enough to go on (`replicaProgressThreshold`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplicaThreshold {
    /// So many available pods.
    Pods(i32),
    /// So many percent of the desired pods are available.
    Percent(i32),
}

/// What does not change from round to round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scale {
    /// `spec.replicas`.
    pub replicas: i32,
    /// `maxSurge` and `maxUnavailable` in pods.
    pub fenceposts: Fenceposts,
    /// Traffic is routed: pods follow weights, not weights pods.
    pub routed: bool,
    /// `dynamicStableScale`.
    pub dynamic_stable_scale: bool,
    /// `minPodsPerReplicaSet`.
    pub min_pods: Option<i32>,
    /// `maxTrafficWeight`, 100 if not given.
    pub max_weight: i32,
    /// `replicaProgressThreshold`.
    pub threshold: Option<ReplicaThreshold>,
    /// The `setWeight` steps in order: the ladder that an abort with dynamic scale steps down.
    pub ladder: Vec<i32>,
}

/// The sets of one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sets {
    /// The new set; none before it is created.
    pub canary: Option<Pods>,
    /// The stable set, if it is another than the new one.
    pub stable: Option<Pods>,
    /// All older sets together.
    pub older: Pods,
}

/// What the pods are to be scaled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// `setCanaryScale.replicas`, where it rules.
    pub canary_replicas: Option<i32>,
    /// The weight otherwise.
    pub weight: i32,
    /// The rollout is aborted.
    pub aborted: bool,
    /// The weights that the router has now: of the canary and of stable.
    pub routed: Option<(i32, i32)>,
}

/// Counts asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Of the canary.
    pub canary: i32,
    /// Of stable.
    pub stable: i32,
}

impl Scale {
    /// The pods of a weight, rounded up.
    pub fn pods_for(&self, weight: i32) -> i32 {
        (f64::from(weight) * f64::from(self.replicas) / f64::from(self.max_weight)).ceil() as i32
    }

    fn at_least_min(&self, count: i32) -> i32 {
        match self.min_pods {
            Some(min) if count != 0 && self.routed => count.max(min.min(self.replicas)),
            _ => count,
        }
    }

    /// The counts of this round.
    pub fn counts(&self, sets: &Sets, wanted: &Wanted) -> Counts {
        if self.routed {
            self.routed_counts(wanted)
        } else {
            self.basic_counts(sets, wanted)
        }
    }

    /// With traffic routing the canary follows the weight and stable stays complete, unless it is scaled too: then it
    /// keeps what the larger of its actual and its desired weight needs.
    fn routed_counts(&self, wanted: &Wanted) -> Counts {
        let by_weight = || self.at_least_min(self.pods_for(wanted.weight));
        let mut canary = wanted.canary_replicas.unwrap_or_else(by_weight);
        if !self.dynamic_stable_scale {
            return Counts {
                canary,
                stable: self.replicas,
            };
        }
        let mut stable = self.pods_for(self.max_weight - wanted.weight);
        if let Some((canary_weight, stable_weight)) = wanted.routed {
            stable = stable.max(self.pods_for(stable_weight));
            if wanted.aborted {
                canary = canary.max(self.pods_for(canary_weight));
            }
        }
        Counts {
            canary: self.at_least_min(canary),
            stable: self.at_least_min(stable),
        }
    }

    /// Whether the sets are where this round wants them, so that a step may end.
    pub fn at_desired(&self, sets: &Sets, wanted: &Wanted) -> bool {
        let counts = self.counts(sets, wanted);
        let stable_counts = !self.routed || !self.dynamic_stable_scale;
        self.far_enough(sets.canary, counts.canary)
            && (!stable_counts
                || sets
                    .stable
                    .is_some_and(|s| counts.stable == s.spec && counts.stable == s.created))
            && (self.routed || sets.older.available == 0)
    }

    /// Whether enough of `desired` pods are available.
    pub fn far_enough(&self, pods: Option<Pods>, desired: i32) -> bool {
        let Some(pods) = pods else { return false };
        match self.threshold {
            Some(ReplicaThreshold::Percent(percent)) if percent >= 0 => {
                let share = f64::from(pods.available) / f64::from(desired) * 100.0;
                desired == 0
                    || share >= f64::from(percent)
                    || (share - f64::from(percent)).abs() <= 1e-10
            }
            Some(ReplicaThreshold::Pods(least)) if least >= 0 => pods.available >= least,
            _ => desired == pods.spec && desired == pods.available,
        }
    }

    /// The weight that an aborted rollout with dynamic stable scale steps down to: the largest rung of the ladder, from
    /// its end, with fewer pods than the canary still has to carry.
    pub fn next_rung(&self, canary: Pods, stable: Pods) -> i32 {
        let carried = (self.replicas - stable.available).max(canary.available);
        let rungs = self.ladder.iter().rev();
        rungs
            .copied()
            .find(|weight| self.pods_for(*weight) < carried)
            .unwrap_or(0)
    }
}
