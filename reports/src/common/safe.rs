//! The last gate of everything that is written: whatever a name may hold, a reader sees text.
//!
//! Writers escape names where they put them in ([`crate::common::escape::escape()`] for text, [`crate::plain()`] for Markdown,
//! [`csv_cell`] for tables, `xml` for drawings and pages). These functions look at the finished text once more, so
//! that a name that slipped through neither repaints a terminal, nor hides, nor commands a pipeline.

use std::borrow::Cow;

use crate::common::escape::{escape, is_hidden};

/// Returns finished text for a terminal or a text file: hidden characters shown as `\u{...}` (lines and tabs
/// stay, and so do our own colours where `colour` says that there are any), and no line that a runner of
/// pipelines takes for a command.
pub fn text(text: &str, colour: bool) -> String {
    let shown = if text.chars().any(|c| is_hidden(c) && c != '\n') {
        visible(text, colour)
    } else {
        text.to_owned()
    };
    without_commands(&shown)
}

/// Returns finished JSON, in which hidden characters can only stand in strings, with each of them written as
/// JSON writes such characters; it says the same to whoever reads it.
pub fn json(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t' | '\r');
    if !text.contains("##[") && !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units);
            units
                .iter()
                .for_each(|unit| out += &format!("\\u{unit:04x}"));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out.replace("##[", "#\\u0023["))
}

/// Returns a finished page or drawing with hidden characters shown as `\u{...}`, and without what a runner of
/// pipelines takes for a command.
pub fn markup(text: &str) -> Cow<'_, str> {
    let shown = if text.chars().any(|c| is_hidden(c) && c != '\n') {
        Cow::Owned(visible(text, false))
    } else {
        Cow::Borrowed(text)
    };
    if shown.contains("##[") {
        Cow::Owned(shown.replace("##[", "#&#35;["))
    } else {
        shown
    }
}

/// Returns a field of a CSV (RFC 4180): in quotes where it needs them, and with an apostrophe before what a
/// spreadsheet would take for a formula (OWASP, CSV injection).
pub fn csv_cell(text: &str) -> String {
    let text = escape(text);
    let begins = text.trim_start().chars().next();
    // Spreadsheets of East Asia read the wide forms as well.
    let formula = begins.is_some_and(|c| "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(c));
    let text = if formula {
        format!("'{text}")
    } else {
        text.into_owned()
    };
    if text.contains([',', '"', ';']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn visible(text: &str, colour: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let ours = if colour { sequence(rest) } else { 0 };
        let (now, later) = rest.split_at(ours.max(c.len_utf8()));
        if ours > 0 || matches!(c, '\n' | '\t') {
            out += now;
        } else {
            out += &escape(now);
        }
        rest = later;
    }
    out
}

/// The length of the colour sequence (ECMA-48, SGR) with which `text` begins; 0 where there is none.
fn sequence(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else {
        return 0;
    };
    let inside = rest.find(|c: char| !c.is_ascii_digit() && c != ';');
    match inside {
        Some(end) if rest[end..].starts_with('m') => 2 + end + 1,
        _ => 0,
    }
}

/// GitHub's runner takes a line that begins with `::`, after blanks, for a command, and `##[` anywhere in a line;
/// those of Azure and TeamCity take `##vso[` and `##teamcity[`.
fn without_commands(text: &str) -> String {
    if !text.contains("::") && !text.contains("##") {
        return text.to_owned();
    }
    let line = |line: &str| {
        let words = line.trim_start();
        let blanks = &line[..line.len() - words.len()];
        let line = match words.strip_prefix("::") {
            Some(rest) => format!("{blanks}:\\u{{3a}}{rest}"),
            None => line.to_owned(),
        };
        ["##[", "##vso[", "##teamcity["]
            .iter()
            .fold(line, |line, command| {
                line.replace(command, &format!("#\\u{{23}}{}", &command[2..]))
            })
    };
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_text_is_a_command_and_nothing_hides() {
        let table = [
            ("a\n::error::x\n", "a\n:\\u{3a}error::x\n"),
            ("  ::set-output name=x::y", "  :\\u{3a}set-output name=x::y"),
            ("a std::fmt b", "a std::fmt b"),
            ("x ##[error]y ##vso[z", "x #\\u{23}[error]y #\\u{23}vso[z"),
            (
                "a\u{9b}31m\u{200b}\u{202e}b\tc",
                "a\\u{9b}31m\\u{200b}\\u{202e}b\tc",
            ),
            ("\u{1b}[31mred\u{1b}[0m", "\\u{1b}[31mred\\u{1b}[0m"),
            ("## a heading", "## a heading"),
        ];
        for (given, expect) in table {
            assert_eq!(text(given, false), expect);
        }
    }

    #[test]
    fn of_escape_sequences_only_colours_stay_and_only_where_there_are_any() {
        let given = "\u{1b}[31;1mred\u{1b}[0m \u{1b}[2J \u{1b}]0;title\u{7}";
        let expect = "\u{1b}[31;1mred\u{1b}[0m \\u{1b}[2J \\u{1b}]0;title\\u{7}";
        assert_eq!(text(given, true), expect);
    }

    #[test]
    fn json_says_the_same_without_hidden_characters() {
        let name = "a\u{9b}\u{202e}\u{200b} ##[error] größe";
        let written = serde_json::to_string_pretty(&[name]).expect("text");
        let safe = json(&written);
        assert!(!safe.chars().any(|c| is_hidden(c) && c != '\n') && !safe.contains("##["));
        let read: Vec<String> = serde_json::from_str(&safe).expect("it is JSON still");
        assert_eq!(read, [name]);
    }

    #[test]
    fn fields_of_a_table_are_quoted_and_no_formula_gets_through() {
        let table = [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            (" +1", "' +1"),
            ("@SUM(1,2)", "\"'@SUM(1,2)\""),
            ("\t=1", "\\u{9}=1"),
            ("two\nlines", "two\\u{a}lines"),
        ];
        for (given, expect) in table {
            assert_eq!(csv_cell(given), expect);
        }
    }
}
