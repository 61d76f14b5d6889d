//! Reads selectors: the name of a metric and conditions on labels.

use super::ast::Selector;
use super::cursor::Parser;
use super::labels::{Match, Matcher, NAME};
use super::lex::{ParseError, Token};
use crate::pattern::Pattern;

impl Parser<'_> {
    /// Reads `{...}` after a name, if it is there.
    pub(super) fn selector(
        &mut self,
        start: usize,
        name: Option<String>,
    ) -> Result<Selector, ParseError> {
        let mut matchers = Vec::new();
        if self.eat("{") {
            while !self.eat("}") {
                let matcher = self.matcher()?;
                let twice = name.is_some() && matcher.label == NAME;
                if twice && matches!(matcher.is, Match::Equal(_)) {
                    return self.wrong(start, "the name of the metric is set twice");
                }
                matchers.push(matcher);
                if !self.eat(",") {
                    self.expect("}")?;
                    break;
                }
            }
        }
        matchers.extend(name.map(named));
        if matchers.iter().all(|matcher| matcher.takes("")) {
            let words =
                "a selector needs at least one condition that an absent label does not meet";
            return self.wrong(start, words);
        }
        let offset = 0;
        Ok(Selector { matchers, offset })
    }

    fn matcher(&mut self) -> Result<Matcher, ParseError> {
        let label = match self.take().token {
            // `{"metric.name"}` is the name of a metric in quotes.
            Token::Text(name) if matches!(self.peek(), Token::Sign("," | "}")) => {
                return Ok(named(name));
            }
            Token::Word(label) | Token::Text(label) => label,
            _ => return Err(self.before("a label")),
        };
        let Token::Sign(sign @ ("=" | "!=" | "=~" | "!~")) = self.take().token else {
            return Err(self.before("`=`, `!=`, `=~` or `!~`"));
        };
        let placed = self.take();
        let Token::Text(value) = placed.token else {
            return Err(self.before("a value in quotes"));
        };
        let regex = |value: &str| {
            Pattern::anchored(value).or_else(|error| {
                let message = format!("the regular expression: {}", error.message);
                self.refuse(placed.start, error.unsupported, message)
            })
        };
        let is = match sign {
            "=" => Match::Equal(value),
            "!=" => Match::NotEqual(value),
            "=~" => Match::Like(regex(&value)?),
            _ => Match::Unlike(regex(&value)?),
        };
        Ok(Matcher { label, is })
    }
}

fn named(name: String) -> Matcher {
    Matcher {
        label: NAME.into(),
        is: Match::Equal(name),
    }
}
