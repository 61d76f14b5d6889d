//! Folded constants, which swallow what they make unreachable.
//!
//! Source of the rules: expr-lang v1.17.7 `optimizer`.

use super::closures::filter_filter;
use super::walk::walk;
use crate::argo::condition::ast::{Node, NodeKind};
use crate::argo::condition::fault::{ConditionError, Fault};
use crate::argo::condition::ops;
use crate::argo::condition::ty::Ty;
use crate::argo::condition::value::Value;

/// Folds a tree until nothing more can be folded.
///
/// # Errors
/// A remainder of a division by a literal zero.
pub(super) fn fold_all(node: &mut Node) -> Result<(), ConditionError> {
    let mut fault = None;
    for _ in 0..1000 {
        let mut applied = false;
        walk(node, &mut |n| applied |= fold(n, &mut fault));
        if let Some(fault) = fault {
            return Err(fault);
        }
        if !applied {
            break;
        }
    }
    Ok(())
}

fn literal(node: &Node) -> Option<Value> {
    match &node.kind {
        NodeKind::Int(i) => Some(Value::Int(*i)),
        NodeKind::Float(f) => Some(Value::Float(*f)),
        NodeKind::Str(s) => Some(Value::Str(s.as_str().into())),
        NodeKind::Bool(b) => Some(Value::Bool(*b)),
        _ => None,
    }
}

fn put(node: &mut Node, value: Value) -> bool {
    (node.kind, node.ty) = match value {
        Value::Int(i) | Value::Int64(i) => (NodeKind::Int(i), Ty::Int),
        Value::Float(f) => (NodeKind::Float(f), Ty::Float),
        Value::Bool(b) => (NodeKind::Bool(b), Ty::Bool),
        Value::Str(s) => (NodeKind::Str(s.to_string()), Ty::Str),
        other => (NodeKind::Const(other), Ty::list_of(Ty::Any)),
    };
    true
}

fn fold(node: &mut Node, fault: &mut Option<ConditionError>) -> bool {
    let folded = match &node.kind {
        NodeKind::Unary(op, inner) => literal(inner).and_then(|value| fold_unary(op, &value)),
        NodeKind::Binary("and" | "&&", ..) => return fold_logic(node, true),
        NodeKind::Binary("or" | "||", ..) => return fold_logic(node, false),
        NodeKind::Binary(op, a, b) => match (literal(a), literal(b)) {
            (Some(a), Some(b)) => fold_binary(op, &a, &b, node.at, fault),
            _ => None,
        },
        NodeKind::Array(nodes) if !nodes.is_empty() => nodes
            .iter()
            .map(literal)
            .collect::<Option<Vec<Value>>>()
            .map(|list| Value::List(list.into())),
        NodeKind::Builtin(called) => {
            let Some(joined) = filter_filter(called) else {
                return false;
            };
            node.kind = NodeKind::Builtin(joined);
            return true;
        }
        _ => None,
    };
    folded.is_some_and(|value| put(node, value))
}

fn fold_unary(op: &str, value: &Value) -> Option<Value> {
    match (op, value) {
        ("-", Value::Int(i)) => Some(Value::Int(i.wrapping_neg())),
        ("-", Value::Float(f)) => Some(Value::Float(-f)),
        ("+", Value::Int(_) | Value::Float(_)) => Some(value.clone()),
        ("!" | "not", Value::Bool(b)) => Some(Value::Bool(!b)),
        _ => None,
    }
}

fn fold_binary(
    op: &str,
    a: &Value,
    b: &Value,
    at: usize,
    fault: &mut Option<ConditionError>,
) -> Option<Value> {
    let numbers = a.as_float().is_some() && b.as_float().is_some();
    match op {
        "%" => remainder(a, b, at, fault),
        "+" if numbers || matches!((a, b), (Value::Str(_), Value::Str(_))) => {
            ops::arithmetic(op, a, b).ok()
        }
        "-" | "*" | "/" | "**" | "^" if numbers => ops::arithmetic(op, a, b).ok(),
        "==" => match (a, b) {
            (Value::Int(_), Value::Int(_))
            | (Value::Str(_), Value::Str(_))
            | (Value::Bool(_), Value::Bool(_)) => Some(Value::Bool(a == b)),
            _ => None,
        },
        _ => None,
    }
}

fn remainder(a: &Value, b: &Value, at: usize, fault: &mut Option<ConditionError>) -> Option<Value> {
    match (a, b) {
        (Value::Int(_), Value::Int(0)) => {
            let words = "integer divide by zero";
            *fault = Some(ConditionError::new(Fault::Type, at, words));
            None
        }
        (Value::Int(a), Value::Int(b)) => Some(Value::Int(a.wrapping_rem(*b))),
        _ => None,
    }
}

/// `true and x` is `x`; `x and false` is false, whatever `x` would have done. The same the other way round for `or`.
fn fold_logic(node: &mut Node, neutral: bool) -> bool {
    let NodeKind::Binary(_, a, b) = &node.kind else {
        return false;
    };
    let constant = |n: &Node| {
        if let NodeKind::Bool(value) = n.kind {
            Some(value)
        } else {
            None
        }
    };
    let kept = match (constant(a), constant(b)) {
        (Some(value), _) if value == neutral => b.kind.clone(),
        (_, Some(value)) if value == neutral => a.kind.clone(),
        (None, None) => return false,
        _ => NodeKind::Bool(!neutral),
    };
    node.kind = kept;
    true
}
