//! Quoting of the user's words in messages.

/// The most characters of a word that are quoted.
const SHOWN: usize = 40;

/// Returns `text` between back quotes, shortened, on one line and without control characters.
pub(crate) fn quote(text: &str) -> String {
    format!("`{}`", tame(text, SHOWN))
}

/// Returns a noun behind its article, as it is said: `a Rollout`, `an AlertCondition`, `an SLO`.
pub(crate) fn with_article(noun: &str) -> String {
    let vowel =
        noun.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']) || noun.starts_with("SL");
    let article = if vowel { "an" } else { "a" };
    format!("{article} {noun}")
}

/// Returns the first `limit` characters of `text` with control characters escaped.
pub(crate) fn tame(text: &str, limit: usize) -> String {
    let mut tamed = String::new();
    for (place, c) in text.chars().enumerate() {
        if place == limit {
            tamed.push_str("...");
            break;
        }
        if c.is_control() || is_invisible(c) {
            tamed.extend(c.escape_default());
        } else {
            tamed.push(c);
        }
    }
    tamed
}

/// Characters that change how their neighbours are shown, or that are not shown at all.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_suits_the_sound_of_its_noun() {
        for (noun, expect) in [
            ("AlertCondition", "an AlertCondition"),
            ("AnalysisTemplate", "an AnalysisTemplate"),
            ("Experiment", "an Experiment"),
            ("SLO", "an SLO"),
            ("Service", "a Service"),
            ("Rollout", "a Rollout"),
            ("int", "an int"),
            ("str", "a str"),
        ] {
            assert_eq!(with_article(noun), expect);
        }
    }

    #[test]
    fn quoted_words_are_short_and_harmless() {
        assert_eq!(quote("größe"), "`größe`");
        assert_eq!(quote("a\u{1b}[31m\n"), r"`a\u{1b}[31m\n`");
        assert_eq!(quote("a\u{202e}b"), r"`a\u{202e}b`");
        assert_eq!(quote(&"x".repeat(50)), format!("`{}...`", "x".repeat(40)));
    }
}
