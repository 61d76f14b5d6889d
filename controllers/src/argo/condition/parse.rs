//! The grammar of conditions. Source of the rules: expr-lang v1.17.7, `parser` and `parser/operator`.

use super::ast::{Builtin, ConditionError, Fault, Kind, Node};
use super::lex::{self, Token, Word};
use super::signature;

type Parsed = Result<Node, ConditionError>;

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

struct Parser {
    tokens: Vec<Token>,
    fault: Option<ConditionError>,
    pos: usize,
    closures: usize,
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
    fn now(&self) -> Token {
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

    fn next(&mut self) -> Result<(), ConditionError> {
        if self.now().word == Word::End && self.fault.is_none() {
            return Err(self.wrong(&self.now(), "unexpected end of expression"));
        }
        self.pos += 1;
        self.check_word()
    }

    fn op(&self, text: &str) -> bool {
        self.now().is(Word::Operator, text)
    }

    fn bracket(&self, text: &str) -> bool {
        self.now().is(Word::Bracket, text)
    }

    fn wrong(&self, token: &Token, message: impl Into<String>) -> ConditionError {
        ConditionError::new(Fault::Syntax, token.at, message)
    }

    fn unexpected(&self) -> ConditionError {
        let token = self.now();
        self.wrong(&token, format!("unexpected token {}", token.shown()))
    }

    fn expect(&mut self, word: Word, text: &str) -> Result<(), ConditionError> {
        if self.now().word == word && (text.is_empty() || self.now().text == text) {
            return self.next();
        }
        Err(self.unexpected())
    }

    fn node(&mut self, kind: Kind, at: usize) -> Parsed {
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

    fn sequence(&mut self) -> Parsed {
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

    fn expression(&mut self, precedence: u32) -> Parsed {
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
            return Err(self.wrong(&infix.token, words));
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
        match infix.negated {
            true => self.node(Kind::Unary("not", Box::new(joined)), at),
            false => Ok(joined),
        }
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
                    (op, at) = (next, token.at)
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
        if token.word == Word::Operator {
            if let Some((op, binds)) = UNARY.iter().find(|op| op.0 == token.text) {
                self.next()?;
                let inner = self.expression(*binds)?;
                let node = self.node(Kind::Unary(op, Box::new(inner)), token.at)?;
                return self.postfix(node);
            }
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

    fn pointer(&mut self, at: usize) -> Parsed {
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

    fn secondary(&mut self, token: &Token) -> Parsed {
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
                    number(&token.text).map_err(|message| self.wrong(&self.now(), message))?;
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

    fn call(&mut self, name: &Token, first: Vec<Node>) -> Parsed {
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
    fn closure_call(&mut self, name: &Token, shape: &str, first: Vec<Node>) -> Parsed {
        self.expect(Word::Bracket, "(")?;
        let mut arguments = first;
        let rest = &shape[arguments.len()..];
        for (i, letter) in rest.chars().enumerate() {
            if self.bracket(")") {
                if letter.is_uppercase() {
                    break;
                }
                return Err(self.wrong(
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

    fn closure(&mut self) -> Parsed {
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
            return Err(self.wrong(&self.now(), "wrap predicate with brackets { and }"));
        }
        self.closures -= 1;
        if braces {
            self.expect(Word::Bracket, "}")?;
        }
        self.node(Kind::Predicate(Box::new(node)), at)
    }

    fn arguments(&mut self, first: Vec<Node>) -> Result<Vec<Node>, ConditionError> {
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

    fn array(&mut self, at: usize) -> Parsed {
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

    fn map(&mut self, at: usize) -> Parsed {
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
                    return Err(self.wrong(
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

    fn postfix(&mut self, node: Node) -> Parsed {
        let mut node = node;
        loop {
            let token = self.now();
            if token.is(Word::Operator, ".") || token.is(Word::Operator, "?.") {
                let optional = token.text == "?.";
                self.next()?;
                node = match self.bracket("[") && optional {
                    true => self.index(node, self.now().at, true)?,
                    false => self.member(node, optional)?,
                };
            } else if token.is(Word::Bracket, "[") {
                node = self.index(node, token.at, false)?;
            } else {
                return Ok(node);
            }
        }
    }

    fn member(&mut self, node: Node, optional: bool) -> Parsed {
        let name = self.now();
        self.next()?;
        let named = name.word == Word::Identifier
            || name.word == Word::Operator
                && name.text.chars().next().is_some_and(|c| c.is_alphabetic());
        if !named {
            return Err(self.wrong(&self.now(), "expected name"));
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

    fn index(&mut self, node: Node, at: usize, optional: bool) -> Parsed {
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
