//! The walk of a running condition: one rule for each kind of node.
//!
//! Source of the rules: expr-lang v1.17.7 `compiler` and `vm`.

use super::builtins;
use super::cast::{boolean, text};
use super::stop::{Step, Stop};
use crate::argo::condition::ast::{Builtin, Node, NodeKind};
use crate::argo::condition::ops::{self, Ran};
use crate::argo::condition::signature;
use crate::argo::condition::value::Value;

/// Elements that a condition may make before the engine stops it.
const MEMORY: usize = 1_000_000;

/// The closure that is running: what it runs over, where it is, and what it has so far.
pub(super) struct Scope {
    pub(super) elements: Value,
    pub(super) index: usize,
    pub(super) accumulated: Value,
}

/// What is bound while a condition runs.
pub(super) struct Machine<'a> {
    pub(super) result: &'a Value,
    names: Vec<(String, Value)>,
    pub(super) scopes: Vec<Scope>,
    memory: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn new(result: &'a Value) -> Self {
        Self {
            result,
            names: Vec::new(),
            scopes: Vec::new(),
            memory: 0,
        }
    }

    pub(super) fn eval(&mut self, node: &Node) -> Step<Value> {
        Ok(match &node.kind {
            NodeKind::Nil => Value::Nil,
            NodeKind::Int(i) => Value::Int(*i),
            NodeKind::Float(f) => Value::Float(*f),
            NodeKind::Bool(b) => Value::Bool(*b),
            NodeKind::Str(s) => Value::Str(s.as_str().into()),
            NodeKind::Const(value) => value.clone(),
            NodeKind::Ident(name) => self.named(name),
            NodeKind::Unary(op, inner) => self.unary(op, inner)?,
            NodeKind::Binary(op, left, right) => self.binary(op, left, right)?,
            NodeKind::Chain(inner) => match self.eval(inner) {
                Err(Stop::Nil) => Value::Nil,
                other => other?,
            },
            NodeKind::Member {
                base,
                property,
                optional,
                ..
            } => self.member(base, property, *optional)?,
            NodeKind::Slice(base, from, to) => self.slice(base, from.as_deref(), to.as_deref())?,
            NodeKind::Call(callee, arguments) => self.call(callee, arguments)?,
            NodeKind::Builtin(called) => self.builtin(called)?,
            NodeKind::Predicate(inner) => self.eval(inner)?,
            NodeKind::Pointer(name) => self.pointer(name)?,
            NodeKind::Let(name, value, body) => self.declaration(name, value, body)?,
            NodeKind::Sequence(nodes) => self.all(nodes)?.pop().unwrap_or(Value::Nil),
            NodeKind::Conditional(condition, then, otherwise) => {
                let asked = self.eval(condition)?;
                self.eval(if boolean(&asked)? { then } else { otherwise })?
            }
            NodeKind::Array(nodes) => self.array(nodes)?,
            NodeKind::Map(pairs) => self.map(pairs)?,
        })
    }

    fn declaration(&mut self, name: &str, value: &Node, body: &Node) -> Step<Value> {
        let value = self.eval(value)?;
        self.names.push((name.into(), value));
        let out = self.eval(body);
        self.names.pop();
        out
    }

    fn named(&self, name: &str) -> Value {
        let known = self.names.iter().rev().find(|(known, _)| known == name);
        known.map_or_else(|| self.result.clone(), |(_, value)| value.clone())
    }

    fn member(&mut self, base: &Node, property: &Node, optional: bool) -> Step<Value> {
        let from = self.eval(base)?;
        if optional && from == Value::Nil {
            return Err(Stop::Nil);
        }
        let index = self.eval(property)?;
        Ok(ops::fetch(&from, &index)?)
    }

    fn slice(&mut self, base: &Node, from: Option<&Node>, to: Option<&Node>) -> Step<Value> {
        let base = self.eval(base)?;
        let to = match to {
            Some(node) => self.eval(node)?,
            None => builtins::length_in_bytes(&base)?,
        };
        let from = from.map_or(Ok(Value::Int(0)), |node| self.eval(node))?;
        Ok(ops::slice(&base, &from, &to)?)
    }

    fn array(&mut self, nodes: &[Node]) -> Step<Value> {
        let list = self.all(nodes)?;
        self.grow(list.len())?;
        Ok(Value::List(list.into()))
    }

    fn map(&mut self, pairs: &[(Node, Node)]) -> Step<Value> {
        let mut map = std::collections::BTreeMap::new();
        for (key, value) in pairs {
            let key = self.eval(key)?;
            let value = self.eval(value)?;
            map.entry(text(&key)?.to_string()).or_insert(value);
        }
        self.grow(pairs.len())?;
        Ok(Value::Map(std::sync::Arc::new(map)))
    }

    fn builtin(&mut self, called: &Builtin) -> Step<Value> {
        if signature::closure(&called.name).is_some() {
            return self.closure(called);
        }
        let given = self.all(&called.arguments)?;
        let out = builtins::call(&called.name, &given)?;
        if matches!(called.name.as_str(), "reverse" | "concat") {
            self.grow(out.list_len().unwrap_or(0))?;
        }
        Ok(out)
    }

    pub(super) fn all(&mut self, nodes: &[Node]) -> Step<Vec<Value>> {
        nodes.iter().map(|node| self.eval(node)).collect()
    }

    pub(super) fn grow(&mut self, size: usize) -> Ran<()> {
        self.memory = self.memory.saturating_add(size);
        if self.memory >= MEMORY {
            Err("memory budget exceeded".into())
        } else {
            Ok(())
        }
    }
}
