//! The static types of what holds several values: branches, lists, objects, sequences.
//!
//! Source of the rules: expr-lang v1.17.7 `checker`.

use super::checker::{Checked, Checker, wrong};
use crate::argo::condition::ast::Node;
use crate::argo::condition::ty::Ty;

impl Checker {
    pub(super) fn conditional(
        &mut self,
        condition: &mut Node,
        then: &mut Node,
        otherwise: &mut Node,
    ) -> Checked {
        let asked = self.visit(condition)?;
        if asked != Ty::Bool && !asked.unknown() {
            let words = format!(
                "non-bool expression (type {}) used as condition",
                asked.name()
            );
            return Err(wrong(condition.at, words));
        }
        let (a, b) = (self.visit(then)?, self.visit(otherwise)?);
        Ok(match (&a, &b) {
            (Ty::Nil, _) => b,
            (_, Ty::Nil) => a,
            (Ty::Array(_, e), Ty::Array(_, f))
                if a.assignable(&b) && !(e.assignable(f) && f.assignable(e)) =>
            {
                Ty::list_of(Ty::Any)
            }
            _ if a.assignable(&b) => a,
            _ => Ty::Unknown,
        })
    }

    pub(super) fn array(&mut self, nodes: &mut [Node]) -> Checked {
        let mut types = Vec::with_capacity(nodes.len());
        for node in nodes {
            types.push(self.visit(node)?);
        }
        let same = types.windows(2).all(|pair| same_kind(&pair[0], &pair[1]));
        Ok(Ty::list_of(if same {
            types.pop().unwrap_or(Ty::Unknown)
        } else {
            Ty::Any
        }))
    }

    pub(super) fn map(&mut self, pairs: &mut [(Node, Node)]) -> Checked {
        for (key, value) in pairs {
            self.visit(key)?;
            self.visit(value)?;
        }
        Ok(Ty::Map)
    }

    pub(super) fn last(&mut self, nodes: &mut [Node]) -> Checked {
        let mut last = Ty::Unknown;
        for node in nodes {
            last = self.visit(node)?;
        }
        Ok(last)
    }
}

fn same_kind(a: &Ty, b: &Ty) -> bool {
    let kind = |t: &Ty| match t {
        Ty::Unknown | Ty::Nil => "invalid",
        Ty::Any => "interface",
        Ty::Array(..) => "slice",
        Ty::Func(_) => "func",
        other => other.name(),
    };
    kind(a) == kind(b)
}
