//! The README agrees with the program.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use super::source::root;

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("there is a README")
}

fn answer_of(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_coalmine"))
        .args(arguments)
        .output();
    let output = output.expect("the program runs");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("help is text")
}

/// Returns the first cells of the table under a heading of the README.
fn first_cells(heading: &str) -> BTreeSet<String> {
    let text = readme();
    let section = text
        .split("\n## ")
        .find(|section| section.starts_with(heading));
    let rows = section
        .expect("the README has the section")
        .lines()
        .filter(|line| {
            line.starts_with("| ") && !line.starts_with("| command") && !line.starts_with("| code")
        });
    let cell = |row: &str| {
        row.trim_start_matches("| ")
            .split(" |")
            .next()
            .map(str::to_owned)
    };
    rows.filter_map(cell)
        .map(|cell| cell.trim_matches('`').to_owned())
        .collect()
}

#[test]
fn every_command_of_the_program_is_in_the_readme() {
    let help = answer_of(&["--help"]);
    let (_, commands) = help.split_once("Commands:\n").expect("there are commands");
    let (commands, _) = commands.split_once("\n\n").expect("the list ends");
    let names = commands
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let told = first_cells("Commands");
    for name in names.filter(|name| *name != "help") {
        assert!(
            told.contains(name),
            "`{name}` is not in the table of commands"
        );
    }
}

#[test]
fn every_exit_code_of_the_program_is_in_the_readme_and_no_other() {
    let table = answer_of(&["exit-codes"]);
    let first_words = table
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let codes = first_words.filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let codes: BTreeSet<_> = codes.map(str::to_owned).collect();
    assert_eq!(codes.len(), 9, "{table}");
    assert_eq!(first_cells("Exit codes"), codes);
}
