//! Operators of a running condition: what decides early, and what the static types change.
//!
//! Source of the rules: expr-lang v1.17.7 `compiler` and `vm`.

use super::cast::{boolean, converted, text};
use super::machine::Machine;
use super::stop::Step;
use crate::argo::condition::ast::Node;
use crate::argo::condition::ops::{self, Ran};
use crate::argo::condition::ty::Ty;
use crate::argo::condition::value::Value;
use crate::pattern::Pattern;

impl Machine<'_> {
    pub(super) fn unary(&mut self, op: &str, inner: &Node) -> Step<Value> {
        let value = self.eval(inner)?;
        Ok(match op {
            "!" | "not" => Value::Bool(!boolean(&value)?),
            "-" => ops::negate(&value)?,
            _ => value,
        })
    }

    pub(super) fn binary(&mut self, op: &'static str, left: &Node, right: &Node) -> Step<Value> {
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
        _ => Pattern::searched(b)
            .map_err(|error| error.message)?
            .matches(a),
    })
}
