//! The operands of conditions: literals, names, lists, objects.
//!
//! Source of the rules: expr-lang v1.17.7 `parser`.

use super::number;
use super::parser::{ConditionParser, Parsed, wrong};
use super::token::{PlacedWord, Word};
use crate::argo::condition::ast::NodeKind;

impl ConditionParser {
    pub(super) fn pointer(&mut self, at: usize) -> Parsed {
        let mut name = String::new();
        if self.op("#") {
            self.next()?;
            if self.now().word == Word::Identifier {
                name = self.now().text;
                self.next()?;
            }
        }
        let node = self.node(NodeKind::Pointer(name), at)?;
        self.postfix(node)
    }

    pub(super) fn secondary(&mut self, token: &PlacedWord) -> Parsed {
        let node = match token.word {
            Word::Identifier => {
                self.next()?;
                match token.text.as_str() {
                    "true" | "false" => {
                        return self.node(NodeKind::Bool(token.text == "true"), token.at);
                    }
                    "nil" => return self.node(NodeKind::Nil, token.at),
                    _ if self.bracket("(") => self.call(token, Vec::new())?,
                    name => self.node(NodeKind::Ident(name.into()), token.at)?,
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
                self.node(NodeKind::Str(token.text.clone()), token.at)?
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
        self.node(NodeKind::Array(nodes), at)
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
                    self.node(NodeKind::Str(token.text), token.at)?
                }
                _ if self.bracket("(") => self.expression(0)?,
                _ => {
                    let words = "a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses";
                    let words = format!("{words} (unexpected token {})", token.shown());
                    return Err(wrong(&token, words));
                }
            };
            self.expect(Word::Operator, ":")?;
            pairs.push((key, self.expression(0)?));
        }
        self.expect(Word::Bracket, "}")?;
        self.node(NodeKind::Map(pairs), at)
    }
}
