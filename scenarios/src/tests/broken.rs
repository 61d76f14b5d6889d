//! Documents that are wrong: every problem has its code and its place.

use super::plan::Plan;
use crate::{Diagnostic, Report, read};

const HEAD: &str = "version: 1\nname: n\n";
const STAGES: &str = "stages: [{name: a, target: 1%, hold: 1m}]\n";

/// Returns `code line:column` of each problem.
fn problems(bytes: &[u8]) -> Vec<String> {
    match read::<Plan>("broken.yaml", bytes) {
        Ok(_) => Vec::new(),
        Err(report) => listed(&report),
    }
}

fn listed(report: &Report) -> Vec<String> {
    let place = |found: &Diagnostic| match report.positions(found) {
        Some((start, _)) => format!("{} {}:{}", found.code, start.line, start.column),
        None => found.code.to_owned(),
    };
    // Rendering is part of every case: it must cope with whatever was found.
    assert!(!report.to_string().is_empty());
    assert_eq!(report.to_json().len(), report.diagnostics.len());
    report.diagnostics.iter().map(place).collect()
}

fn check(bytes: impl AsRef<[u8]>, expect: &[&str]) {
    let bytes = bytes.as_ref();
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]);
    assert_eq!(problems(bytes), expect, "{shown}");
}

/// Checks a plan that is right but for the line `extra` at its end, which is line 4.
fn check_line(extra: &str, expect: &[&str]) {
    check(format!("{HEAD}{STAGES}{extra}"), expect);
}

/// Checks a plan whose only stage, on line 4, is `stage`.
fn check_stage(stage: &str, expect: &[&str]) {
    check(format!("{HEAD}stages:\n  - {stage}\n"), expect);
}

#[test]
fn the_frame_of_these_tests_is_right() {
    check_line("", &[]);
    check_stage("{name: a, target: 1%, hold: 1m}", &[]);
}

#[test]
fn keys_are_known_given_once_and_not_forgotten() {
    check_line("weight: 5\n", &["CM020 4:1"]);
    check_line("colours: amber\n", &["CM020 4:1"]);
    check_line("dry_run: true\n", &["CM020 4:1"]);
    check_line("seed: 1\nseed: 2\n", &["CM009 5:1"]);
    check_line("\"seed\": 1\nseed: 2\n", &["CM009 5:1"]);
    check_stage("{nmae: a, target: 1%, hold: 1m}", &["CM020 4:6"]);
    check_stage("{target: 1%, hold: 1m}", &["CM021 4:5"]);
    check_stage("{name: a}", &["CM021 4:5", "CM021 4:5"]);
    check_stage("{}", &["CM021 4:5", "CM021 4:5", "CM021 4:5"]);
    check_line("limits: {a: {}}\n", &["CM021 4:13"]);
    check_line("limits: {a: {at-most: 1, least: 0}}\n", &["CM020 4:26"]);
    check_line("{{ name }}: 5\n", &["CM010 4:1"]);
    check_line("? [a, b]\n: 5\n", &["CM010 4:3"]);
}

#[test]
fn durations_have_a_unit_and_a_form() {
    check_line("every: 15\n", &["CM026 4:8"]);
    check_line("every: '15'\n", &["CM026 4:8"]);
    check_line("every: 1.5\n", &["CM026 4:8"]);
    check_line("every: 15x\n", &["CM027 4:8"]);
    check_line("every: 15 minutes\n", &["CM027 4:8"]);
    check_line("every: -5m\n", &["CM027 4:8"]);
    check_line("every: -5\n", &["CM027 4:8"]);
    check_line("every: PT15M\n", &["CM027 4:8"]);
    check_line("every: ''\n", &["CM027 4:8"]);
    check_line("every: 99999999w\n", &["CM027 4:8"]);
    check_line("every: true\n", &["CM022 4:8"]);
    check_line("every: [15m]\n", &["CM022 4:8"]);
    check_line("every: .inf\n", &["CM025 4:8"]);
}

#[test]
fn shares_lie_between_nothing_and_the_whole() {
    for target in [
        "101%", "150", "-1%", "-0.1", "1e308", "50 %", "half", "1e-9",
    ] {
        check_stage(
            &format!("{{name: a, target: {target}, hold: 1m}}"),
            &["CM028 4:23"],
        );
    }
    check_stage("{name: a, target: .nan, hold: 1m}", &["CM025 4:23"]);
    check_stage("{name: a, target: [1%], hold: 1m}", &["CM022 4:23"]);
    check_stage("{name: a, target: , hold: 1m}", &["CM022 4:15"]);
}

#[test]
fn numbers_are_finite_and_in_range() {
    let limit = |text: &str| format!("limits: {{a: {{at-most: {text}}}}}\n");
    check_line(&limit("1e308"), &["CM024 4:23"]);
    check_line(&limit("-1"), &["CM024 4:23"]);
    check_line(&limit("-0.5"), &["CM024 4:23"]);
    check_line(&limit(".nan"), &["CM025 4:23"]);
    check_line(&limit("NaN"), &["CM025 4:23"]);
    check_line(&limit("-.inf"), &["CM025 4:23"]);
    check_line(&limit("1e999"), &["CM025 4:23"]);
    check_line(&limit("'0.5'"), &["CM022 4:23"]);
    check_line(&limit("5%"), &["CM022 4:23"]);
    check_line(&limit("010"), &["CM022 4:23"]);
    check_line("seed: -1\n", &["CM024 4:7"]);
    check_line("seed: 18446744073709551616\n", &["CM024 4:7"]);
    check_line("seed: 1.5\n", &["CM022 4:7"]);
    check_line("seed: 1e3\n", &["CM022 4:7"]);
    check_stage("{name: a, target: 1, hold: 0, batch: 0}", &["CM024 4:42"]);
    check_stage("{name: a, target: 1, hold: 0, batch: 501}", &["CM024 4:42"]);
    check_stage(
        "{name: a, target: 1, hold: 0, batch: many}",
        &["CM022 4:42"],
    );
}

#[test]
fn values_are_of_the_type_that_is_due() {
    check("- a\n- b\n", &["CM022 1:1"]);
    check("just text\n", &["CM022 1:1"]);
    check("null\n", &["CM022 1:1"]);
    check("[]\n", &["CM022 1:1"]);
    check_line("notes: [a]\n", &["CM022 4:8"]);
    check_line("notes: 5\n", &["CM022 4:8"]);
    check_line("dry-run: yes\n", &["CM022 4:10"]);
    check_line("dry-run: 1\n", &["CM022 4:10"]);
    check_line("limits: [a]\n", &["CM022 4:9"]);
    check_line("limits: {a: 5}\n", &["CM022 4:13"]);
    check(format!("{HEAD}stages: {{name: a}}\n"), &["CM022 3:9"]);
    check(format!("{HEAD}stages:\n"), &["CM022 3:1"]);
    check(format!("{HEAD}stages: []\n"), &["CM029 3:9"]);
    check(format!("{HEAD}stages:\n  -\n"), &["CM022 4:4"]);
    check(format!("version: one\nname: n\n{STAGES}"), &["CM022 1:10"]);
    check(format!("version: 2\nname: n\n{STAGES}"), &["CM032 1:10"]);
}

#[test]
fn an_enum_is_read_in_the_branch_that_is_meant() {
    check_line("action: paus\n", &["CM023 4:9"]);
    check_line("action: stop\n", &["CM023 4:9"]);
    check_line("action: wait\n", &["CM022 4:9"]);
    check_line("action: {wait: 5}\n", &["CM026 4:16"]);
    check_line("action: {pause: 5m}\n", &["CM022 4:10"]);
    check_line("action: {waite: 5m}\n", &["CM023 4:10"]);
    check_line("action: {wait: 5m, pause: 1m}\n", &["CM030 4:20"]);
    check_line(
        "action: {wait: 5m, roll-back: {within: 1m}}\n",
        &["CM030 4:20"],
    );
    check_line("action: {}\n", &["CM030 4:9"]);
    check_line("action: [wait]\n", &["CM022 4:9"]);
    check_line("action: 5\n", &["CM022 4:9"]);
    check_line("action:\n", &["CM022 4:1"]);
    check_line("action: {roll-back: {}}\n", &["CM021 4:21"]);
    check_line(
        "action: {roll-back: {within: 5, notify: ops, x: 1}}\n",
        &["CM026 4:30", "CM022 4:41", "CM020 4:46"],
    );
    check_line("colour: ambr\n", &["CM023 4:9"]);
    check_line("colour: {amber: 1}\n", &["CM022 4:10"]);
}

#[test]
fn all_problems_of_a_file_are_reported_in_its_order() {
    check(
        "version: 1\nstages:\n  - name: a\n    target: 150%\n    hold: 15\n  - name: [b]\n    \
         hold: 1m\n    batch: 0\nextra: 1\n",
        &[
            "CM021 1:1",
            "CM028 4:13",
            "CM026 5:11",
            "CM021 6:5",
            "CM022 6:11",
            "CM024 8:12",
            "CM020 9:1",
        ],
    );
    check_line("seed: 1\nseed: 2\nextra: 1\n", &["CM009 5:1", "CM020 6:1"]);
}

#[test]
fn a_flood_of_problems_is_cut() {
    let flood: Vec<String> = (0..1000).map(|n| format!("key{n}: 1")).collect();
    let flood = flood.join("\n");
    let found = problems(format!("{HEAD}{STAGES}{flood}").as_bytes());
    assert_eq!(found.len(), 101);
    assert_eq!(found[100], "CM033");
    let found = problems("seed: 1\n".repeat(100_000).as_bytes());
    assert_eq!(found[102], "CM009 101:1");
    assert_eq!(found.last().map(String::as_str), Some("CM033"));
}

#[test]
fn what_is_no_document_is_refused_at_its_place() {
    check("", &["CM003 1:1"]);
    check("\u{FEFF}", &["CM003 1:1"]);
    check("   \n\n", &["CM003 1:1"]);
    check("# only\n# comments\n", &["CM003 1:1"]);
    check("---\n", &["CM003 1:1"]);
    check(b"name: a\nk: \xff\xfe", &["CM002 2:4"]);
    check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &["CM002 1:1"]);
    check(b"name: a\0b", &["CM002 1:8"]);
    check(b"\xff\xfen\0a\0", &["CM002 1:1"]);
    check(b"name: gr\xfcn\n", &["CM002 1:9"]);
    check(vec![b'a'; 2 << 20], &["CM001 1:1"]);
    check(vec![0xff; 2 << 20], &["CM001 1:1"]);
    let document = format!("{HEAD}{STAGES}");
    check(format!("{document}---\n{document}"), &["CM008 4:1"]);
    check(format!("{document}...\n---\n{document}"), &["CM008 5:1"]);
}

#[test]
fn syntax_errors_point_at_the_mistake() {
    check_line("notes: 'open\n", &["CM004 4:8"]);
    check_line("notes: \"open\n", &["CM004 4:8"]);
    check_line("\tnotes: a\n", &["CM004 4:1"]);
    check_line("notes: a: b\n", &["CM004 4:9"]);
    check_line("notes: @home\n", &["CM004 4:8"]);
    check_line("notes: \"\\q\"\n", &["CM004 4:8"]);
    check_line("notes: 'it's'\n", &["CM004 4:12"]);
    check_line("limits: {a: {at-most: 1}\n", &["CM004 4:9"]);
    check_line("limits: ]\n", &["CM004 4:9"]);
    check_line("limits: {a: [}\n", &["CM004 4:13"]);
    check_line("  indented: 1\n", &["CM004 4:3"]);
    check_line("no colon\n", &["CM004 4:1"]);
    check_line("notes: *nobody\n", &["CM007 4:8"]);
    check_line("limits: &l {a: *l}\n", &["CM007 4:16"]);
    check_line("notes: !include other.yaml\n", &["CM011 4:8"]);
    check_line("limits: {<<: 5}\n", &["CM012 4:14"]);
    check(r#"{"version": 1, "name": "a", "#, &["CM004 1:1"]);
    check(
        r#"{"version": 1, "name": "a" "stages": []}"#,
        &["CM004 1:28"],
    );
}

#[test]
fn nesting_is_bounded() {
    for unit in ["[", "{a: ", "- ", "? ", "[{a: "] {
        let large = unit.repeat((10 << 20) / unit.len());
        check(large.as_bytes(), &["CM001 1:1"]);
        let just_read = unit.repeat((1 << 20) / unit.len());
        let found = problems(just_read.as_bytes());
        assert_eq!(found.len(), 1, "{unit}: {found:?}");
        assert!(found[0].starts_with("CM005 1:"), "{unit}: {found:?}");
    }
    check_line(
        &format!("limits: {}1{}\n", "[".repeat(63), "]".repeat(63)),
        &["CM022 4:9"],
    );
    check_line(
        &format!("limits: {}1{}\n", "[".repeat(64), "]".repeat(64)),
        &["CM005 4:72"],
    );
    let ladder: Vec<String> = (0..200).map(|n| format!("{}a:", " ".repeat(n))).collect();
    check(ladder.join("\n"), &["CM005 65:65"]);
}

#[test]
fn aliases_cannot_multiply_without_bound() {
    let rung = |n: usize| match n {
        0 => format!("a0: &a0 [{}]", ["x"; 10].join(", ")),
        _ => format!(
            "a{n}: &a{n} [{}]",
            vec![format!("*a{}", n - 1); 10].join(", ")
        ),
    };
    let bomb: Vec<String> = (0..10).map(rung).collect();
    let found = problems(bomb.join("\n").as_bytes());
    assert!(
        matches!(found.as_slice(), [only] if only.starts_with("CM006 ")),
        "{found:?}"
    );
    let text = "x".repeat(500_000);
    let copies = "*t, ".repeat(100_000);
    check(format!("t: &t {text}\nc: [{copies}]\n"), &["CM006 2:49"]);
    let rung = |n: usize| format!("k{n}: &k{n} [*k{}]", n - 1);
    let ladder: Vec<String> = (1..100).map(rung).collect();
    check(
        format!("k0: &k0 [1]\n{}", ladder.join("\n")),
        &["CM005 64:12"],
    );
}

#[test]
fn positions_hold_after_other_scripts_line_ends_and_marks() {
    check(
        format!("{HEAD}{STAGES}notes: [größe, 日本, 😀], x: 1\n"),
        &["CM004 4:22"],
    );
    check_line(
        "limits: {größe: {at-most: 1}, 日本: {at-most: -1}}\n",
        &["CM024 4:45"],
    );
    let document = format!("{HEAD}{STAGES}seed: -1\nevery: 5\n");
    let expect = &["CM024 4:7", "CM026 5:8"];
    check(&document, expect);
    check(document.replace('\n', "\r\n"), expect);
    check(document.replace('\n', "\r"), expect);
    check(format!("\u{FEFF}{document}"), expect);
    check("\u{FEFF}nam: 1\n", &["CM020 1:1", "CM021 1:1", "CM021 1:1"]);
}

#[test]
fn huge_and_hostile_texts_are_shown_tamed() {
    let huge = "x".repeat(1_000_000);
    check_line(&format!("every: {huge}\n"), &["CM027 4:8"]);
    check_line(&format!("? {huge}\n: 1\n"), &["CM020 4:3"]);
    check_line(&format!("colour: \"{huge}\"\n"), &["CM023 4:9"]);
    let report = read::<Plan>("a\u{1b}[31m.yaml", b"colour: \"\x1b[31m\\e[0m\"\n")
        .expect_err("the text is wrong");
    assert!(!report.to_string().contains('\u{1b}'), "{report}");
    let report = read::<Plan>("x.yaml", format!("every: {huge}\n").as_bytes())
        .expect_err("the text is wrong");
    assert!(report.to_string().len() < 4000, "{report}");
}

#[test]
fn json_has_the_same_codes_and_places() {
    check(
        "{\n  \"version\": 1,\n  \"name\": 5,\n  \"stages\": [\n    {\"name\": \"a\", \"target\": \
         \"200%\", \"hold\": 15}\n  ],\n  \"extra\": {}\n}\n",
        &["CM022 3:11", "CM028 5:29", "CM026 5:45", "CM020 7:3"],
    );
    check(
        "{\"name\": \"a\", \"name\": \"b\"}",
        &["CM021 1:1", "CM021 1:1", "CM009 1:15"],
    );
    check("[1, 2]", &["CM022 1:1"]);
}
