//! Functions over instant vectors and numbers.

use super::ast::{Expr, Function, Kind};
use super::histogram;
use super::labels::{Labels, Match, NAME};
use super::value::{Element, Value};

/// Changes each value; the name of the metric goes.
pub(super) fn map(elements: Vec<Element>, change: impl Fn(f64) -> f64) -> Vec<Element> {
    elements
        .into_iter()
        .map(|Element { labels, value }| Element {
            labels: labels.unnamed(),
            value: change(value),
        })
        .collect()
}

/// Returns what a function makes of its arguments.
pub(super) fn apply(function: Function, arguments: &[Expr], values: Vec<Value>) -> Value {
    let numbers: Vec<f64> = values.iter().filter_map(number).collect();
    let number = |nth: usize| numbers.get(nth).copied();
    let vector = values.into_iter().find_map(elements).unwrap_or_default();
    let all = f64::INFINITY;
    match function {
        Function::Scalar => Value::Scalar(match vector.as_slice() {
            [only] => only.value,
            _ => f64::NAN,
        }),
        Function::Vector => Value::Vector(Value::Scalar(numbers[0]).elements()),
        Function::Absent => Value::Vector(absent(&arguments[0], vector.is_empty())),
        Function::HistogramQuantile => Value::Vector(histogram::quantiles(numbers[0], vector)),
        Function::Clamp => Value::Vector(clamp(vector, numbers[0], numbers[1])),
        Function::ClampMin => Value::Vector(clamp(vector, numbers[0], all)),
        Function::ClampMax => Value::Vector(clamp(vector, -all, numbers[0])),
        Function::Round => {
            // Division by the inverse rounds as Prometheus does; ties go up.
            let inverse = 1.0 / number(0).unwrap_or(1.0);
            Value::Vector(map(vector, |v| (v * inverse + 0.5).floor() / inverse))
        }
        Function::Abs => Value::Vector(map(vector, f64::abs)),
        Function::Ceil => Value::Vector(map(vector, f64::ceil)),
        Function::Floor => Value::Vector(map(vector, f64::floor)),
        Function::Sqrt => Value::Vector(map(vector, f64::sqrt)),
        Function::Sgn => Value::Vector(map(vector, sign)),
        _ => unreachable!("{function:?} takes a window"),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Scalar(number) => Some(*number),
        Value::Vector(_) => None,
    }
}

fn elements(value: Value) -> Option<Vec<Element>> {
    match value {
        Value::Vector(elements) => Some(elements),
        Value::Scalar(_) => None,
    }
}

fn sign(value: f64) -> f64 {
    if value == 0.0 || value.is_nan() {
        value
    } else {
        value.signum()
    }
}

/// NaN stays NaN; limits the wrong way round give nothing.
fn clamp(vector: Vec<Element>, low: f64, high: f64) -> Vec<Element> {
    if high < low {
        return Vec::new();
    }
    let nan = low.is_nan() || high.is_nan();
    map(vector, |value| match value {
        _ if nan || value.is_nan() => f64::NAN,
        value => low.max(high.min(value)),
    })
}

/// Returns 1 with the labels that the selector asks for, when there is nothing else.
pub(super) fn absent(argument: &Expr, empty: bool) -> Vec<Element> {
    if !empty {
        return Vec::new();
    }
    let labels = match &argument.bare().kind {
        Kind::Select(selector) | Kind::Window(selector, _) => {
            let (mut labels, mut seen) = (Labels::default(), Vec::new());
            for matcher in selector.matchers.iter().filter(|m| m.label != NAME) {
                match &matcher.is {
                    Match::Equal(value) if !seen.contains(&&matcher.label) => {
                        labels.set(matcher.label.clone(), value.clone());
                        seen.push(&matcher.label);
                    }
                    _ => labels.remove(&matcher.label),
                }
            }
            labels
        }
        _ => Labels::default(),
    };
    vec![Element { labels, value: 1.0 }]
}
