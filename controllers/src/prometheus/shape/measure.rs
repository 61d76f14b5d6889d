//! Recognises what is measured: values, summaries, growths, ratios, quantiles.

use super::constant::constant;
use super::{Grouping, Measure, Ratio};
use crate::prometheus::ast::{Binary, Expr, Function, Kind, Selector, Summary};
use crate::prometheus::op::Op;
use crate::prometheus::recording::Millis;

impl Measure {
    pub(super) fn of(expr: &Expr) -> Option<Self> {
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
