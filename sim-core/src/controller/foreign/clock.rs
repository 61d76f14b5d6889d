//! Clocks of other products: whole milliseconds since the start.

use crate::engine::{SimDuration, SimTime};

/// Nanoseconds of a millisecond.
const MILLI: u64 = 1_000_000;

/// The instant in whole milliseconds, rounded up.
pub(super) fn millis(at: SimTime) -> i64 {
    i64::try_from(at.as_nanos().div_ceil(MILLI)).unwrap_or(i64::MAX)
}

/// The instant of so many milliseconds.
pub(super) fn instant(millis: i64) -> SimTime {
    let millis = u64::try_from(millis).unwrap_or(0);
    SimTime::ZERO.saturating_add(SimDuration::from_nanos(millis.saturating_mul(MILLI)))
}

/// Milliseconds of a duration, rounded up.
pub(super) fn lasts(duration: SimDuration) -> i64 {
    millis(SimTime::after(duration))
}
