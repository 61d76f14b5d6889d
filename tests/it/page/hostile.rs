//! Names that try to be something else than names.

use std::fs;

use serde_json::Value;

use super::kinds::{Made, kinds};
use super::{parse, read, study};
use crate::command::{coalmine_in, plain};

/// Markup, quotes that end attributes, marks that turn text around, a line break, a formula, and length.
fn names() -> Vec<String> {
    vec![
        "<script>alert(1)</script>".into(),
        "\" onload=\"alert(1)\" '><img src=x>".into(),
        "user\u{202e}nimda\u{2066}\u{200b}".into(),
        "two\nlines\u{1b}[2J\u{0}".into(),
        "=cmd|' /C calc'!A0, ::error::x %0A ]]> --> &amp; </text></svg></style>".into(),
        "n".repeat(10_000),
    ]
}

/// Puts `name` wherever a stored result has a name from a file.
fn rename(value: &mut Value, name: &str) {
    const NAMED: [&str; 22] = [
        "policy", "profile", "scenario", "id", "gate", "stage", "window", "promise", "rests_on",
        "text", "kind_of", "reason", "name", "site", "operator", "signal", "file", "sentence",
        "title", "fault", "named", "patch",
    ];
    match value {
        Value::Object(fields) => {
            for (key, each) in fields {
                match each {
                    Value::String(text) if NAMED.contains(&key.as_str()) => name.clone_into(text),
                    _ => rename(each, name),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|each| rename(each, name)),
        _ => {}
    }
}

#[test]
fn hostile_names_are_text_in_every_form() {
    let folder = plain();
    study(folder.path());
    let result: Value = serde_json::from_str(&read(folder.path(), "result.json")).unwrap();
    for name in names() {
        let mut evil = result.clone();
        rename(&mut evil, &name);
        fs::write(folder.path().join("evil.json"), evil.to_string()).unwrap();
        for format in ["html", "markdown", "junit", "csv", "github", "text"] {
            let ran = coalmine_in(folder.path(), &["report", "evil.json", "--format", format]);
            assert_eq!(ran.code, 0, "{format}: {}", ran.err);
            for hidden in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{1b}', '\u{0}'] {
                assert!(!ran.out.contains(hidden), "{format} contains {hidden:?}");
            }
            check(format, &ran.out, &name);
        }
        let ran = coalmine_in(
            folder.path(),
            &["report", "evil.json", "--out", "svg=charts"],
        );
        assert_eq!(ran.code, 0, "{ran:#?}");
        for file in fs::read_dir(folder.path().join("charts")).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
            assert!(!text.contains("<script") && !text.contains("<img"));
        }
    }
}

#[test]
fn hostile_names_are_text_on_every_kind_of_page() {
    let folder = plain();
    let name = names()[..5].join(" ");
    for Made { kind, json, .. } in kinds() {
        let mut evil: Value = serde_json::from_str(json).unwrap();
        rename(&mut evil, &name);
        fs::write(folder.path().join("evil.json"), evil.to_string()).unwrap();
        let ran = coalmine_in(folder.path(), &["report", "evil.json", "--format", "html"]);
        assert_eq!(ran.code, 0, "{kind}: {}", ran.err);
        for hidden in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{1b}', '\u{0}'] {
            assert!(!ran.out.contains(hidden), "{kind} contains {hidden:?}");
        }
        check("html", &ran.out, &name);
    }
}

fn check(format: &str, text: &str, name: &str) {
    match format {
        "html" => {
            parse(text);
            assert!(text.len() < 500_000, "{} bytes", text.len());
            assert!(
                !text.contains("<script")
                    && !text.contains("<img")
                    && !text.contains("onload=\"alert")
            );
            assert_eq!(text.matches("</style>").count(), 1);
        }
        "junit" => {
            let document = roxmltree::Document::parse(text)
                .unwrap_or_else(|error| panic!("{error} in {text}"));
            assert!(
                document
                    .descendants()
                    .all(|node| !node.has_tag_name("script"))
            );
        }
        "github" => assert!(text.lines().all(|line| line.starts_with("::")), "{text}"),
        "markdown" => assert!(
            text.len() < 60 * 1024,
            "{} bytes of {}...",
            text.len(),
            &name[..8]
        ),
        _ => {}
    }
}

#[test]
fn a_policy_with_a_hostile_name_is_played_and_shown() {
    let folder = plain();
    let path = folder.path().join("policy.yaml");
    let policy = fs::read_to_string(&path).unwrap();
    let evil = policy.replace("name: plain", "name: \"<script>x</script>\\u202e\\\"'\"");
    assert_ne!(evil, policy);
    fs::write(&path, evil).unwrap();
    study(folder.path());
    let html = read(folder.path(), "page.html");
    parse(&html);
    assert!(
        html.contains("&#60;script&#62;") || html.contains("&lt;script&gt;"),
        "the name is shown"
    );
    assert!(!html.contains("<script") && !html.contains('\u{202e}'));
}
