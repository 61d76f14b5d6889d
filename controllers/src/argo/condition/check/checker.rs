//! The static check of a condition against the type of its result.
//!
//! Source of the rules: expr-lang v1.17.7 `checker`. Argo compiles a condition anew at every measurement, with the type
//! of that measurement's result: the same condition may pass for one answer and be an error for another.

use super::ast::{ConditionError, Fault, Kind, Node, Ty};
use super::signature;
use crate::pattern::Pattern;

pub(super) type Checked = Result<Ty, ConditionError>;

/// Writes the types into a tree.
///
/// # Errors
/// The first fault that the engine's checker would report, in its words.
pub fn check(node: &mut Node, result: &Ty) -> Checked {
    Checker {
        result: result.clone(),
        closures: Vec::new(),
        names: Vec::new(),
    }
    .visit(node)
}

pub(super) struct Closure {
    pub(super) collection: Ty,
    pub(super) names: Vec<(&'static str, Ty)>,
}

pub(super) struct Checker {
    result: Ty,
    pub(super) closures: Vec<Closure>,
    names: Vec<(String, Ty)>,
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

/// One of the two is not known, and the other is not known either or fits.
fn may_fit(a: &Ty, b: &Ty, fits: impl Fn(&Ty) -> bool) -> bool {
    a.unknown() && b.unknown() || a.unknown() && fits(b) || b.unknown() && fits(a)
}

impl Checker {
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

    fn ident(&mut self, name: &str, at: usize) -> Checked {
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

    fn unary(&mut self, op: &str, inner: &mut Node, at: usize) -> Checked {
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

    fn binary(
        &mut self,
        op: &'static str,
        left: &mut Node,
        right: &mut Node,
        at: usize,
    ) -> Checked {
        let (l, r) = (self.visit(left)?, self.visit(right)?);
        let numbers = l.number() && r.number();
        let texts = l == Ty::Str && r == Ty::Str;
        let text = |t: &Ty| *t == Ty::Str;
        let either = |t: &Ty| t.number() || *t == Ty::Str;
        let promoted = if l == Ty::Float || r == Ty::Float {
            Ty::Float
        } else {
            Ty::Int
        };
        let found = match op {
            "==" | "!=" => l.comparable(&r).then_some(Ty::Bool),
            "or" | "||" | "and" | "&&" => {
                let both = l == Ty::Bool && r == Ty::Bool;
                (both || may_fit(&l, &r, |t| *t == Ty::Bool)).then_some(Ty::Bool)
            }
            "<" | ">" | ">=" | "<=" => {
                (numbers || texts || may_fit(&l, &r, either)).then_some(Ty::Bool)
            }
            "-" | "*" | "+" if numbers => Some(promoted),
            "-" | "*" => may_fit(&l, &r, Ty::number).then_some(Ty::Unknown),
            "+" if texts => Some(Ty::Str),
            "+" => may_fit(&l, &r, either).then_some(Ty::Unknown),
            "/" | "**" | "^" => (numbers || may_fit(&l, &r, Ty::number)).then_some(Ty::Float),
            "%" => (l.whole() && r.whole() || may_fit(&l, &r, Ty::whole)).then_some(Ty::Int),
            ".." => (l.whole() && r.whole() || may_fit(&l, &r, Ty::whole))
                .then_some(Ty::list_of(Ty::Int)),
            "contains" | "startsWith" | "endsWith" => {
                (texts || may_fit(&l, &r, text)).then_some(Ty::Bool)
            }
            "matches" => {
                check_pattern(right)?;
                (texts || may_fit(&l, &r, text)).then_some(Ty::Bool)
            }
            "in" => within(&l, &r, at)?,
            "??" => Some(coalesced(&l, &r)),
            _ => None,
        };
        let words = || {
            format!(
                "invalid operation: {op} (mismatched types {} and {})",
                l.name(),
                r.name()
            )
        };
        found.ok_or_else(|| wrong(at, words()))
    }

    fn member(&mut self, base: &mut Node, property: &mut Node, method: bool, at: usize) -> Checked {
        let ty = self.visit(base)?;
        let index = self.visit(property)?;
        if ty.unknown() {
            return Ok(Ty::Unknown);
        }
        let name = match &property.kind {
            Kind::Str(name) => Some(name.clone()),
            _ => None,
        };
        if let (Ty::Nil, Some(name)) = (&ty, &name) {
            return Err(wrong(at, format!("type nil has no field {name}")));
        }
        match &ty {
            Ty::Map if index.assignable(&Ty::Str) || index.unknown() => Ok(Ty::Any),
            Ty::Map => {
                let words = format!(
                    "cannot use {} to get an element from {}",
                    index.name(),
                    ty.name()
                );
                Err(wrong(property.at, words))
            }
            Ty::Array(..) if index.whole() || index.unknown() => Ok(ty.element()),
            Ty::Array(..) => {
                let words = format!(
                    "array elements can only be selected using an integer (got {})",
                    index.name()
                );
                Err(wrong(property.at, words))
            }
            _ => Err(wrong(at, missing(&ty, name.as_deref(), method, &index))),
        }
    }

    fn slice(&mut self, base: &mut Node, ends: [&mut Option<Box<Node>>; 2], at: usize) -> Checked {
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

    fn pointer(&mut self, name: &str, at: usize) -> Checked {
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

    fn declaration(&mut self, name: &str, value: &mut Node, body: &mut Node, at: usize) -> Checked {
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

    pub(super) fn last(&mut self, nodes: &mut [Node]) -> Checked {
        let mut last = Ty::Unknown;
        for node in nodes {
            last = self.visit(node)?;
        }
        Ok(last)
    }

    fn conditional(
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

    fn array(&mut self, nodes: &mut [Node]) -> Checked {
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

    fn map(&mut self, pairs: &mut [(Node, Node)]) -> Checked {
        for (key, value) in pairs {
            self.visit(key)?;
            self.visit(value)?;
        }
        Ok(Ty::Map)
    }
}

fn check_pattern(right: &Node) -> Result<(), ConditionError> {
    match &right.kind {
        Kind::Str(text) => Pattern::searched(text).map(|_| ()).map_err(|e| {
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

fn missing(ty: &Ty, name: Option<&str>, method: bool, index: &Ty) -> String {
    match (name, method) {
        (Some(name), true) => format!("type {} has no method {name}", ty.name()),
        (Some(name), false) => format!("type {} has no field {name}", ty.name()),
        (None, _) => format!("type {}[{}] is undefined", ty.name(), index.name()),
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
