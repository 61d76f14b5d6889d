//! The rewriting that the engine does before it runs a condition, as far as it can be seen from outside: folded
//! constants swallow what they make unreachable, joined closures evaluate in another order.
//!
//! Source of the rules: expr-lang v1.17.7 `optimizer`.

use std::sync::Arc;

use super::ast::{Builtin, ConditionError, Fault, Kind, Node, Ty};
use super::ops;
use super::value::Value;

/// Rewrites a checked tree.
///
/// # Errors
/// A remainder of a division by a literal zero.
pub fn optimise(node: &mut Node) -> Result<(), ConditionError> {
    walk(node, &mut in_array);
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
    for pass in [
        in_range,
        filter_map,
        filter_len,
        filter_ends,
        combine_closures,
        sum_array,
        sum_map,
    ] {
        walk(node, &mut |n| pass(n));
    }
    find_last(node)
}

/// Children first, then the node.
fn walk(node: &mut Node, visit: &mut dyn FnMut(&mut Node)) {
    match &mut node.kind {
        Kind::Unary(_, a) | Kind::Chain(a) | Kind::Predicate(a) => walk(a, visit),
        Kind::Binary(_, a, b) | Kind::Let(_, a, b) => {
            walk(a, visit);
            walk(b, visit);
        }
        Kind::Member { base, property, .. } => {
            walk(base, visit);
            walk(property, visit);
        }
        Kind::Slice(base, from, to) => {
            walk(base, visit);
            for end in [from, to].into_iter().flatten() {
                walk(end, visit);
            }
        }
        Kind::Call(callee, arguments) => {
            walk(callee, visit);
            arguments.iter_mut().for_each(|a| walk(a, visit));
        }
        Kind::Builtin(called) => called.arguments.iter_mut().for_each(|a| walk(a, visit)),
        Kind::Sequence(nodes) | Kind::Array(nodes) => nodes.iter_mut().for_each(|a| walk(a, visit)),
        Kind::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|n| walk(n, visit)),
        Kind::Map(pairs) => {
            for (key, value) in pairs {
                walk(key, visit);
                walk(value, visit);
            }
        }
        Kind::Nil
        | Kind::Ident(_)
        | Kind::Int(_)
        | Kind::Float(_)
        | Kind::Bool(_)
        | Kind::Str(_)
        | Kind::Const(_)
        | Kind::Pointer(_) => {}
    }
    visit(node);
}

/// `x in ["a", "b"]` looks up in a set of texts: what is no text is then an error.
fn in_array(node: &mut Node) {
    let Kind::Binary("in", _, right) = &mut node.kind else {
        return;
    };
    let Kind::Array(nodes) = &right.kind else {
        return;
    };
    let names: Option<std::collections::BTreeSet<String>> = nodes
        .iter()
        .map(|n| {
            if let Kind::Str(s) = &n.kind {
                Some(s.clone())
            } else {
                None
            }
        })
        .collect();
    if let Some(names) = names.filter(|names| !names.is_empty()) {
        right.kind = Kind::Const(Value::Names(Arc::new(names)));
    }
}

fn literal(node: &Node) -> Option<Value> {
    match &node.kind {
        Kind::Int(i) => Some(Value::Int(*i)),
        Kind::Float(f) => Some(Value::Float(*f)),
        Kind::Str(s) => Some(Value::Str(s.as_str().into())),
        Kind::Bool(b) => Some(Value::Bool(*b)),
        _ => None,
    }
}

fn put(node: &mut Node, value: Value) -> bool {
    (node.kind, node.ty) = match value {
        Value::Int(i) | Value::Int64(i) => (Kind::Int(i), Ty::Int),
        Value::Float(f) => (Kind::Float(f), Ty::Float),
        Value::Bool(b) => (Kind::Bool(b), Ty::Bool),
        Value::Str(s) => (Kind::Str(s.to_string()), Ty::Str),
        other => (Kind::Const(other), Ty::list_of(Ty::Any)),
    };
    true
}

fn fold(node: &mut Node, fault: &mut Option<ConditionError>) -> bool {
    let folded = match &node.kind {
        Kind::Unary(op, inner) => literal(inner).and_then(|value| fold_unary(op, &value)),
        Kind::Binary("and" | "&&", ..) => return fold_logic(node, true),
        Kind::Binary("or" | "||", ..) => return fold_logic(node, false),
        Kind::Binary(op, a, b) => match (literal(a), literal(b)) {
            (Some(a), Some(b)) => fold_binary(op, &a, &b, node.at, fault),
            _ => None,
        },
        Kind::Array(nodes) if !nodes.is_empty() => nodes
            .iter()
            .map(literal)
            .collect::<Option<Vec<Value>>>()
            .map(|list| Value::List(list.into())),
        Kind::Builtin(called) => {
            let Some(joined) = filter_filter(called) else {
                return false;
            };
            node.kind = Kind::Builtin(joined);
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
        "%" => match (a, b) {
            (Value::Int(_), Value::Int(0)) => {
                *fault = Some(ConditionError::new(
                    Fault::Type,
                    at,
                    "integer divide by zero",
                ));
                None
            }
            (Value::Int(a), Value::Int(b)) => Some(Value::Int(a.wrapping_rem(*b))),
            _ => None,
        },
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

/// `true and x` is `x`; `x and false` is false, whatever `x` would have done. The same the other way round for `or`.
fn fold_logic(node: &mut Node, neutral: bool) -> bool {
    let Kind::Binary(_, a, b) = &node.kind else {
        return false;
    };
    let constant = |n: &Node| {
        if let Kind::Bool(value) = n.kind {
            Some(value)
        } else {
            None
        }
    };
    let kept = match (constant(a), constant(b)) {
        (Some(value), _) if value == neutral => b.kind.clone(),
        (_, Some(value)) if value == neutral => a.kind.clone(),
        (None, None) => return false,
        _ => Kind::Bool(!neutral),
    };
    node.kind = kept;
    true
}

fn closure_body(node: &Node) -> Option<Node> {
    if let Kind::Predicate(inner) = &node.kind {
        Some((**inner).clone())
    } else {
        None
    }
}

fn joined_closure(op: &'static str, a: &Node, b: &Node) -> Option<Node> {
    let body = Kind::Binary(op, Box::new(closure_body(a)?), Box::new(closure_body(b)?));
    Some(Node::new(
        Kind::Predicate(Box::new(Node::new(body, a.at))),
        a.at,
    ))
}

fn called<'a>(node: &'a Node, name: &str, arguments: usize) -> Option<&'a Builtin> {
    match &node.kind {
        Kind::Builtin(called) if called.name == name && called.arguments.len() == arguments => {
            Some(called)
        }
        _ => None,
    }
}

fn filter_filter(outer: &Builtin) -> Option<Builtin> {
    if outer.name != "filter" {
        return None;
    }
    let inner = called(&outer.arguments[0], "filter", 2)?;
    let closure = joined_closure("&&", &inner.arguments[1], &outer.arguments[1])?;
    let arguments = vec![inner.arguments[0].clone(), closure];
    Some(Builtin {
        name: "filter".into(),
        arguments,
        map: None,
        throws: false,
    })
}

fn in_range(node: &mut Node) {
    let Kind::Binary("in", left, right) = &node.kind else {
        return;
    };
    let Kind::Binary("..", from, to) = &right.kind else {
        return;
    };
    let whole = |n: &Node| matches!(n.kind, Kind::Int(_));
    if left.ty != Ty::Int || !whole(from) || !whole(to) {
        return;
    }
    let compare = |op, end: &Node| {
        Box::new(Node::typed(
            Kind::Binary(op, left.clone(), Box::new(end.clone())),
            node.at,
            Ty::Bool,
        ))
    };
    node.kind = Kind::Binary("and", compare(">=", from), compare("<=", to));
}

fn names_index(node: &Node) -> bool {
    let mut copy = node.clone();
    let mut found = false;
    walk(&mut copy, &mut |n| {
        found |= matches!(&n.kind, Kind::Pointer(name) if name == "index")
    });
    found
}

fn filter_map(node: &mut Node) {
    let Some(outer) = called(node, "map", 2).filter(|outer| !names_index(&outer.arguments[1]))
    else {
        return;
    };
    let (Some(body), Some(inner)) = (
        closure_body(&outer.arguments[1]),
        called(&outer.arguments[0], "filter", 2),
    ) else {
        return;
    };
    if inner.map.is_none() {
        let arguments = inner.arguments.clone();
        let joined = Builtin {
            name: "filter".into(),
            arguments,
            map: Some(Box::new(body)),
            throws: false,
        };
        node.kind = Kind::Builtin(joined);
    }
}

fn filter_len(node: &mut Node) {
    let Some(inner) = called(node, "len", 1).and_then(|len| called(&len.arguments[0], "filter", 2))
    else {
        return;
    };
    let arguments = inner.arguments.clone();
    node.kind = Kind::Builtin(Builtin {
        name: "count".into(),
        arguments,
        map: None,
        throws: false,
    });
}

/// `filter(..)[0]`, `[-1]`, `first(..)`, `last(..)` stop at what they look for.
fn filter_ends(node: &mut Node) {
    let (inner, name, throws) = match &node.kind {
        Kind::Member {
            base,
            property,
            optional: false,
            ..
        } => match property.kind {
            Kind::Int(0) => (called(base, "filter", 2), "find", true),
            Kind::Int(-1) => (called(base, "filter", 2), "findLast", true),
            _ => return,
        },
        Kind::Builtin(b) if b.name == "first" => {
            (called(&b.arguments[0], "filter", 2), "find", false)
        }
        Kind::Builtin(b) if b.name == "last" => {
            (called(&b.arguments[0], "filter", 2), "findLast", false)
        }
        _ => return,
    };
    if let Some(inner) = inner {
        let (arguments, map) = (inner.arguments.clone(), inner.map.clone());
        node.kind = Kind::Builtin(Builtin {
            name: name.into(),
            arguments,
            map,
            throws,
        });
    }
}

/// `filter(..)[-1]` and `last(filter(..))` run as `findLast`, which is refused by name.
fn find_last(node: &mut Node) -> Result<(), ConditionError> {
    let mut fault = None;
    walk(node, &mut |n| {
        if matches!(&n.kind, Kind::Builtin(called) if called.name == "findLast") {
            fault = Some(ConditionError::new(
                Fault::Unsupported,
                n.at,
                "the last element of `filter` is not read here",
            ));
        }
    });
    fault.map_or(Ok(()), Err)
}

fn joins(name: &str, op: &str) -> Option<&'static str> {
    match (name, op) {
        ("all", "and") => Some("and"),
        ("all", "&&") => Some("&&"),
        ("any", "or") | ("none", "and") => Some("or"),
        ("any", "||") | ("none", "&&") => Some("||"),
        _ => None,
    }
}

/// `all(x, p) && all(x, q)` runs as `all(x, p && q)`, and so for `any` and `none`.
fn combine_closures(node: &mut Node) {
    let Kind::Binary(op, left, right) = &node.kind else {
        return;
    };
    let (Kind::Builtin(a), Kind::Builtin(b)) = (&left.kind, &right.kind) else {
        return;
    };
    let Some(joined) = joins(&a.name, op).filter(|_| a.name == b.name) else {
        return;
    };
    let same = a.arguments[0] == b.arguments[0] && a.arguments[0].ty == b.arguments[0].ty;
    let Some(mut closure) =
        joined_closure(joined, &a.arguments[1], &b.arguments[1]).filter(|_| same)
    else {
        return;
    };
    if let Kind::Predicate(inner) = &mut closure.kind {
        combine_closures(inner);
    }
    let arguments = vec![a.arguments[0].clone(), closure];
    node.kind = Kind::Builtin(Builtin {
        name: a.name.clone(),
        arguments,
        map: None,
        throws: false,
    });
}

/// `sum([a, b, c])` is `a + (b + c)`.
fn sum_array(node: &mut Node) {
    let Some(sum) = called(node, "sum", 1) else {
        return;
    };
    let Kind::Array(nodes) = &sum.arguments[0].kind else {
        return;
    };
    if nodes.len() < 2 {
        return;
    }
    let mut rest = nodes.clone();
    let mut total = rest.pop();
    while let (Some(before), Some(right)) = (rest.pop(), total.take()) {
        total = Some(Node::new(
            Kind::Binary("+", Box::new(before), Box::new(right)),
            node.at,
        ));
    }
    if let Some(total) = total {
        node.kind = total.kind;
    }
}

fn sum_map(node: &mut Node) {
    let Some(inner) = called(node, "sum", 1).and_then(|sum| called(&sum.arguments[0], "map", 2))
    else {
        return;
    };
    let arguments = inner.arguments.clone();
    node.kind = Kind::Builtin(Builtin {
        name: "sum".into(),
        arguments,
        map: None,
        throws: false,
    });
}
