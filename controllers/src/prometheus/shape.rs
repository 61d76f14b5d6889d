//! Recognises expressions that a trigger of coalmine can say, and returns them as data.
//!
//! A shape says which series are measured, how, and against what limit. What it does not say is how Prometheus counts
//! (windows open on the left, extrapolation, an instant value that outlives its sample): a simulation of the rule itself
//! runs [`super::group::Running`].

use super::ast::{Aggregate, Binary, Expr, Function, Kind, Op, Selector, Summary, Type};
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

impl Shape {
    /// Recognises an expression; `None` when no native trigger can say it.
    pub fn of(expr: &Expr) -> Option<Self> {
        match &expr.bare().kind {
            Kind::Binary(binary) => Self::of_binary(binary),
            // The largest of what passes a filter passes: one alert in place of several.
            Kind::Aggregate(aggregate) if filters(aggregate) => Self::of(&aggregate.inner),
            _ => None,
        }
    }

    fn of_binary(binary: &Binary) -> Option<Self> {
        let both = || Some((Self::of(&binary.left)?, Self::of(&binary.right)?));
        match binary.op {
            Op::And => both().map(|(left, right)| {
                BurnRate::of(&left, &right)
                    .map_or_else(|| Self::All(vec![left, right]), Self::BurnRate)
            }),
            Op::Or => both().map(|(left, right)| {
                let mut any = left.options();
                any.extend(right.options());
                Self::Any(any)
            }),
            op if op.compares() && !binary.bool => {
                m_of_n(binary).or_else(|| Threshold::of(binary).map(Self::Threshold))
            }
            _ => None,
        }
    }

    fn options(self) -> Vec<Self> {
        match self {
            Self::Any(options) => options,
            one => vec![one],
        }
    }
}

fn filters(aggregate: &Aggregate) -> bool {
    let compares = |expr: &Expr| matches!(&expr.bare().kind, Kind::Binary(b) if b.op.compares());
    matches!(aggregate.op, Summary::Max | Summary::Min) && compares(&aggregate.inner)
}

/// Returns both sides of a comparison with the vector on the left.
fn sides(binary: &Binary) -> Option<(&Expr, Op, &Expr)> {
    match (binary.left.gives(), binary.right.gives()) {
        (Type::Vector, Type::Scalar) => Some((&binary.left, binary.op, &binary.right)),
        (Type::Scalar, Type::Vector) => Some((&binary.right, binary.op.mirrored(), &binary.left)),
        _ => None,
    }
}

impl Threshold {
    fn of(binary: &Binary) -> Option<Self> {
        let (measured, is, limit) = sides(binary)?;
        Some(Self {
            measure: Measure::of(measured)?,
            is,
            limit: Limit::of(limit)?,
        })
    }
}

impl Limit {
    fn of(expr: &Expr) -> Option<Self> {
        let value = constant(expr)?;
        let product = match &expr.bare().kind {
            Kind::Binary(binary) if binary.op == Op::Mul => {
                let (a, b) = (constant(&binary.left)?, constant(&binary.right)?);
                // An error budget is a share and the smaller of the two.
                Some(if a >= b { (a, b) } else { (b, a) })
            }
            _ => None,
        };
        Some(Self { value, product })
    }
}

/// Returns the value of an expression of numbers only.
pub fn constant(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        Kind::Number(number) => Some(*number),
        Kind::Paren(inner) => constant(inner),
        Kind::Negate(inner) => constant(inner).map(|number| -number),
        Kind::Binary(binary) => {
            let (a, b) = (constant(&binary.left)?, constant(&binary.right)?);
            Some(match binary.op {
                Op::Add => a + b,
                Op::Sub => a - b,
                Op::Mul => a * b,
                Op::Div => a / b,
                Op::Mod => a % b,
                _ => return None,
            })
        }
        _ => None,
    }
}

impl Measure {
    fn of(expr: &Expr) -> Option<Self> {
        match &expr.bare().kind {
            Kind::Select(selector) => Some(Self::Value(selector.clone())),
            Kind::Call(Function::HistogramQuantile, arguments) => quantile(arguments),
            Kind::Binary(binary) => Ratio::of(binary).map(Self::Ratio),
            kind => match growth(expr) {
                Some((function, of, over, group)) => Some(Self::Growth {
                    function,
                    of,
                    over,
                    group,
                }),
                None => summary(kind),
            },
        }
    }
}

fn summary(kind: &Kind) -> Option<Measure> {
    let Kind::Call(function, arguments) = kind else {
        return None;
    };
    let [only] = arguments.as_slice() else {
        return None;
    };
    let known = matches!(
        function,
        Function::AvgOverTime
            | Function::MaxOverTime
            | Function::MinOverTime
            | Function::SumOverTime
            | Function::CountOverTime
            | Function::LastOverTime
    );
    match &only.bare().kind {
        Kind::Window(selector, over) if known => {
            Some(Measure::Over(*function, selector.clone(), *over))
        }
        _ => None,
    }
}

/// Reads `rate(x[5m])`, alone or in a sum.
fn growth(expr: &Expr) -> Option<(Function, Selector, Millis, Grouping)> {
    match &expr.bare().kind {
        Kind::Aggregate(aggregate) if aggregate.op == Summary::Sum && !aggregate.without => {
            let (function, of, over, group) = growth(&aggregate.inner)?;
            let labels = aggregate.labels.clone();
            let sum = if labels.is_empty() {
                Grouping::Sum
            } else {
                Grouping::By(labels)
            };
            (group == Grouping::Each).then_some((function, of, over, sum))
        }
        Kind::Call(
            function @ (Function::Rate | Function::Increase | Function::Delta),
            arguments,
        ) => match &arguments.first()?.bare().kind {
            Kind::Window(selector, over) => {
                Some((*function, selector.clone(), *over, Grouping::Each))
            }
            _ => None,
        },
        _ => None,
    }
}

impl Ratio {
    fn of(binary: &Binary) -> Option<Self> {
        if binary.op == Op::Sub && constant(&binary.left) == Some(1.0) {
            let Kind::Binary(inner) = &binary.right.bare().kind else {
                return None;
            };
            let ratio = Self::of(inner).filter(|ratio| !ratio.complement)?;
            return Some(Self {
                complement: true,
                ..ratio
            });
        }
        if binary.op != Op::Div || binary.matching.group.is_some() {
            return None;
        }
        let (above, below) = (growth(&binary.left)?, growth(&binary.right)?);
        let alike = (above.0, above.2, &above.3) == (below.0, below.2, &below.3);
        alike.then_some(Self {
            above: above.1,
            below: below.1,
            over: above.2,
            complement: false,
            group: above.3,
        })
    }
}

fn quantile(arguments: &[Expr]) -> Option<Measure> {
    let [share, buckets] = arguments else {
        return None;
    };
    let (function, of, over, group) = growth(buckets)?;
    let group = match group {
        Grouping::By(mut labels) => {
            labels.retain(|label| label != "le");
            if labels.is_empty() {
                Grouping::Sum
            } else {
                Grouping::By(labels)
            }
        }
        Grouping::Each => Grouping::Each,
        // Without `le` there is no histogram left.
        Grouping::Sum => return None,
    };
    let share = constant(share)?;
    (function != Function::Delta).then_some(Measure::Quantile {
        share,
        of,
        over,
        group,
    })
}

/// `count_over_time((x > limit)[75s:15s]) >= 3`, or the sum of `x > bool limit`.
fn m_of_n(binary: &Binary) -> Option<Shape> {
    let (counted, is, limit) = sides(binary)?;
    let Kind::Call(function, arguments) = &counted.bare().kind else {
        return None;
    };
    let Kind::Subquery(subquery) = &arguments.first()?.bare().kind else {
        return None;
    };
    let Kind::Binary(inner) = &subquery.inner.bare().kind else {
        return None;
    };
    let sums = match function {
        Function::CountOverTime => !inner.bool,
        Function::SumOverTime => inner.bool,
        _ => false,
    };
    let limit = constant(limit).filter(|limit| limit.fract() == 0.0 && *limit >= 0.0)?;
    let at_least = match is {
        Op::GreaterEqual => limit as u32,
        Op::Greater => limit as u32 + 1,
        _ => return None,
    };
    let each = Threshold::of(inner)?;
    let every = subquery.step?;
    let plain = sums && matches!(each.measure, Measure::Value(_)) && subquery.offset == 0;
    (plain && subquery.range % every == 0).then_some(Shape::MOfN {
        each,
        at_least,
        of: (subquery.range / every) as u32,
        every,
    })
}

impl BurnRate {
    /// Two thresholds on one ratio over two windows, with one limit.
    fn of(left: &Shape, right: &Shape) -> Option<Self> {
        let (Shape::Threshold(left), Shape::Threshold(right)) = (left, right) else {
            return None;
        };
        let (Measure::Ratio(a), Measure::Ratio(b)) = (&left.measure, &right.measure) else {
            return None;
        };
        let (long, short) = if a.over >= b.over { (a, b) } else { (b, a) };
        let same = Ratio {
            over: short.over,
            ..long.clone()
        } == *short;
        let over = matches!(left.is, Op::Greater | Op::GreaterEqual);
        let alike = left.is == right.is && left.limit == right.limit;
        (same && over && alike && long.over > short.over).then(|| Self {
            ratio: long.clone(),
            short: short.over,
            is: left.is,
            limit: left.limit,
        })
    }
}
