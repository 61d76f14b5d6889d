//! What is looked up in an operand: names, indices, slices. Source of the rules: expr-lang v1.17.7 `parser`.

use super::parser::{ConditionParser, Parsed, wrong};
use super::token::Word;
use crate::argo::condition::ast::{Node, NodeKind};

impl ConditionParser {
    pub(super) fn postfix(&mut self, node: Node) -> Parsed {
        let mut node = node;
        loop {
            let token = self.now();
            if token.is(Word::Operator, ".") || token.is(Word::Operator, "?.") {
                let optional = token.text == "?.";
                self.next()?;
                node = if self.bracket("[") && optional {
                    self.index(node, self.now().at, true)?
                } else {
                    self.member(node, optional)?
                };
            } else if token.is(Word::Bracket, "[") {
                node = self.index(node, token.at, false)?;
            } else {
                return Ok(node);
            }
        }
    }

    pub(super) fn member(&mut self, node: Node, optional: bool) -> Parsed {
        let name = self.now();
        self.next()?;
        let is_word = name.text.chars().next().is_some_and(char::is_alphabetic);
        if name.word != Word::Identifier && !(name.word == Word::Operator && is_word) {
            return Err(wrong(&self.now(), "expected name"));
        }
        let property = self.node(NodeKind::Str(name.text), name.at)?;
        let (base, chained) = match node.kind {
            NodeKind::Chain(inner) => (inner, true),
            _ => (Box::new(node), false),
        };
        let method = self.bracket("(");
        let member = NodeKind::Member {
            base,
            property: Box::new(property),
            optional,
            method,
        };
        let mut node = self.node(member, name.at)?;
        if method {
            let arguments = self.arguments(Vec::new())?;
            node = self.node(NodeKind::Call(Box::new(node), arguments), name.at)?;
        }
        if chained || optional {
            node = self.node(NodeKind::Chain(Box::new(node)), name.at)?;
        }
        Ok(node)
    }

    pub(super) fn index(&mut self, node: Node, at: usize, optional: bool) -> Parsed {
        self.next()?;
        let from = if self.op(":") {
            None
        } else {
            Some(Box::new(self.expression(0)?))
        };
        if self.op(":") {
            return self.slice(node, from, at);
        }
        let Some(property) = from else {
            return Err(self.unexpected());
        };
        let mut node = self.node(
            NodeKind::Member {
                base: Box::new(node),
                property,
                optional,
                method: false,
            },
            at,
        )?;
        if optional {
            node = self.node(NodeKind::Chain(Box::new(node)), at)?;
        }
        self.expect(Word::Bracket, "]")?;
        Ok(node)
    }
    fn slice(&mut self, node: Node, from: Option<Box<Node>>, at: usize) -> Parsed {
        self.next()?;
        let to = if self.bracket("]") {
            None
        } else {
            Some(Box::new(self.expression(0)?))
        };
        let node = self.node(NodeKind::Slice(Box::new(node), from, to), at)?;
        self.expect(Word::Bracket, "]")?;
        Ok(node)
    }
}
