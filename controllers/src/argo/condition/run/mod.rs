//! Running a compiled condition. Source of the rules: expr-lang v1.17.7 `compiler` and `vm`.

mod aggregates;
mod builtins;
mod cast;
mod closures;
mod functions;
mod lists;
mod machine;
mod numbers;
mod operators;
mod stop;
mod texts;

use super::ast::Node;
use super::ops::Ran;
use super::value::Value;
use machine::Machine;
use stop::Stop;

/// Runs an optimised tree with `result` bound.
///
/// # Errors
/// The engine's words.
pub(super) fn run(node: &Node, result: &Value) -> Ran<Value> {
    Machine::new(result).eval(node).map_err(|stop| match stop {
        Stop::Error(message) => message,
        Stop::Nil => "invalid optional access".into(),
    })
}
