//! The characters of a condition, read from the left.

use crate::argo::condition::fault::{ConditionError, Fault};

/// How far a condition is read.
pub(super) struct Cursor {
    pub(super) chars: Vec<char>,
    pub(super) pos: usize,
}

/// A letter, a digit, `_` or `$`.
pub(super) fn name_char(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphabetic() || c.is_numeric()
}

impl Cursor {
    pub(super) fn new(text: &str) -> Self {
        Self {
            chars: text.chars().collect(),
            pos: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.pos).copied()
    }

    pub(super) fn accept(&mut self, any_of: &str) -> bool {
        let found = self.peek().is_some_and(|c| any_of.contains(c));
        if found {
            self.pos += 1;
        }
        found
    }

    pub(super) fn accept_run(&mut self, any_of: &str) {
        while self.accept(any_of) {}
    }

    pub(super) fn take_name(&mut self) -> String {
        let start = self.pos;
        while self.peek().is_some_and(name_char) {
            self.pos += 1;
        }
        self.since(start)
    }

    /// What was read since `start`.
    pub(super) fn since(&self, start: usize) -> String {
        self.chars[start..self.pos].iter().collect()
    }

    /// A fault at the last character that was read.
    pub(super) fn fault(&self, message: impl Into<String>) -> ConditionError {
        ConditionError::new(Fault::Syntax, self.pos.saturating_sub(1), message)
    }
}
