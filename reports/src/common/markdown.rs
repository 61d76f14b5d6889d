//! Markdown: texts that stay text in it, and places that take only so much of it.

use crate::common::escape::escape;

/// A comment on a pull request holds 65 536 characters; this leaves room for what others add.
const MOST: usize = 60 * 1024;

/// Returns `text` if it is shorter than 60 KiB, else its first lines with a line that says how many
/// are left out. The same text is always cut at the same place.
pub fn cut(text: String) -> String {
    if text.len() < MOST {
        return text;
    }
    let note = |left: usize| {
        format!("\n*{left} more lines are left out here; the JSON has everything.*\n")
    };
    let room = MOST - note(usize::MAX).len();
    let mut kept = String::new();
    let mut lines = text.split_inclusive('\n');
    for line in lines.by_ref() {
        if kept.len() + line.len() > room {
            return kept + &note(1 + lines.count());
        }
        kept += line;
    }
    kept
}

/// Returns a text with names from files as Markdown that shows it as it is: hidden characters visible,
/// no tag, no link, no code and no emphasis, no end of a table's cell.
pub fn plain(text: &str) -> String {
    let shown = escape(text);
    let mut out = String::with_capacity(shown.len());
    let mut chars = shown.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '<' if next.is_ascii_alphabetic() || "/!?".contains(next) => out += "&lt;",
            '&' if next.is_ascii_alphabetic() || next == '#' => out += "&amp;",
            '(' if before == ']' => out += "\\(",
            '`' | '*' | '|' => out.extend(['\\', c]),
            // A backslash would take the next mark, or the end of the cell, for itself.
            '\\' if next.is_ascii_punctuation() || next == ' ' => out += "\\\\",
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// Returns a command as a block of code, between more backticks than there are in it.
pub(crate) fn block(text: &str) -> String {
    let shown = escape(text);
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}sh\n{shown}\n{fence}\n")
}

/// Returns a text as code in a line of Markdown, between more backticks than there are in it.
pub(crate) fn code(text: &str) -> String {
    let shown = escape(text);
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let room = if shown.contains('`') { " " } else { "" };
    format!("{fence}{room}{shown}{room}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_text() {
        let table = [
            (
                "false_rollback <= 1 % [0, 2]",
                "false_rollback <= 1 % [0, 2]",
            ),
            ("<script>", "&lt;script>"),
            ("a|b*c`d", "a\\|b\\*c\\`d"),
            ("a\\|b", "a\\\\\\|b"),
            ("ends with \\", "ends with \\\\"),
            ("C:\\users", "C:\\users"),
            ("[x](http://y)", "[x]\\(http://y)"),
            ("&lt;b&gt; & co", "&amp;lt;b&amp;gt; & co"),
            ("two\nlines", "two\\u{a}lines"),
        ];
        for (text, expect) in table {
            assert_eq!(plain(text), expect);
        }
        assert_eq!(code("coalmine run x"), "`coalmine run x`");
        assert_eq!(code("a``b"), "``` a``b ```");
    }

    #[test]
    fn a_long_text_ends_with_how_much_is_missing() {
        let line = "| a row of a table | 1 |\n";
        let long = line.repeat(10_000);
        let short = cut(long.clone());
        assert!(short.len() < MOST && short.len() > MOST - 200);
        let kept = short.matches(line).count();
        assert!(short.ends_with(&format!(
            "*{} more lines are left out here; the JSON has everything.*\n",
            10_000 - kept
        )));
        assert_eq!(cut(long), short);
        assert_eq!(cut(line.to_owned()), line);
    }

    #[test]
    fn a_single_endless_line_is_left_out() {
        let shown = cut("x".repeat(100_000));
        assert_eq!(
            shown,
            "\n*1 more lines are left out here; the JSON has everything.*\n"
        );
    }
}
