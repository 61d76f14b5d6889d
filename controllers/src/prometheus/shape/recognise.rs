//! Recognises comparisons, and what is joined of them.

use super::constant::constant;
use super::{BurnRate, Limit, Measure, Ratio, Shape, Threshold};
use crate::prometheus::ast::{Aggregate, Binary, Expr, Function, Kind, Subquery, Summary, Type};
use crate::prometheus::op::Op;

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

/// `count_over_time((x > limit)[75s:15s]) >= 3`, or the sum of `x > bool limit`.
fn m_of_n(binary: &Binary) -> Option<Shape> {
    let (counted, is, limit) = sides(binary)?;
    let (subquery, inner) = counted_passes(counted)?;
    let limit = constant(limit).filter(|limit| limit.fract() == 0.0 && *limit >= 0.0)?;
    let at_least = match is {
        Op::GreaterEqual => limit as u32,
        Op::Greater => limit as u32 + 1,
        _ => return None,
    };
    let each = Threshold::of(inner)?;
    let every = subquery.step?;
    let plain = matches!(each.measure, Measure::Value(_)) && subquery.offset == 0;
    (plain && subquery.range % every == 0).then_some(Shape::MOfN {
        each,
        at_least,
        of: (subquery.range / every) as u32,
        every,
    })
}

/// The values that are looked at, and the comparison that a counted one passes.
fn counted_passes(counted: &Expr) -> Option<(&Subquery, &Binary)> {
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
    sums.then_some((&**subquery, &**inner))
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
