//! Rows of replica counts: one round of reconciling, and the two tables of the engine's own tests.

use serde_json::Value as Json;

use super::row::{differ, halves};
use crate::argo::counts::{Counts, Pods, Scale, Sets, Wanted, approximate};
use crate::argo::fenceposts::{Bound, Fenceposts};

pub(super) fn whole(json: &Json, key: &str) -> Option<i32> {
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

/// What does not change in a row of `argo-replicas`; none without replicas.
fn scale_of(case: &Json, weight: i32) -> Option<Scale> {
    let replicas = whole(case, "replicas")?;
    let bound = |key| case.get(key).and_then(Bound::read);
    let rungs = |steps: &Vec<Json>| {
        let weights = steps.iter().filter_map(Json::as_i64);
        weights.map(|weight| weight as i32).collect()
    };
    let ladder = case.get("steps").and_then(Json::as_array);
    Some(Scale {
        replicas,
        fenceposts: Fenceposts::resolve(bound("max_surge"), bound("max_unavailable"), replicas),
        routed: flag(case, "traffic_routed"),
        dynamic_stable_scale: flag(case, "dynamic_stable_scale"),
        min_pods: whole(case, "min_pods"),
        max_weight: 100,
        threshold: None,
        ladder: ladder.map_or_else(|| vec![weight], rungs),
    })
}

/// What a row of `argo-replicas` scales for: its weight, or the one that an abort steps down to.
fn wanted(case: &Json, weight: i32, scale: &Scale, sets: &Sets) -> Wanted {
    let aborted = flag(case, "abort");
    let weight = match (sets.canary, sets.stable) {
        (Some(canary), Some(stable)) if aborted && scale.dynamic_stable_scale => {
            scale.next_rung(canary, stable)
        }
        _ if aborted => 0,
        _ => weight,
    };
    Wanted {
        canary_replicas: None,
        weight,
        aborted,
        routed: whole(case, "canary_weight").map(|w| (w, 100 - w)),
    }
}

/// A row of `argo-replicas`.
pub(super) fn round(row: &Json) -> Result<(), String> {
    let (case, real) = halves(row)?;
    let weight = whole(case, "weight").ok_or("no weight")?;
    let scale = scale_of(case, weight).ok_or("no replicas")?;
    let sets = Sets {
        canary: pods(case.get("canary")),
        stable: pods(case.get("stable")),
        older: pods(case.get("older")).unwrap_or_default(),
    };
    let wanted = wanted(case, weight, &scale, &sets);
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
