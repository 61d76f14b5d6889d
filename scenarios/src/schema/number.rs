//! Numbers.

use super::check::Checker;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::quote::quote;
use crate::source::node::{Node, Value};
use serde_json::{Number, Value as Json};
use std::cmp::Ordering;

/// A bound that a number must keep.
#[derive(Clone, Copy)]
struct Bound {
    limit: Limit,
    allowed: &'static [Ordering],
    words: &'static str,
}

#[derive(Clone, Copy)]
enum Limit {
    Int(i128),
    Float(f64),
}

const LEAST: &[Ordering] = &[Ordering::Greater, Ordering::Equal];
const MOST: &[Ordering] = &[Ordering::Less, Ordering::Equal];

impl<'a> Checker<'a> {
    /// Compares a number with its bounds.
    pub fn number(&mut self, node: &Node, schema: &'a Json, about: Option<&'a str>) {
        let bounds = bounds(schema);
        let is_kept = |bound: &Bound| bound.allowed.contains(&compare(&node.value, bound.limit));
        if bounds.iter().all(is_kept) {
            return;
        }
        let words: Vec<String> = bounds.iter().map(Bound::words).collect();
        let wanted = words.join(" and ");
        let message = format!(
            "expected a number {wanted}, found {}",
            quote(self.slice(node))
        );
        self.report(
            Diagnostic::error("CM024", node.span.clone(), message),
            about,
        );
    }
}

fn bounds(schema: &Json) -> Vec<Bound> {
    let keywords = [
        ("minimum", LEAST, "of at least"),
        ("exclusiveMinimum", &LEAST[..1], "greater than"),
        ("maximum", MOST, "of at most"),
        ("exclusiveMaximum", &MOST[..1], "less than"),
    ];
    let mut bounds = Vec::new();
    for (keyword, allowed, words) in keywords {
        if let Some(Json::Number(number)) = schema.get(keyword) {
            let limit = limit(number);
            bounds.push(Bound {
                limit,
                allowed,
                words,
            });
        }
    }
    let format = schema.get("format").and_then(Json::as_str).unwrap_or("");
    let (least, most) = type_range(format);
    let says = |keyword: &str| schema.get(keyword).is_some();
    let least = least.filter(|_| !says("minimum") && !says("exclusiveMinimum"));
    let most = most.filter(|_| !says("maximum") && !says("exclusiveMaximum"));
    bounds.extend(least.map(|least| Bound::of_type(least, LEAST, "of at least")));
    bounds.extend(most.map(|most| Bound::of_type(most, MOST, "of at most")));
    bounds
}

impl Bound {
    const fn of_type(limit: i128, allowed: &'static [Ordering], words: &'static str) -> Self {
        Self {
            limit: Limit::Int(limit),
            allowed,
            words,
        }
    }
}

/// Returns what the integer type of a format can hold.
fn type_range(format: &str) -> (Option<i128>, Option<i128>) {
    let (least, most) = match format {
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint" => (0, u64::MAX.into()),
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        _ => return (None, None),
    };
    (Some(least), Some(most))
}

fn limit(number: &Number) -> Limit {
    match number.as_i128() {
        Some(int) => Limit::Int(int),
        None => Limit::Float(number.as_f64().unwrap_or(f64::NAN)),
    }
}

impl Bound {
    fn words(&self) -> String {
        match self.limit {
            Limit::Int(limit) => format!("{} {limit}", self.words),
            Limit::Float(limit) => format!("{} {limit}", self.words),
        }
    }
}

/// Compares exactly if both sides are whole, otherwise as floats. NaN never arrives here.
fn compare(value: &Value, limit: Limit) -> Ordering {
    let order = match (value, limit) {
        (Value::Int(value), Limit::Int(limit)) => Some(value.cmp(&limit)),
        (Value::Int(value), Limit::Float(limit)) => (*value as f64).partial_cmp(&limit),
        (Value::Float(value), Limit::Int(limit)) => value.partial_cmp(&(limit as f64)),
        (Value::Float(value), Limit::Float(limit)) => value.partial_cmp(&limit),
        _ => None,
    };
    order.unwrap_or(Ordering::Equal)
}
