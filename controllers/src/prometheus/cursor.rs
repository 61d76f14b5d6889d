//! Walks over the tokens of an expression and says what is wrong where.

use super::ast::{Expr, Kind};
use super::lex::{ParseError, Placed, Token, tokens};

/// Parentheses and signs deeper than this are refused, so that no text overflows the stack.
const DEEPEST: usize = 100;

/// A place in a list of tokens.
pub(super) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
}

pub(super) type Parsed<T> = Result<T, ParseError>;

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Parsed<Self> {
        Ok(Self {
            text,
            tokens: tokens(text)?,
            next: 0,
            depth: 0,
        })
    }

    pub(super) fn here(&self) -> &Placed {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    pub(super) fn peek(&self) -> &Token {
        &self.here().token
    }

    /// The token behind the next one.
    pub(super) fn ahead(&self) -> &Token {
        &self.tokens[(self.next + 1).min(self.tokens.len() - 1)].token
    }

    pub(super) fn take(&mut self) -> Placed {
        let placed = self.here().clone();
        self.next += 1;
        placed
    }

    pub(super) fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(s) if *s == sign)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(w) if w.eq_ignore_ascii_case(word))
    }

    pub(super) fn eat(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        self.next += usize::from(found);
        found
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.next += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.eat(sign) {
            return Ok(());
        }
        Err(self.unexpected(&format!("`{sign}`")))
    }

    /// The byte after the last token taken.
    pub(super) fn end(&self) -> usize {
        self.next
            .checked_sub(1)
            .map_or(0, |last| self.tokens[last.min(self.tokens.len() - 1)].end)
    }

    pub(super) fn wrong<T>(&self, at: usize, message: impl Into<String>) -> Parsed<T> {
        Err(ParseError::new(self.text, at, false, message.into()))
    }

    pub(super) fn refuse<T>(&self, at: usize, unsupported: bool, message: String) -> Parsed<T> {
        Err(ParseError::new(self.text, at, unsupported, message))
    }

    pub(super) fn outside<T>(&self, at: usize, what: &str) -> Parsed<T> {
        let message = format!("{what} is outside of the part of PromQL that is simulated");
        Err(ParseError::new(self.text, at, true, message))
    }

    /// Returns the error for the token that was just taken.
    pub(super) fn before(&mut self, wanted: &str) -> ParseError {
        self.next -= 1;
        self.unexpected(wanted)
    }

    pub(super) fn unexpected(&self, wanted: &str) -> ParseError {
        let Placed { token, start, end } = self.here();
        let seen = match token {
            Token::End => "the end".into(),
            _ => format!("`{}`", &self.text[*start..*end]),
        };
        let message = format!("expected {wanted}, found {seen}");
        ParseError::new(self.text, *start, false, message)
    }

    pub(super) fn placed(&self, start: usize, kind: Kind) -> Expr {
        Expr {
            span: start..self.end(),
            kind,
        }
    }

    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return self.wrong(self.here().start, "the expression is nested too deeply");
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}
