//! Values between two ends, as round as they can be.

use super::number::{Number, tidy};

/// How values lie between the ends of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spacing {
    /// Equal differences.
    Linear,
    /// Equal quotients.
    Geometric,
}

impl Spacing {
    /// Returns the spacing that suits a range: quotients for factors, and where the ends lie a factor
    /// of 8 apart.
    pub fn suiting(low: Number, high: Number) -> Self {
        let (first, last) = (low.size(), high.size());
        let apart = first * last > 0.0 && ratio(first, last) >= 8.0;
        if apart || matches!(low, Number::Factor(_)) {
            Self::Geometric
        } else {
            Self::Linear
        }
    }
}

fn ratio(low: f64, high: f64) -> f64 {
    (high / low).abs().max((low / high).abs())
}

/// Units to which lengths of time are rounded, in seconds, the roundest first.
const TIMES: [f64; 12] = [
    86_400.0, 43_200.0, 21_600.0, 3_600.0, 1_800.0, 900.0, 300.0, 60.0, 30.0, 10.0, 5.0, 1.0,
];

/// By how much rounding may move a value between the ends, relative to the value.
const MOVED_MAX: f64 = 0.06;

/// Returns `steps` values from `low` to `high`, both included; fewer where whole numbers between
/// the ends are few.
///
/// Values between the ends are made as round as keeps them distinct and within 6 % of their place:
/// nobody ships a threshold of 1.4953 %.
pub(super) fn between(low: Number, high: Number, steps: usize, spacing: Spacing) -> Vec<Number> {
    let (first, last) = (low.size(), high.size());
    if steps == 1 || first == last {
        return vec![low];
    }
    let at = |step: usize| {
        let part = step as f64 / (steps - 1) as f64;
        match spacing {
            Spacing::Linear => first + part * (last - first),
            Spacing::Geometric => first * libm::pow(last / first, part),
        }
    };
    let exact: Vec<f64> = (1..steps - 1).map(at).collect();
    let whole = matches!(low, Number::Plain(_)) && first.fract() == 0.0 && last.fract() == 0.0;
    let inner = if matches!(low, Number::Time(_)) {
        TIMES
            .iter()
            .find_map(|unit| rounded(&exact, first, last, |x| (x / unit).round() * unit))
    } else {
        (0..4).find_map(|digits| rounded(&exact, first, last, |x| significant(x, digits)))
    };
    let mut inner = inner.unwrap_or(exact);
    if whole {
        inner.iter_mut().for_each(|value| *value = value.round());
    }
    let mut sizes = [vec![first], inner, vec![last]].concat();
    sizes.dedup();
    sizes.into_iter().map(|size| low.with(tidy(size))).collect()
}

/// Rounds the values between two ends, if that keeps them distinct and near.
fn rounded(exact: &[f64], first: f64, last: f64, round: impl Fn(f64) -> f64) -> Option<Vec<f64>> {
    let values: Vec<f64> = exact.iter().map(|&value| round(value)).collect();
    // Around zero nothing is near in relation; there a tenth of a step will do.
    let least = (last - first).abs() / 10.0 / exact.len() as f64;
    let near = exact.iter().zip(&values).all(|(exact, value)| {
        let scale = exact.abs().max(least);
        (value - exact).abs() <= MOVED_MAX * scale
    });
    let all: Vec<f64> = std::iter::once(first)
        .chain(values.iter().copied())
        .chain([last])
        .collect();
    let rising = all
        .windows(2)
        .all(|pair| (pair[1] - pair[0]) * (last - first) > 0.0);
    (near && rising).then_some(values)
}

/// Returns the number rounded to so many digits after its first.
fn significant(number: f64, digits: usize) -> f64 {
    format!("{number:.digits$e}")
        .parse()
        .expect("a number was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(low: &str, high: &str, steps: usize, spacing: Spacing, expect: &str) {
        let read = |text| Number::read(text).expect("a number");
        let values = between(read(low), read(high), steps, spacing);
        let texts: Vec<_> = values.into_iter().map(Number::text).collect();
        assert_eq!(texts.join(" "), expect);
    }

    #[test]
    fn values_between_two_ends_are_round_and_distinct() {
        check("1%", "5%", 5, Spacing::Linear, "1% 2% 3% 4% 5%");
        check("1%", "5%", 5, Spacing::Geometric, "1% 1.5% 2.2% 3.3% 5%");
        check("2m", "30m", 5, Spacing::Geometric, "2m 4m 8m 15m 30m");
        check("1m", "2m", 5, Spacing::Linear, "1m 1m15s 1m30s 1m45s 2m");
        check("1", "4", 9, Spacing::Linear, "1 2 3 4");
        check("-0.2", "-0.02", 3, Spacing::Geometric, "-0.2 -0.06 -0.02");
        check("-1", "1", 5, Spacing::Linear, "-1 0 1");
        check("-1.0", "1.5", 3, Spacing::Linear, "-1 0.25 1.5");
        check("5%", "5%", 5, Spacing::Linear, "5%");
        check("5%", "1%", 3, Spacing::Linear, "5% 3% 1%");
        check("x0.5", "x2", 3, Spacing::Geometric, "x0.5 x1 x2");
    }
}
