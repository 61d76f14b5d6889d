//! Telemetry: what is measured, how noisy it is and how it reaches the controller.
//!
//! A sample is a pure function of the key, the signal, the population and the scrape interval; it is
//! drawn when a gate looks at it and not before. One draw stands for a whole population: a binomial for
//! its errors, an order statistic for a quantile of its latencies, a normal for the mean of a gauge.

mod arrival;
mod buckets;
mod counts;
mod curve;
mod dependence;
mod distort;
mod generator;
mod histogram;
mod latencies;
mod law;
mod level;
mod link;
mod measure;
mod mislabel;
mod movement;
mod news;
mod noise;
mod past;
mod quantile;
mod query;
mod rank;
mod recorded;
mod recording;
mod resample;
mod sample_loss;
mod sampler;
mod sampling_plan;
mod season;
mod series;
mod series_draw;
mod side;
mod slow;
mod spec;
mod store;
mod sums;
mod track;
mod tree;

pub(crate) use counts::Mark;
pub use dependence::{Autoregressive, Blocks, Dependence};
pub use generator::Generator;
pub use histogram::histogram_quantile;
pub(crate) use law::LatencyLaw;
pub(crate) use level::{Level, Spot, level};
pub use link::Link;
pub use movement::{LevelShift, Motion, Movement};
pub(crate) use query::Query;
pub use recording::{Dealt, Recording};
pub(crate) use sampler::normal_level;
pub(crate) use sampling_plan::{SamplingPlan, SignalPlan};
pub use season::{Harmonic, Season, time_of_week};
pub(crate) use slow::{slower_share, usual};
pub use spec::{Counted, LatencyPart, Noise, Signal, SignalKind, Telemetry};
pub(crate) use store::Store;
pub use sums::Sample;
pub use track::Track;

#[cfg(test)]
mod tests;
