//! Functions over a window of samples.

use super::ast::Function;
use super::kahan::{Sum, mean, quantile};
use super::labels::Labels;
use super::recording::{Millis, Point};

/// The samples of one series in `(start, end]`; there is at least one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SampleWindow {
    pub labels: Labels,
    pub points: Vec<Point>,
    pub start: Millis,
    pub end: Millis,
    /// The length in seconds.
    pub seconds: f64,
}

impl SampleWindow {
    /// Returns what a function makes of the window; `None` is "no value".
    pub fn apply(&self, function: Function, parameter: Option<f64>, at: Millis) -> Option<f64> {
        let first = self.points.first()?;
        let values = || self.points.iter().map(|point| point.value);
        let list = || values().collect::<Vec<_>>();
        let stretched = |found: Option<(f64, f64)>| found.map(|(growth, factor)| growth * factor);
        match function {
            Function::Rate => self.rate(),
            Function::Increase => stretched(self.extrapolated(true)),
            Function::Delta => stretched(self.extrapolated(false)),
            Function::Irate => self.instant(true),
            Function::Idelta => self.instant(false),
            Function::AvgOverTime => Some(mean(&list())),
            Function::SumOverTime => Some(Sum::of(values()).total()),
            Function::CountOverTime => Some(self.points.len() as f64),
            Function::PresentOverTime => Some(1.0),
            Function::LastOverTime => values().next_back(),
            Function::MaxOverTime => Some(extreme(first.value, values(), |a, b| a > b)),
            Function::MinOverTime => Some(extreme(first.value, values(), |a, b| a < b)),
            Function::QuantileOverTime => parameter.map(|share| quantile(share, list())),
            Function::StdvarOverTime => Some(variance(values())),
            Function::StddevOverTime => Some(variance(values()).sqrt()),
            Function::Changes => Some(self.pairs(|a, b| a != b && !(a.is_nan() && b.is_nan()))),
            Function::Resets => Some(self.pairs(|a, b| b < a)),
            Function::Deriv => self.line(first.at).map(|(slope, _)| slope),
            Function::PredictLinear => self.predicted(at, parameter),
            _ => unreachable!("{function:?} takes no window"),
        }
    }

    fn predicted(&self, at: Millis, ahead: Option<f64>) -> Option<f64> {
        let (slope, now) = self.line(at)?;
        ahead.map(|ahead| slope * ahead + now)
    }

    fn rate(&self) -> Option<f64> {
        let (growth, factor) = self.extrapolated(true)?;
        Some(growth * (factor / self.seconds))
    }

    fn pairs(&self, counts: impl Fn(f64, f64) -> bool) -> f64 {
        let pairs = self.points.windows(2);
        pairs.filter(|w| counts(w[0].value, w[1].value)).count() as f64
    }

    /// A counter that falls began anew at zero.
    fn growth(&self, first: &Point, last: &Point, counter: bool) -> f64 {
        let mut growth = last.value - first.value;
        for pair in self.points.windows(2) {
            if counter && pair[1].value < pair[0].value {
                growth += pair[0].value;
            }
        }
        growth
    }

    /// Returns the growth between the samples and the factor that stretches it over the window.
    ///
    /// The stretch goes to an end of the window when the nearest sample is less than 1.1 mean gaps away, and half a gap
    /// otherwise; a counter is not stretched back beyond the time at which it would have been zero.
    fn extrapolated(&self, counter: bool) -> Option<(f64, f64)> {
        let [first, .., last] = self.points.as_slice() else {
            return None;
        };
        let growth = self.growth(first, last, counter);
        let between = |from: Millis, to: Millis| (to - from) as f64 / 1000.0;
        let sampled = between(first.at, last.at);
        let gap = sampled / (self.points.len() - 1) as f64;
        let near = gap * 1.1;
        let stretch = |distance: f64| {
            if distance >= near {
                gap / 2.0
            } else {
                distance
            }
        };
        let mut before = stretch(between(self.start, first.at));
        let after = stretch(between(last.at, self.end));
        if counter && growth > 0.0 && first.value >= 0.0 {
            let since_zero = sampled * (first.value / growth);
            if since_zero < before {
                before = since_zero;
            }
        }
        Some((growth, (sampled + before + after) / sampled))
    }

    /// Returns the change between the last two samples, a second for a counter.
    fn instant(&self, counter: bool) -> Option<f64> {
        let [.., before, last] = self.points.as_slice() else {
            return None;
        };
        if !counter {
            return Some(last.value - before.value);
        }
        let reset = last.value < before.value;
        let growth = if reset {
            last.value
        } else {
            last.value - before.value
        };
        Some(growth / ((last.at - before.at) as f64 / 1000.0))
    }

    /// Returns the slope a second and the value at a time of the line of least squares.
    fn line(&self, at: Millis) -> Option<(f64, f64)> {
        let first = self.points.first()?.value;
        if self.points.len() < 2 {
            return None;
        }
        if self.points.iter().all(|point| point.value == first) {
            let broken = first.is_infinite();
            return Some(if broken {
                (f64::NAN, f64::NAN)
            } else {
                (0.0, first)
            });
        }
        let n = self.points.len() as f64;
        let x = |point: &Point| (point.at - at) as f64 / 1e3;
        let total = |f: &dyn Fn(&Point) -> f64| {
            let Sum { sum, lost } = Sum::of(self.points.iter().map(f));
            sum + lost
        };
        let (xs, ys) = (total(&|p| x(p)), total(&|p| p.value));
        let (xys, xxs) = (total(&|p| x(p) * p.value), total(&|p| x(p) * x(p)));
        let slope = (xys - xs * ys / n) / (xxs - xs * xs / n);
        Some((slope, ys / n - slope * xs / n))
    }
}

/// The extreme value; NaN only when there is nothing else.
pub(super) fn extreme(
    first: f64,
    values: impl Iterator<Item = f64>,
    better: impl Fn(f64, f64) -> bool,
) -> f64 {
    values.fold(first, |best, value| {
        if better(value, best) || best.is_nan() {
            value
        } else {
            best
        }
    })
}

/// The variance of the values as a population, by Welford's recurrence.
fn variance(values: impl Iterator<Item = f64>) -> f64 {
    let (mut count, mut mean, mut squares) = (0.0, Sum::default(), Sum::default());
    for value in values {
        count += 1.0;
        let delta = value - (mean.sum + mean.lost);
        mean = mean.plus(delta / count);
        squares = squares.plus(delta * (value - (mean.sum + mean.lost)));
    }
    (squares.sum + squares.lost) / count
}
