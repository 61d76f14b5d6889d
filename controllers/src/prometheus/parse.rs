//! Reads PromQL: the grammar of Prometheus 3.16 as far as alerting rules use it.
//!
//! What Prometheus takes and this reader does not is refused by name and place, never guessed.

use super::ast::{Binary, Expr, Function, Kind, Matching, Side, Summary, Type};
use super::cursor::{Parsed, Parser};
use super::duration;
use super::lex::{ParseError, Placed, Token};
use super::names::known_elsewhere;
use super::op::Op;

/// Reads an expression and checks the types of its parts.
///
/// # Errors
///
/// Returns the first mistake, or the first thing outside of the subset, with its place.
pub fn parse(text: &str) -> Result<Expr, ParseError> {
    let mut parser = Parser::new(text)?;
    let expr = parser.expression(1)?;
    match parser.peek() {
        Token::End => Ok(expr),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

impl Parser<'_> {
    /// Reads operators that bind at least so tightly.
    pub(super) fn expression(&mut self, least: u8) -> Parsed<Expr> {
        let mut left = self.deeper(Self::unary)?;
        while let Some(op) = self.operator(least)? {
            let at = self.take().start;
            let bool_at = self.here().start;
            let bool = self.eat_word("bool");
            if bool && !op.compares() {
                return self.wrong(bool_at, "`bool` goes with comparisons only");
            }
            let matching_at = self.here().start;
            let matching = self.matching()?;
            let right = self.deeper(|parser| parser.expression(op.precedence() + 1))?;
            let matched = matching.is_some();
            let binary = Binary {
                op,
                bool,
                matching: matching.unwrap_or_default(),
                left,
                right,
            };
            self.check_binary(at, matched.then_some(matching_at), &binary)?;
            let start = binary.left.span.start;
            left = self.placed(start, Kind::Binary(Box::new(binary)));
        }
        Ok(left)
    }

    fn operator(&self, least: u8) -> Parsed<Option<Op>> {
        let at = self.here().start;
        let name = match self.peek() {
            Token::Sign(sign @ ("^" | "</" | ">/")) => {
                return self.outside(at, &format!("the operator `{sign}`"));
            }
            Token::Sign(sign) => *sign,
            Token::Word(word) if word.eq_ignore_ascii_case("atan2") => {
                return self.outside(at, "the operator `atan2`");
            }
            Token::Word(word) => word,
            _ => return Ok(None),
        };
        Ok(Op::named(name).filter(|op| op.precedence() >= least))
    }

    fn matching(&mut self) -> Parsed<Option<Matching>> {
        let on = self.is_word("on");
        if !on && !self.is_word("ignoring") {
            return Ok(None);
        }
        self.take();
        let labels = self.label_list()?;
        let group = if self.eat_word("group_left") {
            Some(Side::Left)
        } else if self.eat_word("group_right") {
            Some(Side::Right)
        } else {
            None
        };
        let group = match group {
            Some(side) if self.is("(") => Some((side, self.label_list()?)),
            side => side.map(|side| (side, Vec::new())),
        };
        for fill in ["fill", "fill_left", "fill_right"] {
            if self.is_word(fill) {
                return self.outside(self.here().start, &format!("the modifier `{fill}`"));
            }
        }
        Ok(Some(Matching { on, labels, group }))
    }

    fn check_binary(&self, at: usize, matching: Option<usize>, binary: &Binary) -> Parsed<()> {
        let Binary {
            op, left, right, ..
        } = binary;
        let window = |side: &&Expr| side.gives() == Type::Window;
        if let Some(window) = [left, right].into_iter().find(window) {
            let words = "takes numbers and instant vectors, not a window";
            return self.wrong(window.span.start, format!("`{}` {words}", op.symbol()));
        }
        let scalars = [left, right].map(|side| side.gives() == Type::Scalar);
        if op.joins() && scalars != [false, false] {
            return self.wrong(at, format!("`{}` joins vectors only", op.symbol()));
        }
        if op.compares() && scalars == [true, true] && !binary.bool {
            return self.wrong(at, "comparisons between numbers must use `bool`");
        }
        if let Some(at) = matching.filter(|_| scalars != [false, false]) {
            return self.wrong(at, "labels are matched between vectors only");
        }
        if let Some(at) = matching.filter(|_| op.joins() && binary.matching.group.is_some()) {
            return self.wrong(at, format!("`{}` takes no `group_left`", op.symbol()));
        }
        let shared = binary.matching.group.iter().flat_map(|(_, labels)| labels);
        let shared = shared.filter(|label| binary.matching.labels.contains(*label));
        match (shared.count(), binary.matching.on) {
            (1.., true) => self.wrong(at, "a label is in both `on` and the group"),
            _ => Ok(()),
        }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let start = self.here().start;
        let minus = self.is("-");
        if !minus && !self.is("+") {
            return self.postfix();
        }
        self.take();
        let inner = self.deeper(Self::unary)?;
        if inner.gives() == Type::Window {
            return self.wrong(start, "a sign goes before numbers and instant vectors");
        }
        let kind = match (minus, inner.kind) {
            (true, Kind::Number(number)) => Kind::Number(-number),
            (true, kind) => Kind::Negate(Box::new(Expr {
                span: inner.span,
                kind,
            })),
            (false, kind) => kind,
        };
        Ok(self.placed(start, kind))
    }

    pub(super) fn primary(&mut self) -> Parsed<Expr> {
        let Placed { token, start, .. } = self.here().clone();
        match token {
            Token::Number(number) => Ok(self.number(number)),
            Token::Duration(length) => Ok(self.number(duration::seconds(length))),
            Token::Text(_) => self.outside(start, "a text as a value"),
            Token::Sign("(") => {
                self.take();
                let inner = self.expression(1)?;
                self.expect(")")?;
                Ok(self.placed(start, Kind::Paren(Box::new(inner))))
            }
            Token::Sign("{") => self.select(start, None),
            Token::Word(word) => self.named(&word, start),
            _ => Err(self.unexpected("a metric, a function or a number")),
        }
    }

    fn number(&mut self, number: f64) -> Expr {
        let start = self.take().start;
        self.placed(start, Kind::Number(number))
    }

    fn named(&mut self, word: &str, start: usize) -> Parsed<Expr> {
        let after = self.ahead();
        let called = *after == Token::Sign("(");
        let grouped = matches!(after, Token::Word(w)
            if w.eq_ignore_ascii_case("by") || w.eq_ignore_ascii_case("without"));
        match word.to_ascii_lowercase().as_str() {
            "inf" => return Ok(self.number(f64::INFINITY)),
            "nan" => return Ok(self.number(f64::NAN)),
            _ => {}
        }
        if called || grouped {
            if let Some(op) = Summary::named(word) {
                self.take();
                return self.aggregate(op, start);
            }
            if let Some(function) = Function::named(word) {
                self.take();
                return self.call(function, start);
            }
            if known_elsewhere(&word.to_ascii_lowercase()) {
                return self.outside(start, &format!("`{word}`"));
            }
            return self.wrong(start, format!("there is no function `{word}`"));
        }
        if Op::named(word).is_some() {
            return Err(self.unexpected("a metric, a function or a number"));
        }
        self.take();
        self.select(start, Some(word.to_owned()))
    }

    fn select(&mut self, start: usize, name: Option<String>) -> Parsed<Expr> {
        let selector = self.selector(start, name)?;
        Ok(self.placed(start, Kind::Select(selector)))
    }
}
