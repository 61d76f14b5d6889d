//! Builtins that make one number of many. Source of the rules: expr-lang v1.17.7 `builtin`.

use crate::argo::condition::ops::{self, Ran};
use crate::argo::condition::value::Value;

/// What a builtin says of an argument that it does not take.
pub(super) fn invalid(name: &str, given: &Value) -> String {
    format!("invalid argument for {name} (type {})", given.type_name())
}

/// The largest or the smallest. A NaN stays if it comes first and is passed over later; nothing at all is nil.
pub(super) fn extreme(name: &str, replaces: &str, given: &[Value]) -> Ran<Value> {
    let mut best: Option<Value> = None;
    for argument in given {
        let Some(_) = argument.list_len() else {
            if argument.as_float().is_some() {
                better(&mut best, replaces, argument.clone());
                continue;
            }
            if given.len() == 1 {
                return Ok(argument.clone());
            }
            return Err(invalid(name, argument));
        };
        for element in argument.elements() {
            let inner = extreme(name, replaces, std::slice::from_ref(&element))?;
            if inner.as_float().is_none() {
                return Err(invalid(name, &inner));
            }
            better(&mut best, replaces, inner);
        }
    }
    Ok(best.unwrap_or(Value::Nil))
}

fn better(best: &mut Option<Value>, replaces: &str, value: Value) {
    let take = best
        .as_ref()
        .is_none_or(|b| ops::ordered(replaces, b, &value).unwrap_or(false));
    if take {
        *best = Some(value);
    }
}

pub(super) fn numbers(name: &str, given: &[Value]) -> Ran<Vec<f64>> {
    let mut out = Vec::new();
    for argument in given {
        match (argument.list_len(), argument.as_float()) {
            (Some(_), _) => out.extend(numbers(name, &argument.elements())?),
            (_, Some(f)) => out.push(f),
            _ => return Err(invalid(name, argument)),
        }
    }
    Ok(out)
}

/// The mean of nothing is 0.
pub(super) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().fold(0.0, |total, value| total + value) / values.len() as f64
}

/// The median of nothing is 0; NaN sorts before everything.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(|a, b| match (a.is_nan(), b.is_nan()) {
        (true, true) => std::cmp::Ordering::Equal,
        (true, false) => std::cmp::Ordering::Less,
        (false, true) => std::cmp::Ordering::Greater,
        _ => a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal),
    });
    let n = values.len();
    match n {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => {
            let both = values[n / 2 - 1] + values[n / 2];
            both / 2.0
        }
    }
}
