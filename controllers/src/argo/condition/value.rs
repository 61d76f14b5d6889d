//! Values as the expression language of Argo holds them: Go's dynamic types, their names and how they are printed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// A value while a condition runs. Go keeps `int` and `int64`, `[]float64` and `[]interface {}` apart, and some
/// operations see the difference, so they are apart here.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Go's `nil`.
    Nil,
    /// `bool`.
    Bool(bool),
    /// `int`: literals, `len`, `count`.
    Int(i64),
    /// `int64`: what `asInt` gives.
    Int64(i64),
    /// `float64`.
    Float(f64),
    /// `string`.
    Str(Arc<str>),
    /// `[]float64`: what a Prometheus vector or matrix becomes.
    Floats(Arc<[f64]>),
    /// `[]int`: a range.
    Ints(Arc<[i64]>),
    /// `[]interface {}`: a JSON array, a literal array, what `filter` and `map` give.
    List(Arc<[Value]>),
    /// `map[string]interface {}`: a JSON object.
    Map(Arc<BTreeMap<String, Value>>),
    /// `map[string]struct {}`: a literal array of strings to the right of `in`, after optimising.
    Names(Arc<BTreeSet<String>>),
}

impl Value {
    /// A Prometheus vector: the values of its series in the order of the answer.
    pub fn vector(values: &[f64]) -> Self {
        Self::Floats(values.into())
    }

    /// The name that Go prints with `%T`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Float(_) => "float64",
            Self::Str(_) => "string",
            Self::Floats(_) => "[]float64",
            Self::Ints(_) => "[]int",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
            Self::Names(_) => "map[string]struct {}",
        }
    }

    /// The kind that Go's reflection prints (`slice`, `map`, `float64`, ...).
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::Floats(_) | Self::Ints(_) | Self::List(_) => "slice",
            Self::Map(_) | Self::Names(_) => "map",
            other => other.type_name(),
        }
    }

    /// Nothing to evaluate: nil or a list without elements (what Argo words as "no data returned").
    pub fn is_nil_or_empty(&self) -> bool {
        matches!(self, Self::Nil) || self.list_len() == Some(0)
    }

    /// The length of a list; none for what is not a list.
    pub fn list_len(&self) -> Option<usize> {
        match self {
            Self::Floats(v) => Some(v.len()),
            Self::Ints(v) => Some(v.len()),
            Self::List(v) => Some(v.len()),
            _ => None,
        }
    }

    /// The element of a list at `index`; none outside or for what is not a list.
    pub fn element(&self, index: usize) -> Option<Self> {
        match self {
            Self::Floats(v) => v.get(index).map(|x| Self::Float(*x)),
            Self::Ints(v) => v.get(index).map(|x| Self::Int(*x)),
            Self::List(v) => v.get(index).cloned(),
            _ => None,
        }
    }

    /// The elements of a list in order; empty for what is not a list.
    pub fn elements(&self) -> Vec<Self> {
        (0..self.list_len().unwrap_or(0))
            .filter_map(|i| self.element(i))
            .collect()
    }

    /// A number as Go's `float64(x)`; none for what is not a number.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Int(i) | Self::Int64(i) => Some(*i as f64),
            Self::Float(f) => Some(*f),
            _ => None,
        }
    }

    /// A whole number of either Go type; none for what is none.
    pub fn as_whole(&self) -> Option<i64> {
        match self {
            Self::Int(i) | Self::Int64(i) => Some(*i),
            _ => None,
        }
    }

    /// A decoded JSON value as Go's `encoding/json` gives it to a condition: every number is a `float64`.
    pub fn from_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as J;
        match json {
            J::Null => Self::Nil,
            J::Bool(b) => Self::Bool(*b),
            J::Number(n) => Self::Float(n.as_f64().unwrap_or(f64::NAN)),
            J::String(s) => Self::Str(s.as_str().into()),
            J::Array(a) => Self::List(a.iter().map(Self::from_json).collect()),
            J::Object(o) => Self::Map(Arc::new(
                o.iter()
                    .map(|(k, v)| (k.clone(), Self::from_json(v)))
                    .collect(),
            )),
        }
    }

    /// The text that Go prints with `%v`.
    pub fn printed(&self) -> String {
        match self {
            Self::Nil => "<nil>".into(),
            Self::Bool(b) => b.to_string(),
            Self::Int(i) | Self::Int64(i) => i.to_string(),
            Self::Float(f) => float_text(*f),
            Self::Str(s) => s.to_string(),
            Self::Floats(_) | Self::Ints(_) | Self::List(_) => {
                let parts: Vec<String> = self.elements().iter().map(Self::printed).collect();
                format!("[{}]", parts.join(" "))
            }
            Self::Map(m) => {
                let parts: Vec<String> = m
                    .iter()
                    .map(|(k, v)| format!("{k}:{}", v.printed()))
                    .collect();
                format!("map[{}]", parts.join(" "))
            }
            Self::Names(n) => {
                let parts: Vec<String> = n.iter().map(|k| format!("{k}:{{}}")).collect();
                format!("map[{}]", parts.join(" "))
            }
        }
    }
}

/// A `float64` as Go's `%v` prints it: the shortest digits, with an exponent below 1e-4 and from 1e21 on.
pub fn float_text(f: f64) -> String {
    if f.is_nan() {
        return "NaN".into();
    }
    if f.is_infinite() {
        return if f > 0.0 {
            "+Inf".into()
        } else {
            "-Inf".into()
        };
    }
    let size = f.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{f:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let number: i32 = exponent.parse().unwrap_or(0);
        let mut out = String::from(digits);
        let _ = write!(
            out,
            "e{}{:02}",
            if number < 0 { '-' } else { '+' },
            number.abs()
        );
        return out;
    }
    format!("{f}")
}

/// Go's `int64(f)` on amd64: toward zero; NaN and what does not fit become the smallest number.
pub fn go_int(f: f64) -> i64 {
    if f.is_nan() || !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&f) {
        return i64::MIN;
    }
    f as i64
}
