//! The length of a stretch of virtual time.

use std::ops::{Add, AddAssign, Div, Mul, Rem, Sub, SubAssign};

const NANOS_PER_MILLI: u64 = 1_000_000;
const NANOS_PER_SEC: u64 = 1_000_000_000;

/// A length of virtual time in whole nanoseconds, from zero to about 584 years.
///
/// `+` and `*` panic on overflow; `-` stops at zero. The `checked_*` and `saturating_*`
/// methods say what happens at the edge.
///
/// ```
/// use sim_core::engine::SimDuration;
/// let bake: SimDuration = "1h30m".parse()?;
/// assert_eq!(bake, SimDuration::from_mins(90));
/// assert_eq!(bake.to_string(), "1h30m");
/// assert!("90".parse::<SimDuration>().is_err(), "a bare number has no unit");
/// # Ok::<(), sim_core::engine::ParseDurationError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimDuration(u64);

impl SimDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest duration: 2^64 - 1 ns.
    pub const MAX: Self = Self(u64::MAX);

    /// Makes a duration of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Makes a duration of `millis` milliseconds.
    ///
    /// # Panics
    /// When the result is longer than [`SimDuration::MAX`]; so do the other whole units.
    pub const fn from_millis(millis: u64) -> Self {
        Self::from_units(millis, NANOS_PER_MILLI)
    }

    /// Makes a duration of `secs` seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self::from_units(secs, NANOS_PER_SEC)
    }

    /// Makes a duration of `mins` minutes.
    pub const fn from_mins(mins: u64) -> Self {
        Self::from_units(mins, 60 * NANOS_PER_SEC)
    }

    /// Makes a duration of `hours` hours.
    pub const fn from_hours(hours: u64) -> Self {
        Self::from_units(hours, 3_600 * NANOS_PER_SEC)
    }

    const fn from_units(count: u64, nanos: u64) -> Self {
        match count.checked_mul(nanos) {
            Some(total) => Self(total),
            None => panic!("a duration holds at most 2^64 - 1 nanoseconds"),
        }
    }

    /// Makes a duration of `secs` seconds, rounded to the nearest nanosecond (half up).
    ///
    /// Negative numbers and NaN give [`SimDuration::ZERO`], too large ones
    /// [`SimDuration::MAX`]: samplers may produce any of them.
    pub const fn from_secs_f64(secs: f64) -> Self {
        Self::from_nanos_f64(secs * NANOS_PER_SEC as f64)
    }

    /// Rounds `nanos` to whole nanoseconds, clamped to the range of a duration.
    pub(crate) const fn from_nanos_f64(nanos: f64) -> Self {
        // The cast truncates and saturates; NaN becomes zero.
        let whole = nanos as u64;
        if nanos - whole as f64 >= 0.5 {
            Self(whole.saturating_add(1))
        } else {
            Self(whole)
        }
    }

    /// Returns the length in nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Returns the length in seconds, rounded to the nearest `f64`.
    pub const fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SEC as f64
    }

    /// Says whether this is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Adds, or `None` beyond [`SimDuration::MAX`].
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// Subtracts, or `None` below zero.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// Multiplies, or `None` beyond [`SimDuration::MAX`].
    #[must_use]
    pub const fn checked_mul(self, factor: u64) -> Option<Self> {
        match self.0.checked_mul(factor) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
        }
    }

    /// Adds, stopping at [`SimDuration::MAX`].
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Subtracts, stopping at zero.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Multiplies, stopping at [`SimDuration::MAX`].
    #[must_use]
    pub const fn saturating_mul(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    /// Multiplies by a real factor, rounded and clamped as [`SimDuration::from_secs_f64`] does.
    #[must_use]
    pub const fn mul_f64(self, factor: f64) -> Self {
        Self::from_nanos_f64(self.0 as f64 * factor)
    }
}

impl Add for SimDuration {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.checked_add(other)
            .expect("a sum of durations stays below 2^64 nanoseconds")
    }
}

impl AddAssign for SimDuration {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for SimDuration {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.saturating_sub(other)
    }
}

impl SubAssign for SimDuration {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Mul<u64> for SimDuration {
    type Output = Self;

    fn mul(self, factor: u64) -> Self {
        self.checked_mul(factor)
            .expect("a multiple of a duration stays below 2^64 nanoseconds")
    }
}

impl Div<u64> for SimDuration {
    type Output = Self;

    /// Divides, rounding down; panics when `parts` is zero.
    fn div(self, parts: u64) -> Self {
        Self(self.0 / parts)
    }
}

impl Div for SimDuration {
    type Output = u64;

    /// Says how many whole times `other` fits; panics when `other` is zero.
    fn div(self, other: Self) -> u64 {
        self.0 / other.0
    }
}

impl Rem for SimDuration {
    type Output = Self;

    /// Returns what is left after the whole times; panics when `other` is zero.
    fn rem(self, other: Self) -> Self {
        Self(self.0 % other.0)
    }
}

impl std::iter::Sum for SimDuration {
    fn sum<I: Iterator<Item = Self>>(durations: I) -> Self {
        durations.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_to_the_nearest_nanosecond_and_clamp_at_the_ends() {
        let check = |secs: f64, nanos: u64| {
            assert_eq!(
                SimDuration::from_secs_f64(secs).as_nanos(),
                nanos,
                "{secs} s"
            );
        };
        check(0.0, 0);
        check(1.5, 1_500_000_000);
        check(0.4e-9, 0);
        check(0.6e-9, 1);
        check(-3.0, 0);
        check(f64::NAN, 0);
        check(f64::INFINITY, u64::MAX);
        check(1e300, u64::MAX);
    }

    #[test]
    fn operators_stop_at_zero_and_count_whole_times() {
        let (short, long) = (SimDuration::from_secs(7), SimDuration::from_mins(1));
        assert_eq!(short - long, SimDuration::ZERO);
        assert_eq!(long / short, 8);
        assert_eq!(long % short, SimDuration::from_secs(4));
        assert_eq!(long / 8, SimDuration::from_millis(7_500));
        assert_eq!(
            [short, long].into_iter().sum::<SimDuration>(),
            SimDuration::from_secs(67)
        );
        assert_eq!(
            SimDuration::MAX.checked_add(SimDuration::from_nanos(1)),
            None
        );
        assert_eq!(SimDuration::MAX.saturating_mul(2), SimDuration::MAX);
        assert_eq!(long.mul_f64(0.25), SimDuration::from_secs(15));
    }

    #[test]
    #[should_panic(expected = "at most 2^64 - 1 nanoseconds")]
    fn more_hours_than_a_duration_holds_are_refused() {
        let _ = SimDuration::from_hours(u64::MAX / 1_000);
    }
}
