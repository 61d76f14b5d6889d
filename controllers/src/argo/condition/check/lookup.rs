//! The static types of elements and slices. Source of the rules: expr-lang v1.17.7 `checker`.

use super::checker::{Checked, Checker, wrong};
use crate::argo::condition::ast::{Node, NodeKind};
use crate::argo::condition::ty::Ty;

impl Checker {
    pub(super) fn member(
        &mut self,
        base: &mut Node,
        property: &mut Node,
        method: bool,
        at: usize,
    ) -> Checked {
        let ty = self.visit(base)?;
        let index = self.visit(property)?;
        if ty.unknown() {
            return Ok(Ty::Unknown);
        }
        let name = match &property.kind {
            NodeKind::Str(name) => Some(name.clone()),
            _ => None,
        };
        if let (Ty::Nil, Some(name)) = (&ty, &name) {
            return Err(wrong(at, format!("type nil has no field {name}")));
        }
        match &ty {
            Ty::Map if index.assignable(&Ty::Str) || index.unknown() => Ok(Ty::Any),
            Ty::Array(..) if index.whole() || index.unknown() => Ok(ty.element()),
            Ty::Map | Ty::Array(..) => Err(wrong(property.at, unfit(&ty, &index))),
            _ => Err(wrong(at, missing(&ty, name.as_deref(), method, &index))),
        }
    }

    pub(super) fn slice(
        &mut self,
        base: &mut Node,
        ends: [&mut Option<Box<Node>>; 2],
        at: usize,
    ) -> Checked {
        let ty = self.visit(base)?;
        if ty.unknown() {
            return Ok(Ty::Unknown);
        }
        if ty != Ty::Str && !ty.array() {
            return Err(wrong(at, format!("cannot slice {}", ty.name())));
        }
        for end in ends.into_iter().flatten() {
            let index = self.visit(end)?;
            if !index.whole() && !index.unknown() {
                return Err(wrong(
                    end.at,
                    format!("non-integer slice index {}", index.name()),
                ));
            }
        }
        Ok(ty)
    }
}

/// What the engine says of an index that its collection does not take.
fn unfit(ty: &Ty, index: &Ty) -> String {
    let given = index.name();
    if *ty == Ty::Map {
        format!("cannot use {given} to get an element from {}", ty.name())
    } else {
        format!("array elements can only be selected using an integer (got {given})")
    }
}

fn missing(ty: &Ty, name: Option<&str>, method: bool, index: &Ty) -> String {
    match (name, method) {
        (Some(name), true) => format!("type {} has no method {name}", ty.name()),
        (Some(name), false) => format!("type {} has no field {name}", ty.name()),
        (None, _) => format!("type {}[{}] is undefined", ty.name(), index.name()),
    }
}
