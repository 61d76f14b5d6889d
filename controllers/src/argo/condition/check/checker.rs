//! The walk of the static check: one rule for each kind of node.
//!
//! Source of the rules: expr-lang v1.17.7 `checker`.

use crate::argo::condition::ast::{Kind, Node};
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
            Kind::Nil => Ty::Nil,
            Kind::Int(_) => Ty::Int,
            Kind::Float(_) => Ty::Float,
            Kind::Bool(_) => Ty::Bool,
            Kind::Str(_) => Ty::Str,
            Kind::Const(value) => Ty::of(value),
            Kind::Ident(name) => self.ident(name, at)?,
            Kind::Unary(op, inner) => self.unary(op, inner, at)?,
            Kind::Binary(op, left, right) => self.binary(op, left, right, at)?,
            Kind::Chain(inner) | Kind::Predicate(inner) => self.visit(inner)?,
            Kind::Member {
                base,
                property,
                method,
                ..
            } => self.member(base, property, *method, at)?,
            Kind::Slice(base, from, to) => self.slice(base, [from, to], at)?,
            Kind::Call(callee, arguments) => self.call(callee, arguments, at)?,
            Kind::Builtin(called) => self.builtin(called, at)?,
            Kind::Pointer(name) => self.pointer(name, at)?,
            Kind::Let(name, value, body) => self.declaration(name, value, body, at)?,
            Kind::Sequence(nodes) => self.last(nodes)?,
            Kind::Conditional(condition, then, otherwise) => {
                self.conditional(condition, then, otherwise)?
            }
            Kind::Array(nodes) => self.array(nodes)?,
            Kind::Map(pairs) => self.map(pairs)?,
        };
        node.ty = ty.clone();
        Ok(ty)
    }
}
