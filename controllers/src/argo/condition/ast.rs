//! The tree of a condition, and the static types that the checker writes into it.

use super::value::Value;

/// Where and why a condition cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError {
    /// What kind of fault it is.
    pub kind: Fault,
    /// The engine's own words where it has some.
    pub message: String,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The kinds of faults that are found before anything is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not an expression of the language.
    Syntax,
    /// An expression that the engine's checker refuses: an unknown name, operands that do not fit.
    Type,
    /// The engine takes it; this reader does not (a builtin outside the subset, too large).
    Unsupported,
}

impl ConditionError {
    pub(super) fn new(kind: Fault, at: usize, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            column: at + 1,
        }
    }
}

impl std::fmt::Display for ConditionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (column {})", self.message, self.column)
    }
}

impl std::error::Error for ConditionError {}

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

/// A node with its place (characters from 0) and, after checking, its static type.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Characters from the start of the condition.
    pub at: usize,
    /// Written by the checker.
    pub ty: Ty,
}

impl Node {
    pub(super) fn new(kind: Kind, at: usize) -> Self {
        Self {
            kind,
            at,
            ty: Ty::Unknown,
        }
    }

    pub(super) fn typed(kind: Kind, at: usize, ty: Ty) -> Self {
        Self { kind, at, ty }
    }
}

/// Equal in what they say; places and types are not compared.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// The kinds of nodes of the language.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `nil`.
    Nil,
    /// A name.
    Ident(String),
    /// A whole literal.
    Int(i64),
    /// A literal with a point or an exponent.
    Float(f64),
    /// `true`, `false`.
    Bool(bool),
    /// A literal in quotes.
    Str(String),
    /// A literal list, folded.
    Const(Value),
    /// `!x`, `not x`, `-x`, `+x`.
    Unary(&'static str, Box<Node>),
    /// Two operands.
    Binary(&'static str, Box<Node>, Box<Node>),
    /// The scope of `?.`.
    Chain(Box<Node>),
    /// `x.name`, `x[i]`.
    Member {
        /// What is looked into.
        base: Box<Node>,
        /// The name or the index.
        property: Box<Node>,
        /// `?.`.
        optional: bool,
        /// It is called.
        method: bool,
    },
    /// `x[a:b]`.
    Slice(Box<Node>, Option<Box<Node>>, Option<Box<Node>>),
    /// A function of the environment or a value that is called.
    Call(Box<Node>, Vec<Node>),
    /// A builtin of the language.
    Builtin(Builtin),
    /// The closure of `all`, `any`, ...
    Predicate(Box<Node>),
    /// `#`, `#index`, `#acc`.
    Pointer(String),
    /// `let name = value; body`.
    Let(String, Box<Node>, Box<Node>),
    /// `a; b`.
    Sequence(Vec<Node>),
    /// `c ? a : b` and `if c { a } else { b }`.
    Conditional(Box<Node>, Box<Node>, Box<Node>),
    /// `[a, b]`.
    Array(Vec<Node>),
    /// `{k: v}`.
    Map(Vec<(Node, Node)>),
}

/// A call of a builtin.
#[derive(Debug, Clone, PartialEq)]
pub struct Builtin {
    /// Its name.
    pub name: String,
    /// What it is given; closures are [`Kind::Predicate`].
    pub arguments: Vec<Node>,
    /// `map(filter(..), f)` runs as one pass: this is its `f`.
    pub map: Option<Box<Node>>,
    /// Nothing found is an error (`filter(..)[0]` runs as `find`).
    pub throws: bool,
}
