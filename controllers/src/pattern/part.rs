//! What a pattern is made of, and why one is not read.

/// How deep groups may be nested.
pub(super) const MAX_DEPTH: usize = 50;

/// Why a pattern is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// RE2 takes it, but it is not read here.
    pub unsupported: bool,
    /// A sentence.
    pub message: String,
}

impl<T: Into<String>> From<T> for PatternError {
    fn from(message: T) -> Self {
        Self {
            unsupported: false,
            message: message.into(),
        }
    }
}

pub(super) fn unsupported(message: impl Into<String>) -> PatternError {
    PatternError {
        unsupported: true,
        message: message.into(),
    }
}

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    One(Class),
    Start,
    End,
    Word(bool),
    All(Vec<Part>),
    Any(Vec<Part>),
    Repeat(Box<Part>, usize, Option<usize>),
}

/// A set of characters; without ranges, every character.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Class {
    pub(super) negated: bool,
    pub(super) ranges: Vec<(char, char)>,
}

impl Class {
    pub(super) fn single(c: char) -> Self {
        Self {
            negated: false,
            ranges: vec![(c, c)],
        }
    }
}
