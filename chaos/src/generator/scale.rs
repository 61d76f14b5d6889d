//! Numbers and times as they are drawn: evenly on the logarithmic scale, in whole milliseconds.

use sim_core::engine::SimDuration;

/// A value between two bounds, evenly spread on the logarithmic scale.
pub(super) fn spread(part: f64, least: f64, most: f64) -> f64 {
    least * libm::exp(part * libm::log(most / least))
}

/// A length of time in whole milliseconds: what people would write.
pub(super) fn seconds(seconds: f64) -> SimDuration {
    SimDuration::from_millis((seconds * 1e3) as u64)
}
