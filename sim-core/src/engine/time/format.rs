//! Text forms of time: `1h30m` for a duration, `1:30:00` for an instant.

use super::{SimDuration, SimTime};
use std::fmt::{self, Write as _};

const SEC: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SEC;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl fmt::Display for SimDuration {
    /// Writes the shortest exact form: `15m`, `1h30m`, `250ms`, `1.5s`, `0s`.
    ///
    /// Days appear from 48 h on: a soak of `24h` or `36h` is said in hours. The result parses
    /// back to the same duration.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&duration_text(self.as_nanos()))
    }
}

fn duration_text(nanos: u64) -> String {
    if nanos == 0 {
        return "0s".to_owned();
    }
    if nanos < SEC {
        return sub_second_text(nanos);
    }
    let mut text = String::new();
    let mut rest = nanos;
    for (size, from, unit) in [
        (DAY, 2 * DAY, 'd'),
        (HOUR, HOUR, 'h'),
        (MINUTE, MINUTE, 'm'),
    ] {
        if rest >= from {
            write!(text, "{}{unit}", rest / size).expect("writing to a string cannot fail");
            rest %= size;
        }
    }
    if rest > 0 {
        text += &decimal(rest, SEC, "s");
    }
    text
}

fn sub_second_text(nanos: u64) -> String {
    if nanos >= 1_000_000 {
        decimal(nanos, 1_000_000, "ms")
    } else if nanos >= 1_000 {
        decimal(nanos, 1_000, "us")
    } else {
        format!("{nanos}ns")
    }
}

/// Writes `nanos` in a unit of `size` nanoseconds (a power of ten) as an exact decimal number.
fn decimal(nanos: u64, size: u64, unit: &str) -> String {
    let digits = size.ilog10() as usize;
    let fraction = format!("{:0digits$}", nanos % size);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}{unit}", nanos / size)
}

impl fmt::Display for SimTime {
    /// Writes `h:mm:ss`, with three, six or nine decimals when the instant needs them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.as_nanos();
        let (hours, minutes) = (nanos / HOUR, nanos % HOUR / MINUTE);
        let (secs, fraction) = (nanos % MINUTE / SEC, nanos % SEC);
        let decimals = match fraction {
            0 => String::new(),
            n if n % 1_000_000 == 0 => format!(".{:03}", n / 1_000_000),
            n if n % 1_000 == 0 => format!(".{:06}", n / 1_000),
            n => format!(".{n:09}"),
        };
        f.pad(&format!("{hours}:{minutes:02}:{secs:02}{decimals}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_read_as_people_write_them() {
        let check = |duration: SimDuration, text: &str| assert_eq!(duration.to_string(), text);
        check(SimDuration::ZERO, "0s");
        check(SimDuration::from_mins(15), "15m");
        check(SimDuration::from_mins(90), "1h30m");
        check(SimDuration::from_millis(250), "250ms");
        check(SimDuration::from_millis(1_500), "1.5s");
        check(SimDuration::from_millis(90_050), "1m30.05s");
        check(SimDuration::from_nanos(1_250_000), "1.25ms");
        check(SimDuration::from_nanos(1_250), "1.25us");
        check(SimDuration::from_nanos(7), "7ns");
        check(SimDuration::from_hours(24), "24h");
        check(SimDuration::from_hours(48), "2d");
        check(SimDuration::from_hours(24 * 14 + 1), "14d1h");
        assert_eq!(format!("{:>5}", SimDuration::from_mins(15)), "  15m");
    }

    #[test]
    fn instants_read_as_a_clock() {
        let check =
            |nanos: u64, text: &str| assert_eq!(SimTime::from_nanos(nanos).to_string(), text);
        check(0, "0:00:00");
        check(90 * 60 * SEC, "1:30:00");
        check(50_940 * SEC + 250_000_000, "14:09:00.250");
        check(1_000, "0:00:00.000001");
        check(1, "0:00:00.000000001");
        check(240 * HOUR, "240:00:00");
    }

    proptest! {
        #[test]
        fn what_is_displayed_parses_back_to_the_same_value(nanos in any::<u64>(), shift in 0_u32..64) {
            let nanos = nanos >> shift;
            let duration = SimDuration::from_nanos(nanos);
            prop_assert_eq!(duration.to_string().parse::<SimDuration>().unwrap(), duration);
            let at = SimTime::from_nanos(nanos);
            prop_assert_eq!(at.to_string().parse::<SimTime>().unwrap(), at);
        }
    }
}
