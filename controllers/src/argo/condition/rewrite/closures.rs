//! The rewriting of closures: joined, shortened, stopped at what they look for.
//!
//! Source of the rules: expr-lang v1.17.7 `optimizer`.

use super::walk::walk;
use crate::argo::condition::ast::{Builtin, Node, NodeKind};
use crate::argo::condition::fault::{ConditionError, Fault};
use crate::argo::condition::ty::Ty;

/// Rewrites every closure of a tree that is folded.
///
/// # Errors
/// The last element of a `filter`, which is refused by name.
pub(super) fn rewrite(node: &mut Node) -> Result<(), ConditionError> {
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

fn closure_body(node: &Node) -> Option<Node> {
    if let NodeKind::Predicate(inner) = &node.kind {
        Some((**inner).clone())
    } else {
        None
    }
}

fn joined_closure(op: &'static str, a: &Node, b: &Node) -> Option<Node> {
    let body = NodeKind::Binary(op, Box::new(closure_body(a)?), Box::new(closure_body(b)?));
    Some(Node::new(
        NodeKind::Predicate(Box::new(Node::new(body, a.at))),
        a.at,
    ))
}

fn called<'a>(node: &'a Node, name: &str, arguments: usize) -> Option<&'a Builtin> {
    match &node.kind {
        NodeKind::Builtin(called) if called.name == name && called.arguments.len() == arguments => {
            Some(called)
        }
        _ => None,
    }
}

/// `filter(filter(x, p), q)` runs as one pass.
pub(super) fn filter_filter(outer: &Builtin) -> Option<Builtin> {
    if outer.name != "filter" {
        return None;
    }
    let inner = called(&outer.arguments[0], "filter", 2)?;
    let closure = joined_closure("&&", &inner.arguments[1], &outer.arguments[1])?;
    let arguments = vec![inner.arguments[0].clone(), closure];
    Some(Builtin::new("filter", arguments))
}

fn in_range(node: &mut Node) {
    let NodeKind::Binary("in", left, right) = &node.kind else {
        return;
    };
    let NodeKind::Binary("..", from, to) = &right.kind else {
        return;
    };
    let whole = |n: &Node| matches!(n.kind, NodeKind::Int(_));
    if left.ty != Ty::Int || !whole(from) || !whole(to) {
        return;
    }
    let compare = |op, end: &Node| {
        Box::new(Node::typed(
            NodeKind::Binary(op, left.clone(), Box::new(end.clone())),
            node.at,
            Ty::Bool,
        ))
    };
    node.kind = NodeKind::Binary("and", compare(">=", from), compare("<=", to));
}

fn names_index(node: &Node) -> bool {
    let mut copy = node.clone();
    let mut found = false;
    walk(&mut copy, &mut |n| {
        found |= matches!(&n.kind, NodeKind::Pointer(name) if name == "index");
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
        node.kind = NodeKind::Builtin(joined);
    }
}

fn filter_len(node: &mut Node) {
    let Some(inner) = called(node, "len", 1).and_then(|len| called(&len.arguments[0], "filter", 2))
    else {
        return;
    };
    let arguments = inner.arguments.clone();
    node.kind = NodeKind::Builtin(Builtin::new("count", arguments));
}

/// `filter(..)[0]`, `[-1]`, `first(..)`, `last(..)` stop at what they look for.
fn filter_ends(node: &mut Node) {
    let (inner, name, throws) = match &node.kind {
        NodeKind::Member {
            base,
            property,
            optional: false,
            ..
        } => match property.kind {
            NodeKind::Int(0) => (called(base, "filter", 2), "find", true),
            NodeKind::Int(-1) => (called(base, "filter", 2), "findLast", true),
            _ => return,
        },
        NodeKind::Builtin(b) if b.name == "first" => {
            (called(&b.arguments[0], "filter", 2), "find", false)
        }
        NodeKind::Builtin(b) if b.name == "last" => {
            (called(&b.arguments[0], "filter", 2), "findLast", false)
        }
        _ => return,
    };
    if let Some(inner) = inner {
        let (arguments, map) = (inner.arguments.clone(), inner.map.clone());
        node.kind = NodeKind::Builtin(Builtin {
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
        if matches!(&n.kind, NodeKind::Builtin(called) if called.name == "findLast") {
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
    let NodeKind::Binary(op, left, right) = &node.kind else {
        return;
    };
    let (NodeKind::Builtin(a), NodeKind::Builtin(b)) = (&left.kind, &right.kind) else {
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
    if let NodeKind::Predicate(inner) = &mut closure.kind {
        combine_closures(inner);
    }
    let arguments = vec![a.arguments[0].clone(), closure];
    node.kind = NodeKind::Builtin(Builtin::new(a.name.clone(), arguments));
}

/// `sum([a, b, c])` is `a + (b + c)`.
fn sum_array(node: &mut Node) {
    let Some(sum) = called(node, "sum", 1) else {
        return;
    };
    let NodeKind::Array(nodes) = &sum.arguments[0].kind else {
        return;
    };
    if nodes.len() < 2 {
        return;
    }
    let mut rest = nodes.clone();
    let mut total = rest.pop();
    while let (Some(before), Some(right)) = (rest.pop(), total.take()) {
        total = Some(Node::new(
            NodeKind::Binary("+", Box::new(before), Box::new(right)),
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
    node.kind = NodeKind::Builtin(Builtin::new("sum", arguments));
}
