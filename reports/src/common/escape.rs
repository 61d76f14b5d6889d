//! Makes text from files safe to show on a terminal or in a table.

use std::borrow::Cow;

/// Returns `text` with everything that is not simply shown written as `\u{...}`.
///
/// That is: control characters (an escape sequence could repaint the terminal, a newline could fake
/// a row), and the marks that change the direction of text or take no room (Unicode TR 36, 3.1),
/// with which one name can pose as another.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| {
        if is_hidden(c) {
            format!("\\u{{{:x}}}", u32::from(c))
        } else {
            c.into()
        }
    };
    Cow::Owned(text.chars().map(shown).collect())
}

/// Whether a character is not simply shown.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{ad}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(escape(text), expect);
    }

    #[test]
    fn ordinary_text_of_any_script_stays_as_it_is() {
        check("api v1 → größer 日本", "api v1 → größer 日本");
    }

    #[test]
    fn control_characters_and_direction_marks_are_shown() {
        check("a\u{1b}[31mred", "a\\u{1b}[31mred");
        check("two\nlines\t", "two\\u{a}lines\\u{9}");
        check("user\u{202e}nimda", "user\\u{202e}nimda");
        check(
            "zero\u{200b}width\u{7f}\u{9b}",
            "zero\\u{200b}width\\u{7f}\\u{9b}",
        );
    }
}
