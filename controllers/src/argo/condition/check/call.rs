//! The static check of calls: functions of Argo, builtins, closures.
//!
//! Source of the rules: expr-lang v1.17.7 `checker`.

use super::builtin;
use super::checker::{Checked, Checker, Closure, unsupported, wrong};
use crate::argo::condition::ast::{Builtin, Node, NodeKind};
use crate::argo::condition::fault::ConditionError;
use crate::argo::condition::signature;
use crate::argo::condition::ty::Ty;

impl Checker {
    pub(super) fn call(&mut self, callee: &mut Node, arguments: &mut [Node], at: usize) -> Checked {
        match self.visit(callee)? {
            ty if ty.unknown() => {
                self.last(arguments)?;
                Ok(Ty::Unknown)
            }
            Ty::Func(name) => {
                let (takes, gives) = signature::function(name);
                self.pass(name, &takes, arguments, at)?;
                Ok(gives)
            }
            ty => Err(wrong(at, format!("{} is not callable", ty.name()))),
        }
    }

    /// Checks arguments against the types that a function takes.
    pub(super) fn pass(
        &mut self,
        name: &str,
        takes: &[Ty],
        arguments: &mut [Node],
        at: usize,
    ) -> Result<(), ConditionError> {
        if arguments.len() != takes.len() {
            let size = if arguments.len() > takes.len() {
                "too many"
            } else {
                "not enough"
            };
            self.last(arguments)?;
            return Err(wrong(at, format!("{size} arguments to call {name}")));
        }
        for (argument, takes) in arguments.iter_mut().zip(takes) {
            let given = self.visit(argument)?;
            taken(name, takes, argument, &given)?;
        }
        Ok(())
    }

    pub(super) fn builtin(&mut self, called: &mut Builtin, at: usize) -> Checked {
        let name = called.name.clone();
        if signature::refused(&name) {
            return Err(unsupported(at, &name));
        }
        if signature::closure(&name).is_some() {
            return self.with_closure(&name, &mut called.arguments);
        }
        if let Some((sizes, gives)) = signature::text_builtin(&name) {
            return self
                .overloaded(&name, sizes, &mut called.arguments, at)
                .map(|()| gives);
        }
        if matches!(name.as_str(), "type" | "string") {
            self.pass(&name, &[Ty::Any], &mut called.arguments, at)?;
            return Ok(Ty::Str);
        }
        let mut types = Vec::new();
        for argument in &mut called.arguments {
            let ty = self.visit(argument)?;
            types.push(if ty.unknown() { Ty::Any } else { ty });
        }
        builtin::answer(&name, &types).map_err(|words| {
            let blamed = blamed(&name, &types).and_then(|place| called.arguments.get(place));
            wrong(blamed.map_or(at, |node| node.at), words)
        })
    }

    /// Tries the overloads in order; the last one's fault is reported.
    pub(super) fn overloaded(
        &mut self,
        name: &str,
        sizes: &[usize],
        given: &mut [Node],
        at: usize,
    ) -> Result<(), ConditionError> {
        let mut tried = Ok(());
        for size in sizes {
            tried = self.pass(name, &vec![Ty::Str; *size], given, at);
            if tried.is_ok() {
                break;
            }
        }
        tried
    }

    pub(super) fn with_closure(&mut self, name: &str, arguments: &mut [Node]) -> Checked {
        let collection = self.visit(&mut arguments[0])?;
        if !collection.array() && !collection.unknown() {
            let words = format!(
                "builtin {name} takes only array (got {})",
                collection.name()
            );
            return Err(wrong(arguments[0].at, words));
        }
        let [_, body, rest @ ..] = arguments else {
            return Ok(match (name, collection.unknown()) {
                ("count", _) => Ty::Int,
                (_, true) => Ty::Unknown,
                _ => collection.element(),
            });
        };
        self.closures.push(Closure {
            collection: collection.clone(),
            names: named(name),
        });
        let out = self.visit(body);
        self.closures.pop();
        let out = out?;
        if let Some(initial) = rest.first_mut() {
            self.visit(initial)?;
        }
        closure_answer(name, &collection, out, body.at)
    }
}

/// Whether a function takes an argument of a type.
fn taken(name: &str, takes: &Ty, argument: &mut Node, given: &Ty) -> Result<(), ConditionError> {
    let place = argument.at;
    match (takes, given) {
        (Ty::Float, given) if given.whole() => as_floats(argument),
        (Ty::Any, Ty::Nil) => {}
        (_, Ty::Nil) => {
            let takes = takes.name();
            let words = format!("cannot use nil as argument (type {takes}) to call {name}");
            return Err(wrong(place, words));
        }
        _ if given.assignable(takes) || given.unknown() => {}
        _ => {
            let (given, takes) = (given.name(), takes.name());
            let words = format!("cannot use {given} as argument (type {takes}) to call {name} ");
            return Err(wrong(place, words));
        }
    }
    Ok(())
}

/// The argument of a builtin at which its fault stands; none for the call itself.
fn blamed(name: &str, types: &[Ty]) -> Option<usize> {
    match types {
        [Ty::Array(..) | Ty::Map, _] if name == "get" => Some(1),
        [_, _] if name == "get" => Some(0),
        _ => None,
    }
}

/// What the closure of a builtin may name beside its element.
fn named(name: &str) -> Vec<(&'static str, Ty)> {
    match name {
        "map" => vec![("index", Ty::Int)],
        "reduce" => vec![("index", Ty::Int), ("acc", Ty::Unknown)],
        _ => Vec::new(),
    }
}

fn closure_answer(name: &str, collection: &Ty, out: Ty, at: usize) -> Checked {
    if out == Ty::Nil {
        return Err(wrong(
            at,
            "predicate should has one input and one output param",
        ));
    }
    if !matches!(name, "map" | "sum" | "reduce") && out != Ty::Bool && !out.unknown() {
        return Err(wrong(
            at,
            format!("predicate should return boolean (got {})", out.name()),
        ));
    }
    Ok(match name {
        "all" | "none" | "any" | "one" => Ty::Bool,
        "filter" if collection.unknown() => Ty::list_of(Ty::Any),
        "filter" => Ty::list_of(collection.element()),
        "map" => Ty::list_of(out),
        "count" | "findIndex" | "findLastIndex" => Ty::Int,
        "find" | "findLast" => collection.element(),
        "sum" if out.unknown() => Ty::Any,
        _ => out,
    })
}

/// Whole literals in the place of a `float64` argument become floats.
fn as_floats(node: &mut Node) {
    match &mut node.kind {
        NodeKind::Int(i) => {
            let value = *i as f64;
            node.kind = NodeKind::Float(value);
            node.ty = Ty::Float;
        }
        NodeKind::Unary(_, inner) => as_floats(inner),
        NodeKind::Binary("+" | "-" | "*", left, right) => {
            as_floats(left);
            as_floats(right);
        }
        _ => {}
    }
}
