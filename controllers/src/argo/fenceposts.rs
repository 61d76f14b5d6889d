//! `maxSurge` and `maxUnavailable`: a number or a percentage, and what it comes to.
//!
//! Source: argo-rollouts v1.10.1 `utils/replicaset/replicaset.go`, `utils/defaults`.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// A number, or a share of the replicas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Json", into = "Json")]
pub enum Bound {
    /// So many pods.
    Pods(i32),
    /// A share in percent of `spec.replicas`.
    Percent(i32),
}

/// What both bounds are if they are not given: a quarter.
pub const DEFAULT_BOUND: Bound = Bound::Percent(25);

impl Bound {
    /// In pods: a share is rounded up for a surge and down for what may be unavailable.
    pub fn pods(self, replicas: i32, up: bool) -> i32 {
        let share = |percent: i32| f64::from(percent) * f64::from(replicas) / 100.0;
        match self {
            Self::Pods(pods) => pods,
            Self::Percent(percent) if up => share(percent).ceil() as i32,
            Self::Percent(percent) => share(percent).floor() as i32,
        }
    }

    /// Reads a number or a text. A text is a percentage, with or without its sign, as the engine reads it.
    pub fn read(json: &Json) -> Option<Self> {
        match json {
            Json::Number(n) => n
                .as_i64()
                .and_then(|n| i32::try_from(n).ok())
                .map(Self::Pods),
            Json::String(s) => s.replace('%', "").parse().ok().map(Self::Percent),
            _ => None,
        }
    }
}

impl TryFrom<Json> for Bound {
    type Error = String;

    fn try_from(json: Json) -> Result<Self, String> {
        Self::read(&json).ok_or_else(|| format!("`{json}` is neither a number nor a percentage"))
    }
}

impl From<Bound> for Json {
    fn from(bound: Bound) -> Self {
        match bound {
            Bound::Pods(pods) => Self::from(pods),
            Bound::Percent(percent) => Self::from(format!("{percent}%")),
        }
    }
}

/// Both bounds in pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fenceposts {
    /// Pods above `spec.replicas`.
    pub surge: i32,
    /// Pods that may be missing; at most `spec.replicas`.
    pub unavailable: i32,
}

impl Fenceposts {
    /// Resolves both. If both come to nothing, one pod may be unavailable, so that there is a way at all.
    pub fn resolve(surge: Option<Bound>, unavailable: Option<Bound>, replicas: i32) -> Self {
        let surge = surge.unwrap_or(DEFAULT_BOUND).pods(replicas, true);
        let rounded = unavailable.unwrap_or(DEFAULT_BOUND).pods(replicas, false);
        let needed = if surge == 0 && rounded == 0 {
            1
        } else {
            rounded
        };
        Self {
            surge,
            unavailable: needed.min(replicas),
        }
    }
}
