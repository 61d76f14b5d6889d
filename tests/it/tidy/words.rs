//! Words that do not belong into the code.

use super::source::sources;

/// What no Rust file may contain outside of comments and texts, and why.
const BANNED: [(&str, &str); 12] = [
    ("#[ignore", "a test that does not run proves nothing"),
    ("todo!", "unfinished work does not land"),
    ("unimplemented!", "unfinished work does not land"),
    ("dbg!", "a leftover"),
    ("#[allow(", "use #[expect(..., reason = \"...\")]"),
    ("#![allow(", "use #[expect(..., reason = \"...\")]"),
    ("#[serde(tag", "located errors need externally tagged enums"),
    (
        "#[serde(untagged",
        "located errors need externally tagged enums",
    ),
    ("#[serde(flatten", "unknown keys would pass unseen"),
    ("serde(flatten", "unknown keys would pass unseen"),
    ("thread::sleep", "time is virtual"),
    ("static mut", "no hidden state"),
];

#[test]
fn no_banned_word_is_in_the_code() {
    for source in sources() {
        for (word, why) in BANNED {
            if let Some(at) = source.code.find(word) {
                panic!("{}:{}: {word}: {why}", source.path, source.line_of(at));
            }
        }
    }
}

#[test]
fn every_expected_lint_has_a_reason() {
    for source in sources() {
        for (at, _) in source.code.match_indices("#[expect(") {
            let rest = &source.code[at..];
            let attribute = &rest[..rest.find(")]").expect("an attribute ends")];
            assert!(
                attribute.contains("reason"),
                "{}:{}",
                source.path,
                source.line_of(at)
            );
        }
    }
}

#[test]
fn every_form_that_is_read_refuses_unknown_keys() {
    for source in sources()
        .iter()
        .filter(|source| !source.product().is_empty())
    {
        let product = source.product();
        for (at, _) in product.match_indices("Deserialize, JsonSchema)]") {
            let rest = &source.text[at..source.text.len().min(at + 400)];
            let item = rest
                .find("pub struct")
                .filter(|at| rest[..*at].matches("\n}").count() == 0);
            let Some(item) = item else { continue };
            let is_named = rest[item..]
                .lines()
                .next()
                .is_some_and(|line| line.ends_with('{'));
            let strict = rest[..item].contains("deny_unknown_fields");
            assert!(
                strict || !is_named,
                "{}:{}",
                source.path,
                source.line_of(at)
            );
        }
    }
}
