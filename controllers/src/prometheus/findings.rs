//! What an expression cannot do at a given scrape interval, for a lint.

use std::ops::Range;

use super::ast::{Expr, Function, Kind, Type};
use super::op::Op;
use super::recording::Millis;

/// Something that an expression does otherwise than it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A function that needs two samples never sees them: it never has a value.
    Starved(Function, Millis),
    /// A function that needs two samples sees them in some windows only: the window is shorter than two scrapes.
    Narrow(Function, Millis),
    /// `!=` holds for NaN, so that a ratio without traffic is a breach.
    NanIsUnequal,
    /// `<` or `<=` on a value that is absent while nothing happens: silence looks like health.
    SilentWhenAbsent,
}

/// Returns the findings in an expression, each with its place, for series scraped at an interval.
pub fn findings(expr: &Expr, scrape: Millis) -> Vec<(Range<usize>, Finding)> {
    let mut all = Vec::new();
    visit(expr, scrape, &mut all);
    all
}

fn visit(expr: &Expr, scrape: Millis, all: &mut Vec<(Range<usize>, Finding)>) {
    let here = match &expr.kind {
        Kind::Call(function, arguments) => window(*function, arguments, scrape),
        Kind::Binary(binary) if binary.op.compares() => {
            let counted = grows(&binary.left) || grows(&binary.right);
            let vector = binary.left.gives() == Type::Vector;
            let below = if vector {
                binary.op
            } else {
                binary.op.mirrored()
            };
            match below {
                Op::NotEqual if counted => Some(Finding::NanIsUnequal),
                Op::Less | Op::LessEqual if counted => Some(Finding::SilentWhenAbsent),
                _ => None,
            }
        }
        _ => None,
    };
    all.extend(here.map(|finding| (expr.span.clone(), finding)));
    for part in expr.parts() {
        visit(part, scrape, all);
    }
}

/// Whether an answer may have several elements: a series for each pod, code or path that nothing adds up.
pub fn may_be_several(expr: &Expr) -> bool {
    match &expr.kind {
        Kind::Number(_) | Kind::Call(Function::Scalar | Function::Time | Function::Absent, _) => {
            false
        }
        Kind::Select(_) | Kind::Window(..) | Kind::Subquery(_) => true,
        Kind::Aggregate(aggregate) => aggregate.without || !aggregate.labels.is_empty(),
        // It takes `le` away, and mostly there is no other label.
        Kind::Call(Function::HistogramQuantile, arguments) => {
            arguments
                .last()
                .is_some_and(|inner| match &inner.bare().kind {
                    Kind::Aggregate(aggregate) => {
                        aggregate.without || aggregate.labels.iter().any(|label| label != "le")
                    }
                    _ => true,
                })
        }
        _ => expr.parts().into_iter().any(may_be_several),
    }
}

/// Windows are open on the left: one as long as the scrape interval holds one sample.
fn window(function: Function, arguments: &[Expr], scrape: Millis) -> Option<Finding> {
    let needs_two = matches!(
        function,
        Function::Rate
            | Function::Increase
            | Function::Irate
            | Function::Delta
            | Function::Idelta
            | Function::Deriv
            | Function::PredictLinear
    );
    let range = arguments
        .iter()
        .find_map(|argument| match argument.bare().kind {
            Kind::Window(_, range) => Some(range),
            _ => None,
        })?;
    if !needs_two {
        None
    } else if range <= scrape {
        Some(Finding::Starved(function, range))
    } else if range < 2 * scrape {
        Some(Finding::Narrow(function, range))
    } else {
        None
    }
}

/// Tells whether a value comes from the growth of counters.
fn grows(expr: &Expr) -> bool {
    let growth = [Function::Rate, Function::Increase, Function::Irate];
    match &expr.kind {
        Kind::Call(function, _) if growth.contains(function) => true,
        _ => expr.parts().into_iter().any(grows),
    }
}
