//! Seasons: what comes again every day and every week, as a few harmonics.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::link::Link;
use crate::engine::{SimDuration, SimTime};

const DAY: u64 = 24 * 3600;
const WEEK: u64 = 7 * DAY;
/// Points of the week at which a season's mean is taken: one every 15 minutes. The mean of a smooth
/// periodic function over equal steps is exact beyond any need (an error of the order of the 48th
/// harmonic of a day).
const POINTS: u64 = 7 * 96;

/// A season: harmonics of the day and of the week, on the scale of the link.
///
/// At time `t` of the week, from Monday 00:00 UTC, it is the sum over `i` from 1 of
/// `cos * cos(2 pi i t / period) + sin * sin(2 pi i t / period)`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Season {
    /// The harmonics of the day: once a day, twice a day and so on; at most 4.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 4))]
    pub daily: Vec<Harmonic>,
    /// The harmonics of the week: once a week, twice a week; at most 2.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 2))]
    pub weekly: Vec<Harmonic>,
}

/// One harmonic.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Harmonic {
    /// The amplitude of the cosine.
    pub cos: f64,
    /// The amplitude of the sine.
    pub sin: f64,
}

impl Season {
    /// Says whether there is no harmonic at all.
    pub const fn is_none(&self) -> bool {
        self.daily.is_empty() && self.weekly.is_empty()
    }

    /// Says whether every harmonic is of strength zero.
    pub fn is_still(&self) -> bool {
        let mut all = self.daily.iter().chain(&self.weekly);
        all.all(|harmonic| harmonic.cos == 0.0 && harmonic.sin == 0.0)
    }

    /// Returns the season at a time since some Monday 00:00 UTC, as fitted: its mean over a week is 0.
    pub fn at(&self, since_monday: SimDuration) -> f64 {
        let turn = |period: u64| {
            let period = SimDuration::from_secs(period).as_nanos();
            (since_monday.as_nanos() % period) as f64 / period as f64
        };
        series(&self.daily, turn(DAY)) + series(&self.weekly, turn(WEEK))
    }

    /// Returns what is to be taken from the season so that a movement's mean over the week is 1 (a
    /// factor) or 0 (a summand): the logarithm of the mean factor, or 0.
    pub fn centre(&self, link: Link) -> f64 {
        if link == Link::Identity || self.is_still() {
            return 0.0;
        }
        let step = WEEK / POINTS;
        let factor = |point| libm::exp(self.at(SimDuration::from_secs(point * step)));
        libm::log((0..POINTS).map(factor).sum::<f64>() / POINTS as f64)
    }
}

/// Returns the time since Monday 00:00 UTC of an instant in seconds since 1970, which began on a
/// Thursday.
pub fn time_of_week(unix_seconds: i64) -> SimDuration {
    let since_monday = (unix_seconds + 3 * DAY as i64).rem_euclid(WEEK as i64);
    SimDuration::from_secs(since_monday as u64)
}

/// Returns the length of a week: the bound of a time of the week.
pub(super) const fn week() -> SimDuration {
    SimDuration::from_secs(WEEK)
}

/// Returns the time of the week of `at`, for a rollout that starts at `starts`.
pub(super) fn since_monday(starts: SimDuration, at: SimTime) -> SimDuration {
    let nanos = (starts.as_nanos() + at.as_nanos()) % week().as_nanos();
    SimDuration::from_nanos(nanos)
}

/// Adds up the harmonics at a place of the turn, by the recurrence of sums of angles.
fn series(harmonics: &[Harmonic], turn: f64) -> f64 {
    if harmonics.is_empty() {
        return 0.0;
    }
    let (sin, cos) = libm::sincos(2.0 * std::f64::consts::PI * turn);
    let (mut of_cos, mut of_sin, mut sum) = (cos, sin, 0.0);
    for harmonic in harmonics {
        sum += harmonic.cos * of_cos + harmonic.sin * of_sin;
        (of_cos, of_sin) = (of_cos * cos - of_sin * sin, of_sin * cos + of_cos * sin);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn season() -> Season {
        let harmonic = |cos, sin| Harmonic { cos, sin };
        Season {
            daily: vec![harmonic(0.3, -0.1), harmonic(0.0, 0.2)],
            weekly: vec![harmonic(-0.05, 0.15)],
        }
    }

    #[track_caller]
    fn check(hours: f64, expect: f64) {
        let at = SimDuration::from_nanos((hours * 3.6e12) as u64);
        let found = season().at(at);
        assert!((found - expect).abs() < 1e-12, "{hours} h: {found}");
    }

    #[test]
    fn harmonics_turn_once_and_twice_in_their_period() {
        // Monday 06:00 is a quarter of a day and one 28th of a week.
        let week = |t: f64| {
            let angle = std::f64::consts::TAU * t;
            -0.05 * libm::cos(angle) + 0.15 * libm::sin(angle)
        };
        check(0.0, 0.3 - 0.05);
        check(6.0, -0.1 + week(1.0 / 28.0));
        check(12.0, -0.3 + week(1.0 / 14.0));
        check(27.0, {
            let eighth = std::f64::consts::FRAC_1_SQRT_2;
            (0.3 - 0.1) * eighth + 0.2 + week(27.0 / 168.0)
        });
        check(168.0, 0.3 - 0.05);
    }

    #[test]
    fn the_centre_of_one_cosine_is_the_logarithm_of_a_bessel_function() {
        let one = Season {
            daily: vec![Harmonic { cos: 0.6, sin: 0.8 }],
            weekly: Vec::new(),
        };
        // The mean of exp(a cos) over a turn is I0(a); I0(1) = 1.2660658777520084 (Abramowitz and Stegun
        // 9.8, table 9.8).
        let expect = libm::log(1.266_065_877_752_008_4);
        assert!((one.centre(Link::Log) - expect).abs() < 1e-12);
        assert_eq!(one.centre(Link::Identity), 0.0);
    }

    #[test]
    fn the_first_of_january_1970_was_a_thursday() {
        let check = |unix, expect: u64| {
            assert_eq!(time_of_week(unix), SimDuration::from_secs(expect), "{unix}");
        };
        check(0, 3 * DAY);
        check(4 * 86_400, 0);
        check(4 * 86_400 - 1, WEEK - 1);
        // Saturday 21 November 2026, 13:30 UTC.
        check(1_795_267_800, 5 * DAY + 48_600);
    }
}
