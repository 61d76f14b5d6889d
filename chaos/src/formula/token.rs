//! Tokens: the text of a formula, cut into words, numbers and signs that know where they stand.

use std::ops::Range;

/// What cannot be understood in a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Where it stands, in bytes from the beginning of the formula.
    pub at: Range<usize>,
    /// What is wrong with it, as a sentence without a full stop.
    pub what: String,
    /// What to write instead.
    pub help: String,
}

/// A piece of a formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A name: letters, digits, `_`, and `-` or `.` between them.
    Word(&'t str),
    /// A number, with the unit that stands behind it.
    Number(f64, &'t str),
    /// A bracket, a comma or an operator.
    Sign(&'static str),
    /// Behind the last one.
    End,
}

/// Longer signs first, so that `<=` is not taken for `<`.
const SIGNS: [&str; 12] = [
    "->", "<=", ">=", "==", "!=", "<", ">", "(", ")", "[", "]", ",",
];

/// Cuts a formula into tokens, each with its place.
///
/// # Errors
/// A character that no formula has.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token<'_>, Range<usize>)>, Misread> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match first {
            _ if first.is_whitespace() => first.len_utf8(),
            _ if first.is_ascii_alphabetic() || first == '_' => {
                let length = word(rest);
                found.push((Token::Word(&rest[..length]), at..at + length));
                length
            }
            _ if first.is_ascii_digit() || first == '-' && !rest.starts_with("->") => {
                let (token, length) = number(rest, at)?;
                found.push((token, at..at + length));
                length
            }
            _ => {
                let sign = sign(rest).ok_or_else(|| stranger(first, at))?;
                found.push((Token::Sign(sign), at..at + sign.len()));
                sign.len()
            }
        };
        at += length;
    }
    found.push((Token::End, text.len()..text.len()));
    Ok(found)
}

fn sign(rest: &str) -> Option<&'static str> {
    SIGNS.into_iter().find(|sign| rest.starts_with(*sign))
}

fn stranger(found: char, at: usize) -> Misread {
    Misread {
        at: at..at + found.len_utf8(),
        what: format!("`{}` has no meaning here", found.escape_default()),
        help: "write words, numbers, `(`, `)`, `[`, `]`, `,`, `->`, `<`, `<=`, `==`, `!=`, `>=` or `>`"
            .to_owned(),
    }
}

/// Returns the length of the word at the beginning of `text`.
fn word(text: &str) -> usize {
    let bytes = text.as_bytes();
    let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut end = 0;
    while end < bytes.len() {
        let joins = matches!(bytes[end], b'-' | b'.');
        let goes_on = joins && bytes.get(end + 1).is_some_and(|next| part(*next));
        if !part(bytes[end]) && !goes_on {
            break;
        }
        end += 1;
    }
    end
}

/// Reads the number at the beginning of `text`, and the letters or the `%` behind it.
fn number(text: &str, at: usize) -> Result<(Token<'_>, usize), Misread> {
    let digits = text
        .char_indices()
        .find(|(place, found)| {
            !(found.is_ascii_digit() || *found == '.' || (*place == 0 && *found == '-'))
        })
        .map_or(text.len(), |(place, _)| place);
    let unit = text[digits..]
        .char_indices()
        .find(|(_, found)| !(found.is_ascii_alphabetic() || *found == '%'))
        .map_or(text.len() - digits, |(place, _)| place);
    let value = text[..digits]
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite());
    let value = value.ok_or_else(|| Misread {
        at: at..at + digits,
        what: format!("`{}` is no number", &text[..digits]),
        help: "write a number such as `30`, `0.5` or `10%`".to_owned(),
    })?;
    let token = Token::Number(value, &text[digits..digits + unit]);
    Ok((token, digits + unit))
}
