//! What a scenario says about measurement.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::link::Link;
use super::{Dependence, Recording, Season};
use crate::engine::SimDuration;

/// The telemetry chain of a scenario: exporter, transport, store, query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Telemetry {
    /// The time between two scrapes.
    pub scrape_every: SimDuration,
    /// The time from a scrape until a query sees it.
    #[serde(default)]
    pub lag: SimDuration,
    /// The age at which the newest sample counts as stale.
    pub stale_after: SimDuration,
    /// Whether counters start from zero when a host is updated, without the query knowing.
    #[serde(default)]
    pub resets_unhandled: bool,
    /// The time of the week at which the rollout starts, counted from Monday 00:00 UTC: what seasons
    /// are read at. None draws any time of the week for each replication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_in_week: Option<SimDuration>,
    /// The signals.
    pub signals: Vec<Signal>,
}

/// One signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Signal {
    /// The name of the signal, which gates refer to.
    pub id: String,
    /// What kind of number it is, and its normal value.
    pub kind: SignalKind,
    /// How it moves beyond the chance of counting.
    #[serde(default)]
    pub noise: Noise,
    /// Whether users feel it: what is above normal of such a signal counts as harm. Of a ratio these are
    /// its bad requests, of a count its events, of a latency the slow requests.
    #[serde(default)]
    pub harms_users: bool,
    /// How much such a request counts, as a part of a failed one: 1 for a ratio or a count unless this says
    /// otherwise, 0.5 for a slow request (Apdex counts one that users merely tolerate so).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub harm_weight: Option<f64>,
    /// For a latency: from how many milliseconds on a request is slow; none means the normal 99th
    /// percentile of the signal.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::engine::some_quantity"
    )]
    #[schemars(with = "Option<crate::engine::Milliseconds>")]
    pub slow_above: Option<f64>,
    /// What was recorded, where that is played instead of a model.
    #[serde(skip)]
    pub recording: Option<Recording>,
}

/// The kind of a signal, with its normal value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields
)]
pub enum SignalKind {
    /// Bad requests among all requests.
    Ratio {
        /// The normal fraction.
        #[serde(deserialize_with = "crate::engine::quantity")]
        #[schemars(with = "crate::engine::Fraction")]
        base: f64,
        /// The intra-class correlation of a beta-binomial; 0 means binomial.
        #[serde(default)]
        correlation: f64,
        /// Of what the normal fraction is a part.
        #[serde(default, skip_serializing_if = "Counted::is_requests")]
        of: Counted,
        /// The part of the bad requests that nobody hears of, because who fails is silent: they are missing among the bad ones
        /// and among all.
        #[serde(default, skip_serializing_if = "is_zero")]
        #[schemars(range(min = 0.0, max = 1.0))]
        unheard: f64,
    },
    /// Bad things among a number of runs that has nothing to do with requests.
    RatioOfRuns {
        /// The normal fraction.
        #[serde(deserialize_with = "crate::engine::quantity")]
        #[schemars(with = "crate::engine::Fraction")]
        base: f64,
        /// How many runs there are an hour, over the whole fleet.
        runs_per_hour: f64,
        /// The intra-class correlation of a beta-binomial; 0 means binomial.
        #[serde(default)]
        correlation: f64,
    },
    /// Hosts that were not heard of among those that are there, at each scrape.
    Heartbeat {
        /// The normal fraction of silent hosts.
        #[serde(deserialize_with = "crate::engine::quantity")]
        #[schemars(with = "crate::engine::Fraction")]
        silent: f64,
    },
    /// Failed updates among those whose outcome is known: the first try on each host, as `fleet.update.fails` has it.
    /// Only the canary has them. Its samples are tries, so that `min-samples: 5` judges from the fifth on.
    Updates,
    /// Events.
    Count {
        /// The normal number for each host and hour.
        per_host_hour: f64,
        /// The size of a negative binomial; none means Poisson.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        size: Option<f64>,
    },
    /// A level.
    Gauge {
        /// The normal level of a host.
        base: f64,
        /// The standard deviation of one sample of one host.
        sd: f64,
    },
    /// A latency in milliseconds: a mixture of lognormals with a time-out cap.
    Latency {
        /// The parts of the mixture.
        parts: Vec<LatencyPart>,
        /// The time-out, in milliseconds: no request takes longer.
        #[serde(deserialize_with = "crate::engine::quantity")]
        #[schemars(with = "crate::engine::Milliseconds")]
        cap: f64,
        /// The upper bounds of the histogram's buckets, in milliseconds and rising; a last bucket without an
        /// end is always there. Gates then read quantiles as Prometheus' `histogram_quantile` interpolates
        /// them. Without buckets every single latency is known, and a quantile of `n` requests is the one of
        /// rank `q n`, rounded up.
        #[serde(
            default,
            skip_serializing_if = "Vec::is_empty",
            deserialize_with = "crate::engine::quantities"
        )]
        #[schemars(with = "Vec<crate::engine::Milliseconds>")]
        buckets: Vec<f64>,
    },
}

impl SignalKind {
    /// Whether a sample is the state at its scrape and not the difference of two counters: a lost one takes no other along.
    #[must_use]
    pub const fn is_state(&self) -> bool {
        matches!(self, Self::Gauge { .. } | Self::Heartbeat { .. })
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(part: &f64) -> bool {
    *part == 0.0
}

/// Of what the normal fraction of bad requests is a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Of the requests: each fails for itself.
    #[default]
    Requests,
    /// Of the users whom `traffic.split` counts: so many of them always fail, whatever they ask for, and the others never.
    /// Who they are is as lasting as who is assigned first: with `salt: fixed` the same ones in every rollout of a study.
    Users,
}

impl Counted {
    /// Whether it is what is counted where nothing is said.
    #[must_use]
    pub fn is_requests(&self) -> bool {
        *self == Self::Requests
    }
}

/// One lognormal of a latency mixture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LatencyPart {
    /// The part's weight; weights add up to 1.
    pub weight: f64,
    /// The part's median, in milliseconds.
    #[serde(deserialize_with = "crate::engine::quantity")]
    #[schemars(with = "crate::engine::Milliseconds")]
    pub median: f64,
    /// The standard deviation of the logarithm.
    pub sigma: f64,
}

/// How a signal moves beyond the chance of counting: a season, a movement that is resampled from a
/// history, and a Gaussian one. They add up on the scale of the link.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Noise {
    /// The standard deviation of a slow Gaussian movement of each population's own.
    pub own: f64,
    /// The standard deviation of a slow Gaussian movement that all populations share.
    pub shared: f64,
    /// The correlation of the slow Gaussian movements from one scrape to the next (AR(1)).
    pub memory: f64,
    /// Whether movements multiply the level or are added to it.
    #[serde(skip_serializing_if = "Link::is_log")]
    pub link: Link,
    /// What comes again every day and every week.
    #[serde(skip_serializing_if = "Season::is_none")]
    pub season: Season,
    /// The movement that is resampled from a history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependence: Option<Dependence>,
}

impl Noise {
    /// Says whether nothing moves, whatever the strengths of zero are written in.
    pub fn is_still(&self) -> bool {
        let resampled = self.dependence.as_ref();
        self.own == 0.0
            && self.shared == 0.0
            && self.season.is_still()
            && resampled.is_none_or(Dependence::is_still)
    }
}
