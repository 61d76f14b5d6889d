//! Puts the expressions of recording rules in the place of the metrics that they record.

use super::ast::{Aggregate, Binary, Expr, Kind, Selector, Subquery};
use super::group::RecordingRule;
use super::labels::NAME;

/// Chains of recording rules longer than this are left alone.
const LONGEST: usize = 8;

/// Replaces instant selectors of recorded metrics by what records them, so that [`super::shape::Shape::of`] sees through
/// them.
///
/// What is recorded is an instant value, up to one interval older than the alert (and more by the phases of the groups):
/// the new expression says what is measured, not when.
#[must_use]
pub fn inline(expr: &Expr, records: &[RecordingRule]) -> Expr {
    deep(expr, records, LONGEST)
}

fn deep(expr: &Expr, records: &[RecordingRule], left: usize) -> Expr {
    let again = |expr: &Expr| deep(expr, records, left);
    let kind = match &expr.kind {
        Kind::Select(selector) if left > 0 => {
            let found = records.iter().find(|rule| records_it(rule, selector));
            let Some(rule) = found else {
                return expr.clone();
            };
            Kind::Paren(Box::new(deep(&rule.expr, records, left - 1)))
        }
        Kind::Number(_) | Kind::Select(_) | Kind::Window(..) => return expr.clone(),
        Kind::Subquery(subquery) => Kind::Subquery(Box::new(Subquery {
            inner: again(&subquery.inner),
            ..(**subquery).clone()
        })),
        Kind::Negate(inner) => Kind::Negate(Box::new(again(inner))),
        Kind::Paren(inner) => Kind::Paren(Box::new(again(inner))),
        Kind::Binary(binary) => {
            let (left, right) = (again(&binary.left), again(&binary.right));
            let binary = (**binary).clone();
            Kind::Binary(Box::new(Binary {
                left,
                right,
                ..binary
            }))
        }
        Kind::Aggregate(aggregate) => Kind::Aggregate(Box::new(Aggregate {
            inner: again(&aggregate.inner),
            ..(**aggregate).clone()
        })),
        Kind::Call(function, arguments) => {
            Kind::Call(*function, arguments.iter().map(again).collect())
        }
    };
    let span = expr.span.clone();
    Expr { span, kind }
}

/// The name is that of the record, and no matcher is against a label that the rule sets.
fn records_it(rule: &RecordingRule, selector: &Selector) -> bool {
    let fits = |matcher: &super::labels::Matcher| {
        let set = rule.labels.get(&matcher.label);
        matcher.label == NAME || set.is_none_or(|value| matcher.takes(value))
    };
    selector.offset == 0
        && selector.metric() == Some(rule.record.as_str())
        && selector.matchers.iter().all(fits)
}
