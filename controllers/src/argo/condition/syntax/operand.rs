//! The operands of conditions: literals, names, lists, objects.
//!
//! Source of the rules: expr-lang v1.17.7 `parser`.

use super::number;
use super::parser::{Parsed, Parser, wrong};
use super::token::{Token, Word};
use crate::argo::condition::ast::Kind;

impl Parser {
    pub(super) fn pointer(&mut self, at: usize) -> Parsed {
        let mut name = String::new();
        if self.op("#") {
            self.next()?;
            if self.now().word == Word::Identifier {
                name = self.now().text;
                self.next()?;
            }
        }
        let node = self.node(Kind::Pointer(name), at)?;
        self.postfix(node)
    }

    pub(super) fn secondary(&mut self, token: &Token) -> Parsed {
        let node = match token.word {
            Word::Identifier => {
                self.next()?;
                match token.text.as_str() {
                    "true" | "false" => {
                        return self.node(Kind::Bool(token.text == "true"), token.at);
                    }
                    "nil" => return self.node(Kind::Nil, token.at),
                    _ if self.bracket("(") => self.call(token, Vec::new())?,
                    name => self.node(Kind::Ident(name.into()), token.at)?,
                }
            }
            Word::Number => {
                self.next()?;
                let kind =
                    number::value(&token.text).map_err(|message| wrong(&self.now(), message))?;
                return self.node(kind, token.at);
            }
            Word::Text => {
                self.next()?;
                self.node(Kind::Str(token.text.clone()), token.at)?
            }
            _ if self.bracket("[") => self.array(token.at)?,
            _ if self.bracket("{") => self.map(token.at)?,
            _ => return Err(self.unexpected()),
        };
        self.postfix(node)
    }

    pub(super) fn array(&mut self, at: usize) -> Parsed {
        self.next()?;
        let mut nodes = Vec::new();
        while !self.bracket("]") {
            if !nodes.is_empty() {
                self.expect(Word::Operator, ",")?;
                if self.bracket("]") {
                    break;
                }
            }
            nodes.push(self.expression(0)?);
        }
        self.expect(Word::Bracket, "]")?;
        self.node(Kind::Array(nodes), at)
    }

    pub(super) fn map(&mut self, at: usize) -> Parsed {
        self.next()?;
        let mut pairs = Vec::new();
        while !self.bracket("}") {
            if !pairs.is_empty() {
                self.expect(Word::Operator, ",")?;
                if self.bracket("}") {
                    break;
                }
            }
            let token = self.now();
            let key = match token.word {
                Word::Number | Word::Text | Word::Identifier => {
                    self.next()?;
                    self.node(Kind::Str(token.text), token.at)?
                }
                _ if self.bracket("(") => self.expression(0)?,
                _ => {
                    let words = "a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses";
                    return Err(wrong(
                        &token,
                        format!("{words} (unexpected token {})", token.shown()),
                    ));
                }
            };
            self.expect(Word::Operator, ":")?;
            pairs.push((key, self.expression(0)?));
        }
        self.expect(Word::Bracket, "}")?;
        self.node(Kind::Map(pairs), at)
    }
}
