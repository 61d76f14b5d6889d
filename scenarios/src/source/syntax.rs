//! What a syntax error means and what to write instead.

use super::build::too_deep;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::position::floor;
use serde_saphyr::granit_parser::{ErrorKind, ScanError};

/// Turns an error of the parser into a finding. What lies before `reached` is understood.
pub(super) fn explain(source: &str, error: &ScanError, reached: usize) -> Diagnostic {
    let at = floor(source, error.marker().byte_offset().unwrap_or(source.len()));
    let (at, kind) = match error.kind() {
        ErrorKind::RecursionLimitExceeded => return *too_deep(at),
        // The parser notices further down that a quote was never closed.
        kind @ (ErrorKind::UnclosedQuotedScalar | ErrorKind::InvalidQuotedScalarIndent) => {
            match open_quote(source, reached) {
                Some(quote) => (quote, &ErrorKind::UnclosedQuotedScalar),
                None => (at, kind),
            }
        }
        kind => match indenting_tab(source, at) {
            Some(tab) => (tab, &ErrorKind::TabInIndentation),
            None => (at, kind),
        },
    };
    let (message, help) = words(kind);
    let width = source[at..].chars().next().map_or(0, char::len_utf8);
    let message = message.map_or_else(|| kind.to_string(), str::to_owned);
    let found = Diagnostic::error("CM004", at..at + width, message);
    match help {
        Some(help) => found.help(help),
        None => found,
    }
}

/// Returns a message in the words of whoever writes documents, and what to write instead, for
/// the mistakes that people make.
fn words(kind: &ErrorKind) -> (Option<&'static str>, Option<&'static str>) {
    let (message, help) = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => ("a tab cannot indent", "indent with spaces"),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a `:` cannot stand here",
            "put quotes around text that holds `: `; check the indentation, and that all quotes and \
             brackets further up are closed",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "expected a key with `:` behind it",
            "write `key: value`, with a blank after the colon",
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => (
            "the indentation does not fit",
            "begin all keys of a map, and all `-` of a list, in the same column",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::ExpectedBlockSequenceEntry => (
            "a list item cannot stand here",
            "begin all `-` of a list in the same column, on lines of their own",
        ),
        _ => return flow_words(kind),
    };
    (Some(message), Some(help))
}

fn flow_words(kind: &ErrorKind) -> (Option<&'static str>, Option<&'static str>) {
    let (message, help) = match kind {
        ErrorKind::UnclosedFlowCollection { open: '[' } | ErrorKind::UnexpectedEofFlowSequence => {
            ("the list is not closed", "close it with `]`")
        }
        ErrorKind::UnexpectedEofImplicitFlowMapping => (
            "expected an entry or a closing bracket",
            "delete the `,` that is too much",
        ),
        ErrorKind::UnclosedFlowCollection { .. } | ErrorKind::UnexpectedEofFlowMapping => {
            ("the map is not closed", "close it with `}`")
        }
        ErrorKind::ExpectedFlowMappingSeparator => (
            "expected `,` or `}` in the map",
            "separate entries by `,` and put a blank after `:`",
        ),
        ErrorKind::ExpectedFlowSequenceSeparator => (
            "expected `,` or `]` in the list",
            "separate the items by `,`",
        ),
        _ => return bracket_words(kind),
    };
    (Some(message), Some(help))
}

fn bracket_words(kind: &ErrorKind) -> (Option<&'static str>, Option<&'static str>) {
    let (message, help) = match kind {
        ErrorKind::MisplacedFlowCollectionEnd => (
            "this bracket closes nothing",
            "delete it, or open it further up",
        ),
        ErrorKind::MismatchedFlowCollectionEnd { .. } => (
            "this bracket does not match the one that is open",
            "close lists with `]` and maps with `}`",
        ),
        ErrorKind::UnexpectedCharacter { .. } | ErrorKind::ExpectedNodeContent => (
            "a value cannot begin with this character",
            "put quotes around the text",
        ),
        _ => return quote_words(kind),
    };
    (Some(message), Some(help))
}

/// The same for mistakes with quotes.
fn quote_words(kind: &ErrorKind) -> (Option<&'static str>, Option<&'static str>) {
    let (message, help) = match kind {
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => (
            "the quote that begins here is not closed",
            "close it with the same kind of quote",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "this is not an escape sequence",
            "double the backslash, or use single quotes",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "there is something behind the closing quote",
            "put quotes around the whole value, or escape the inner quotes",
        ),
        _ => return (None, None),
    };
    (Some(message), Some(help))
}

/// Finds the first quote behind `reached` that begins a text.
fn open_quote(source: &str, reached: usize) -> Option<usize> {
    let mut in_comment = false;
    let mut is_boundary = true;
    for (at, c) in source.get(reached..)?.char_indices() {
        match c {
            '\n' => in_comment = false,
            '#' if is_boundary => in_comment = true,
            '\'' | '"' if is_boundary && !in_comment => return Some(reached + at),
            _ => {}
        }
        is_boundary = c.is_whitespace() || matches!(c, '[' | '{' | ',' | ':');
    }
    None
}

/// Finds a tab among the blanks that the line of `at` begins with, if nothing else precedes it.
fn indenting_tab(source: &str, at: usize) -> Option<usize> {
    let start = source[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let indent = &source[start..at];
    let is_blank = indent.chars().all(|c| c == ' ' || c == '\t');
    let tab = indent.find('\t').filter(|_| is_blank)?;
    Some(start + tab)
}
