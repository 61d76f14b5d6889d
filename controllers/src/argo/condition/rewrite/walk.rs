//! A tree, visited from its leaves.

use crate::argo::condition::ast::{Kind, Node};

/// Children first, then the node.
pub(super) fn walk(node: &mut Node, visit: &mut dyn FnMut(&mut Node)) {
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
