//! Text from files on its way into a drawing or a page.

use crate::common::escape::{escape, is_hidden};

/// Longer names are shortened in the middle: what tells names apart is more often at their ends.
const NAME_CHARS: usize = 64;
/// Longer sentences are shortened likewise.
const SENTENCE_CHARS: usize = 300;

/// Returns a name from a file as it may be shown: hidden characters visible, and not longer than
/// 64 characters.
pub fn label(name: &str) -> String {
    shorten(&escape(name), NAME_CHARS)
}

/// Returns a sentence with names from files as it may be shown: hidden characters visible, and not
/// longer than 300 characters.
pub fn shown(text: &str) -> String {
    shorten(&escape(text), SENTENCE_CHARS)
}

/// Returns at most `most` characters of `text`, with an ellipsis for what is left out.
pub fn shorten(text: &str, most: usize) -> String {
    let chars: Vec<char> = text.chars().take(4 * most + 1).collect();
    if chars.len() <= most {
        return text.to_owned();
    }
    let tail: Vec<char> = text.chars().rev().take(most / 4).collect();
    let head = chars[..most - 1 - tail.len()].iter();
    head.copied()
        .chain(['…'])
        .chain(tail.into_iter().rev())
        .collect()
}

/// Returns `text` as character data of XML and HTML, also between double quotes.
///
/// What XML 1.0 cannot contain at all becomes U+FFFD.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push('\u{fffd}'),
            c if is_hidden(c) => out += &escape(c.encode_utf8(&mut [0; 4])),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_name_is_text() {
        assert_eq!(
            xml("<script>\"a\" & 'b'"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;"
        );
        assert_eq!(xml("a\u{0}b\u{ffff}"), "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn a_long_name_keeps_its_beginning_and_its_end() {
        let long = "a".repeat(10_000) + "end";
        let shown = label(&long);
        assert_eq!(shown.chars().count(), NAME_CHARS);
        assert!(shown.starts_with("aaa") && shown.ends_with("end") && shown.contains('…'));
        assert_eq!(label("short"), "short");
        assert_eq!(label("user\u{202e}nimda"), "user\\u{202e}nimda");
    }
}
