//! Literal numbers of a condition: how far one goes, and what it is worth.
//!
//! Source of the rules: expr-lang v1.17.7, `parser/lexer` and `parser`.

use super::cursor::{Cursor, name_char};
use crate::argo::condition::ast::NodeKind;
use crate::argo::condition::fault::ConditionError;

/// Takes a number. The point of a range is not one of its own: `1..3` is `1`, `..`, `3`.
///
/// # Errors
/// A name that follows at once.
pub(super) fn take(cursor: &mut Cursor) -> Result<(), ConditionError> {
    let start = cursor.pos;
    let digits = digits(cursor);
    cursor.accept_run(digits);
    let end = cursor.pos;
    if cursor.accept(".") {
        if cursor.peek() == Some('.') {
            cursor.pos = end;
            return Ok(());
        }
        cursor.accept_run(digits);
    }
    if cursor.accept("eE") {
        cursor.accept("+-");
        cursor.accept_run(digits);
    }
    if cursor.peek().is_some_and(name_char) {
        cursor.pos += 1;
        let text = cursor.since(start);
        return Err(cursor.fault(format!("bad number syntax: {text:?}")));
    }
    Ok(())
}

/// The digits of the base that the prefix names.
fn digits(cursor: &mut Cursor) -> &'static str {
    if cursor.accept("0") {
        if cursor.accept("xX") {
            return "0123456789abcdefABCDEF_";
        } else if cursor.accept("oO") {
            return "01234567_";
        } else if cursor.accept("bB") {
            return "01_";
        }
    }
    "0123456789_"
}

/// The value of a literal number.
pub(super) fn value(text: &str) -> Result<NodeKind, String> {
    let plain = text.replace('_', "").to_lowercase();
    for (prefix, base, word) in [("0x", 16, "hex"), ("0b", 2, "binary"), ("0o", 8, "octal")] {
        if let Some(digits) = plain
            .strip_prefix(prefix)
            .filter(|_| base == 16 || !plain.contains(['.', 'e']))
        {
            let read = i64::from_str_radix(digits, base);
            return read
                .map(NodeKind::Int)
                .map_err(|_| format!("invalid {word} literal: {text:?}"));
        }
    }
    if plain.contains(['.', 'e']) {
        let read = plain.parse::<f64>().ok().filter(|f| f.is_finite());
        return read.map(NodeKind::Float).ok_or_else(|| {
            format!("invalid float literal: strconv.ParseFloat: parsing {plain:?}: invalid syntax")
        });
    }
    plain
        .parse()
        .map(NodeKind::Int)
        .map_err(|_| format!("invalid integer literal: {text:?}"))
}
