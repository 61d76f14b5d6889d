//! Counts without traffic routing: the pods are the weight.
//!
//! Source: argo-rollouts v1.10.1 `utils/replicaset/canary.go`.

use super::approximate::approximate;
use super::{Counts, Pods, Scale, Sets, Wanted};

impl Scale {
    /// Without traffic routing the pods are the weight: the counts move toward it as far as both bounds let them.
    pub(super) fn basic_counts(&self, sets: &Sets, wanted: &Wanted) -> Counts {
        let desired = self.desired_basic(sets, wanted);
        let mut counts = scaled_up(self, sets, desired);
        if sets.older.spec > 0 {
            return counts;
        }
        let canary = sets.canary.unwrap_or_default();
        let rising = sets.canary.is_none() || desired.canary >= canary.spec;
        let stable = sets.stable.unwrap_or_default();
        let counted = canary.to_scale_down(!rising) + stable.to_scale_down(rising);
        let least = self.replicas - self.fenceposts.unavailable;
        if counted <= least {
            return counts;
        }
        let bounds = Bounds {
            most: self.replicas + self.fenceposts.surge,
            least,
        };
        if !rising {
            counts.canary = drained(sets.canary, desired.canary, counted - least, counts.canary);
            (counts.canary, counts.stable) =
                bounds.within(sets.canary, sets.stable, counts.canary, counts.stable);
        } else if sets.stable.is_some() {
            counts.stable = drained(sets.stable, desired.stable, counted - least, counts.stable);
            (counts.stable, counts.canary) =
                bounds.within(sets.stable, sets.canary, counts.stable, counts.canary);
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

/// The bounds that surge and availability set to both counts together.
struct Bounds {
    most: i32,
    least: i32,
}

impl Bounds {
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
