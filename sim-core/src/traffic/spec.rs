//! What a scenario says about the load.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::preset::Preset;
use super::splitter::{Connections, OnZero, Requests, Salt, Splitter, Users};
use crate::engine::{Distribution, SimDuration};

/// The load of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Traffic {
    /// Requests a second over the whole fleet, before any shape.
    #[schemars(range(min = 0.0, max = 1e9))]
    pub requests_per_second: f64,
    /// What bends the load over time; the factors multiply.
    #[serde(default)]
    pub shape: Vec<Load>,
    /// How many requests really come.
    #[serde(default)]
    pub arrivals: Arrivals,
    /// How requests are split between versions.
    #[serde(default)]
    pub split: Split,
    /// Work that is queued besides requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
}

/// A queue of jobs and the workers that serve it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Work {
    /// How many jobs come, on average.
    #[schemars(range(min = 0.001, max = 1e7))]
    pub jobs_per_hour: f64,
    /// How long a worker needs for one job.
    pub takes: Distribution,
    /// How many workers there are.
    #[schemars(range(min = 1, max = 100_000))]
    pub workers: u32,
    /// For how long the queue has been running when somebody looks at it.
    pub warm_up: SimDuration,
    /// How long jobs still run on a worker that the new version replaces, before they are killed and lost; left out, they
    /// are left to finish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grace: Option<SimDuration>,
}

/// One factor on the load.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Load {
    /// A cosine over the day: 1 + amplitude at the peak, 1 - amplitude half a day later.
    Diurnal {
        /// The amplitude, 0 to 1.
        amplitude: f64,
        /// The time from the start of the rollout to the first peak.
        peak: SimDuration,
    },
    /// The weekend is weaker, or stronger. A rollout starts where `telemetry.starts-in-week` says, on Monday at 00:00 where it
    /// says nothing.
    Weekly {
        /// The factor on Saturday and Sunday (UTC).
        weekend: f64,
    },
    /// A temporary factor.
    Surge {
        /// When it begins.
        at: SimDuration,
        /// How long it lasts.
        lasts: SimDuration,
        /// The factor.
        factor: f64,
    },
}

/// How the number of requests in a scrape interval varies around its mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Arrivals {
    /// Exactly the mean, rounded.
    #[default]
    Exact,
    /// Poisson.
    Poisson,
    /// Negative binomial, with this size (smaller is burstier).
    NegativeBinomial {
        /// The size parameter k; the variance is mean + mean^2 / k.
        size: f64,
    },
}

/// Who gets the new version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum Split {
    /// The requests that happen to reach an updated host.
    #[default]
    ByHost,
    /// A share of the requests, set at the router; hosts of the new version stand ready.
    ByRequest,
    /// The users of a cohort, always the same ones.
    StickyUsers {
        /// How many users there are.
        users: u64,
        /// How often one user visits, in visits an hour: whoever has visited since joining the share has
        /// loaded the new version and keeps it for the `client-memory` of the kill switch.
        visits_per_hour: f64,
    },
    /// As a product does it, by name and version: `coalmine list --splitters`.
    Preset(Preset),
    /// Each request for itself.
    Requests(Requests),
    /// Each connection, with all of its requests.
    Connections(Connections),
    /// Each user, always alike.
    Users(Users),
}

impl Split {
    /// The split that a preset stands for; every other is itself.
    #[must_use]
    pub fn spelled(self) -> Self {
        match self {
            Self::Preset(preset) => match preset.splitter() {
                Splitter::Requests(requests) => Self::Requests(requests),
                Splitter::Users(users) => Self::Users(users),
            },
            split => split,
        }
    }

    /// How long those who have the new version keep it at a weight of zero; nothing where they are evicted.
    pub fn session(self) -> Option<SimDuration> {
        match self.spelled() {
            Self::Users(Users {
                on_zero: OnZero::StopNewcomers { session },
                ..
            }) => Some(session),
            _ => None,
        }
    }

    /// Whether the same users get the new version first in every rollout of a study.
    pub fn has_same_users(self) -> bool {
        match self.spelled() {
            Self::StickyUsers { .. } => true,
            Self::Users(users) => users.salt == Salt::Fixed,
            _ => false,
        }
    }

    /// How many users there are, where they are counted.
    pub fn count(self) -> Option<u64> {
        match self.spelled() {
            Self::StickyUsers { users, .. } => Some(users),
            Self::Users(users) => users.count,
            _ => None,
        }
    }

    /// How many users there are and how often one visits, where both are declared.
    pub fn visitors(self) -> Option<(u64, f64)> {
        match self.spelled() {
            Self::StickyUsers {
                users,
                visits_per_hour,
            } => Some((users, visits_per_hour)),
            Self::Users(users) => users.count.zip(users.visits_per_hour),
            _ => None,
        }
    }
}
