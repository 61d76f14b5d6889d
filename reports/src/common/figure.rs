//! Numbers as people read them.

/// Returns a fraction as a percentage with about three significant digits: `0.97412` is `97.4 %`,
/// `0.00368` is `0.37 %`.
/// # Example
/// ```
/// use reports::figure::{percent, span};
///
/// assert_eq!(percent(0.00368), "0.37 %");
/// assert_eq!(span(7500.0), "2h05m");
/// ```
pub fn percent(fraction: f64) -> String {
    let digits = percent_digits(fraction);
    if !fraction.is_finite() {
        return digits;
    }
    let whole = if digits.contains('.') && !digits.contains('e') {
        digits.trim_end_matches('0')
    } else {
        &digits
    };
    format!("{} %", whole.trim_end_matches('.'))
}

/// Returns an interval of fractions as percentages: `[96.5, 98.0] %`.
pub fn percent_range(low: f64, high: f64) -> String {
    format!("[{}, {}] %", percent_digits(low), percent_digits(high))
}

fn percent_digits(fraction: f64) -> String {
    let percent = fraction * 100.0;
    if !percent.is_finite() {
        return no_number(percent).to_owned();
    }
    let decimals = match percent.abs() {
        // 0 and 100 are said without decimals only when they are exact.
        p if p == 0.0 || p == 100.0 => 0,
        p if p > 99.95 && p < 100.0 => below_hundred(100.0 - p),
        p if p >= 10.0 => 1,
        p if p >= 0.1 => 2,
        p if p >= 0.001 => 4,
        _ => return format!("{percent:.2e}"),
    };
    format!("{percent:.decimals$}")
}

/// How many decimals show that something is `missing` percent short of a hundred: two figures of what is missing.
fn below_hundred(missing: f64) -> usize {
    let mut rest = missing;
    let mut places = 0;
    while rest < 1.0 && places < 12 {
        rest *= 10.0;
        places += 1;
    }
    places + 1
}

/// What is said where there is no finite number.
const fn no_number(value: f64) -> &'static str {
    if value.is_nan() {
        "no value"
    } else if value > 0.0 {
        "unbounded"
    } else {
        "-unbounded"
    }
}

/// Returns a length of time as people say it: `0.25 s`, `41.2 s`, `14m`, `1m13s`, `2h05m`, `3d04h`.
pub fn span(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round();
    if seconds < 1.0 {
        return format!("{seconds:.2} s");
    }
    if tenths < 600.0 {
        return format!("{:.1} s", tenths / 10.0);
    }
    let whole = seconds.round() as u64;
    let (days, hours, minutes) = (whole / 86_400, whole / 3600, whole / 60 % 60);
    match whole {
        0..3600 => parts((minutes, "m"), (whole % 60, "s")),
        3600..172_800 => parts((hours, "h"), (minutes, "m")),
        _ => parts((days, "d"), (hours % 24, "h")),
    }
}

/// Two units, the smaller only where it says something.
fn parts((large, of_large): (u64, &str), (small, of_small): (u64, &str)) -> String {
    match small {
        0 => format!("{large}{of_large}"),
        _ => format!("{large}{of_large}{small:02}{of_small}"),
    }
}

/// Returns milliseconds, as seconds and longer where they are many: `0.214 ms`, `480 ms`, `1.20 s`, `1m13s`.
pub fn milliseconds(number: f64) -> String {
    match number.abs() {
        size if size < 999.5 || !size.is_finite() => format!("{} ms", count(number)),
        size if size < 59_950.0 => format!("{} s", three(number / 1000.0)),
        size => format!(
            "{}{}",
            if number < 0.0 { "-" } else { "" },
            span(size / 1000.0)
        ),
    }
}

/// Returns an instant of virtual time: `3:30:41.2`; tenths only where they are not zero.
pub fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round() as u64;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let clock = format!("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    if tenth == 0 {
        clock
    } else {
        format!("{clock}.{tenth}")
    }
}

/// Returns a count as three digits and a letter: `18.4 k`, `2.35 M`.
pub fn count(number: f64) -> String {
    if !number.is_finite() {
        return no_number(number).to_owned();
    }
    let scales = [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")];
    let size = number.abs();
    let scale = scales
        .into_iter()
        .find(|(scale, _)| size >= scale * 0.999_5);
    match scale {
        Some(_) if size >= 1e15 => format!("{number:.2e}"),
        Some((scale, letter)) => format!("{}{letter}", digits(number / scale)),
        None if number == number.trunc() => format!("{number:.0}"),
        None => digits(number),
    }
}

/// Returns a number of any size with three significant digits: `0.0527`, `12.5`, `480`, `4.21e-8`.
pub fn three(number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() {
        return no_number(number).to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e6).contains(&size) {
        return format!("{number:.2e}");
    }
    // Rounded first, so that 0.9996 is 1.00 and not 1.000.
    let rounded: f64 = format!("{number:.2e}")
        .parse()
        .expect("a number was written");
    let decimals = (2 - rounded.abs().log10().floor() as i32).max(0) as usize;
    format!("{rounded:.decimals$}")
}

/// Three significant digits of a number below a thousand; small ones keep three decimals as long as that says something.
fn digits(number: f64) -> String {
    let decimals = match number.abs() {
        n if n >= 99.95 => 0,
        n if n >= 9.995 => 1,
        n if n >= 0.995 => 2,
        n if n >= 0.009_95 || n == 0.0 => 3,
        n if n >= 0.000_099_5 => 5,
        _ => return format!("{number:.2e}"),
    };
    format!("{number:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_keep_what_matters() {
        let table = [
            (0.0, "0 %"),
            (1.0, "100 %"),
            (0.974_12, "97.4 %"),
            (0.003_68, "0.37 %"),
            (0.000_037, "0.0037 %"),
            (0.999_9, "99.99 %"),
            (0.999_96, "99.996 %"),
            (0.999_999_99, "99.999999 %"),
            (3.7e-8, "3.70e-6 %"),
            (1.2e-12, "1.20e-10 %"),
            (-0.144, "-14.4 %"),
            (f64::NAN, "no value"),
            (0.05, "5 %"),
        ];
        for (fraction, expect) in table {
            assert_eq!(percent(fraction), expect);
        }
        assert_eq!(percent_range(0.965, 0.98), "[96.5, 98.0] %");
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        let table = [
            (0.0, "0.00 s"),
            (41.23, "41.2 s"),
            (59.97, "1m"),
            (840.0, "14m"),
            (73.0, "1m13s"),
            (86_400.0, "24h"),
            (172_800.0, "2d"),
            (7500.0, "2h05m"),
            (273_600.0, "3d04h"),
        ];
        for (seconds, expect) in table {
            assert_eq!(span(seconds), expect);
        }
        assert_eq!(clock(12_641.2), "3:30:41.2");
        assert_eq!(clock(3600.0), "1:00:00");
    }

    #[test]
    fn numbers_of_any_size_have_three_digits() {
        let table = [
            (0.0, "0"),
            (0.052_734, "0.0527"),
            (0.999_6, "1.00"),
            (12.53, "12.5"),
            (-480.4, "-480"),
            (4.2134e-8, "4.21e-8"),
            (1_234_567.0, "1.23e6"),
        ];
        for (number, expect) in table {
            assert_eq!(three(number), expect);
        }
    }

    #[test]
    fn milliseconds_are_said_in_the_unit_that_suits_them() {
        for (number, expect) in [
            (0.214, "0.214 ms"),
            (480.0, "480 ms"),
            (999.7, "1.00 s"),
            (1200.0, "1.20 s"),
            (73_000.0, "1m13s"),
            (-1200.0, "-1.20 s"),
        ] {
            assert_eq!(milliseconds(number), expect);
        }
    }

    #[test]
    fn counts_have_three_digits() {
        let table = [
            (0.0, "0"),
            (42.0, "42"),
            (0.123_4, "0.123"),
            (18_432.0, "18.4 k"),
        ];
        for (number, expect) in table {
            assert_eq!(count(number), expect);
        }
        assert_eq!(count(446.412_095_359_550_7), "446");
        assert_eq!(count(-2350.0), "-2.35 k");
        assert_eq!(count(0.000_12), "0.00012");
        assert_eq!(count(3.21e-7), "3.21e-7");
        assert_eq!(count(f64::INFINITY), "unbounded");
        assert_eq!(count(2.35e6), "2.35 M");
        assert_eq!(count(999_999.0), "1.00 M");
    }
}
