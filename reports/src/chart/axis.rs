//! Axes: a range, and the numbers along it.

use crate::common::figure::count;

use crate::common::label::shorten;

/// A number along an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where.
    pub at: f64,
    /// What is written there.
    pub text: String,
}

/// One axis of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What is measured, and in what.
    pub name: String,
    /// Where the axis begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// The numbers along it.
    pub ticks: Vec<Tick>,
}

impl Axis {
    /// An axis from 0 to at least `most`, with about `many` round numbers.
    pub fn upto(name: &str, most: f64, many: usize) -> Self {
        let most = if most > 0.0 { most } else { 1.0 };
        let step = round_step(most, many);
        let steps = (most / step - 1e-9).ceil().max(1.0);
        Self::stepped(name, 0.0, step, steps as usize, |at| plain(at, step))
    }

    /// An axis of fractions, written as percentages, from 0 to at least `most`.
    pub fn percent(name: &str, most: f64, many: usize) -> Self {
        let inner = Self::upto(name, most * 100.0, many);
        let tick = |tick: &Tick| Tick {
            at: tick.at / 100.0,
            text: format!("{}%", tick.text),
        };
        Self {
            to: inner.to / 100.0,
            ticks: inner.ticks.iter().map(tick).collect(),
            ..inner
        }
    }

    /// An axis of time in seconds, from 0 to `most`, in the unit in which `most` is said.
    pub fn time(name: &str, most: f64, many: usize) -> Self {
        let most = if most > 0.0 { most } else { 1.0 };
        let (unit, word) = time_unit(most);
        let step = time_step(most / many as f64);
        let steps = (most / step - 1e-9).ceil().max(1.0) as usize;
        let name = format!("{name} ({word})");
        Self::stepped(&name, 0.0, step, steps, |at| match word {
            HOURS => format!("{}:{:02}", at as u64 / 3600, at as u64 / 60 % 60),
            _ => plain(at / unit, step / unit),
        })
    }

    /// An axis between any two numbers, with about `many` round numbers.
    pub fn between(name: &str, low: f64, high: f64, many: usize) -> Self {
        let step = round_step(high - low, many);
        let first = (low / step + 1e-9).floor();
        let steps = (high / step - 1e-9).ceil() - first;
        Self::stepped(name, first * step, step, steps.max(1.0) as usize, |at| {
            plain(at, step)
        })
    }

    /// An axis upwards on which names stand in rows, the first one uppermost, shortened to `most`
    /// characters.
    pub fn rows(names: impl IntoIterator<Item = String>, most: usize) -> Self {
        let names: Vec<String> = names.into_iter().collect();
        let many = names.len();
        let tick = |(at, name): (usize, &String)| Tick {
            at: (many - at) as f64 - 0.5,
            text: shorten(name, most),
        };
        Self {
            name: String::new(),
            from: 0.0,
            to: many as f64,
            ticks: names.iter().enumerate().map(tick).collect(),
        }
    }

    fn stepped(
        name: &str,
        from: f64,
        step: f64,
        steps: usize,
        say: impl Fn(f64) -> String,
    ) -> Self {
        let tick = |number: usize| {
            let at = from + step * number as f64;
            Tick { at, text: say(at) }
        };
        Self {
            name: name.to_owned(),
            from,
            to: from + step * steps as f64,
            ticks: (0..=steps).map(tick).collect(),
        }
    }

    /// The same axis, which ends at `to` and not at a round number.
    #[must_use]
    pub fn ending(mut self, to: f64) -> Self {
        self.ticks.retain(|tick| tick.at <= to);
        self.to = to;
        self
    }

    /// Returns where the numbers or names stand, in order.
    pub fn places(&self) -> Vec<f64> {
        self.ticks.iter().map(|tick| tick.at).collect()
    }

    /// Returns `value`, or the nearest end of the axis.
    pub fn clamp(&self, value: f64) -> f64 {
        self.near(value, 0.0)
    }

    /// Returns `value`, or what is nearest to it within so many widths of the axis beyond its ends.
    ///
    /// A stored result may say anything; what is far outside would not fit into the numbers that a drawing is
    /// made of.
    pub fn near(&self, value: f64, widths: f64) -> f64 {
        let (low, high) = (self.from.min(self.to), self.from.max(self.to));
        let beyond = (high - low) * widths;
        value.max(low - beyond).min(high + beyond)
    }
}

/// 1, 2, 2.5 or 5 times a power of ten, so that about `many` steps reach `range`.
fn round_step(range: f64, many: usize) -> f64 {
    let rough = if range > 0.0 { range } else { 1.0 } / many as f64;
    let power = power_of_ten(rough);
    let factors = [1.0, 2.0, 2.5, 5.0, 10.0];
    let fits = |factor: &f64| factor * power >= rough * 0.999;
    factors.into_iter().find(fits).unwrap_or(10.0) * power
}

/// The largest power of ten that is not above `number`, by multiplication alone: the same everywhere.
fn power_of_ten(number: f64) -> f64 {
    let mut power = 1.0;
    while power > number {
        power /= 10.0;
    }
    while power * 10.0 <= number {
        power *= 10.0;
    }
    power
}

/// Steps of time that people read off at a glance.
fn time_step(rough: f64) -> f64 {
    const STEPS: [f64; 22] = [
        0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0,
        3600.0, 7200.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0,
    ];
    let found = STEPS.into_iter().find(|step| *step >= rough * 0.999);
    found.unwrap_or_else(|| round_step(rough / 86_400.0, 1) * 86_400.0)
}

/// Hours are said with their minutes.
const HOURS: &str = "h:mm";

/// In what a length of time is said along an axis.
pub fn time_unit(most: f64) -> (f64, &'static str) {
    match most {
        most if most <= 180.0 => (1.0, "seconds"),
        most if most <= 10_800.0 => (60.0, "minutes"),
        most if most <= 259_200.0 => (3600.0, HOURS),
        _ => (86_400.0, "days"),
    }
}

/// A number with the decimals that its step needs.
fn plain(at: f64, step: f64) -> String {
    if at.abs() >= 10_000.0 {
        return count(at);
    }
    let decimals = (0..6).find(|decimals| {
        let scaled = step * [1.0, 10.0, 100.0, 1e3, 1e4, 1e5][*decimals];
        (scaled - scaled.round()).abs() < 1e-6
    });
    let text = format!("{at:.*}", decimals.unwrap_or(6));
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(axis: &Axis, expect: &[&str]) {
        let texts: Vec<_> = axis.ticks.iter().map(|tick| tick.text.as_str()).collect();
        assert_eq!(texts, expect);
    }

    #[test]
    fn numbers_along_an_axis_are_round() {
        check(&Axis::upto("", 28.0, 4), &["0", "10", "20", "30"]);
        check(&Axis::upto("", 0.9, 4), &["0", "0.25", "0.5", "0.75", "1"]);
        check(&Axis::upto("", 0.0, 2), &["0", "0.5", "1"]);
        check(
            &Axis::percent("", 1.0, 4),
            &["0%", "25%", "50%", "75%", "100%"],
        );
        check(
            &Axis::percent("", 0.047, 5),
            &["0%", "1%", "2%", "3%", "4%", "5%"],
        );
        check(&Axis::between("", -0.3, 0.8, 4), &["-0.5", "0", "0.5", "1"]);
        check(
            &Axis::upto("", 45_000.0, 3),
            &["0", "20.0 k", "40.0 k", "60.0 k"],
        );
    }

    #[test]
    fn time_is_counted_in_minutes_and_hours_and_not_in_tens() {
        check(
            &Axis::time("", 150.0, 5),
            &["0", "30", "60", "90", "120", "150"],
        );
        check(
            &Axis::time("", 5400.0, 6),
            &["0", "15", "30", "45", "60", "75", "90"],
        );
        check(
            &Axis::time("", 86_400.0, 4),
            &["0:00", "6:00", "12:00", "18:00", "24:00"],
        );
        assert_eq!(Axis::time("time", 5400.0, 6).name, "time (minutes)");
    }

    #[test]
    fn an_axis_may_end_between_its_numbers() {
        let axis = Axis::time("", 3000.0, 6).ending(3000.0);
        check(&axis, &["0", "10", "20", "30", "40", "50"]);
        assert_eq!(axis.clamp(1e9), 3000.0);
    }
}
