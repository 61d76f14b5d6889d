//! A tree, visited from its leaves.

use crate::argo::condition::ast::{Node, NodeKind};

/// Children first, then the node.
pub(super) fn walk(node: &mut Node, visit: &mut dyn FnMut(&mut Node)) {
    match &mut node.kind {
        NodeKind::Unary(_, a) | NodeKind::Chain(a) | NodeKind::Predicate(a) => walk(a, visit),
        NodeKind::Binary(_, a, b) | NodeKind::Let(_, a, b) => {
            walk(a, visit);
            walk(b, visit);
        }
        NodeKind::Member { base, property, .. } => {
            walk(base, visit);
            walk(property, visit);
        }
        NodeKind::Slice(base, from, to) => {
            walk(base, visit);
            for end in [from, to].into_iter().flatten() {
                walk(end, visit);
            }
        }
        NodeKind::Call(callee, arguments) => {
            walk(callee, visit);
            arguments.iter_mut().for_each(|a| walk(a, visit));
        }
        NodeKind::Builtin(called) => called.arguments.iter_mut().for_each(|a| walk(a, visit)),
        NodeKind::Sequence(nodes) | NodeKind::Array(nodes) => {
            nodes.iter_mut().for_each(|a| walk(a, visit));
        }
        NodeKind::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|n| walk(n, visit)),
        NodeKind::Map(pairs) => {
            for (key, value) in pairs {
                walk(key, visit);
                walk(value, visit);
            }
        }
        NodeKind::Nil
        | NodeKind::Ident(_)
        | NodeKind::Int(_)
        | NodeKind::Float(_)
        | NodeKind::Bool(_)
        | NodeKind::Str(_)
        | NodeKind::Const(_)
        | NodeKind::Pointer(_) => {}
    }
    visit(node);
}
