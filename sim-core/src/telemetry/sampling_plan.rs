//! What sampling needs to know of an experiment: what is measured, and on which grid. No policy is in it.

use std::sync::Arc;

use super::law::LatencyLaw;
use super::movement::Motion;
use super::spec::Telemetry;
use crate::engine::SimDuration;
use crate::faults::Effects;

/// What is measured, and what bends it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SamplingPlan<'p> {
    pub telemetry: &'p Telemetry,
    pub signals: &'p [SignalPlan],
    pub effects: &'p Effects,
    /// The hosts of the fleet.
    pub hosts: u32,
    /// The interval in which samples are drawn: a scrape interval, or several where no gate can tell.
    pub interval: SimDuration,
    /// By how many intervals faults on the data's way can make the newest sample older that is seen.
    pub hidden_back: u64,
    /// The scrapes that an interval stands for.
    pub scrapes_each: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct SignalPlan {
    /// The longest look-back of any gate on the signal, in intervals.
    pub reach: u64,
    /// The effects on the signal's level, by index.
    pub effects: Vec<usize>,
    /// The law of a latency of which a gate reads quantiles.
    pub law: Option<Arc<LatencyLaw>>,
    /// How the signal moves.
    pub motion: Arc<Motion>,
}
