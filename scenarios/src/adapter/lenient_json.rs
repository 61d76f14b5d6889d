//! A reader of JSON that accepts what Python's `json` module accepts: `NaN`, `Infinity`,
//! `-Infinity`, repeated keys and numbers of any size; and refuses what it refuses.

use std::fmt;

use super::Json;

/// The deepest nesting that is read. Python gives up at its recursion limit of 1000 frames, of
/// which the interpreter itself needs a few.
const DEEPEST: usize = 990;

/// Python refuses to convert whole numbers with more digits (`sys.int_info`, since 3.11).
const MOST_DIGITS: usize = 4300;

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// What the reader met, as a sentence fragment.
    pub message: &'static str,
    /// The offset in bytes.
    pub at: usize,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
}

impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}:{}", self.message, self.line, self.column)
    }
}

impl std::error::Error for JsonFault {}

/// Reads one JSON value that fills the whole of `text`.
///
/// # Errors
///
/// Returns the first place that is not JSON. A byte order mark is one such place.
pub fn parse(text: &str) -> Result<Json, JsonFault> {
    let mut reader = LenientReader { text, at: 0 };
    reader.document().map_err(|message| JsonFault {
        message,
        at: reader.at,
        line: reader.line(),
        column: reader.column(),
    })
}

type Read<T> = Result<T, &'static str>;

struct LenientReader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> LenientReader<'t> {
    fn document(&mut self) -> Read<Json> {
        if self.text.starts_with('\u{feff}') {
            return Err("a byte order mark stands before the value");
        }
        self.space();
        let value = self.value(0)?;
        self.space();
        if self.rest().is_empty() {
            Ok(value)
        } else {
            Err("something follows the value")
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn line(&self) -> usize {
        1 + self.text[..self.at].matches('\n').count()
    }

    fn column(&self) -> usize {
        let line_start = self.text[..self.at]
            .rfind('\n')
            .map_or(0, |newline| newline + 1);
        1 + self.text[line_start..self.at].chars().count()
    }

    fn space(&mut self) {
        let trimmed = self.rest().trim_start_matches([' ', '\t', '\n', '\r']);
        self.at = self.text.len() - trimmed.len();
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    fn value(&mut self, depth: usize) -> Read<Json> {
        if depth > DEEPEST {
            return Err("the value is nested too deeply");
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            _ => match self.word() {
                Some(value) => Ok(value),
                None => self.number(),
            },
        }
    }

    fn word(&mut self) -> Option<Json> {
        let words = [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
            ("NaN", Json::Float(f64::NAN)),
            ("Infinity", Json::Float(f64::INFINITY)),
            ("-Infinity", Json::Float(f64::NEG_INFINITY)),
        ];
        words
            .into_iter()
            .find_map(|(word, value)| self.take(word).then_some(value))
    }

    fn object(&mut self, depth: usize) -> Read<Json> {
        self.at += 1;
        let mut members = Vec::new();
        self.space();
        if self.take("}") {
            return Ok(Json::Object(members));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err("a key in double quotes is expected");
            }
            let key = self.string()?;
            self.space();
            if !self.take(":") {
                return Err("a colon is expected");
            }
            self.space();
            members.push((key, self.value(depth + 1)?));
            self.space();
            if self.take("}") {
                return Ok(Json::Object(members));
            }
            if !self.take(",") {
                return Err("a comma or a closing brace is expected");
            }
        }
    }

    fn list(&mut self, depth: usize) -> Read<Json> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.take("]") {
            return Ok(Json::List(items));
        }
        loop {
            self.space();
            items.push(self.value(depth + 1)?);
            self.space();
            if self.take("]") {
                return Ok(Json::List(items));
            }
            if !self.take(",") {
                return Err("a comma or a closing bracket is expected");
            }
        }
    }

    fn digits(&mut self) -> usize {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += digits;
        digits
    }

    fn number(&mut self) -> Read<Json> {
        let start = self.at;
        self.take("-");
        let whole = if self.take("0") { 1 } else { self.digits() };
        if whole == 0 {
            self.at = start;
            return Err("a value is expected");
        }
        // A point or an exponent without digits does not belong to the number.
        let fraction = self.tail(&["."]);
        let exponent = self.tail(&["e+", "e-", "e", "E+", "E-", "E"]);
        let value: f64 = self.text[start..self.at]
            .parse()
            .expect("the grammar of JSON numbers is a part of Rust's");
        if fraction || exponent {
            Ok(Json::Float(value))
        } else if whole > MOST_DIGITS {
            Err("the whole number has too many digits")
        } else {
            Ok(Json::Integer(value))
        }
    }

    /// Takes one of `heads` and the digits after it, or nothing.
    fn tail(&mut self, heads: &[&str]) -> bool {
        let start = self.at;
        if heads.iter().any(|head| self.take(head)) && self.digits() > 0 {
            return true;
        }
        self.at = start;
        false
    }

    fn string(&mut self) -> Read<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let plain = self.rest().find(|c: char| c == '"' || c == '\\' || c < ' ');
            let Some(plain) = plain else {
                return Err("the string does not end");
            };
            out.push_str(&self.rest()[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return Err("a control character stands in a string"),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        let kind = self
            .text
            .as_bytes()
            .get(self.at + 1)
            .copied()
            .ok_or("the string does not end")?;
        let plain = match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err("the escape is unknown"),
        };
        self.at += 2;
        Ok(plain)
    }

    /// Reads `\uXXXX`, and the second half of a surrogate pair where one follows.
    fn unicode_escape(&mut self) -> Read<char> {
        let first = self.code_unit()?;
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            let start = self.at;
            let second = self.code_unit()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).expect("a surrogate pair is a character"));
            }
            self.at = start;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code_unit(&mut self) -> Read<u32> {
        let digits = self.text.as_bytes().get(self.at + 2..self.at + 6);
        let value = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let value = value.ok_or("four hexadecimal digits are expected")?;
        self.at += 6;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let found =
            parse(text).map_or_else(|fault| fault.to_string(), |value| format!("{value:?}"));
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn numbers_keep_what_python_tells_apart() {
        check("5", "Integer(5.0)");
        check("5.0", "Float(5.0)");
        check("-0", "Integer(-0.0)");
        check("1e-09", "Float(1e-9)");
        check("1E400", "Float(inf)");
        check(" NaN ", "Float(NaN)");
        check("[-Infinity, Infinity]", "List([Float(-inf), Float(inf)])");
        check("true", "Bool(true)");
    }

    #[test]
    fn what_python_refuses_is_refused_with_its_place() {
        check("{", "a key in double quotes is expected at 1:2");
        check("", "a value is expected at 1:1");
        check("01", "something follows the value at 1:2");
        check("1.", "something follows the value at 1:2");
        check("nan", "a value is expected at 1:1");
        check("[1,\n 2,]", "a value is expected at 2:4");
        check("{\"a\" 1}", "a colon is expected at 1:6");
        check("\"a\nb\"", "a control character stands in a string at 1:3");
        check(
            "\u{feff}{}",
            "a byte order mark stands before the value at 1:1",
        );
        check("'a'", "a value is expected at 1:1");
        check("\"\\x\"", "the escape is unknown at 1:2");
        check("\"\\u12\"", "four hexadecimal digits are expected at 1:2");
        check(
            &"[".repeat(100_000),
            "the value is nested too deeply at 1:992",
        );
    }

    #[test]
    fn strings_are_unescaped_and_pairs_joined() {
        check(r#""a\n\u00e4\ud83d\ude00""#, "Text(\"a\\nä😀\")");
        check(r#""\ud83dx""#, "Text(\"\u{fffd}x\")");
        check(r#""\ud83d\u0041""#, "Text(\"\u{fffd}A\")");
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        let value = parse(r#"{"a": 1, "a": 2}"#).expect("it is JSON");
        assert_eq!(value.get("a").and_then(Json::number), Some(2.0));
        assert!(value.same_as(&parse(r#"{"a": 2.0}"#).expect("it is JSON")));
    }
}
