//! The rewriting that the engine does before it runs a condition, as far as it can be seen from outside: folded
//! constants swallow what they make unreachable, joined closures evaluate in another order.
//!
//! Source of the rules: expr-lang v1.17.7 `optimizer`.

mod closures;
mod fold;
mod walk;

use std::sync::Arc;

use super::ast::{Node, NodeKind};
use super::fault::ConditionError;
use super::value::Value;

/// Rewrites a checked tree.
///
/// # Errors
/// A remainder of a division by a literal zero, and what [`closures::rewrite`] refuses.
pub(super) fn optimise(node: &mut Node) -> Result<(), ConditionError> {
    walk::walk(node, &mut in_array);
    fold::fold_all(node)?;
    closures::rewrite(node)
}

/// `x in ["a", "b"]` looks up in a set of texts: what is no text is then an error.
fn in_array(node: &mut Node) {
    let NodeKind::Binary("in", _, right) = &mut node.kind else {
        return;
    };
    let NodeKind::Array(nodes) = &right.kind else {
        return;
    };
    let names: Option<std::collections::BTreeSet<String>> = nodes
        .iter()
        .map(|n| {
            if let NodeKind::Str(s) = &n.kind {
                Some(s.clone())
            } else {
                None
            }
        })
        .collect();
    if let Some(names) = names.filter(|names| !names.is_empty()) {
        right.kind = NodeKind::Const(Value::Names(Arc::new(names)));
    }
}
