//! What reports look like.

use super::plan::Plan;
use crate::{Colour, Report, read};

fn report(text: &str) -> Report {
    read::<Plan>("plans/weekly.yaml", text.as_bytes()).expect_err("the text is wrong")
}

#[test]
fn a_report_says_what_where_why_and_what_next() {
    let text = "version: 1\nname: weekly\nstages:\n  - name: rämp\n    target: 1%\n    hold: 15\n    \
                bacth: 3\n";
    insta::assert_snapshot!(report(text), @r#"
    error[CM026]: the duration `15` has no unit
     --> plans/weekly.yaml:6:11
      |
    6 |     hold: 15
      |           ^^
      |
      = note: how long the stage lasts at least
      = help: did you mean `15m`? units are w, d, h, m, s, ms, us, ns

    error[CM020]: unknown key `bacth`
     --> plans/weekly.yaml:7:5
      |
    7 |     bacth: 3
      |     ^^^^^
      |
      = note: a misspelt key that is ignored is a limit that does not hold
      = help: did you mean `batch`? expected `name`, `target`, `hold` or `batch`
    "#);
}

#[test]
fn long_lines_are_cut_around_the_caret_and_control_characters_shown() {
    let text = format!("version: 1\nname: \"{}\", colour: \u{7}\n", "x".repeat(300));
    insta::assert_snapshot!(report(&text), @r#"
    error[CM004]: there is something behind the closing quote
     --> plans/weekly.yaml:2:309
      |
    2 | ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", colour: ␇
      |                                                                ^
      |
      = help: put quotes around the whole value, or escape the inner quotes
    "#);
}

#[test]
fn an_empty_file_has_no_line_to_show() {
    insta::assert_snapshot!(report("# nothing\n"), @r#"
    error[CM003]: the file is empty
     --> plans/weekly.yaml:1:1
      |
    1 | # nothing
      | ^
      |
      = note: there is nothing in it but blanks and comments
    "#);
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    let report = report("version: 1\nname: [a]\nstages: []\n");
    let coloured = report.render(Colour::Always);
    assert!(coloured.contains('\u{1b}'));
    let mut plain = String::new();
    for (place, part) in coloured.split('\u{1b}').enumerate() {
        let text = if place == 0 {
            part
        } else {
            part.split_once('m').expect("an escape sequence").1
        };
        plain.push_str(text);
    }
    assert_eq!(plain, report.render(Colour::Never));
}

#[test]
fn what_to_write_next_fits_the_slip() {
    let check = |line: &str, help: &str| {
        let text =
            format!("version: 1\nname: n\nstages: [{{name: a, target: 1%, hold: 1m}}]\n{line}\n");
        let report = report(&text);
        let helps: Vec<&str> = report
            .diagnostics
            .iter()
            .filter_map(|d| d.help.as_deref())
            .collect();
        assert!(
            helps.len() == 1 && helps[0].contains(help),
            "{line}: {helps:?}"
        );
    };
    check("every: 15", "did you mean `15m`?");
    check("every: 15 min", "write a duration such as `15m`");
    check("colur: amber", "did you mean `colour`?");
    check("colour: ambr", "did you mean `amber`?");
    check("dry-run: yes", "write `true`");
    check("dry-run: Off", "write `false`");
    check("notes: 1.10", "put quotes around it: `\"1.10\"`");
    check(
        "notes: {{ text }}",
        "put quotes around text that begins with `{`",
    );
    check("seed: '12'", "write `12` without quotes");
    check("seed: 1_000", "write the bare number: `1000`");
    check("seed: 3.0", "write `3`");
    check("every: [5m]", "write the item alone");
    check("limits: {a: {at-most: 5%}}", "`5%` is `0.05`");
    check("limits: {a: {}}", "add `at-most:` with a number");
    check(
        "limits: [{at-most: 5}]",
        "write `key: value` lines without `- `",
    );
    check("action: wait", "write `wait: ...`");
    check("action: {pause: 5m}", "write just `pause`");
    check(
        "action: {roll-back: {within: 5m, notify: ops}}",
        "write `[ops]`",
    );
    check(
        "action: {roll-back: {within: 5m, notify: {to: ops}}}",
        "begin each item of the list",
    );
    check(
        "notes: *text",
        "put quotes around text that begins with `*`",
    );
    check("notes: 'open", "close it with the same kind of quote");
    check("\tnotes: a", "indent with spaces");
}

#[test]
fn json_objects_carry_all_fields() {
    let report = report("version: 1\nname: n\nstages: [{name: a, target: 1%, hold: 15}]\n");
    let [object] = report.to_json().try_into().expect("one problem");
    insta::assert_snapshot!(serde_json::to_string_pretty(&object).expect("it is JSON"), @r#"
    {
      "code": "CM026",
      "severity": "error",
      "message": "the duration `15` has no unit",
      "file": "plans/weekly.yaml",
      "line": 3,
      "column": 38,
      "end_line": 3,
      "end_column": 40,
      "reason": "how long the stage lasts at least",
      "help": "did you mean `15m`? units are w, d, h, m, s, ms, us, ns"
    }
    "#);
}
