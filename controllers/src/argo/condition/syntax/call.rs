//! Calls and the closures that are given to them. Source of the rules: expr-lang v1.17.7 `parser`.

use super::parser::{ConditionParser, Parsed, wrong};
use super::token::{PlacedWord, Word};
use crate::argo::condition::ast::{Builtin, Node, NodeKind};
use crate::argo::condition::fault::ConditionError;
use crate::argo::condition::signature;

impl ConditionParser {
    pub(super) fn call(&mut self, name: &PlacedWord, first: Vec<Node>) -> Parsed {
        if let Some(shape) = signature::closure(&name.text) {
            return self.closure_call(name, shape, first);
        }
        if signature::builtin(&name.text) {
            let arguments = self.arguments(first)?;
            return self.node(
                NodeKind::Builtin(Builtin::new(name.text.clone(), arguments)),
                name.at,
            );
        }
        let callee = self.node(NodeKind::Ident(name.text.clone()), name.at)?;
        let arguments = self.arguments(first)?;
        self.node(NodeKind::Call(Box::new(callee), arguments), name.at)
    }

    /// `shape`: one letter an argument, `e` expression, `p` closure; upper case may be left out.
    pub(super) fn closure_call(
        &mut self,
        name: &PlacedWord,
        shape: &str,
        first: Vec<Node>,
    ) -> Parsed {
        self.expect(Word::Bracket, "(")?;
        let mut arguments = first;
        let rest = &shape[arguments.len()..];
        for (i, letter) in rest.chars().enumerate() {
            if self.bracket(")") {
                if letter.is_uppercase() {
                    break;
                }
                let words = format!("expected at least {} arguments", rest.len());
                return Err(wrong(&self.now(), words));
            }
            if i > 0 {
                self.expect(Word::Operator, ",")?;
            }
            let argument = match letter {
                'e' | 'E' => self.expression(0)?,
                _ => self.closure()?,
            };
            arguments.push(argument);
        }
        if self.op(",") {
            self.next()?;
        }
        self.expect(Word::Bracket, ")")?;
        let call = Builtin::new(name.text.clone(), arguments);
        self.node(NodeKind::Builtin(call), name.at)
    }

    pub(super) fn closure(&mut self) -> Parsed {
        let at = self.now().at;
        let braces = self.bracket("{");
        if braces {
            self.next()?;
        }
        self.closures += 1;
        let node = if braces {
            self.sequence()?
        } else {
            self.expression(0)?
        };
        if !braces && self.op(";") {
            return Err(wrong(&self.now(), "wrap predicate with brackets { and }"));
        }
        self.closures -= 1;
        if braces {
            self.expect(Word::Bracket, "}")?;
        }
        self.node(NodeKind::Predicate(Box::new(node)), at)
    }

    pub(super) fn arguments(&mut self, first: Vec<Node>) -> Result<Vec<Node>, ConditionError> {
        let offset = first.len();
        let mut arguments = first;
        self.expect(Word::Bracket, "(")?;
        while !self.bracket(")") {
            if arguments.len() > offset {
                self.expect(Word::Operator, ",")?;
            }
            if self.bracket(")") {
                break;
            }
            arguments.push(self.expression(0)?);
        }
        self.expect(Word::Bracket, ")")?;
        Ok(arguments)
    }
}
