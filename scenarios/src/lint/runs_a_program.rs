//! A program that decides.

use sim_core::policy::{DecidedBy, ExecGuard, GuardProtocol};

use super::{Rule, Subject};
use crate::CodeEntry;
use crate::check::Problem;

pub(super) const RULE: Rule = Rule {
    entry: CodeEntry {
        code: "CM246",
        title: "a program decides",
        explanation: "The file asks for a program to be run: its guard. Nothing runs it without --allow-exec, and \
                      with it only `run` and `simulate` do, without a shell, with a deadline and a bound on what it \
                      writes. It runs as the one who typed the command: read it first.",
    },
    name: "runs-a-program",
    source: "docs/guard.md: what a guard may do",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Problem> {
    let Some(DecidedBy::Exec(guard)) = &subject.policy.decide else {
        return Vec::new();
    };
    let how = match guard.protocol {
        GuardProtocol::JsonLines => "one process for many questions",
        GuardProtocol::Once => "a process for each question",
    };
    let what = format!(
        "`{}` is run to decide: {how}, {} and {} bytes for an answer; it sees {}; {}",
        guard.command.join(" "),
        guard.deadline,
        guard.max_output,
        sees(guard),
        meanings(guard),
    );
    let problem = Problem::warning("CM246", "decide.exec.command", what)
        .help("read the program before you add --allow-exec");
    vec![problem]
}

fn sees(guard: &ExecGuard) -> String {
    let own = guard.environment.iter();
    let own = own.map(|(name, value)| format!(", {name}={value}"));
    format!("PATH, HOME{}", own.collect::<String>())
}

/// What its answers and its faults mean.
fn meanings(guard: &ExecGuard) -> String {
    let on = &guard.on;
    let codes = guard.exit_codes.iter();
    let codes = codes.map(|(code, means)| (format!("exit code {code}"), *means));
    let words = guard.words.iter();
    let words = words.map(|(word, means)| (format!("`{word}`"), *means));
    let faults = [
        ("a crash", on.crash),
        ("the deadline", on.deadline),
        ("no decision", on.no_decision),
        ("too much output", on.too_much_output),
    ];
    let faults = faults.map(|(fault, means)| (fault.to_owned(), means));
    let all = codes.chain(words).chain(faults);
    let all: Vec<_> = all
        .map(|(what, means)| format!("{what}: {}", means.word()))
        .collect();
    all.join(", ")
}
