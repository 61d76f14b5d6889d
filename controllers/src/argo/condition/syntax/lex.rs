//! Words of a condition. Source of the rules: expr-lang v1.17.7, `parser/lexer`.

use super::cursor::{Cursor, name_char};
use super::number;
use super::quoted::{quoted, raw};
use super::token::{PlacedWord, Word};
use crate::argo::condition::fault::ConditionError;

struct ConditionLexer {
    cursor: Cursor,
    tokens: Vec<PlacedWord>,
}

/// Cuts a condition into words. The engine does this while it parses, so a fault here may come after a fault of the
/// grammar: the words before it are given too.
pub fn words(text: &str) -> (Vec<PlacedWord>, Option<ConditionError>) {
    let mut lexer = ConditionLexer {
        cursor: Cursor::new(text),
        tokens: Vec::new(),
    };
    let fault = lexer.run().err();
    (lexer.tokens, fault)
}

impl ConditionLexer {
    fn run(&mut self) -> Result<(), ConditionError> {
        while let Some(c) = self.cursor.peek() {
            self.one(c)?;
        }
        let at = self.cursor.chars.len().saturating_sub(1);
        self.push(Word::End, String::new(), at);
        Ok(())
    }

    fn push(&mut self, word: Word, text: String, at: usize) {
        self.tokens.push(PlacedWord { word, text, at });
    }

    fn emit(&mut self, word: Word, start: usize) {
        let text = self.cursor.since(start);
        self.push(word, text, start);
    }

    fn one(&mut self, c: char) -> Result<(), ConditionError> {
        let start = self.cursor.pos;
        match c {
            c if c.is_whitespace() => self.cursor.pos += 1,
            '\'' | '"' => {
                let text = quoted(&mut self.cursor, c)?;
                self.push(Word::Text, text, start);
            }
            '`' => {
                let text = raw(&mut self.cursor)?;
                self.push(Word::Text, text, start);
            }
            '0'..='9' => return self.number(start),
            '?' => self.operator(start, ".?"),
            '/' => return self.slash(),
            '#' => self.pointer(),
            '|' => self.operator(start, "|"),
            ':' => self.operator(start, ":"),
            '(' | '[' | '{' | ')' | ']' | '}' => {
                self.cursor.pos += 1;
                self.emit(Word::Bracket, start);
            }
            ',' | ';' | '%' | '+' | '-' | '^' => self.operator(start, ""),
            '&' | '!' | '=' | '*' | '<' | '>' => self.operator(start, "&=*"),
            '.' => return self.dot(start),
            c if name_char(c) => self.identifier(),
            c => return Err(self.stranger(c)),
        }
        Ok(())
    }

    fn stranger(&mut self, c: char) -> ConditionError {
        self.cursor.pos += 1;
        let words = format!("unrecognized character: U+{:04X} '{c}'", c as u32);
        self.cursor.fault(words)
    }

    fn operator(&mut self, start: usize, second: &str) {
        self.cursor.pos += 1;
        self.cursor.accept(second);
        self.emit(Word::Operator, start);
    }

    fn number(&mut self, start: usize) -> Result<(), ConditionError> {
        number::take(&mut self.cursor)?;
        self.emit(Word::Number, start);
        Ok(())
    }

    fn dot(&mut self, start: usize) -> Result<(), ConditionError> {
        if self
            .cursor
            .chars
            .get(self.cursor.pos + 1)
            .is_some_and(char::is_ascii_digit)
        {
            return self.number(start);
        }
        self.operator(start, ".");
        Ok(())
    }

    fn identifier(&mut self) {
        let start = self.cursor.pos;
        let text = self.cursor.take_name();
        match text.as_str() {
            "not" => self.negation(start),
            "in" | "or" | "and" | "matches" | "contains" | "startsWith" | "endsWith" | "let"
            | "if" | "else" => {
                self.emit(Word::Operator, start);
            }
            _ => self.emit(Word::Identifier, start),
        }
    }

    fn negation(&mut self, start: usize) {
        self.emit(Word::Operator, start);
        self.cursor.accept_run(" ");
        let second = self.cursor.pos;
        match self.cursor.take_name().as_str() {
            "in" | "matches" | "contains" | "startsWith" | "endsWith" => {
                self.emit(Word::Operator, second);
            }
            _ => self.cursor.pos = second,
        }
    }

    fn pointer(&mut self) {
        let start = self.cursor.pos;
        self.operator(start, "#");
        let name = self.cursor.pos;
        if !self.cursor.take_name().is_empty() {
            self.emit(Word::Identifier, name);
        }
    }

    fn slash(&mut self) -> Result<(), ConditionError> {
        let start = self.cursor.pos;
        self.cursor.pos += 1;
        if self.cursor.accept("/") {
            while self.cursor.peek().is_some_and(|c| c != '\n') {
                self.cursor.pos += 1;
            }
            return Ok(());
        }
        if !self.cursor.accept("*") {
            self.emit(Word::Operator, start);
            return Ok(());
        }
        while self.cursor.pos < self.cursor.chars.len() {
            self.cursor.pos += 1;
            if self.cursor.chars[self.cursor.pos - 1] == '*' && self.cursor.accept("/") {
                return Ok(());
            }
        }
        Err(self.cursor.fault("unclosed comment"))
    }
}
