//! The static types of the language, as the engine's checker sees them.

use super::value::Value;

/// A static type, as the engine's checker sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    /// No type is known (an element of a JSON value).
    Unknown,
    /// `interface {}`: known to be anything.
    Any,
    /// The literal `nil`, or a result that is nil.
    Nil,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `int64`.
    Int64,
    /// `float64`.
    Float,
    /// `string`.
    Str,
    /// A list: the name that Go prints, and the type of its elements.
    Array(&'static str, Box<Ty>),
    /// `map[string]interface {}`.
    Map,
    /// A function of the environment, by its name.
    Func(&'static str),
}

impl Ty {
    /// A list that Go holds as `[]interface {}` though its elements are known.
    pub fn list_of(element: Ty) -> Self {
        Self::Array("[]interface {}", Box::new(element))
    }

    /// The static type of a value that is bound to `result`.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Nil => Self::Nil,
            Value::Bool(_) => Self::Bool,
            Value::Int(_) => Self::Int,
            Value::Int64(_) => Self::Int64,
            Value::Float(_) => Self::Float,
            Value::Str(_) => Self::Str,
            Value::Floats(_) => Self::Array("[]float64", Box::new(Self::Float)),
            Value::Ints(_) => Self::Array("[]int", Box::new(Self::Int)),
            Value::List(_) => Self::list_of(Self::Any),
            Value::Map(_) | Value::Names(_) => Self::Map,
        }
    }

    /// Nothing is known until it runs.
    pub fn unknown(&self) -> bool {
        matches!(self, Self::Unknown | Self::Any)
    }

    /// A whole number.
    pub fn whole(&self) -> bool {
        matches!(self, Self::Int | Self::Int64)
    }

    /// A number.
    pub fn number(&self) -> bool {
        self.whole() || *self == Self::Float
    }

    /// A list.
    pub fn array(&self) -> bool {
        matches!(self, Self::Array(..))
    }

    /// The name that the checker prints.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unknown | Self::Nil => "unknown",
            Self::Any => "interface {}",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Float => "float64",
            Self::Str => "string",
            Self::Array(name, _) => name,
            Self::Map => "map[string]interface {}",
            Self::Func("asInt") => "func(interface {}) int64",
            Self::Func("asFloat") => "func(interface {}) float64",
            Self::Func("isNaN" | "isInf") => "func(float64) bool",
            Self::Func("isNil") => "func(interface {}) bool",
            Self::Func(_) => "func(interface {}, interface {}) interface {}",
        }
    }

    /// The type of an element of a list or of a map.
    #[must_use]
    pub fn element(&self) -> Self {
        match self {
            Self::Array(_, element) => (**element).clone(),
            Self::Map => Self::Any,
            _ => Self::Unknown,
        }
    }

    /// Go's assignability, for the types there are.
    pub fn assignable(&self, to: &Self) -> bool {
        if *self == Self::Nil {
            return matches!(to, Self::Any | Self::Map | Self::Array(..) | Self::Func(_));
        }
        match (self, to) {
            (Self::Unknown, _) | (_, Self::Unknown | Self::Nil) => false,
            (_, Self::Any) => true,
            (a, b) => a.name() == b.name(),
        }
    }

    /// Whether `==` may stand between the two.
    pub fn comparable(&self, to: &Self) -> bool {
        self.unknown()
            || to.unknown()
            || *self == Self::Nil
            || *to == Self::Nil
            || self.number() && to.number()
            || self.array() && to.array()
            || self.assignable(to)
    }
}
