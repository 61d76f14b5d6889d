//! Where a parser stands among the words, and how much it has built.

use super::lex;
use super::token::{PlacedWord, Word};
use crate::argo::condition::ast::{Node, NodeKind};
use crate::argo::condition::fault::{ConditionError, Fault};

pub(super) type Parsed = Result<Node, ConditionError>;

/// More nodes than any condition has; a bound on the work and on the depth of the tree.
const MAX_NODES: usize = 1000;

/// Deeper brackets than any condition has.
const MAX_DEPTH: usize = 100;

pub(super) struct ConditionParser {
    tokens: Vec<PlacedWord>,
    fault: Option<ConditionError>,
    pub(super) pos: usize,
    pub(super) closures: usize,
    depth: usize,
    nodes: usize,
}

pub(super) fn wrong(token: &PlacedWord, message: impl Into<String>) -> ConditionError {
    ConditionError::new(Fault::Syntax, token.at, message)
}

impl ConditionParser {
    pub(super) fn new(text: &str) -> Self {
        let (tokens, fault) = lex::words(text);
        Self {
            tokens,
            fault,
            pos: 0,
            closures: 0,
            depth: 0,
            nodes: 0,
        }
    }

    pub(super) fn now(&self) -> PlacedWord {
        let end = PlacedWord {
            word: Word::End,
            text: String::new(),
            at: 0,
        };
        self.tokens.get(self.pos).cloned().unwrap_or(end)
    }

    pub(super) fn check_word(&self) -> Result<(), ConditionError> {
        match &self.fault {
            Some(fault) if self.pos >= self.tokens.len() => Err(fault.clone()),
            _ => Ok(()),
        }
    }

    pub(super) fn next(&mut self) -> Result<(), ConditionError> {
        if self.now().word == Word::End && self.fault.is_none() {
            return Err(wrong(&self.now(), "unexpected end of expression"));
        }
        self.pos += 1;
        self.check_word()
    }

    pub(super) fn op(&self, text: &str) -> bool {
        self.now().is(Word::Operator, text)
    }

    pub(super) fn bracket(&self, text: &str) -> bool {
        self.now().is(Word::Bracket, text)
    }

    pub(super) fn unexpected(&self) -> ConditionError {
        let token = self.now();
        wrong(&token, format!("unexpected token {}", token.shown()))
    }

    pub(super) fn expect(&mut self, word: Word, text: &str) -> Result<(), ConditionError> {
        if self.now().word == word && (text.is_empty() || self.now().text == text) {
            return self.next();
        }
        Err(self.unexpected())
    }

    /// Goes one bracket deeper; [`Self::leave`] comes back.
    pub(super) fn enter(&mut self) -> Result<(), ConditionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let words = "expression is nested too deeply";
            return Err(ConditionError::new(
                Fault::Unsupported,
                self.now().at,
                words,
            ));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn node(&mut self, kind: NodeKind, at: usize) -> Parsed {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(ConditionError::new(
                Fault::Unsupported,
                at,
                "expression is too large",
            ));
        }
        Ok(Node::new(kind, at))
    }
}
