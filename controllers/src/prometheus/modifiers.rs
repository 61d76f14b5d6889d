//! What may follow an expression: a window, a subquery, an offset.

use super::ast::{Expr, Kind, Subquery, Type};
use super::cursor::{Parsed, Parser};
use super::lex::{Placed, Token};
use super::recording::Millis;

const ARITHMETIC: &str = "arithmetic with durations";

/// Functions of durations, in any case of letters.
fn of_durations(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    matches!(word.as_str(), "step" | "range" | "min_of" | "max_of")
}

impl Parser<'_> {
    /// Reads what may follow: `[5m]`, `[5m:1m]`, `offset 5m`.
    pub(super) fn postfix(&mut self) -> Parsed<Expr> {
        let mut expr = self.primary()?;
        loop {
            let at = self.here().start;
            if self.is("[") {
                expr = self.window(expr)?;
            } else if self.eat_word("offset") {
                let offset = self.offset()?;
                self.shift(at, &mut expr, offset)?;
                expr.span.end = self.end();
            } else if self.is("@") {
                return self.outside(at, "the modifier `@`");
            } else if self.is_word("anchored") || self.is_word("smoothed") {
                return self.outside(at, "`anchored` and `smoothed`");
            } else {
                return Ok(expr);
            }
        }
    }

    fn offset(&mut self) -> Parsed<Millis> {
        let minus = self.eat("-");
        if !minus {
            self.eat("+");
        }
        let length = self.duration(true)?;
        Ok(if minus { -length } else { length })
    }

    fn duration(&mut self, zero: bool) -> Parsed<Millis> {
        let Placed { token, start, .. } = self.take();
        let length = match token {
            Token::Duration(length) => length,
            // A number is seconds; Prometheus keeps what is finer than a millisecond, samples do not.
            Token::Number(number) if number.is_finite() && number * 1000.0 < 9.2e15 => {
                (number * 1000.0) as Millis
            }
            Token::Sign("(" | "-" | "+") => return self.outside(start, ARITHMETIC),
            Token::Word(word) if of_durations(&word) => return self.outside(start, ARITHMETIC),
            _ => {
                return Err(self.before("a duration such as `5m`"));
            }
        };
        match length {
            0 if !zero => self.wrong(start, "the duration must be greater than 0"),
            length => Ok(length),
        }
    }

    fn shift(&self, at: usize, expr: &mut Expr, by: Millis) -> Parsed<()> {
        let offset = match &mut expr.kind {
            Kind::Select(selector) | Kind::Window(selector, _) => &mut selector.offset,
            Kind::Subquery(subquery) => &mut subquery.offset,
            _ => {
                return self.wrong(
                    at,
                    "`offset` goes right after a selector, its window or a subquery",
                );
            }
        };
        if *offset != 0 {
            return self.wrong(at, "`offset` may be set only once");
        }
        *offset = by;
        Ok(())
    }

    /// Reads a duration within brackets, where arithmetic may follow.
    fn range(&mut self) -> Parsed<Millis> {
        let length = self.duration(false)?;
        if matches!(self.peek(), Token::Sign("+" | "-" | "*" | "/" | "%" | "^")) {
            return self.outside(self.here().start, ARITHMETIC);
        }
        Ok(length)
    }

    fn window(&mut self, expr: Expr) -> Parsed<Expr> {
        let start = expr.span.start;
        self.expect("[")?;
        let range = self.range()?;
        if self.eat(":") {
            let step = if self.is("]") {
                None
            } else {
                Some(self.range()?)
            };
            self.expect("]")?;
            return self.subquery(expr, range, step);
        }
        self.expect("]")?;
        match expr.kind {
            Kind::Select(selector) if selector.offset == 0 => {
                Ok(self.placed(start, Kind::Window(selector, range)))
            }
            Kind::Select(_) => self.wrong(start, "`offset` goes after the window, not before it"),
            _ => self.wrong(
                start,
                "a window goes after the selector of a metric; another expression needs a subquery such as `[5m:1m]`",
            ),
        }
    }

    fn subquery(&mut self, inner: Expr, range: Millis, step: Option<Millis>) -> Parsed<Expr> {
        let start = inner.span.start;
        if inner.gives() != Type::Vector {
            return self.wrong(start, "a subquery goes after an instant vector");
        }
        let subquery = Subquery {
            inner,
            range,
            step,
            offset: 0,
        };
        Ok(self.placed(start, Kind::Subquery(Box::new(subquery))))
    }
}
