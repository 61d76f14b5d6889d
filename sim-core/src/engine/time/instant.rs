//! A point of virtual time.

use super::SimDuration;
use std::ops::{Add, AddAssign, Sub};

/// An instant of virtual time: whole nanoseconds since the run began.
///
/// `+` panics beyond [`SimTime::MAX`]; subtracting a later instant gives
/// [`SimDuration::ZERO`], as [`SimTime::saturating_since`] does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(u64);

impl SimTime {
    /// The instant at which a run begins.
    pub const ZERO: Self = Self(0);
    /// The last instant, about 584 years in; often "never".
    pub const MAX: Self = Self(u64::MAX);

    /// Makes the instant `nanos` nanoseconds after the beginning.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Makes the instant `elapsed` after the beginning.
    pub const fn after(elapsed: SimDuration) -> Self {
        Self(elapsed.as_nanos())
    }

    /// Returns the nanoseconds since the beginning.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Returns the seconds since the beginning, rounded to the nearest `f64`.
    pub const fn as_secs_f64(self) -> f64 {
        self.elapsed().as_secs_f64()
    }

    /// Returns the time since the beginning.
    pub const fn elapsed(self) -> SimDuration {
        SimDuration::from_nanos(self.0)
    }

    /// Returns the time since `earlier`, or zero when `earlier` is in fact later.
    /// # Example
    /// ```
    /// use sim_core::engine::{SimDuration, SimTime};
    ///
    /// let entered = SimTime::after(SimDuration::from_mins(5));
    /// let left = SimTime::after(SimDuration::from_hours(1));
    /// assert_eq!(left.saturating_since(entered), SimDuration::from_mins(55));
    /// assert_eq!(entered.saturating_since(left), SimDuration::ZERO);
    /// ```
    pub const fn saturating_since(self, earlier: Self) -> SimDuration {
        SimDuration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// Returns the time since `earlier`, or `None` when `earlier` is in fact later.
    pub const fn checked_since(self, earlier: Self) -> Option<SimDuration> {
        match self.0.checked_sub(earlier.0) {
            Some(nanos) => Some(SimDuration::from_nanos(nanos)),
            None => None,
        }
    }

    /// Adds, or `None` beyond [`SimTime::MAX`].
    #[must_use]
    pub const fn checked_add(self, delay: SimDuration) -> Option<Self> {
        match self.0.checked_add(delay.as_nanos()) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// Returns the instant half-way to `other`, rounded down.
    #[must_use]
    pub const fn midpoint(self, other: Self) -> Self {
        Self(self.0.midpoint(other.0))
    }

    /// Adds, stopping at [`SimTime::MAX`].
    #[must_use]
    pub const fn saturating_add(self, delay: SimDuration) -> Self {
        Self(self.0.saturating_add(delay.as_nanos()))
    }

    /// Goes back, stopping at [`SimTime::ZERO`].
    #[must_use]
    pub const fn saturating_sub(self, delay: SimDuration) -> Self {
        Self(self.0.saturating_sub(delay.as_nanos()))
    }
}

impl Add<SimDuration> for SimTime {
    type Output = Self;

    fn add(self, delay: SimDuration) -> Self {
        self.checked_add(delay)
            .expect("virtual time stays below 2^64 nanoseconds")
    }
}

impl AddAssign<SimDuration> for SimTime {
    fn add_assign(&mut self, delay: SimDuration) {
        *self = *self + delay;
    }
}

impl Sub for SimTime {
    type Output = SimDuration;

    fn sub(self, earlier: Self) -> SimDuration {
        self.saturating_since(earlier)
    }
}

impl Sub<SimDuration> for SimTime {
    type Output = Self;

    fn sub(self, delay: SimDuration) -> Self {
        self.saturating_sub(delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_instant_is_no_time_ago() {
        let (early, late) = (SimTime::from_nanos(5), SimTime::from_nanos(9));
        assert_eq!(late - early, SimDuration::from_nanos(4));
        assert_eq!(early - late, SimDuration::ZERO);
        assert_eq!(early.checked_since(late), None);
        assert_eq!(early - SimDuration::from_secs(1), SimTime::ZERO);
        assert_eq!(early + SimDuration::from_nanos(4), late);
    }

    #[test]
    #[should_panic(expected = "virtual time stays below")]
    fn the_end_of_time_cannot_be_passed() {
        let _ = SimTime::MAX + SimDuration::from_nanos(1);
    }
}
