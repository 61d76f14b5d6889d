//! The static types of names: of Argo, of `let`, of the closure around. Source of the rules: expr-lang v1.17.7 `checker`.

use super::checker::{Checked, Checker, unsupported, wrong};
use crate::argo::condition::ast::Node;
use crate::argo::condition::signature;
use crate::argo::condition::ty::Ty;

impl Checker {
    pub(super) fn ident(&mut self, name: &str, at: usize) -> Checked {
        if let Some((_, ty)) = self.names.iter().rev().find(|(known, _)| known == name) {
            return Ok(ty.clone());
        }
        if name == "result" {
            return Ok(self.result.clone());
        }
        if let Some(name) = signature::environment(name) {
            return Ok(Ty::Func(name));
        }
        if name == "$env" || signature::builtin(name) || signature::closure(name).is_some() {
            return Err(unsupported(at, name));
        }
        Err(wrong(at, format!("unknown name {name}")))
    }

    pub(super) fn pointer(&mut self, name: &str, at: usize) -> Checked {
        let Some(closure) = self.closures.last() else {
            return Err(wrong(at, "cannot use pointer accessor outside predicate"));
        };
        if name.is_empty() {
            return Ok(closure.collection.element());
        }
        let known = closure.names.iter().find(|(known, _)| *known == name);
        known
            .map(|(_, ty)| ty.clone())
            .ok_or_else(|| wrong(at, format!("unknown pointer #{name}")))
    }

    pub(super) fn declaration(
        &mut self,
        name: &str,
        value: &mut Node,
        body: &mut Node,
        at: usize,
    ) -> Checked {
        let known = name == "result" || signature::environment(name).is_some();
        if known {
            return Err(wrong(at, format!("cannot redeclare {name}")));
        }
        if signature::builtin(name) || signature::closure(name).is_some() {
            return Err(wrong(at, format!("cannot redeclare builtin {name}")));
        }
        if self.names.iter().any(|(known, _)| known == name) {
            return Err(wrong(at, format!("cannot redeclare variable {name}")));
        }
        let ty = self.visit(value)?;
        self.names.push((name.into(), ty));
        let body = self.visit(body);
        self.names.pop();
        body
    }
}
