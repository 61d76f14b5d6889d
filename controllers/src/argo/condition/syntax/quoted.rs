//! Texts in quotes: escapes of Go, and raw texts between back quotes.
//!
//! Source of the rules: expr-lang v1.17.7, `parser/lexer`.

use super::cursor::Cursor;
use crate::argo::condition::fault::ConditionError;

/// A text between back quotes; two of them stand for one.
///
/// # Errors
/// A text that does not end.
pub(super) fn raw(cursor: &mut Cursor) -> Result<String, ConditionError> {
    cursor.pos += 1;
    let mut text = String::new();
    while let Some(c) = cursor.peek() {
        cursor.pos += 1;
        if c != '`' {
            text.push(c);
        } else if cursor.accept("`") {
            text.push('`');
        } else {
            return Ok(text);
        }
    }
    cursor.pos += 1;
    Err(cursor.fault("literal not terminated"))
}

/// A text between `quote`s, without its escapes.
///
/// # Errors
/// A text that does not end on its line, an escape that Go does not know.
pub(super) fn quoted(cursor: &mut Cursor, quote: char) -> Result<String, ConditionError> {
    cursor.pos += 1;
    let mut text = String::new();
    loop {
        let Some(c) = cursor.peek().filter(|c| *c != '\n') else {
            cursor.pos += 1;
            return Err(cursor.fault("literal not terminated"));
        };
        cursor.pos += 1;
        match c {
            c if c == quote => break,
            '\\' => text.push(escape(cursor, quote)?),
            c => text.push(c),
        }
    }
    Ok(text)
}

fn escape(cursor: &mut Cursor, quote: char) -> Result<char, ConditionError> {
    let c = cursor.peek().unwrap_or(' ');
    cursor.pos += 1;
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
            cursor.pos -= 1;
            return code(cursor, 3, 8);
        }
        'x' => return code(cursor, 2, 16),
        'u' if cursor.peek() == Some('{') => return braced(cursor),
        'u' => return code(cursor, 4, 16),
        'U' => return code(cursor, 8, 16),
        _ => return Err(cursor.fault("invalid char escape")),
    };
    Ok(plain)
}

fn code(cursor: &mut Cursor, digits: usize, base: u32) -> Result<char, ConditionError> {
    let end = (cursor.pos + digits).min(cursor.chars.len());
    let text: String = cursor.chars[cursor.pos..end].iter().collect();
    cursor.pos = end;
    let code = u32::from_str_radix(&text, base)
        .ok()
        .filter(|_| text.len() == digits);
    code.and_then(char::from_u32)
        .ok_or_else(|| cursor.fault("invalid char escape"))
}

fn braced(cursor: &mut Cursor) -> Result<char, ConditionError> {
    let close = cursor.chars[cursor.pos..]
        .iter()
        .position(|c| *c == '}')
        .filter(|n| (2..=7).contains(n));
    let Some(close) = close else {
        return Err(cursor.fault("invalid char escape"));
    };
    cursor.pos += 1;
    let found = code(cursor, close - 1, 16)?;
    cursor.pos += 1;
    Ok(found)
}
