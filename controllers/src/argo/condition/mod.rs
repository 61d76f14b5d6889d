//! Conditions of an analysis: `successCondition` and `failureCondition`.
//!
//! The language is expr-lang v1.17.7 as argo-rollouts v1.10.1 uses it (`utils/evaluate`): `result` holds the answer of
//! the provider, and `asInt`, `asFloat`, `isNaN`, `isInf`, `isNil` and `default` are added. Argo compiles a condition
//! anew with the type of each answer; so does [`Condition`], once for each type of answer, before anything runs.

mod ast;
mod check;
mod common;
mod fault;
mod ops;
mod rewrite;
mod run;
mod signature;
mod syntax;
mod ty;
mod value;

pub use fault::{ConditionError, Fault};
pub use ty::Ty;
pub use value::{Value, float_text, go_int};

use ast::Node;
use common::Common;

/// What kind of answer a provider gives; decides what is checked before a simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// A list of numbers: a Prometheus vector or matrix, Datadog, InfluxDB.
    Vector,
    /// One number: a Prometheus scalar, Wavefront, Graphite.
    Number,
    /// An object: New Relic, a web answer without a path to one value.
    Object,
    /// A list of anything: a web answer.
    List,
    /// A text.
    Text,
    /// True or false.
    Flag,
    /// No answer.
    Nil,
}

impl Answer {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Vector,
        Self::Number,
        Self::Object,
        Self::List,
        Self::Text,
        Self::Flag,
        Self::Nil,
    ];

    /// The static type of `result`.
    pub fn ty(self) -> Ty {
        match self {
            Self::Vector => Ty::of(&Value::Floats([].into())),
            Self::Number => Ty::Float,
            Self::Object => Ty::Map,
            Self::List => Ty::list_of(Ty::Any),
            Self::Text => Ty::Str,
            Self::Flag => Ty::Bool,
            Self::Nil => Ty::Nil,
        }
    }

    fn of(value: &Value) -> Option<usize> {
        let kind = match value {
            Value::Floats(_) => Self::Vector,
            Value::Float(_) => Self::Number,
            Value::Map(_) => Self::Object,
            Value::List(_) => Self::List,
            Value::Str(_) => Self::Text,
            Value::Bool(_) => Self::Flag,
            Value::Nil => Self::Nil,
            Value::Int(_) | Value::Int64(_) | Value::Ints(_) | Value::Names(_) => return None,
        };
        Self::ALL.iter().position(|k| *k == kind)
    }
}

/// A condition, compiled for every kind of answer.
#[derive(Debug, Clone)]
pub struct Condition {
    text: String,
    tree: Result<Node, ConditionError>,
    compiled: Vec<Result<Node, ConditionError>>,
    /// What it asks of a vector, where that is one element against one number.
    common: Option<Common>,
}

impl Condition {
    /// Reads a condition. A condition that cannot be compiled is kept with its fault: Argo too finds it only when it
    /// measures, and makes the measurement an error.
    pub fn new(text: &str) -> Self {
        let tree = syntax::parse(text);
        let compiled: Vec<_> = Answer::ALL
            .iter()
            .map(|answer| compile(&tree, &answer.ty()))
            .collect();
        let vector = Answer::ALL.iter().position(|kind| *kind == Answer::Vector);
        let vector = vector.and_then(|at| compiled[at].as_ref().ok());
        Self {
            common: vector.and_then(Common::of),
            text: text.into(),
            tree,
            compiled,
        }
    }

    /// The condition as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is wrong with it whatever is measured: each measurement would be an error. `answers` are the kinds of answers
    /// that its provider gives; none stands for a provider that may answer anything. A fault is one that all have.
    ///
    /// # Errors
    /// The fault with its column.
    pub fn check(&self, answers: &[Answer]) -> Result<(), ConditionError> {
        let asked = |kind: &Answer| answers.is_empty() || answers.contains(kind);
        let kinds = Answer::ALL.iter().zip(&self.compiled);
        let mut first = Ok(());
        for (_, compiled) in kinds.filter(|(kind, _)| asked(kind)) {
            let fault = match compiled {
                Err(fault) => Some(fault.clone()),
                Ok(node) => never_boolean(node),
            };
            let Some(fault) = fault else { return Ok(()) };
            first = first.and(Err(fault));
        }
        first
    }

    /// What the engine's checker says with this very answer.
    ///
    /// # Errors
    /// The fault with its column.
    pub fn compiled_for(&self, result: &Value) -> Result<(), ConditionError> {
        compile(&self.tree, &Ty::of(result)).map(|_| ())
    }

    /// Evaluates the condition.
    ///
    /// # Errors
    /// The engine's words: a fault of compiling, of running, or an answer that is neither true nor false.
    pub fn holds(&self, result: &Value) -> Result<bool, String> {
        if let Some(held) = self.common.and_then(|common| common.holds(result)) {
            return Ok(held);
        }
        let out = match Answer::of(result).map(|i| &self.compiled[i]) {
            Some(Ok(node)) => run::run(node, result)?,
            Some(Err(fault)) => return Err(fault.message.clone()),
            None => {
                let node = compile(&self.tree, &Ty::of(result)).map_err(|fault| fault.message)?;
                run::run(&node, result)?
            }
        };
        match out {
            Value::Bool(held) => Ok(held),
            other => Err(format!("expected bool, but got {}", other.type_name())),
        }
    }
}

fn compile(tree: &Result<Node, ConditionError>, result: &Ty) -> Result<Node, ConditionError> {
    let mut node = tree.clone()?;
    check::check(&mut node, result)?;
    rewrite::optimise(&mut node)?;
    Ok(node)
}

fn never_boolean(node: &Node) -> Option<ConditionError> {
    let can_be = node.ty == Ty::Bool || node.ty.unknown() || node.ty == Ty::Nil;
    let words = || format!("expected bool, but got {}", node.ty.name());
    (!can_be).then(|| ConditionError::new(Fault::Type, node.at, words()))
}

/// The outcome of one measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It passed.
    Successful,
    /// It failed.
    Failed,
    /// Neither condition holds.
    Inconclusive,
    /// No answer, or a condition that could not be evaluated.
    Error,
}

/// Both conditions of a metric.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// `successCondition`; none if it is not there or empty.
    pub success: Option<Condition>,
    /// `failureCondition`; none if it is not there or empty.
    pub failure: Option<Condition>,
}

impl Conditions {
    /// Reads both; an empty text is no condition.
    pub fn new(success: &str, failure: &str) -> Self {
        let read = |text: &str| (!text.is_empty()).then(|| Condition::new(text));
        Self {
            success: read(success),
            failure: read(failure),
        }
    }

    /// Judges an answer: no condition passes; one alone decides both ways; with both the failure wins, and neither is
    /// inconclusive. The second value is the message of an error.
    ///
    /// Source: argo-rollouts v1.10.1 `utils/evaluate/evaluate.go`.
    /// # Example
    /// The first value decides both ways where there is one condition alone; what is not there is an error:
    ///
    /// ```
    /// use controllers::argo::condition::{Conditions, Outcome, Value};
    ///
    /// let conditions = Conditions::new("result[0] < 0.05", "");
    /// let judged = |values: &[f64]| conditions.judge(&Value::vector(values)).0;
    /// assert_eq!(judged(&[0.01]), Outcome::Successful);
    /// assert_eq!(judged(&[0.20]), Outcome::Failed);
    /// assert_eq!(judged(&[]), Outcome::Error);
    /// ```
    pub fn judge(&self, result: &Value) -> (Outcome, String) {
        let success = match asked(self.success.as_ref(), "successCondition", result) {
            Ok(held) => held,
            Err(message) => return (Outcome::Error, message),
        };
        let failure = match asked(self.failure.as_ref(), "failureCondition", result) {
            Ok(held) => held,
            Err(message) => return (Outcome::Error, message),
        };
        let outcome = match (success, failure) {
            (None | Some(true), None | Some(false)) => Outcome::Successful,
            (Some(false), None) | (_, Some(true)) => Outcome::Failed,
            (Some(false), Some(false)) => Outcome::Inconclusive,
        };
        (outcome, String::new())
    }
}

fn asked(
    condition: Option<&Condition>,
    which: &str,
    result: &Value,
) -> Result<Option<bool>, String> {
    let Some(condition) = condition else {
        return Ok(None);
    };
    condition.holds(result).map(Some).map_err(|message| {
        let why = if result.is_nil_or_empty() {
            "metric result is nil or empty: no data returned from the metric provider"
        } else {
            &message
        };
        format!("could not evaluate {which} \"{}\": {why}", condition.text)
    })
}
