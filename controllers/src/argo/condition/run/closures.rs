//! Builtins that run a closure over a list.

use super::cast::boolean;
use super::machine::{Machine, Scope};
use super::stop::{Step, Stop};
use crate::argo::condition::ast::Builtin;
use crate::argo::condition::ops::{self, Ran};
use crate::argo::condition::value::Value;

impl Machine<'_> {
    pub(super) fn closure(&mut self, called: &Builtin) -> Step<Value> {
        let elements = self.eval(&called.arguments[0])?;
        let length = elements.list_len().ok_or_else(|| no_list(&elements))?;
        self.scopes.push(Scope {
            elements,
            index: 0,
            accumulated: Value::Int(0),
        });
        let out = self.closure_loop(called, length);
        self.scopes.pop();
        out
    }

    fn at(&mut self, index: usize, called: &Builtin) -> Step<Value> {
        if let Some(scope) = self.scopes.last_mut() {
            scope.index = index;
        }
        match called.arguments.get(1) {
            Some(body) => self.eval(body),
            None => Ok(self.pointer("")?),
        }
    }

    fn closure_loop(&mut self, called: &Builtin, length: usize) -> Step<Value> {
        match called.name.as_str() {
            "sum" | "reduce" => self.accumulate(called, length),
            "map" => {
                let list = (0..length).map(|index| self.at(index, called));
                let list: Vec<Value> = list.collect::<Step<_>>()?;
                self.grow(list.len())?;
                Ok(Value::List(list.into()))
            }
            _ => self.search(called, length),
        }
    }

    /// Asks the closure of each element, until the answer is known.
    fn search(&mut self, called: &Builtin, length: usize) -> Step<Value> {
        let mut count = 0;
        let mut kept = Vec::new();
        for index in 0..length {
            let held = boolean(&self.at(index, called)?)?;
            match (called.name.as_str(), held) {
                ("all", false) | ("none", true) => return Ok(Value::Bool(false)),
                ("any", true) => return Ok(Value::Bool(true)),
                ("find", true) => return self.mapped(called),
                ("findIndex", true) => return Ok(Value::Int(index as i64)),
                ("filter", true) => kept.push(self.mapped(called)?),
                (_, true) => count += 1,
                _ => {}
            }
        }
        if called.name == "filter" {
            self.grow(kept.len())?;
            return Ok(Value::List(kept.into()));
        }
        searched(called, count)
    }

    fn mapped(&mut self, called: &Builtin) -> Step<Value> {
        match &called.map {
            Some(body) => self.eval(body),
            None => Ok(self.pointer("")?),
        }
    }

    /// `sum` starts at the whole number 0 and puts each element to the left of what there is.
    fn accumulate(&mut self, called: &Builtin, length: usize) -> Step<Value> {
        let reduce = called.name == "reduce";
        let (mut total, start) = match (reduce, called.arguments.get(2)) {
            (false, _) => (Value::Int(0), 0),
            (true, Some(initial)) => (self.eval(initial)?, 0),
            (true, None) if length == 0 => {
                return Err(Stop::Error("reflect: slice index out of range".into()));
            }
            (true, None) => (self.pointer("")?, 1),
        };
        for index in start..length {
            if let Some(scope) = self.scopes.last_mut() {
                scope.accumulated = total.clone();
            }
            let value = self.at(index, called)?;
            total = if reduce {
                value
            } else {
                ops::arithmetic("+", &value, &total)?
            };
        }
        Ok(total)
    }

    pub(super) fn pointer(&mut self, name: &str) -> Ran<Value> {
        let Some(scope) = self.scopes.last() else {
            return Err("unknown pointer".into());
        };
        Ok(match name {
            "index" => Value::Int(scope.index as i64),
            "acc" => scope.accumulated.clone(),
            _ => scope.elements.element(scope.index).unwrap_or(Value::Nil),
        })
    }
}

/// The answer where no element decided, and `count` held.
fn searched(called: &Builtin, count: i64) -> Step<Value> {
    Ok(match called.name.as_str() {
        "all" | "none" => Value::Bool(true),
        "any" => Value::Bool(false),
        "one" => Value::Bool(count == 1),
        "count" => Value::Int(count),
        _ if called.throws => {
            return Err(Stop::Error("reflect: slice index out of range".into()));
        }
        _ => Value::Nil,
    })
}

fn no_list(value: &Value) -> String {
    match value {
        Value::Nil => "reflect: call of reflect.Value.Len on zero Value".into(),
        Value::Map(_) | Value::Names(_) => {
            "reflect: call of reflect.Value.Index on map Value".into()
        }
        other => format!(
            "reflect: call of reflect.Value.Len on {} Value",
            other.kind_name()
        ),
    }
}
