//! The functions that Argo gives to a condition. Source: argo-rollouts v1.10.1 `utils/evaluate`.

use super::cast::converted;
use super::machine::Machine;
use super::numbers::{parse_float, parse_int};
use super::stop::{Step, Stop};
use crate::argo::condition::ast::Node;
use crate::argo::condition::ops::Ran;
use crate::argo::condition::ty::Ty;
use crate::argo::condition::value::{Value, go_int};

impl Machine<'_> {
    pub(super) fn call(&mut self, callee: &Node, arguments: &[Node]) -> Step<Value> {
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
        Ok(function(name, &given, self.result)?)
    }
}

/// `isNil` and `default` ask for the answer of the provider, whatever they are given.
fn function(name: &str, given: &[Value], result: &Value) -> Ran<Value> {
    let first = given.first().unwrap_or(&Value::Nil);
    Ok(match name {
        "isNaN" => Value::Bool(float(first)?.is_nan()),
        "isInf" => Value::Bool(float(first)?.is_infinite()),
        "isNil" => Value::Bool(*result == Value::Nil),
        "asInt" => as_int(first)?,
        "asFloat" => as_float(first)?,
        _ if *result == Value::Nil => given.get(1).cloned().unwrap_or(Value::Nil),
        _ => result.clone(),
    })
}

fn float(value: &Value) -> Ran<f64> {
    match value {
        Value::Float(f) => Ok(*f),
        other => Err(converted(other, "float64")),
    }
}

fn as_int(value: &Value) -> Ran<Value> {
    match value {
        Value::Float(f) => Ok(Value::Int64(go_int(*f))),
        Value::Int(i) | Value::Int64(i) => Ok(Value::Int64(*i)),
        Value::Str(s) => parse_int(s).map(Value::Int64),
        other => Err(format!(
            "asInt() not supported on {} {}",
            other.type_name(),
            other.printed()
        )),
    }
}

fn as_float(value: &Value) -> Ran<Value> {
    match value {
        Value::Str(s) => parse_float(s).map(Value::Float),
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
