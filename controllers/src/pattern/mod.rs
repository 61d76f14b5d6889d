//! Patterns in Go's syntax (RE2), as far as policies use them.
//!
//! The syntax is read here, so that a policy is refused where its product refuses it, in the words of Go, and what is not
//! read is told by name. What was read is matched by the `regex` crate, in a time that grows with the text alone, however
//! repetitions are nested.

mod part;
mod reader;

use std::fmt::Write;

pub use part::PatternError;
use part::{Class, MAX_DEPTH, Part, unsupported};
use reader::Reader;
use regex::{Regex, RegexBuilder};

/// A pattern that was read; patterns are equal if they match alike by their text.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

const MAX_LENGTH: usize = 500;
/// Levels of the `regex` crate: a group here is five of them.
const MAX_LEVELS: u32 = 8 * MAX_DEPTH as u32;

impl Pattern {
    /// Reads a pattern that is searched for, as Go's `regexp` does: `errors` is found in `errors-payment`.
    ///
    /// # Errors
    /// What is no pattern (`*` alone is none), or uses what is not read here: flags, classes by name.
    /// # Example
    /// ```
    /// use controllers::pattern::Pattern;
    ///
    /// assert!(Pattern::searched("error")?.matches("payment-errors"));
    /// assert!(!Pattern::anchored("error")?.matches("payment-errors"));
    /// # Ok::<(), controllers::pattern::PatternError>(())
    /// ```
    pub fn searched(text: &str) -> Result<Self, PatternError> {
        if text.chars().count() > MAX_LENGTH {
            return Err(unsupported("pattern is too long"));
        }
        Self::compile(&Reader::new(text, false).whole()?)
    }

    /// Reads a pattern that must cover a whole value, line breaks included, as the label matchers of Prometheus do.
    ///
    /// # Errors
    /// As [`Pattern::searched`]; word boundaries are not read here, either.
    pub fn anchored(text: &str) -> Result<Self, PatternError> {
        let part = Reader::new(text, true).whole()?;
        Self::compile(&Part::All(vec![Part::Start, part, Part::End]))
    }

    fn compile(part: &Part) -> Result<Self, PatternError> {
        let mut text = String::new();
        write(part, &mut text);
        let regex = RegexBuilder::new(&text).nest_limit(MAX_LEVELS).build();
        regex
            .map(Self)
            .map_err(|_| unsupported("pattern is too large"))
    }

    /// Whether it matches: somewhere in the text, or all of it, as it was read.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// Writes a part in the syntax of the `regex` crate.
fn write(part: &Part, text: &mut String) {
    match part {
        Part::One(class) => write_class(class, text),
        Part::Start => text.push_str(r"\A"),
        Part::End => text.push_str(r"\z"),
        Part::Word(true) => text.push_str(r"(?-u:\b)"),
        Part::Word(false) => text.push_str(r"(?-u:\B)"),
        Part::All(parts) => parts.iter().for_each(|part| write(part, text)),
        Part::Any(parts) => {
            for (place, part) in parts.iter().enumerate() {
                text.push_str(if place == 0 { "(?:" } else { "|" });
                write(part, text);
            }
            text.push(')');
        }
        Part::Repeat(part, low, high) => {
            text.push_str("(?:");
            write(part, text);
            let high = high.map_or(String::new(), |high| high.to_string());
            let _ = write!(text, "){{{low},{high}}}");
        }
    }
}

fn write_class(class: &Class, text: &mut String) {
    if class.ranges.is_empty() {
        text.push_str("(?s:.)");
        return;
    }
    text.push_str(if class.negated { "[^" } else { "[" });
    for (low, high) in &class.ranges {
        let _ = write!(
            text,
            r"\x{{{:x}}}-\x{{{:x}}}",
            u32::from(*low),
            u32::from(*high)
        );
    }
    text.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_what_go_finds_and_a_whole_value_is_covered() {
        for (pattern, text, found, covered) in [
            ("errors", "errors-payment", true, Some(false)),
            ("a|", "b", true, Some(false)),
            ("", "", true, Some(true)),
            ("^a.c$", "a\nc", false, Some(true)),
            (r"\bpay\b", "x-pay-y", true, None),
            (r"\bpay\b", "xpay", false, None),
            (r"r\Br", "rr", true, None),
            (r"\w", "\u{e9}", false, Some(false)),
            ("^.$", "\u{e9}", true, Some(true)),
            ("[^a-c-]", "a-b", false, Some(false)),
            (r"[\]\-x]+", "]-x", true, Some(true)),
            ("a{2,3}?", "aaaa", true, Some(false)),
            ("a{,3}", "a{,3}", true, Some(true)),
        ] {
            let search = Pattern::searched(pattern).expect("it is one");
            assert_eq!(search.matches(text), found, "{pattern:?} in {text:?}");
            let whole = Pattern::anchored(pattern).ok();
            let whole = whole.map(|whole| whole.matches(text));
            assert_eq!(whole, covered, "{pattern:?} over {text:?}");
        }
    }

    /// Counted one after the other, as they were, they took a thousand times as long with each level.
    #[test]
    fn counts_within_counts_are_refused_and_nesting_has_a_bound() {
        let nested = format!("{}a{}", "(".repeat(MAX_DEPTH), ")*".repeat(MAX_DEPTH));
        for read in [Pattern::searched, Pattern::anchored] {
            let pattern = read(&nested).expect("it is one");
            assert!(pattern.matches(&"a".repeat(200)));
            let deeper = read(&format!("({nested})")).expect_err("a level too many");
            assert!(deeper.unsupported, "{deeper:?}");
            let large = read("((a{1000}){1000}){1000}").expect_err("too large");
            assert!(large.unsupported, "{large:?}");
        }
    }
}
