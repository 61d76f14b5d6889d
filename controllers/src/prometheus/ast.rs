//! The part of PromQL that alerting rules use, as data.

use std::ops::Range;

use super::labels::{Match, Matcher, NAME};
use super::op::Op;
use super::recording::Millis;

/// An expression with its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// Bytes of the text that it was read from.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `0.05`, `5m` (300), `Inf`.
    Number(f64),
    /// `metric{label="value"} offset 5m`
    Select(Selector),
    /// `metric[5m]`
    Window(Selector, Millis),
    /// `expr[5m:1m] offset 5m`
    Subquery(Box<Subquery>),
    /// `-expr`
    Negate(Box<Expr>),
    /// `(expr)`
    Paren(Box<Expr>),
    /// `a / b`
    Binary(Box<Binary>),
    /// `sum by (a) (expr)`
    Aggregate(Box<Aggregate>),
    /// `rate(metric[5m])`
    Call(Function, Vec<Expr>),
}

/// What chooses series.
#[derive(Debug, Clone, PartialEq)]
pub struct Selector {
    /// All must accept; the name of the metric is one of them.
    pub matchers: Vec<Matcher>,
    /// How far back it looks from the time of evaluation; negative looks ahead.
    pub offset: Millis,
}

impl Selector {
    /// Returns the name of the metric when exactly one is asked for.
    pub fn metric(&self) -> Option<&str> {
        self.matchers.iter().find_map(|m| match &m.is {
            Match::Equal(name) if m.label == NAME => Some(name.as_str()),
            _ => None,
        })
    }
}

/// An expression evaluated at every multiple of a step within a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Subquery {
    /// An instant vector.
    pub inner: Expr,
    /// The window.
    pub range: Millis,
    /// The step, or that of the engine.
    pub step: Option<Millis>,
    /// How far back.
    pub offset: Millis,
}

/// Two sides and what joins them.
#[derive(Debug, Clone, PartialEq)]
pub struct Binary {
    /// What joins.
    pub op: Op,
    /// `bool` after a comparison: 0 or 1 in place of a filter.
    pub bool: bool,
    /// Which elements meet.
    pub matching: Matching,
    /// Left of the operator.
    pub left: Expr,
    /// Right of the operator.
    pub right: Expr,
}

/// Which elements of two vectors meet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matching {
    /// `on` these labels, in place of `ignoring` them.
    pub on: bool,
    /// The labels.
    pub labels: Vec<String>,
    /// `group_left` or `group_right`: which side may have several elements a match, and the labels it takes over.
    pub group: Option<(Side, Vec<String>)>,
}

/// A side of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// A summary over elements of a vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which summary.
    pub op: Summary,
    /// The share of a `quantile`.
    pub parameter: Option<Expr>,
    /// `without` these labels, in place of `by` them.
    pub without: bool,
    /// The labels.
    pub labels: Vec<String>,
    /// The vector.
    pub inner: Expr,
}

/// Summaries over elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Summary {
    Sum,
    Avg,
    Max,
    Min,
    Count,
    Group,
    Stddev,
    Stdvar,
    Quantile,
}

/// Functions, named as in PromQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of PromQL")]
pub enum Function {
    Abs,
    Absent,
    AbsentOverTime,
    AvgOverTime,
    Ceil,
    Changes,
    Clamp,
    ClampMax,
    ClampMin,
    CountOverTime,
    Delta,
    Deriv,
    Floor,
    HistogramQuantile,
    Idelta,
    Increase,
    Irate,
    LastOverTime,
    MaxOverTime,
    MinOverTime,
    PredictLinear,
    PresentOverTime,
    QuantileOverTime,
    Rate,
    Resets,
    Round,
    Scalar,
    Sgn,
    Sqrt,
    StddevOverTime,
    StdvarOverTime,
    SumOverTime,
    Time,
    Timestamp,
    Vector,
}

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A number.
    Scalar,
    /// Elements with labels, one value each.
    Vector,
    /// Elements with labels, the values of a window each.
    Window,
}

impl Expr {
    /// Returns what it gives.
    pub fn gives(&self) -> Type {
        match &self.kind {
            Kind::Number(_) => Type::Scalar,
            Kind::Select(_) | Kind::Aggregate(_) => Type::Vector,
            Kind::Window(..) | Kind::Subquery(_) => Type::Window,
            Kind::Negate(inner) | Kind::Paren(inner) => inner.gives(),
            Kind::Binary(binary) => match (binary.left.gives(), binary.right.gives()) {
                (Type::Scalar, Type::Scalar) => Type::Scalar,
                _ => Type::Vector,
            },
            Kind::Call(function, _) => function.signature().gives,
        }
    }

    /// Returns what is inside all parentheses around it.
    pub fn bare(&self) -> &Self {
        match &self.kind {
            Kind::Paren(inner) => inner.bare(),
            _ => self,
        }
    }

    /// Returns the parts that it is made of.
    pub fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Number(_) | Kind::Select(_) | Kind::Window(..) => Vec::new(),
            Kind::Subquery(subquery) => vec![&subquery.inner],
            Kind::Negate(inner) | Kind::Paren(inner) => vec![inner],
            Kind::Binary(binary) => vec![&binary.left, &binary.right],
            Kind::Aggregate(aggregate) => aggregate
                .parameter
                .iter()
                .chain([&aggregate.inner])
                .collect(),
            Kind::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// Yields every selector of series in it, from left to right.
    pub fn selectors(&self) -> Vec<&Selector> {
        match &self.kind {
            Kind::Select(selector) | Kind::Window(selector, _) => vec![selector],
            _ => self.parts().into_iter().flat_map(Self::selectors).collect(),
        }
    }
}
