//! The static check of a condition against the type of its result.
//!
//! Source of the rules: expr-lang v1.17.7 `checker`. Argo compiles a condition anew at every measurement, with the type
//! of that measurement's result: the same condition may pass for one answer and be an error for another.

mod branches;
mod builtin;
mod call;
mod checker;
mod lookup;
mod names;
mod operators;

use super::ast::Node;
use super::fault::ConditionError;
use super::ty::Ty;
use checker::Checker;

/// Writes the types into a tree.
///
/// # Errors
/// The first fault that the engine's checker would report, in its words.
pub(super) fn check(node: &mut Node, result: &Ty) -> Result<Ty, ConditionError> {
    Checker::new(result).visit(node)
}
