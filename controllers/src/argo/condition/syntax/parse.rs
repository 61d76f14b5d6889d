//! The grammar of conditions. Source of the rules: expr-lang v1.17.7, `parser`.

use super::operators::{UNARY, binary, comparison, negatable};
use super::parser::{ConditionParser, Parsed, wrong};
use super::token::{PlacedWord, Word};
use crate::argo::condition::ast::{Node, NodeKind};
use crate::argo::condition::fault::ConditionError;

/// An operator that was taken, between two operands.
struct Infix {
    op: &'static str,
    binds: u32,
    right_first: bool,
    negated: bool,
    token: PlacedWord,
}

/// Parses a condition.
///
/// # Errors
/// The first fault, with its column.
pub fn parse(text: &str) -> Parsed {
    let mut parser = ConditionParser::new(text);
    parser.check_word()?;
    let node = parser.sequence()?;
    if parser.now().word != Word::End {
        return Err(parser.unexpected());
    }
    Ok(node)
}

impl ConditionParser {
    pub(super) fn sequence(&mut self) -> Parsed {
        let mut nodes = vec![self.expression(0)?];
        while self.op(";") {
            self.next()?;
            if self.now().word == Word::End {
                break;
            }
            nodes.push(self.expression(0)?);
        }
        if nodes.len() == 1 {
            return Ok(nodes.remove(0));
        }
        let at = nodes[0].at;
        self.node(NodeKind::Sequence(nodes), at)
    }

    pub(super) fn expression(&mut self, precedence: u32) -> Parsed {
        self.enter()?;
        let node = self.expression_inside(precedence);
        self.leave();
        node
    }

    fn expression_inside(&mut self, precedence: u32) -> Parsed {
        if precedence == 0 && self.op("let") {
            return self.declaration();
        }
        if precedence == 0 && self.op("if") {
            return self.condition_if();
        }
        let mut left = self.primary()?;
        let mut previous = "";
        while self.now().word == Word::Operator {
            let Some(infix) = self.infix(precedence)? else {
                break;
            };
            left = self.join(left, &infix, previous)?;
            previous = infix.op;
        }
        if precedence == 0 {
            left = self.ternary(left)?;
        }
        Ok(left)
    }

    /// Takes the next operator if it binds at this precedence.
    fn infix(&mut self, precedence: u32) -> Result<Option<Infix>, ConditionError> {
        let back = self.pos;
        let negated = self.op("not");
        if negated {
            self.next()?;
            if !negatable(&self.now().text) {
                return Err(self.unexpected());
            }
        }
        let token = self.now();
        let Some((op, binds, right_first)) = binary(&token.text).filter(|op| op.1 >= precedence)
        else {
            self.pos = back;
            return Ok(None);
        };
        self.next()?;
        Ok(Some(Infix {
            op,
            binds,
            right_first,
            negated,
            token,
        }))
    }

    /// Joins `left` with what the operator has to its right.
    fn join(&mut self, left: Node, infix: &Infix, previous: &str) -> Parsed {
        let (op, at) = (infix.op, infix.token.at);
        if op == "|" {
            let name = self.now();
            self.expect(Word::Identifier, "")?;
            return self.call(&name, vec![left]);
        }
        if previous == "??" && op != "??" {
            let words = format!(
                "Operator ({op}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses."
            );
            return Err(wrong(&infix.token, words));
        }
        if comparison(op) {
            return self.compare(left, op, at, infix.binds);
        }
        let right = self.expression(if infix.right_first {
            infix.binds
        } else {
            infix.binds + 1
        })?;
        let joined = self.node(NodeKind::Binary(op, Box::new(left), Box::new(right)), at)?;
        if infix.negated {
            return self.node(NodeKind::Unary("not", Box::new(joined)), at);
        }
        Ok(joined)
    }

    /// `a < b < c` is `a < b && b < c`.
    fn compare(&mut self, left: Node, op: &'static str, at: usize, binds: u32) -> Parsed {
        let (mut left, mut op, mut at) = (left, op, at);
        let mut whole: Option<Node> = None;
        loop {
            let right = self.expression(binds + 1)?;
            let one = self.node(
                NodeKind::Binary(op, Box::new(left), Box::new(right.clone())),
                at,
            )?;
            whole = Some(match whole {
                None => one,
                Some(before) => {
                    self.node(NodeKind::Binary("&&", Box::new(before), Box::new(one)), at)?
                }
            });
            left = right;
            let token = self.now();
            match binary(&token.text) {
                Some((next, ..)) if token.word == Word::Operator && comparison(next) => {
                    (op, at) = (next, token.at);
                }
                _ => break,
            }
            self.next()?;
        }
        whole.ok_or_else(|| self.unexpected())
    }

    fn declaration(&mut self) -> Parsed {
        self.next()?;
        let name = self.now();
        self.expect(Word::Identifier, "")?;
        self.expect(Word::Operator, "=")?;
        let value = self.expression(0)?;
        self.expect(Word::Operator, ";")?;
        let body = self.sequence()?;
        self.node(
            NodeKind::Let(name.text, Box::new(value), Box::new(body)),
            name.at,
        )
    }

    fn condition_if(&mut self) -> Parsed {
        let at = self.now().at;
        self.next()?;
        let condition = self.expression(0)?;
        let then = self.braced()?;
        self.expect(Word::Operator, "else")?;
        let otherwise = if self.op("if") {
            self.condition_if()?
        } else {
            self.braced()?
        };
        self.node(
            NodeKind::Conditional(Box::new(condition), Box::new(then), Box::new(otherwise)),
            at,
        )
    }

    fn braced(&mut self) -> Parsed {
        self.expect(Word::Bracket, "{")?;
        let node = self.sequence()?;
        self.expect(Word::Bracket, "}")?;
        Ok(node)
    }

    fn ternary(&mut self, condition: Node) -> Parsed {
        let mut node = condition;
        while self.op("?") {
            self.next()?;
            let then = if self.op(":") {
                node.clone()
            } else {
                self.expression(0)?
            };
            self.expect(Word::Operator, ":")?;
            let otherwise = self.expression(0)?;
            let at = self.now().at;
            node = self.node(
                NodeKind::Conditional(Box::new(node), Box::new(then), Box::new(otherwise)),
                at,
            )?;
        }
        Ok(node)
    }

    fn primary(&mut self) -> Parsed {
        let token = self.now();
        let unary = UNARY.iter().find(|op| token.is(Word::Operator, op.0));
        if let Some((op, binds)) = unary {
            self.next()?;
            let inner = self.expression(*binds)?;
            let node = self.node(NodeKind::Unary(op, Box::new(inner)), token.at)?;
            return self.postfix(node);
        }
        if token.is(Word::Bracket, "(") {
            self.next()?;
            let inner = self.sequence()?;
            self.expect(Word::Bracket, ")")?;
            return self.postfix(inner);
        }
        if self.closures > 0 && (self.op("#") || self.op(".")) {
            return self.pointer(token.at);
        }
        if token.is(Word::Operator, "::") {
            self.next()?;
            let name = self.now();
            self.expect(Word::Identifier, "")?;
            let called = self.call(&name, Vec::new())?;
            return self.postfix(called);
        }
        self.secondary(&token)
    }
}
