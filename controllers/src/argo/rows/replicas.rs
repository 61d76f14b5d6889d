//! Rows of replica counts: one round of reconciling, and the two tables of the engine's own tests.

use serde_json::Value as Json;

use super::row::{differ, halves};
use crate::argo::counts::{Counts, Pods, Scale, Sets, Wanted, approximate};
use crate::argo::fenceposts::{Bound, Fenceposts};

fn whole(json: &Json, key: &str) -> Option<i32> {
    json.get(key)
        .and_then(Json::as_i64)
        .and_then(|n| i32::try_from(n).ok())
}

fn flag(json: &Json, key: &str) -> bool {
    json.get(key).and_then(Json::as_bool).unwrap_or(false)
}

fn pods(json: Option<&Json>) -> Option<Pods> {
    let json = json?;
    Some(Pods::new(whole(json, "spec")?, whole(json, "available")?))
}

/// A row of `argo-replicas`.
pub(super) fn round(row: &Json) -> Result<(), String> {
    let (case, real) = halves(row)?;
    let replicas = whole(case, "replicas").ok_or("no replicas")?;
    let weight = whole(case, "weight").ok_or("no weight")?;
    let bound = |key| case.get(key).and_then(Bound::read);
    let ladder = case.get("steps").and_then(Json::as_array);
    let ladder = ladder.map_or_else(
        || vec![weight],
        |steps| {
            steps
                .iter()
                .filter_map(Json::as_i64)
                .map(|w| w as i32)
                .collect()
        },
    );
    let scale = Scale {
        replicas,
        fenceposts: Fenceposts::resolve(bound("max_surge"), bound("max_unavailable"), replicas),
        routed: flag(case, "traffic_routed"),
        dynamic_stable_scale: flag(case, "dynamic_stable_scale"),
        min_pods: whole(case, "min_pods"),
        max_weight: 100,
        threshold: None,
        ladder,
    };
    let sets = Sets {
        canary: pods(case.get("canary")),
        stable: pods(case.get("stable")),
        older: pods(case.get("older")).unwrap_or_default(),
    };
    let aborted = flag(case, "abort");
    let weight = match (sets.canary, sets.stable) {
        (Some(canary), Some(stable)) if aborted && scale.dynamic_stable_scale => {
            scale.next_rung(canary, stable)
        }
        _ if aborted => 0,
        _ => weight,
    };
    let routed = whole(case, "canary_weight").map(|w| (w, 100 - w));
    let wanted = Wanted {
        canary_replicas: None,
        weight,
        aborted,
        routed,
    };
    let counts = scale.counts(&sets, &wanted);
    for (key, ours) in [
        ("canary", counts.canary),
        ("stable", counts.stable),
        ("max_surge", scale.fenceposts.surge),
        ("max_unavailable", scale.fenceposts.unavailable),
    ] {
        differ(key, &whole(real, key), &Some(ours))?;
    }
    differ(
        "at_desired",
        &flag(real, "at_desired"),
        &scale.at_desired(&sets, &wanted),
    )
}

/// A row of `argo.approximate_weighted_counts`.
pub(super) fn weighted(row: &Json) -> Result<(), String> {
    let field = |key| whole(row, key).ok_or_else(|| format!("no {key}"));
    let ours = approximate(
        field("replicas")?,
        field("weight")?,
        field("max_weight")?,
        field("max_surge")?,
    );
    differ(
        "counts",
        &Counts {
            canary: field("exp_canary")?,
            stable: field("exp_stable")?,
        },
        &ours,
    )
}

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

/// A row of `argo.replica_counts_basic_canary`: a table of Go, retyped. What is cut off in the row (`setCanaryScale` is
/// kept up to its first comma, `trafficRouting` only where it is nil) is open: the row holds if one reading gives it.
pub(super) fn table(row: &Json) -> Result<(), String> {
    let text = |key: &str| row.get(key).and_then(Json::as_str);
    let count = |key: &str| whole(row, key).unwrap_or(0);
    let replicas = count("rolloutSpecReplicas");
    let bound = |key: &str| match text(key) {
        Some(percent) if percent.contains('%') => Bound::read(&percent.into()),
        Some(pods) => pods.parse().ok().map(Bound::Pods),
        None => Some(Bound::Pods(count(key))),
    };
    let older = text("olderRS").map(numbers).unwrap_or_default();
    let asks_routing = ["setCanaryScale", "minPodsPerReplicaSet"]
        .iter()
        .any(|key| text(key).is_some());
    let scale = Scale {
        replicas,
        fenceposts: Fenceposts::resolve(bound("maxSurge"), bound("maxUnavailable"), replicas),
        routed: asks_routing && text("trafficRouting") != Some("nil"),
        dynamic_stable_scale: false,
        min_pods: text("minPodsPerReplicaSet").and_then(pointed),
        max_weight: 100,
        threshold: None,
        ladder: vec![count("setWeight")],
    };
    let sets = Sets {
        canary: Some(Pods::new(
            count("canarySpecReplica"),
            count("canaryAvailableReplica"),
        )),
        stable: Some(Pods::new(
            count("stableSpecReplica"),
            count("stableAvailableReplica"),
        )),
        older: Pods::new(
            older.first().copied().unwrap_or(0),
            older.last().copied().unwrap_or(0),
        ),
    };
    let expected = Counts {
        canary: count("expectedCanaryReplicaCount"),
        stable: count("expectedStableReplicaCount"),
    };
    let aborted = text("statusAbort") == Some("true");
    let kept_on_abort = text("abortScaleDownDelaySeconds").and_then(pointed) == Some(0);
    let promoted = text("promoteFull") == Some("true");
    let weight = match (promoted, aborted) {
        (true, _) => scale.max_weight,
        (_, true) => 0,
        _ => count("setWeight"),
    };
    let plain = Wanted {
        canary_replicas: None,
        weight,
        aborted,
        routed: None,
    };
    let open = text("setCanaryScale").filter(|_| scale.routed && (!aborted || kept_on_abort));
    let readings = readings(plain, open);
    let ours: Vec<Counts> = readings
        .iter()
        .map(|wanted| scale.counts(&sets, wanted))
        .collect();
    if ours.contains(&expected) {
        Ok(())
    } else {
        differ("counts", &expected, &ours[0])
    }
}
