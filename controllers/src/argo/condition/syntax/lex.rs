//! Words of a condition. Source of the rules: expr-lang v1.17.7, `parser/lexer`.

use super::ast::{ConditionError, Fault};

/// The kinds of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// A name.
    Identifier,
    /// A number.
    Number,
    /// A text in quotes.
    Text,
    /// An operator.
    Operator,
    /// A bracket.
    Bracket,
    /// The end.
    End,
}

/// A word with its place in characters.
#[derive(Debug, Clone)]
pub struct Token {
    /// What kind.
    pub word: Word,
    /// Its text; without quotes and escapes for [`Word::Text`].
    pub text: String,
    /// Characters from the start of the condition.
    pub at: usize,
}

impl Token {
    /// This word with this text.
    pub fn is(&self, word: Word, text: &str) -> bool {
        self.word == word && self.text == text
    }

    /// As the engine names it in an error.
    pub fn shown(&self) -> String {
        let kind = match self.word {
            Word::Identifier => "Identifier",
            Word::Number => "Number",
            Word::Text => "String",
            Word::Operator => "Operator",
            Word::Bracket => "Bracket",
            Word::End => "EOF",
        };
        if self.text.is_empty() {
            kind.into()
        } else {
            format!("{kind}({:?})", self.text)
        }
    }
}

struct Lexer {
    chars: Vec<char>,
    pos: usize,
    tokens: Vec<Token>,
}

/// Cuts a condition into words. The engine does this while it parses, so a fault here may come after a fault of the
/// grammar: the words before it are given too.
pub fn words(text: &str) -> (Vec<Token>, Option<ConditionError>) {
    let mut lexer = Lexer {
        chars: text.chars().collect(),
        pos: 0,
        tokens: Vec::new(),
    };
    let fault = lexer.run().err();
    (lexer.tokens, fault)
}

/// A letter, a digit, `_` or `$`.
pub fn name_char(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphabetic() || c.is_numeric()
}

impl Lexer {
    fn run(&mut self) -> Result<(), ConditionError> {
        while let Some(c) = self.peek() {
            self.one(c)?;
        }
        let at = self.chars.len().saturating_sub(1);
        self.tokens.push(Token {
            word: Word::End,
            text: String::new(),
            at,
        });
        Ok(())
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.pos).copied()
    }

    fn accept(&mut self, any_of: &str) -> bool {
        let found = self.peek().is_some_and(|c| any_of.contains(c));
        if found {
            self.pos += 1;
        }
        found
    }

    fn accept_run(&mut self, any_of: &str) {
        while self.accept(any_of) {}
    }

    fn emit(&mut self, word: Word, start: usize) {
        let text = self.chars[start..self.pos].iter().collect();
        self.tokens.push(Token {
            word,
            text,
            at: start,
        });
    }

    fn fault(&self, message: impl Into<String>) -> ConditionError {
        ConditionError::new(Fault::Syntax, self.pos.saturating_sub(1), message)
    }

    fn one(&mut self, c: char) -> Result<(), ConditionError> {
        let start = self.pos;
        match c {
            c if c.is_whitespace() => self.pos += 1,
            '\'' | '"' => return self.quoted(c),
            '`' => return self.raw(),
            '0'..='9' => return self.number(),
            '?' => self.operator(start, ".?"),
            '/' => return self.slash(),
            '#' => self.pointer(),
            '|' => self.operator(start, "|"),
            ':' => self.operator(start, ":"),
            '(' | '[' | '{' | ')' | ']' | '}' => {
                self.pos += 1;
                self.emit(Word::Bracket, start);
            }
            ',' | ';' | '%' | '+' | '-' | '^' => self.operator(start, ""),
            '&' | '!' | '=' | '*' | '<' | '>' => self.operator(start, "&=*"),
            '.' => return self.dot(),
            c if name_char(c) => self.identifier(),
            c => {
                self.pos += 1;
                return Err(self.fault(format!("unrecognized character: U+{:04X} '{c}'", c as u32)));
            }
        }
        Ok(())
    }

    fn operator(&mut self, start: usize, second: &str) {
        self.pos += 1;
        self.accept(second);
        self.emit(Word::Operator, start);
    }

    fn dot(&mut self) -> Result<(), ConditionError> {
        if self
            .chars
            .get(self.pos + 1)
            .is_some_and(char::is_ascii_digit)
        {
            return self.number();
        }
        let start = self.pos;
        self.operator(start, ".");
        Ok(())
    }

    fn number(&mut self) -> Result<(), ConditionError> {
        let start = self.pos;
        let mut digits = "0123456789_";
        if self.accept("0") {
            if self.accept("xX") {
                digits = "0123456789abcdefABCDEF_";
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.accept_run(digits);
        let end = self.pos;
        if self.accept(".") {
            if self.peek() == Some('.') {
                self.pos = end;
                self.emit(Word::Number, start);
                return Ok(());
            }
            self.accept_run(digits);
        }
        if self.accept("eE") {
            self.accept("+-");
            self.accept_run(digits);
        }
        if self.peek().is_some_and(name_char) {
            self.pos += 1;
            let text: String = self.chars[start..self.pos].iter().collect();
            return Err(self.fault(format!("bad number syntax: {text:?}")));
        }
        self.emit(Word::Number, start);
        Ok(())
    }

    fn identifier(&mut self) {
        let start = self.pos;
        let text = self.take_name();
        match text.as_str() {
            "not" => self.negation(start),
            "in" | "or" | "and" | "matches" | "contains" | "startsWith" | "endsWith" | "let"
            | "if" | "else" => {
                self.emit(Word::Operator, start);
            }
            _ => self.emit(Word::Identifier, start),
        }
    }

    fn take_name(&mut self) -> String {
        let start = self.pos;
        while self.peek().is_some_and(name_char) {
            self.pos += 1;
        }
        self.chars[start..self.pos].iter().collect()
    }

    fn negation(&mut self, start: usize) {
        self.emit(Word::Operator, start);
        self.accept_run(" ");
        let second = self.pos;
        match self.take_name().as_str() {
            "in" | "matches" | "contains" | "startsWith" | "endsWith" => {
                self.emit(Word::Operator, second);
            }
            _ => self.pos = second,
        }
    }

    fn pointer(&mut self) {
        let start = self.pos;
        self.operator(start, "#");
        let name = self.pos;
        if !self.take_name().is_empty() {
            self.emit(Word::Identifier, name);
        }
    }

    fn slash(&mut self) -> Result<(), ConditionError> {
        let start = self.pos;
        self.pos += 1;
        if self.accept("/") {
            while self.peek().is_some_and(|c| c != '\n') {
                self.pos += 1;
            }
            return Ok(());
        }
        if !self.accept("*") {
            self.emit(Word::Operator, start);
            return Ok(());
        }
        while self.pos < self.chars.len() {
            self.pos += 1;
            if self.chars[self.pos - 1] == '*' && self.accept("/") {
                return Ok(());
            }
        }
        Err(self.fault("unclosed comment"))
    }

    fn raw(&mut self) -> Result<(), ConditionError> {
        let start = self.pos;
        self.pos += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.pos += 1;
            if c != '`' {
                text.push(c);
            } else if self.accept("`") {
                text.push('`');
            } else {
                self.tokens.push(Token {
                    word: Word::Text,
                    text,
                    at: start,
                });
                return Ok(());
            }
        }
        self.pos += 1;
        Err(self.fault("literal not terminated"))
    }

    fn quoted(&mut self, quote: char) -> Result<(), ConditionError> {
        let start = self.pos;
        self.pos += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek().filter(|c| *c != '\n') else {
                self.pos += 1;
                return Err(self.fault("literal not terminated"));
            };
            self.pos += 1;
            match c {
                c if c == quote => break,
                '\\' => text.push(self.escape(quote)?),
                c => text.push(c),
            }
        }
        self.tokens.push(Token {
            word: Word::Text,
            text,
            at: start,
        });
        Ok(())
    }

    fn escape(&mut self, quote: char) -> Result<char, ConditionError> {
        let c = self.peek().unwrap_or(' ');
        self.pos += 1;
        let plain = match c {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' => '\\',
            c if c == quote => c,
            '0'..='3' => {
                self.pos -= 1;
                return self.code(3, 8);
            }
            'x' => return self.code(2, 16),
            'u' if self.peek() == Some('{') => return self.braced(),
            'u' => return self.code(4, 16),
            'U' => return self.code(8, 16),
            _ => return Err(self.fault("invalid char escape")),
        };
        Ok(plain)
    }

    fn code(&mut self, digits: usize, base: u32) -> Result<char, ConditionError> {
        let end = (self.pos + digits).min(self.chars.len());
        let text: String = self.chars[self.pos..end].iter().collect();
        self.pos = end;
        let code = u32::from_str_radix(&text, base)
            .ok()
            .filter(|_| text.len() == digits);
        code.and_then(char::from_u32)
            .ok_or_else(|| self.fault("invalid char escape"))
    }

    fn braced(&mut self) -> Result<char, ConditionError> {
        let close = self.chars[self.pos..]
            .iter()
            .position(|c| *c == '}')
            .filter(|n| (2..=7).contains(n));
        let Some(close) = close else {
            return Err(self.fault("invalid char escape"));
        };
        self.pos += 1;
        let found = self.code(close - 1, 16)?;
        self.pos += 1;
        Ok(found)
    }
}
