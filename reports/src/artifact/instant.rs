//! Instants of virtual time for readers that know nothing but dates.

use sim_core::engine::SimTime;

const DAY: u64 = 86_400_000;

/// Returns the instant as a date of UTC with milliseconds, as if the rollout had been asked to start when
/// the year 2000 began: `2000-01-01T03:30:41.200Z`.
pub fn stamp(at: SimTime) -> String {
    let millis = at.as_nanos() / 1_000_000;
    let (days, rest) = (millis / DAY, millis % DAY);
    let (year, month, day) = date(days);
    let (hours, minutes) = (rest / 3_600_000, rest / 60_000 % 60);
    let (seconds, left) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{left:03}Z")
}

/// The date `days` after 2000-01-01. A year that begins in March has its leap day at its end, and its
/// months repeat a pattern of 153 days.
const fn date(days: u64) -> (u64, u64, u64) {
    // 2000-03-01 begins a cycle of 400 years; 60 days lie before it, and 1600-03-01 began the last one.
    let shifted = days + 146_097 - 60;
    let (cycle, day_of_cycle) = (shifted / 146_097, shifted % 146_097);
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year =
        day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = 1600 + 400 * cycle + year_of_cycle + (month <= 2) as u64;
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::engine::SimDuration;

    #[track_caller]
    fn check(hours: u64, expect: &str) {
        let at = SimTime::after(SimDuration::from_hours(hours));
        assert_eq!(stamp(at), expect);
    }

    #[test]
    fn days_months_and_leap_years_are_those_of_the_calendar() {
        check(0, "2000-01-01T00:00:00.000Z");
        check(24 * 59 + 3, "2000-02-29T03:00:00.000Z");
        check(24 * 60, "2000-03-01T00:00:00.000Z");
        check(24 * 366, "2001-01-01T00:00:00.000Z");
        // 2100 has no leap day: 25 of them lie between 2000 and 2100, and 59 days before March.
        check(24 * (36_525 + 59), "2100-03-01T00:00:00.000Z");
        let at = SimTime::after(SimDuration::from_millis(12_641_200));
        assert_eq!(stamp(at), "2000-01-01T03:30:41.200Z");
    }
}
