//! The walk of the static check: one rule for each kind of node.
//!
//! Source of the rules: expr-lang v1.17.7 `checker`.

use crate::argo::condition::ast::{Node, NodeKind};
use crate::argo::condition::fault::{ConditionError, Fault};
use crate::argo::condition::ty::Ty;

pub(super) type Checked = Result<Ty, ConditionError>;

/// The closure that is checked: what it runs over, and what it may name beside the element.
pub(super) struct Closure {
    pub(super) collection: Ty,
    pub(super) names: Vec<(&'static str, Ty)>,
}

/// What is known where the check stands.
pub(super) struct Checker {
    pub(super) result: Ty,
    pub(super) closures: Vec<Closure>,
    pub(super) names: Vec<(String, Ty)>,
}

pub(super) fn wrong(at: usize, message: impl Into<String>) -> ConditionError {
    ConditionError::new(Fault::Type, at, message)
}

pub(super) fn unsupported(at: usize, name: &str) -> ConditionError {
    ConditionError::new(
        Fault::Unsupported,
        at,
        format!("`{name}` is a builtin of the language that is not read here"),
    )
}

impl Checker {
    pub(super) fn new(result: &Ty) -> Self {
        Self {
            result: result.clone(),
            closures: Vec::new(),
            names: Vec::new(),
        }
    }

    pub(super) fn visit(&mut self, node: &mut Node) -> Checked {
        let at = node.at;
        let ty = match &mut node.kind {
            NodeKind::Nil => Ty::Nil,
            NodeKind::Int(_) => Ty::Int,
            NodeKind::Float(_) => Ty::Float,
            NodeKind::Bool(_) => Ty::Bool,
            NodeKind::Str(_) => Ty::Str,
            NodeKind::Const(value) => Ty::of(value),
            NodeKind::Ident(name) => self.ident(name, at)?,
            NodeKind::Unary(op, inner) => self.unary(op, inner, at)?,
            NodeKind::Binary(op, left, right) => self.binary(op, left, right, at)?,
            NodeKind::Chain(inner) | NodeKind::Predicate(inner) => self.visit(inner)?,
            NodeKind::Member {
                base,
                property,
                method,
                ..
            } => self.member(base, property, *method, at)?,
            NodeKind::Slice(base, from, to) => self.slice(base, [from, to], at)?,
            NodeKind::Call(callee, arguments) => self.call(callee, arguments, at)?,
            NodeKind::Builtin(called) => self.builtin(called, at)?,
            NodeKind::Pointer(name) => self.pointer(name, at)?,
            NodeKind::Let(name, value, body) => self.declaration(name, value, body, at)?,
            NodeKind::Sequence(nodes) => self.last(nodes)?,
            NodeKind::Conditional(condition, then, otherwise) => {
                self.conditional(condition, then, otherwise)?
            }
            NodeKind::Array(nodes) => self.array(nodes)?,
            NodeKind::Map(pairs) => self.map(pairs)?,
        };
        node.ty = ty.clone();
        Ok(ty)
    }
}
