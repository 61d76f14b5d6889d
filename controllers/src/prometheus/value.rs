//! What an expression gives, or why it gives nothing.

use std::fmt;

use super::labels::Labels;

/// One value with its labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// The labels.
    pub labels: Labels,
    /// The value; may be NaN.
    pub value: f64,
}

/// What an expression gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Scalar(f64),
    /// Elements; none is "no value".
    Vector(Vec<Element>),
}

impl Value {
    /// Returns the elements; a number becomes one without labels.
    pub fn elements(self) -> Vec<Element> {
        match self {
            Self::Vector(elements) => elements,
            Self::Scalar(value) => vec![Element {
                labels: Labels::default(),
                value,
            }],
        }
    }

    /// Returns the number of a scalar.
    pub(super) fn scalar(&self) -> f64 {
        match self {
            Self::Scalar(number) => *number,
            Self::Vector(_) => unreachable!("the parser checked the types"),
        }
    }
}

/// Why an evaluation failed; the rule keeps what it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError(pub String);

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EvalError {}
