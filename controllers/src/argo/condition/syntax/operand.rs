//! The operands of conditions: literals, names, calls, closures, lists, and what is looked up in them.
//!
//! Source of the rules: expr-lang v1.17.7 `parser`.

use super::ast::{Builtin, ConditionError, Kind, Node};
use super::lex::{Token, Word};
use super::parse::{Parsed, Parser, wrong};
use super::signature;

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
                let kind = number(&token.text).map_err(|message| wrong(&self.now(), message))?;
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

    pub(super) fn call(&mut self, name: &Token, first: Vec<Node>) -> Parsed {
        if let Some(shape) = signature::closure(&name.text) {
            return self.closure_call(name, shape, first);
        }
        if signature::builtin(&name.text) {
            let arguments = self.arguments(first)?;
            let called = Builtin {
                name: name.text.clone(),
                arguments,
                map: None,
                throws: false,
            };
            return self.node(Kind::Builtin(called), name.at);
        }
        let callee = self.node(Kind::Ident(name.text.clone()), name.at)?;
        let arguments = self.arguments(first)?;
        self.node(Kind::Call(Box::new(callee), arguments), name.at)
    }

    /// `shape`: one letter an argument, `e` expression, `p` closure; upper case may be left out.
    pub(super) fn closure_call(&mut self, name: &Token, shape: &str, first: Vec<Node>) -> Parsed {
        self.expect(Word::Bracket, "(")?;
        let mut arguments = first;
        let rest = &shape[arguments.len()..];
        for (i, letter) in rest.chars().enumerate() {
            if self.bracket(")") {
                if letter.is_uppercase() {
                    break;
                }
                return Err(wrong(
                    &self.now(),
                    format!("expected at least {} arguments", rest.len()),
                ));
            }
            if i > 0 {
                self.expect(Word::Operator, ",")?;
            }
            arguments.push(if letter.eq_ignore_ascii_case(&'e') {
                self.expression(0)?
            } else {
                self.closure()?
            });
        }
        if self.op(",") {
            self.next()?;
        }
        self.expect(Word::Bracket, ")")?;
        let called = Builtin {
            name: name.text.clone(),
            arguments,
            map: None,
            throws: false,
        };
        self.node(Kind::Builtin(called), name.at)
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
        self.node(Kind::Predicate(Box::new(node)), at)
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
        let named = name.word == Word::Identifier
            || name.word == Word::Operator
                && name.text.chars().next().is_some_and(char::is_alphabetic);
        if !named {
            return Err(wrong(&self.now(), "expected name"));
        }
        let property = self.node(Kind::Str(name.text), name.at)?;
        let (base, chained) = match node.kind {
            Kind::Chain(inner) => (inner, true),
            _ => (Box::new(node), false),
        };
        let method = self.bracket("(");
        let member = Kind::Member {
            base,
            property: Box::new(property),
            optional,
            method,
        };
        let mut node = self.node(member, name.at)?;
        if method {
            let arguments = self.arguments(Vec::new())?;
            node = self.node(Kind::Call(Box::new(node), arguments), name.at)?;
        }
        if chained || optional {
            node = self.node(Kind::Chain(Box::new(node)), name.at)?;
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
            self.next()?;
            let to = if self.bracket("]") {
                None
            } else {
                Some(Box::new(self.expression(0)?))
            };
            let node = self.node(Kind::Slice(Box::new(node), from, to), at)?;
            self.expect(Word::Bracket, "]")?;
            return Ok(node);
        }
        let Some(property) = from else {
            return Err(self.unexpected());
        };
        let mut node = self.node(
            Kind::Member {
                base: Box::new(node),
                property,
                optional,
                method: false,
            },
            at,
        )?;
        if optional {
            node = self.node(Kind::Chain(Box::new(node)), at)?;
        }
        self.expect(Word::Bracket, "]")?;
        Ok(node)
    }
}

/// The value of a literal number.
fn number(text: &str) -> Result<Kind, String> {
    let plain = text.replace('_', "").to_lowercase();
    for (prefix, base, word) in [("0x", 16, "hex"), ("0b", 2, "binary"), ("0o", 8, "octal")] {
        if let Some(digits) = plain
            .strip_prefix(prefix)
            .filter(|_| base == 16 || !plain.contains(['.', 'e']))
        {
            let read = i64::from_str_radix(digits, base);
            return read
                .map(Kind::Int)
                .map_err(|_| format!("invalid {word} literal: {text:?}"));
        }
    }
    if plain.contains(['.', 'e']) {
        let read = plain.parse::<f64>().ok().filter(|f| f.is_finite());
        return read.map(Kind::Float).ok_or_else(|| {
            format!("invalid float literal: strconv.ParseFloat: parsing {plain:?}: invalid syntax")
        });
    }
    plain
        .parse()
        .map(Kind::Int)
        .map_err(|_| format!("invalid integer literal: {text:?}"))
}
