//! The tree of a condition. The checker writes the static types into it.

use super::ty::Ty;
use super::value::Value;

/// A node with its place (characters from 0) and, after checking, its static type.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Characters from the start of the condition.
    pub at: usize,
    /// Written by the checker.
    pub ty: Ty,
}

impl Node {
    pub(super) fn new(kind: NodeKind, at: usize) -> Self {
        Self {
            kind,
            at,
            ty: Ty::Unknown,
        }
    }

    pub(super) fn typed(kind: NodeKind, at: usize, ty: Ty) -> Self {
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
pub enum NodeKind {
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
    /// What it is given; closures are [`NodeKind::Predicate`].
    pub arguments: Vec<Node>,
    /// `map(filter(..), f)` runs as one pass: this is its `f`.
    pub map: Option<Box<Node>>,
    /// Nothing found is an error (`filter(..)[0]` runs as `find`).
    pub throws: bool,
}

impl Builtin {
    /// A call as it is written: nothing is joined to it.
    pub(super) fn new(name: impl Into<String>, arguments: Vec<Node>) -> Self {
        Self {
            name: name.into(),
            arguments,
            map: None,
            throws: false,
        }
    }
}
