//! Recognises expressions that a trigger of coalmine can say, and returns them as data.
//!
//! A shape says which series are measured, how, and against what limit. What it does not say is how Prometheus counts
//! (windows open on the left, extrapolation, an instant value that outlives its sample): a simulation of the rule itself
//! runs [`Running`](super::group::Running).

mod constant;
mod measure;
mod recognise;

pub use constant::constant;

use super::ast::{Function, Selector};
use super::op::Op;
use super::recording::Millis;

/// What an expression says, as far as a native trigger can say it.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A measure against a limit.
    Threshold(Threshold),
    /// `count_over_time((x > limit)[75s:15s]) >= 3`: so many of the values looked at.
    MOfN {
        /// What each value is held against; the measure is an instant value.
        each: Threshold,
        /// How many must be over the limit.
        at_least: u32,
        /// Of how many.
        of: u32,
        /// From one value to the next.
        every: Millis,
    },
    /// One ratio over a long and a short window, both over the same limit.
    BurnRate(BurnRate),
    /// Both parts hold (`and`).
    All(Vec<Shape>),
    /// One part holds (`or`).
    Any(Vec<Shape>),
}

/// A measure against a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// What is measured.
    pub measure: Measure,
    /// `>`, `>=`, `<`, `<=`, `==` or `!=`; the measure is on its left.
    pub is: Op,
    /// The limit.
    pub limit: Limit,
}

/// A limit, and the product that it was written as.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// Its value, computed in the order in which it is written.
    pub value: f64,
    /// `14.4 * 0.001`: the burn-rate factor and the error budget.
    pub product: Option<(f64, f64)>,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// The instant value, shown for the look-back after its sample.
    Value(Selector),
    /// A summary of the samples of a window: `avg_over_time`, `max_over_time`, ...
    Over(Function, Selector, Millis),
    /// `rate`, `increase` or `delta`.
    Growth {
        /// Which of them.
        function: Function,
        /// Of what.
        of: Selector,
        /// The window.
        over: Millis,
        /// How series are put together.
        group: Grouping,
    },
    /// A ratio of two growths over the same window.
    Ratio(Ratio),
    /// `histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))`
    Quantile {
        /// 0.99
        share: f64,
        /// The buckets.
        of: Selector,
        /// The window.
        over: Millis,
        /// How series are put together; `le` is not named.
        group: Grouping,
    },
}

/// A ratio of two growths over the same window.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratio {
    /// Above the line.
    pub above: Selector,
    /// Below the line.
    pub below: Selector,
    /// The window of both.
    pub over: Millis,
    /// 1 less the ratio: what is above counts good events.
    pub complement: bool,
    /// How series are put together, on both sides alike.
    pub group: Grouping,
}

/// How series are put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grouping {
    /// All in one sum.
    Sum,
    /// One sum, and so one alert, for each value of these labels.
    By(Vec<String>),
    /// Each series by itself.
    Each,
}

/// One ratio over two windows.
#[derive(Debug, Clone, PartialEq)]
pub struct BurnRate {
    /// Over the long window.
    pub ratio: Ratio,
    /// The short window.
    pub short: Millis,
    /// `>` or `>=`
    pub is: Op,
    /// The limit of both.
    pub limit: Limit,
}
