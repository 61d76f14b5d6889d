//! Text forms of time: `1h30m` for a duration, `1:30:00` for an instant.

use super::{SimDuration, SimTime};
use std::fmt::{self, Write as _};

const SEC: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SEC;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl SimDuration {
    /// Writes the shortest exact form: `15m`, `1h30m`, `250ms`, `1.5s`, `0s`; for files, which must say what was meant.
    ///
    /// Days appear from 48 h on: a soak of `24h` or `36h` is said in hours. The result parses
    /// back to the same duration.
    pub fn exact(self) -> String {
        duration_text(self.as_nanos())
    }
}

impl fmt::Display for SimDuration {
    /// Writes the duration as a sentence says it: whole seconds as they are (`15m`, `1h30m`, `24h`), what was measured
    /// with a fraction of a second to three significant figures (`333ms`, `41.2s`), and from a minute on to the second
    /// (`1m35s`). For files there is [`SimDuration::exact`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&duration_text(readable(self.as_nanos())))
    }
}

/// Rounds a length that is no whole number of seconds to three significant figures, or to the second from 100 s on.
fn readable(nanos: u64) -> u64 {
    if nanos.is_multiple_of(SEC) {
        return nanos;
    }
    let figures = 10_u64.pow(nanos.ilog10().saturating_sub(2));
    let step = if nanos >= MINUTE { SEC } else { figures };
    nanos.saturating_add(step / 2) / step * step
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
    /// Writes `h:mm:ss`, with tenths of a second where they are not zero. For files there is [`SimTime::exact`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenth = SEC / 10;
        let tenths = self.as_nanos().saturating_add(tenth / 2) / tenth;
        let (secs, rest) = (tenths / 10, tenths % 10);
        let clock = format!("{}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60);
        f.pad(&if rest == 0 {
            clock
        } else {
            format!("{clock}.{rest}")
        })
    }
}

impl SimTime {
    /// Writes `h:mm:ss`, with three, six or nine decimals when the instant needs them; it parses back to the same instant.
    pub fn exact(self) -> String {
        let nanos = self.as_nanos();
        let (hours, minutes) = (nanos / HOUR, nanos % HOUR / MINUTE);
        let (secs, fraction) = (nanos % MINUTE / SEC, nanos % SEC);
        let decimals = match fraction {
            0 => String::new(),
            n if n % 1_000_000 == 0 => format!(".{:03}", n / 1_000_000),
            n if n % 1_000 == 0 => format!(".{:06}", n / 1_000),
            n => format!(".{n:09}"),
        };
        format!("{hours}:{minutes:02}:{secs:02}{decimals}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sentence_says_what_was_measured_to_three_figures_and_what_was_declared_in_full() {
        let table = [
            (333_333_333, "333ms"),
            (1_234_567, "1.23ms"),
            (41_234_000_000, "41.2s"),
            (59_999_000_000, "1m"),
            (73_351_522_970, "1m13s"),
            (95_078_134_077, "1m35s"),
            (3 * HOUR + 5 * MINUTE + 7 * SEC, "3h5m7s"),
            (3 * HOUR + 400_000_000, "3h"),
            (u64::MAX, "213503d23h34m33s"),
        ];
        for (nanos, text) in table {
            assert_eq!(SimDuration::from_nanos(nanos).to_string(), text);
        }
        let clock = |nanos| SimTime::from_nanos(nanos).to_string();
        assert_eq!(clock(12_641_230_000_000), "3:30:41.2");
        assert_eq!(clock(3_599_960_000_000), "1:00:00");
    }

    #[test]
    fn durations_read_as_people_write_them() {
        let check = |duration: SimDuration, text: &str| assert_eq!(duration.exact(), text);
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
        let check = |nanos: u64, text: &str| assert_eq!(SimTime::from_nanos(nanos).exact(), text);
        check(0, "0:00:00");
        check(90 * 60 * SEC, "1:30:00");
        check(50_940 * SEC + 250_000_000, "14:09:00.250");
        check(1_000, "0:00:00.000001");
        check(1, "0:00:00.000000001");
        check(240 * HOUR, "240:00:00");
    }

    proptest! {
        #[test]
        fn the_exact_form_parses_back_to_the_same_value(nanos in any::<u64>(), shift in 0_u32..64) {
            let nanos = nanos >> shift;
            let duration = SimDuration::from_nanos(nanos);
            prop_assert_eq!(duration.exact().parse::<SimDuration>().unwrap(), duration);
            let at = SimTime::from_nanos(nanos);
            prop_assert_eq!(at.exact().parse::<SimTime>().unwrap(), at);
        }
    }
}
