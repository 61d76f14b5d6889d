//! The grammar of conditions. Source of the rules: expr-lang v1.17.7, `parser` and `parser/operator`.

use super::ast::{ConditionError, Fault, Kind, Node};
use super::lex::{self, Token, Word};

pub(super) type Parsed = Result<Node, ConditionError>;

/// More nodes than any condition has; a bound on the work and on the depth of the tree.
const MAX_NODES: usize = 1000;
/// Deeper brackets than any condition has.
const MAX_DEPTH: usize = 100;

/// Operators between two operands: name, precedence, right-associative.
const BINARY: [(&str, u32, bool); 24] = [
    ("|", 0, false),
    ("or", 10, false),
    ("||", 10, false),
    ("and", 15, false),
    ("&&", 15, false),
    ("==", 20, false),
    ("!=", 20, false),
    ("<", 20, false),
    (">", 20, false),
    (">=", 20, false),
    ("<=", 20, false),
    ("in", 20, false),
    ("matches", 20, false),
    ("contains", 20, false),
    ("startsWith", 20, false),
    ("endsWith", 20, false),
    ("..", 25, false),
    ("+", 30, false),
    ("-", 30, false),
    ("*", 60, false),
    ("/", 60, false),
    ("%", 60, false),
    ("**", 100, true),
    ("^", 100, true),
];
const COALESCE: (&str, u32, bool) = ("??", 500, false);
const UNARY: [(&str, u32); 4] = [("not", 50), ("!", 50), ("-", 90), ("+", 90)];

fn binary(text: &str) -> Option<(&'static str, u32, bool)> {
    BINARY
        .iter()
        .chain([&COALESCE])
        .find(|op| op.0 == text)
        .copied()
}

fn comparison(text: &str) -> bool {
    matches!(text, "<" | ">" | ">=" | "<=")
}

fn negatable(text: &str) -> bool {
    matches!(
        text,
        "contains" | "matches" | "startsWith" | "endsWith" | "in"
    )
}

pub(super) struct Parser {
    tokens: Vec<Token>,
    fault: Option<ConditionError>,
    pos: usize,
    pub(super) closures: usize,
    depth: usize,
    nodes: usize,
}

/// An operator that was taken, between two operands.
struct Infix {
    op: &'static str,
    binds: u32,
    right_first: bool,
    negated: bool,
    token: Token,
}

pub(super) fn wrong(token: &Token, message: impl Into<String>) -> ConditionError {
    ConditionError::new(Fault::Syntax, token.at, message)
}

/// Parses a condition.
///
/// # Errors
/// The first fault, with its column.
pub fn parse(text: &str) -> Parsed {
    let (tokens, fault) = lex::words(text);
    let mut parser = Parser {
        tokens,
        fault,
        pos: 0,
        closures: 0,
        depth: 0,
        nodes: 0,
    };
    parser.check_word()?;
    let node = parser.sequence()?;
    if parser.now().word != Word::End {
        return Err(parser.unexpected());
    }
    Ok(node)
}

impl Parser {
    pub(super) fn now(&self) -> Token {
        let end = Token {
            word: Word::End,
            text: String::new(),
            at: 0,
        };
        self.tokens.get(self.pos).cloned().unwrap_or(end)
    }

    fn check_word(&self) -> Result<(), ConditionError> {
        match &self.fault {
            Some(fault) if self.pos >= self.tokens.len() => Err(fault.clone()),
            _ => Ok(()),
        }
    }

    pub(super) fn next(&mut self) -> Result<(), ConditionError> {
        if self.now().word == Word::End && self.fault.is_none() {
            return Err(wrong(&self.now(), "unexpected end of expression"));
        }
        self.pos += 1;
        self.check_word()
    }

    pub(super) fn op(&self, text: &str) -> bool {
        self.now().is(Word::Operator, text)
    }

    pub(super) fn bracket(&self, text: &str) -> bool {
        self.now().is(Word::Bracket, text)
    }

    pub(super) fn unexpected(&self) -> ConditionError {
        let token = self.now();
        wrong(&token, format!("unexpected token {}", token.shown()))
    }

    pub(super) fn expect(&mut self, word: Word, text: &str) -> Result<(), ConditionError> {
        if self.now().word == word && (text.is_empty() || self.now().text == text) {
            return self.next();
        }
        Err(self.unexpected())
    }

    pub(super) fn node(&mut self, kind: Kind, at: usize) -> Parsed {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(ConditionError::new(
                Fault::Unsupported,
                at,
                "expression is too large",
            ));
        }
        Ok(Node::new(kind, at))
    }

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
        self.node(Kind::Sequence(nodes), at)
    }

    pub(super) fn expression(&mut self, precedence: u32) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ConditionError::new(
                Fault::Unsupported,
                self.now().at,
                "expression is nested too deeply",
            ));
        }
        let node = self.expression_inside(precedence);
        self.depth -= 1;
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
        let joined = self.node(Kind::Binary(op, Box::new(left), Box::new(right)), at)?;
        if infix.negated {
            return self.node(Kind::Unary("not", Box::new(joined)), at);
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
                Kind::Binary(op, Box::new(left), Box::new(right.clone())),
                at,
            )?;
            whole = Some(match whole {
                None => one,
                Some(before) => {
                    self.node(Kind::Binary("&&", Box::new(before), Box::new(one)), at)?
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
            Kind::Let(name.text, Box::new(value), Box::new(body)),
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
            Kind::Conditional(Box::new(condition), Box::new(then), Box::new(otherwise)),
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
                Kind::Conditional(Box::new(node), Box::new(then), Box::new(otherwise)),
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
            let node = self.node(Kind::Unary(op, Box::new(inner)), token.at)?;
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
