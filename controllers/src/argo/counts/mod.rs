//! How many pods the canary and the stable set are asked to have, in one round of reconciling.
//!
//! Source: argo-rollouts v1.10.1 `utils/replicaset/canary.go`.

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
pub enum Threshold {
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
    pub threshold: Option<Threshold>,
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

    /// Without traffic routing the pods are the weight: the counts move toward it as far as both bounds let them.
    fn basic_counts(&self, sets: &Sets, wanted: &Wanted) -> Counts {
        let desired = self.desired_basic(sets, wanted);
        let mut counts = scaled_up(self, sets, desired);
        if sets.older.spec > 0 {
            return counts;
        }
        let canary = sets.canary.unwrap_or_default();
        let rising = sets.canary.is_none() || desired.canary >= canary.spec;
        let stable_to_count = sets.stable.unwrap_or(Pods {
            spec: 0,
            created: 0,
            available: 0,
        });
        let counted = canary.to_scale_down(!rising) + stable_to_count.to_scale_down(rising);
        let least = self.replicas - self.fenceposts.unavailable;
        if counted <= least {
            return counts;
        }
        let limits = Limits {
            most: self.replicas + self.fenceposts.surge,
            least,
        };
        if !rising {
            counts.canary = drained(sets.canary, desired.canary, counted - least, counts.canary);
            (counts.canary, counts.stable) =
                limits.within(sets.canary, sets.stable, counts.canary, counts.stable);
        } else if sets.stable.is_some() {
            counts.stable = drained(sets.stable, desired.stable, counted - least, counts.stable);
            (counts.stable, counts.canary) =
                limits.within(sets.stable, sets.canary, counts.stable, counts.canary);
        }
        counts
    }

    fn desired_basic(&self, sets: &Sets, wanted: &Wanted) -> Counts {
        match sets.stable {
            Some(_) => approximate(
                self.replicas,
                wanted.weight,
                self.max_weight,
                self.fenceposts.surge,
            ),
            None => Counts {
                canary: self.replicas,
                stable: 0,
            },
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
            Some(Threshold::Percent(percent)) if percent >= 0 => {
                let share = f64::from(pods.available) / f64::from(desired) * 100.0;
                desired == 0
                    || share >= f64::from(percent)
                    || (share - f64::from(percent)).abs() <= 1e-10
            }
            Some(Threshold::Pods(least)) if least >= 0 => pods.available >= least,
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

/// Stable first, then the canary, within the surge.
fn scaled_up(scale: &Scale, sets: &Sets, desired: Counts) -> Counts {
    let canary = sets.canary.map_or(0, |c| c.spec);
    let stable = sets.stable.map_or(0, |s| s.spec);
    let mut room = scale.replicas + scale.fenceposts.surge - (canary + stable + sets.older.spec);
    let mut counts = Counts { canary, stable };
    if sets.stable.is_some() && stable < desired.stable && room > 0 {
        counts.stable = desired.stable.min(stable + room);
        room -= counts.stable - stable;
    }
    if sets.canary.is_some() && canary < desired.canary && room > 0 {
        counts.canary = desired.canary.min(canary + room);
    }
    counts
}

fn drained(pods: Option<Pods>, desired: i32, may_go: i32, count: i32) -> i32 {
    match pods {
        Some(pods) if pods.spec > desired => desired.max(pods.spec - may_go),
        _ => count,
    }
}

struct Limits {
    most: i32,
    least: i32,
}

impl Limits {
    /// Keeps both counts within the bounds: first the set that is kept gives way to the surge, then gets back what
    /// availability needs, then the drained one gives way.
    fn within(
        &self,
        drained: Option<Pods>,
        kept: Option<Pods>,
        drain: i32,
        keep: i32,
    ) -> (i32, i32) {
        let Some(pods) = kept else {
            return (drain, keep);
        };
        let mut keep = keep - (keep + drain - self.most).max(0);
        let available = drained.map_or(0, |d| d.available.min(drain)) + pods.available.min(keep);
        let lost = (pods.available - keep).max(0);
        keep += lost.min((self.least - available).max(0));
        (drain - (keep + drain - self.most).max(0), keep)
    }
}

/// The counts that come closest to a weight: never nothing on either side for a weight between none and all while there
/// are two replicas; with a surge one replica more if that is closer.
/// # Example
/// Ten replicas at a weight of 1 % are one pod of the canary, and none of the old ones goes while one may be too many:
///
/// ```
/// let counts = controllers::argo::counts::approximate(10, 1, 100, 1);
/// assert_eq!((counts.canary, counts.stable), (1, 10));
/// ```
pub fn approximate(replicas: i32, weight: i32, max_weight: i32, surge: i32) -> Counts {
    if replicas == 0 {
        return Counts {
            canary: 0,
            stable: 0,
        };
    }
    let share = f64::from(replicas.wrapping_mul(weight)) / f64::from(max_weight);
    let (up, down) = (share.ceil() as i32, share.floor() as i32);
    let none_allowed = weight == max_weight || weight == 0 || replicas == 1 && surge == 0;
    let mut options = Vec::with_capacity(4);
    if up < replicas || none_allowed {
        options.push((up, replicas));
    }
    for total in [replicas, replicas + 1] {
        if total > replicas {
            if surge <= 0 {
                break;
            }
            options.push((up, total));
        }
        if !tied(weight, max_weight, total) && (down != 0 || none_allowed) {
            options.push((down, total));
        }
    }
    let distance = |(canary, total): (i32, i32)| {
        (f64::from(canary.wrapping_mul(max_weight)) / f64::from(total) - f64::from(weight)).abs()
    };
    let closest = options.into_iter().reduce(|best, next| {
        if distance(next) < distance(best) {
            next
        } else {
            best
        }
    });
    let (canary, total) = closest.unwrap_or((0, replicas));
    Counts {
        canary,
        stable: total - canary,
    }
}

/// Rounding up and rounding down are equally far.
fn tied(weight: i32, max_weight: i32, total: i32) -> bool {
    let exact = f64::from(total) * (f64::from(weight) / f64::from(max_weight));
    exact - exact.trunc() == 0.5
}
