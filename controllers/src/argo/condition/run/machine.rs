//! Running a compiled condition. Source of the rules: expr-lang v1.17.7 `compiler` and `vm`.

use super::ast::{Builtin, Kind, Node, Ty};
use super::builtins;
use super::ops::{self, Ran};
use super::value::{Value, go_int};

/// Elements that a condition may make before the engine stops it.
const MEMORY: usize = 1_000_000;

/// Why evaluation stopped: an error, or `?.` met nil.
enum Stop {
    Error(String),
    Nil,
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

type Step<T> = Result<T, Stop>;

struct Scope {
    elements: Value,
    index: usize,
    accumulated: Value,
}

struct Machine<'a> {
    result: &'a Value,
    names: Vec<(String, Value)>,
    scopes: Vec<Scope>,
    memory: usize,
}

/// Runs an optimised tree with `result` bound.
///
/// # Errors
/// The engine's words.
pub fn run(node: &Node, result: &Value) -> Ran<Value> {
    let mut machine = Machine {
        result,
        names: Vec::new(),
        scopes: Vec::new(),
        memory: 0,
    };
    machine.eval(node).map_err(|stop| match stop {
        Stop::Error(message) => message,
        Stop::Nil => "invalid optional access".into(),
    })
}

fn converted(value: &Value, to: &str) -> String {
    let name = if *value == Value::Nil {
        "nil"
    } else {
        value.type_name()
    };
    format!("interface conversion: interface {{}} is {name}, not {to}")
}

fn boolean(value: &Value) -> Ran<bool> {
    if let Value::Bool(b) = value {
        Ok(*b)
    } else {
        Err(converted(value, "bool"))
    }
}

fn text(value: &Value) -> Ran<&str> {
    if let Value::Str(s) = value {
        Ok(s)
    } else {
        Err(converted(value, "string"))
    }
}

impl Machine<'_> {
    fn eval(&mut self, node: &Node) -> Step<Value> {
        Ok(match &node.kind {
            Kind::Nil => Value::Nil,
            Kind::Int(i) => Value::Int(*i),
            Kind::Float(f) => Value::Float(*f),
            Kind::Bool(b) => Value::Bool(*b),
            Kind::Str(s) => Value::Str(s.as_str().into()),
            Kind::Const(value) => value.clone(),
            Kind::Ident(name) => self.named(name),
            Kind::Unary(op, inner) => {
                let value = self.eval(inner)?;
                match *op {
                    "!" | "not" => Value::Bool(!boolean(&value)?),
                    "-" => ops::negate(&value)?,
                    _ => value,
                }
            }
            Kind::Binary(op, left, right) => self.binary(op, left, right)?,
            Kind::Chain(inner) => match self.eval(inner) {
                Err(Stop::Nil) => Value::Nil,
                other => other?,
            },
            Kind::Member {
                base,
                property,
                optional,
                ..
            } => {
                let from = self.eval(base)?;
                if *optional && from == Value::Nil {
                    return Err(Stop::Nil);
                }
                let index = self.eval(property)?;
                ops::fetch(&from, &index)?
            }
            Kind::Slice(base, from, to) => self.slice(base, from.as_deref(), to.as_deref())?,
            Kind::Call(callee, arguments) => self.call(callee, arguments)?,
            Kind::Builtin(called) => self.builtin(called)?,
            Kind::Predicate(inner) => self.eval(inner)?,
            Kind::Pointer(name) => self.pointer(name)?,
            Kind::Let(name, value, body) => {
                let value = self.eval(value)?;
                self.names.push((name.clone(), value));
                let out = self.eval(body);
                self.names.pop();
                out?
            }
            Kind::Sequence(nodes) => {
                let mut last = Value::Nil;
                for node in nodes {
                    last = self.eval(node)?;
                }
                last
            }
            Kind::Conditional(condition, then, otherwise) => {
                let asked = self.eval(condition)?;
                self.eval(if boolean(&asked)? { then } else { otherwise })?
            }
            Kind::Array(nodes) => {
                let list = self.all(nodes)?;
                self.grow(list.len())?;
                Value::List(list.into())
            }
            Kind::Map(pairs) => self.map(pairs)?,
        })
    }

    fn all(&mut self, nodes: &[Node]) -> Step<Vec<Value>> {
        nodes.iter().map(|node| self.eval(node)).collect()
    }

    fn grow(&mut self, size: usize) -> Ran<()> {
        self.memory = self.memory.saturating_add(size);
        if self.memory >= MEMORY {
            Err("memory budget exceeded".into())
        } else {
            Ok(())
        }
    }

    fn named(&self, name: &str) -> Value {
        let known = self.names.iter().rev().find(|(known, _)| known == name);
        known.map_or_else(|| self.result.clone(), |(_, value)| value.clone())
    }

    fn binary(&mut self, op: &'static str, left: &Node, right: &Node) -> Step<Value> {
        let a = self.eval(left)?;
        match op {
            "or" | "||" | "and" | "&&" | "??" => {
                let decided = match op {
                    "or" | "||" => boolean(&a)?,
                    "??" => a != Value::Nil,
                    _ => !boolean(&a)?,
                };
                return if decided { Ok(a) } else { self.eval(right) };
            }
            _ => {}
        }
        let b = self.eval(right)?;
        Ok(match op {
            "==" => Value::Bool(same(&a, &b, left, right)?),
            "!=" => Value::Bool(!same(&a, &b, left, right)?),
            "<" | ">" | "<=" | ">=" => Value::Bool(ops::ordered(op, &a, &b)?),
            "in" => Value::Bool(ops::within(&a, &b)?),
            ".." => self.range(&a, &b)?,
            "matches" | "contains" | "startsWith" | "endsWith" => Value::Bool(texts(op, &a, &b)?),
            _ => ops::arithmetic(op, &a, &b)?,
        })
    }

    fn range(&mut self, a: &Value, b: &Value) -> Ran<Value> {
        let (low, high) = (ops::to_int(a)?, ops::to_int(b)?);
        let size = high.wrapping_sub(low).wrapping_add(1).max(0);
        self.grow(usize::try_from(size).unwrap_or(usize::MAX))?;
        Ok(Value::Ints((0..size).map(|i| low + i).collect()))
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

    fn call(&mut self, callee: &Node, arguments: &[Node]) -> Step<Value> {
        let given = self.all(arguments)?;
        let Ty::Func(name) = callee.ty else {
            let value = self.eval(callee)?;
            return Err(Stop::Error(match value {
                Value::Nil => "invalid operation: cannot call nil".into(),
                other => format!(
                    "invalid operation: cannot call non-function of type {}",
                    other.type_name()
                ),
            }));
        };
        let first = given.first().cloned().unwrap_or(Value::Nil);
        Ok(match name {
            "isNaN" | "isInf" => {
                let Value::Float(f) = first else {
                    return Err(converted(&first, "float64").into());
                };
                Value::Bool(if name == "isNaN" {
                    f.is_nan()
                } else {
                    f.is_infinite()
                })
            }
            "isNil" => Value::Bool(*self.result == Value::Nil),
            "asInt" => as_int(&first)?,
            "asFloat" => as_float(&first)?,
            _ if *self.result == Value::Nil => given.get(1).cloned().unwrap_or(Value::Nil),
            _ => self.result.clone(),
        })
    }

    fn pointer(&mut self, name: &str) -> Ran<Value> {
        let Some(scope) = self.scopes.last() else {
            return Err("unknown pointer".into());
        };
        Ok(match name {
            "index" => Value::Int(scope.index as i64),
            "acc" => scope.accumulated.clone(),
            _ => scope.elements.element(scope.index).unwrap_or(Value::Nil),
        })
    }

    fn builtin(&mut self, called: &Builtin) -> Step<Value> {
        if super::signature::closure(&called.name).is_some() {
            return self.closure(called);
        }
        let given = self.all(&called.arguments)?;
        let out = builtins::call(&called.name, &given)?;
        if matches!(called.name.as_str(), "reverse" | "concat") {
            self.grow(out.list_len().unwrap_or(0))?;
        }
        Ok(out)
    }

    fn closure(&mut self, called: &Builtin) -> Step<Value> {
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
            "sum" | "reduce" => return self.accumulate(called, length),
            "map" => {
                let list: Vec<Value> = (0..length)
                    .map(|i| self.at(i, called))
                    .collect::<Step<_>>()?;
                self.grow(list.len())?;
                return Ok(Value::List(list.into()));
            }
            _ => {}
        }
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
        Ok(match called.name.as_str() {
            "all" | "none" => Value::Bool(true),
            "any" => Value::Bool(false),
            "one" => Value::Bool(count == 1),
            "count" => Value::Int(count),
            "filter" => {
                self.grow(kept.len())?;
                Value::List(kept.into())
            }
            _ if called.throws => {
                return Err(Stop::Error("reflect: slice index out of range".into()));
            }
            _ => Value::Nil,
        })
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
}

/// Where both sides are statically `int` the engine compares without looking at the values' types.
fn same(a: &Value, b: &Value, left: &Node, right: &Node) -> Ran<bool> {
    if left.ty == Ty::Int && right.ty == Ty::Int {
        // The operand to the left is converted first.
        for value in [a, b] {
            if !matches!(value, Value::Int(_)) {
                return Err(converted(value, "int"));
            }
        }
    }
    if left.ty == Ty::Str && right.ty == Ty::Str {
        return Ok(text(a)? == text(b)?);
    }
    Ok(ops::equal(a, b))
}

fn texts(op: &str, a: &Value, b: &Value) -> Ran<bool> {
    if *a == Value::Nil || *b == Value::Nil {
        return Ok(false);
    }
    if op == "matches" && !matches!(a, Value::Str(_)) {
        return Err(converted(a, "[]uint8"));
    }
    let (a, b) = (text(a)?, text(b)?);
    Ok(match op {
        "contains" => a.contains(b),
        "startsWith" => a.starts_with(b),
        "endsWith" => a.ends_with(b),
        _ => crate::pattern::Pattern::searched(b)
            .map_err(|error| error.message)?
            .matches(a),
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

fn as_int(value: &Value) -> Ran<Value> {
    match value {
        Value::Float(f) => Ok(Value::Int64(go_int(*f))),
        Value::Int(i) | Value::Int64(i) => Ok(Value::Int64(*i)),
        Value::Str(s) => builtins::parse_int(s).map(Value::Int64),
        other => Err(format!(
            "asInt() not supported on {} {}",
            other.type_name(),
            other.printed()
        )),
    }
}

fn as_float(value: &Value) -> Ran<Value> {
    match value {
        Value::Str(s) => builtins::parse_float(s).map(Value::Float),
        other => match other.as_float() {
            Some(f) => Ok(Value::Float(f)),
            None => Err(format!(
                "asFloat() not supported on {} {}",
                other.type_name(),
                other.printed()
            )),
        },
    }
}
