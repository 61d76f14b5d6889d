//! Operators between numbers and vectors: arithmetic, comparisons as filters, sets, and which labels meet.

use std::collections::{BTreeMap, BTreeSet};

use super::ast::{Binary, Matching, Side};
use super::labels::Labels;
use super::op::Op;
use super::value::{Element, EvalError, Value};

/// Returns what an operator makes of its two sides.
pub(super) fn apply(parts: &Binary, left: Value, right: Value) -> Result<Value, EvalError> {
    use Value::{Scalar, Vector};
    Ok(match (left, right) {
        (Scalar(left), Scalar(right)) => Scalar(number(parts.op, left, right)),
        (Vector(left), Scalar(right)) => Vector(filter(parts, left, |value| (value, right))),
        (Scalar(left), Vector(right)) => Vector(filter(parts, right, |value| (left, value))),
        (Vector(left), Vector(right)) if parts.op.joins() => Vector(join(parts, left, right)),
        (Vector(left), Vector(right)) => Vector(pair(parts, left, right)?),
    })
}

/// Between numbers a comparison is 0 or 1.
fn number(op: Op, left: f64, right: f64) -> f64 {
    match op {
        Op::Add => left + right,
        Op::Sub => left - right,
        Op::Mul => left * right,
        Op::Div => left / right,
        Op::Mod => left % right,
        op => f64::from(u8::from(op.holds(left, right))),
    }
}

/// Returns the value that stays, if one does; a filter keeps the value of the vector.
fn outcome(parts: &Binary, left: f64, right: f64, kept: f64) -> Option<f64> {
    if !parts.op.compares() || parts.bool {
        return Some(number(parts.op, left, right));
    }
    parts.op.holds(left, right).then_some(kept)
}

/// The name of a metric goes when its value is no longer that of the metric.
fn drops_name(parts: &Binary) -> bool {
    parts.bool || !parts.op.compares()
}

fn filter(
    parts: &Binary,
    elements: Vec<Element>,
    sides: impl Fn(f64) -> (f64, f64),
) -> Vec<Element> {
    elements
        .into_iter()
        .filter_map(|Element { labels, value }| {
            let (left, right) = sides(value);
            let value = outcome(parts, left, right, value)?;
            let labels = if drops_name(parts) {
                labels.unnamed()
            } else {
                labels
            };
            Some(Element { labels, value })
        })
        .collect()
}

impl Matching {
    /// Returns the labels that must be equal.
    fn key(&self, labels: &Labels) -> Labels {
        if self.on {
            labels.only(&self.labels)
        } else {
            labels.without(&self.labels)
        }
    }
}

fn join(parts: &Binary, left: Vec<Element>, right: Vec<Element>) -> Vec<Element> {
    let keys = |elements: &[Element]| -> BTreeSet<Labels> {
        elements
            .iter()
            .map(|e| parts.matching.key(&e.labels))
            .collect()
    };
    let among =
        |keys: &BTreeSet<Labels>, e: &Element| keys.contains(&parts.matching.key(&e.labels));
    let (mut first, mut second) = (left, right);
    match parts.op {
        Op::And => {
            let keys = keys(&second);
            first.retain(|e| among(&keys, e));
        }
        Op::Unless => {
            let keys = keys(&second);
            first.retain(|e| !among(&keys, e));
        }
        _ => {
            let keys = keys(&first);
            second.retain(|e| !among(&keys, e));
            first.append(&mut second);
        }
    }
    first
}

/// What Prometheus says where a side that must have one element for a match has several.
const SEVERAL: &str = "several elements of one side match one of the other: `group_left` or `group_right` must say so";

fn pair(
    parts: &Binary,
    left: Vec<Element>,
    right: Vec<Element>,
) -> Result<Vec<Element>, EvalError> {
    let side = parts.matching.group.as_ref().map(|(side, _)| *side);
    let swapped = side == Some(Side::Right);
    let [many, one] = if swapped {
        [right, left]
    } else {
        [left, right]
    };
    let value = |many: f64, one: f64| {
        let (left, right) = if swapped { (one, many) } else { (many, one) };
        outcome(parts, left, right, left)
    };
    matched(parts, (&many, &one), value)
}

fn matched(
    parts: &Binary,
    (many, one): (&[Element], &[Element]),
    value: impl Fn(f64, f64) -> Option<f64>,
) -> Result<Vec<Element>, EvalError> {
    if many.is_empty() || one.is_empty() {
        return Ok(Vec::new());
    }
    let side = parts.matching.group.as_ref().map(|(side, _)| *side);
    let ones = by_key(&parts.matching, one)?;
    let (mut met, mut all) = (BTreeSet::new(), Vec::new());
    for element in many {
        let key = parts.matching.key(&element.labels);
        let Some(other) = ones.get(&key) else {
            continue;
        };
        let labels = result_labels(parts, &element.labels, &other.labels);
        let grouped = side.map(|_| labels.clone());
        if !met.insert((key, grouped)) {
            return Err(EvalError(SEVERAL.into()));
        }
        if let Some(value) = value(element.value, other.value) {
            all.push(Element { labels, value });
        }
    }
    Ok(all)
}

fn by_key<'a>(
    matching: &Matching,
    one: &'a [Element],
) -> Result<BTreeMap<Labels, &'a Element>, EvalError> {
    let mut ones = BTreeMap::new();
    for element in one {
        let key = matching.key(&element.labels);
        if let Some(twin) = ones.insert(key.clone(), element) {
            return Err(EvalError(format!(
                "{} and {} both match {key} on the side that must have one",
                twin.labels, element.labels
            )));
        }
    }
    Ok(ones)
}

fn result_labels(parts: &Binary, many: &Labels, one: &Labels) -> Labels {
    let matching = &parts.matching;
    let mut labels = many.clone();
    if drops_name(parts) {
        labels = labels.unnamed();
    }
    match &matching.group {
        None if matching.on => labels = labels.only(&matching.labels),
        None => matching
            .labels
            .iter()
            .for_each(|label| labels.remove(label)),
        Some((_, taken)) => {
            for label in taken {
                labels.set(label.clone(), one.get(label));
            }
        }
    }
    labels
}
