//! The static types of what operators give. Source of the rules: expr-lang v1.17.7 `checker`.

use super::checker::{Checked, Checker, wrong};
use crate::argo::condition::ast::{Node, NodeKind};
use crate::argo::condition::fault::{ConditionError, Fault};
use crate::argo::condition::ty::Ty;
use crate::pattern::Pattern;

impl Checker {
    pub(super) fn unary(&mut self, op: &str, inner: &mut Node, at: usize) -> Checked {
        let ty = self.visit(inner)?;
        match op {
            "!" | "not" if ty == Ty::Bool || ty.unknown() => Ok(Ty::Bool),
            "+" | "-" if ty.number() => Ok(ty),
            "+" | "-" if ty.unknown() => Ok(Ty::Unknown),
            _ => Err(wrong(
                at,
                format!("invalid operation: {op} (mismatched type {})", ty.name()),
            )),
        }
    }

    pub(super) fn binary(
        &mut self,
        op: &'static str,
        left: &mut Node,
        right: &mut Node,
        at: usize,
    ) -> Checked {
        let (l, r) = (self.visit(left)?, self.visit(right)?);
        let found = match op {
            "matches" => {
                check_pattern(right)?;
                of_operator(op, &l, &r)
            }
            "in" => within(&l, &r, at)?,
            _ => of_operator(op, &l, &r),
        };
        found.ok_or_else(|| {
            let (l, r) = (l.name(), r.name());
            let words = format!("invalid operation: {op} (mismatched types {l} and {r})");
            wrong(at, words)
        })
    }
}

/// What an operator gives; none if it may not stand between the two.
fn of_operator(op: &str, l: &Ty, r: &Ty) -> Option<Ty> {
    let both = |fits: &dyn Fn(&Ty) -> bool| fits(l) && fits(r) || may_fit(l, r, fits);
    let flag = |t: &Ty| *t == Ty::Bool;
    let text = |t: &Ty| *t == Ty::Str;
    let numbers = l.number() && r.number();
    let texts = text(l) && text(r);
    let either = |t: &Ty| t.number() || text(t);
    match op {
        "==" | "!=" => l.comparable(r).then_some(Ty::Bool),
        "or" | "||" | "and" | "&&" => both(&flag).then_some(Ty::Bool),
        "<" | ">" | ">=" | "<=" => (numbers || texts || may_fit(l, r, either)).then_some(Ty::Bool),
        "-" | "*" | "+" if numbers => Some(promoted(l, r)),
        "-" | "*" => may_fit(l, r, Ty::number).then_some(Ty::Unknown),
        "+" if texts => Some(Ty::Str),
        "+" => may_fit(l, r, either).then_some(Ty::Unknown),
        "/" | "**" | "^" => both(&Ty::number).then_some(Ty::Float),
        "%" => both(&Ty::whole).then_some(Ty::Int),
        ".." => both(&Ty::whole).then_some(Ty::list_of(Ty::Int)),
        "contains" | "startsWith" | "endsWith" | "matches" => both(&text).then_some(Ty::Bool),
        "??" => Some(coalesced(l, r)),
        _ => None,
    }
}

fn promoted(l: &Ty, r: &Ty) -> Ty {
    if *l == Ty::Float || *r == Ty::Float {
        Ty::Float
    } else {
        Ty::Int
    }
}

/// One of the two is not known, and the other is not known either or fits.
fn may_fit(a: &Ty, b: &Ty, fits: impl Fn(&Ty) -> bool) -> bool {
    a.unknown() && b.unknown() || a.unknown() && fits(b) || b.unknown() && fits(a)
}

fn check_pattern(right: &Node) -> Result<(), ConditionError> {
    match &right.kind {
        NodeKind::Str(text) => Pattern::searched(text).map(|_| ()).map_err(|e| {
            ConditionError::new(
                Fault::Unsupported,
                right.at,
                format!("pattern {text:?}: {}", e.message),
            )
        }),
        _ => Ok(()),
    }
}

/// The type of `l in r`; none if it may not stand.
fn within(l: &Ty, r: &Ty, at: usize) -> Result<Option<Ty>, ConditionError> {
    match r {
        Ty::Map if !l.unknown() && !l.assignable(&Ty::Str) => Err(wrong(
            at,
            format!("cannot use {} as type string in map key", l.name()),
        )),
        Ty::Array(_, element) if !l.comparable(element) => Err(wrong(
            at,
            format!(
                "cannot use {} as type {} in array",
                l.name(),
                element.name()
            ),
        )),
        Ty::Map | Ty::Array(..) => Ok(Some(Ty::Bool)),
        Ty::Str => Ok(l.unknown().then_some(Ty::Bool)),
        _ => Ok(r.unknown().then_some(Ty::Bool)),
    }
}

fn coalesced(l: &Ty, r: &Ty) -> Ty {
    match (l, r) {
        (Ty::Nil, r) => r.clone(),
        (l, Ty::Nil) => l.clone(),
        (l, r) if r.assignable(l) => l.clone(),
        _ => Ty::Unknown,
    }
}
