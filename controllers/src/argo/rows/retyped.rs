//! Rows of the table of replica counts in the engine's own tests: Go, retyped.
//!
//! What is cut off in a row is open: the row holds if one reading of it gives what the engine gave.

use serde_json::Value as Json;

use super::replicas::whole;
use super::row::differ;
use crate::argo::counts::{Counts, Pods, Scale, Sets, Wanted};
use crate::argo::fenceposts::{Bound, Fenceposts};

/// The number in `intPnt(9)`.
fn pointed(text: &str) -> Option<i32> {
    let (_, rest) = text.split_once("intPnt(")?;
    rest.split(')').next()?.parse().ok()
}

/// Every reading of a scale of the canary that the row keeps up to its first comma.
fn readings(plain: Wanted, canary_scale: Option<&str>) -> Vec<Wanted> {
    let mut readings = vec![plain];
    let Some(set) = canary_scale else {
        return readings;
    };
    match pointed(set) {
        Some(pods) => readings.push(Wanted {
            canary_replicas: Some(pods),
            weight: 0,
            ..plain
        }),
        None => readings.extend((0..=1000).map(|weight| Wanted { weight, ..plain })),
    }
    readings
}

/// The whole numbers that a text holds.
fn numbers(text: &str) -> Vec<i32> {
    let words = text.split(|c: char| !c.is_ascii_digit());
    words.filter_map(|word| word.parse().ok()).collect()
}

fn text<'a>(row: &'a Json, key: &str) -> Option<&'a str> {
    row.get(key).and_then(Json::as_str)
}

fn count(row: &Json, key: &str) -> i32 {
    whole(row, key).unwrap_or(0)
}

fn bound(row: &Json, key: &str) -> Option<Bound> {
    match text(row, key) {
        Some(percent) if percent.contains('%') => Bound::read(&percent.into()),
        Some(pods) => pods.parse().ok().map(Bound::Pods),
        None => Some(Bound::Pods(count(row, key))),
    }
}

fn scale(row: &Json) -> Scale {
    let replicas = count(row, "rolloutSpecReplicas");
    let (surge, unavailable) = (bound(row, "maxSurge"), bound(row, "maxUnavailable"));
    let asks_routing = ["setCanaryScale", "minPodsPerReplicaSet"]
        .iter()
        .any(|key| text(row, key).is_some());
    Scale {
        replicas,
        fenceposts: Fenceposts::resolve(surge, unavailable, replicas),
        routed: asks_routing && text(row, "trafficRouting") != Some("nil"),
        dynamic_stable_scale: false,
        min_pods: text(row, "minPodsPerReplicaSet").and_then(pointed),
        max_weight: 100,
        threshold: None,
        ladder: vec![count(row, "setWeight")],
    }
}

fn sets(row: &Json) -> Sets {
    let pods = |spec, available| Pods::new(count(row, spec), count(row, available));
    let older = text(row, "olderRS").map(numbers).unwrap_or_default();
    Sets {
        canary: Some(pods("canarySpecReplica", "canaryAvailableReplica")),
        stable: Some(pods("stableSpecReplica", "stableAvailableReplica")),
        older: Pods::new(
            older.first().copied().unwrap_or(0),
            older.last().copied().unwrap_or(0),
        ),
    }
}

/// What the row says in full, whatever its scale of the canary.
fn wanted(row: &Json, scale: &Scale) -> Wanted {
    let aborted = text(row, "statusAbort") == Some("true");
    let promoted = text(row, "promoteFull") == Some("true");
    let weight = match (promoted, aborted) {
        (true, _) => scale.max_weight,
        (_, true) => 0,
        _ => count(row, "setWeight"),
    };
    Wanted {
        canary_replicas: None,
        weight,
        aborted,
        routed: None,
    }
}

/// A row of `argo.replica_counts_basic_canary`: a table of Go, retyped. What is cut off in the row (`setCanaryScale` is
/// kept up to its first comma, `trafficRouting` only where it is nil) is open: the row holds if one reading gives it.
pub(super) fn table(row: &Json) -> Result<(), String> {
    let (scale, sets) = (scale(row), sets(row));
    let plain = wanted(row, &scale);
    let kept_on_abort = text(row, "abortScaleDownDelaySeconds").and_then(pointed) == Some(0);
    let open =
        text(row, "setCanaryScale").filter(|_| scale.routed && (!plain.aborted || kept_on_abort));
    let readings = readings(plain, open);
    let ours: Vec<Counts> = readings
        .iter()
        .map(|wanted| scale.counts(&sets, wanted))
        .collect();
    let expected = Counts {
        canary: count(row, "expectedCanaryReplicaCount"),
        stable: count(row, "expectedStableReplicaCount"),
    };
    if ours.contains(&expected) {
        Ok(())
    } else {
        differ("counts", &expected, &ours[0])
    }
}
