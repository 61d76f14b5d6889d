//! Words, numbers and signs of PromQL, with their places.

use std::fmt;

use super::duration;
use super::recording::Millis;

/// Why a text is not read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The byte of the text.
    pub at: usize,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// `true`: Prometheus takes this, but it is outside of the subset that is read here. `false`: Prometheus refuses it as well.
    pub unsupported: bool,
    /// A sentence.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ParseError {}

impl ParseError {
    /// Returns an error at a byte of a text.
    pub(super) fn new(text: &str, at: usize, unsupported: bool, message: String) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_at = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            at,
            line: before.matches('\n').count() + 1,
            column: before[line_at..].chars().count() + 1,
            unsupported,
            message,
        }
    }
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Word(String),
    Number(f64),
    Duration(Millis),
    Text(String),
    Sign(&'static str),
    End,
}

/// A token with its first byte and the one after it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub token: Token,
    pub start: usize,
    pub end: usize,
}

/// Signs, the longer ones before their beginnings.
const SIGNS: [&str; 26] = [
    "=~", "==", "!=", "!~", ">=", "<=", "</", ">/", "=", ">", "<", "(", ")", "{", "}", "[", "]",
    ",", "+", "-", "*", "/", "%", "^", "@", ":",
];

/// Cuts a text into tokens; the last one is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ParseError> {
    let mut lexer = Lexer {
        text,
        at: 0,
        brackets: 0,
    };
    let mut all = Vec::new();
    loop {
        let placed = lexer.next()?;
        let last = placed.token == Token::End;
        all.push(placed);
        if last {
            return Ok(all);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Within `[ ]` a colon is a sign and no part of a name.
    brackets: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip(&mut self) {
        loop {
            let blank = self.rest().len() - self.rest().trim_start().len();
            self.at += blank;
            if !self.rest().starts_with('#') {
                return;
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn next(&mut self) -> Result<Placed, ParseError> {
        self.skip();
        let start = self.at;
        let token = match self.rest().chars().next() {
            None => Token::End,
            Some('"' | '\'' | '`') => self.text()?,
            Some(c) if c.is_ascii_digit() => self.number()?,
            Some('.') if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.number()?
            }
            Some(c) if self.begins_word(c) => self.word(),
            Some(_) => self.sign()?,
        };
        let end = self.at;
        Ok(Placed { token, start, end })
    }

    fn begins_word(&self, c: char) -> bool {
        c.is_ascii_alphabetic() || c == '_' || (c == ':' && self.brackets == 0)
    }

    fn word(&mut self) -> Token {
        let colon = self.brackets == 0;
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || (c == ':' && colon);
        let length = self.rest().find(|c| !part(c)).unwrap_or(self.rest().len());
        let word = self.rest()[..length].to_owned();
        self.at += length;
        Token::Word(word)
    }

    fn number(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        let text = self.rest();
        let mut length = 0;
        let hex = text.starts_with("0x") || text.starts_with("0X");
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(length) {
            let signed = !hex
                && length > 0
                && matches!(byte, b'+' | b'-')
                && matches!(bytes[length - 1], b'e' | b'E')
                && bytes.get(length + 1).is_some_and(u8::is_ascii_digit);
            if !(byte.is_ascii_alphanumeric() || *byte == b'.' || *byte == b'_' || signed) {
                break;
            }
            length += 1;
        }
        let written = &text[..length];
        let token = duration::read(written)
            .filter(|_| written != "0")
            .map(Token::Duration)
            .or_else(|| plain_number(written).map(Token::Number));
        let token = token.ok_or_else(|| {
            let message = format!("`{written}` is neither a number nor a duration");
            ParseError::new(self.text, start, false, message)
        })?;
        self.at += length;
        Ok(token)
    }

    fn text(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        let wrong = |at, message: &str| ParseError::new(self.text, at, false, message.into());
        let mut chars = self.rest().char_indices();
        let (_, quote) = chars.next().expect("the caller saw a quote");
        let mut value = String::new();
        while let Some((at, c)) = chars.next() {
            match c {
                c if c == quote => {
                    self.at += at + 1;
                    return Ok(Token::Text(value));
                }
                '\\' if quote != '`' => {
                    let escaped = unescape(&mut chars);
                    let escaped =
                        escaped.ok_or_else(|| wrong(start + at, "unknown escape in a text"))?;
                    value.push(escaped);
                }
                '\n' if quote != '`' => break,
                c => value.push(c),
            }
        }
        Err(wrong(start, "the text is not closed"))
    }

    fn sign(&mut self) -> Result<Token, ParseError> {
        let found = SIGNS.into_iter().find(|sign| self.rest().starts_with(sign));
        let Some(sign) = found else {
            let c = self.rest().chars().next().unwrap_or_default();
            let message = format!("unexpected character `{c}`");
            return Err(ParseError::new(self.text, self.at, false, message));
        };
        match sign {
            "[" => self.brackets += 1,
            "]" => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        self.at += sign.len();
        Ok(Token::Sign(sign))
    }
}

fn plain_number(text: &str) -> Option<f64> {
    if let Some(hex) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        return u64::from_str_radix(hex, 16).ok().map(|n| n as f64);
    }
    let octal = text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(number) = octal.then(|| u64::from_str_radix(text, 8).ok()).flatten() {
        return Some(number as f64);
    }
    let underscored = text.contains("__") || text.starts_with('_') || text.ends_with('_');
    let plain = text.replace('_', "");
    (!underscored && plain.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
        .then(|| plain.parse().ok())?
}

fn unescape(chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    let (_, c) = chars.next()?;
    let code = |chars: &mut std::str::CharIndices<'_>, digits: usize| {
        let text: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
        let code = u32::from_str_radix(&text, 16).ok()?;
        (text.len() == digits).then(|| char::from_u32(code))?
    };
    match c {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'a' => Some('\x07'),
        'b' => Some('\x08'),
        'f' => Some('\x0c'),
        'v' => Some('\x0b'),
        'x' => code(chars, 2),
        'u' => code(chars, 4),
        'U' => code(chars, 8),
        '\\' | '"' | '\'' => Some(c),
        _ => None,
    }
}
