//! Telemetry: what is measured, how noisy it is and how it reaches the controller.
//!
//! A sample is a pure function of the key, the signal, the population and the scrape interval; it is
//! drawn when a gate looks at it and not before. One draw stands for a whole population: a binomial for
//! its errors, a multinomial for its latencies, a normal for the mean of a gauge.

mod curve;
mod latency;
mod level;
mod noise;
mod series;
mod spec;
mod store;

pub(crate) use latency::Bins;
pub(crate) use level::level;
pub(crate) use series::normal_level;
pub use spec::{LatencyPart, Noise, Signal, SignalKind, Telemetry};
pub(crate) use store::{Query, Store};
