//! Guards: programs that decide in the place of gates.

use sim_core::engine::SimDuration;
use sim_core::policy::{DecidedBy, ExecGuard, GuardDecision, GuardProtocol, Policy};

use super::problem::Problem;

/// The longest time that an answer is waited for.
const DEADLINE_MAX: SimDuration = SimDuration::from_secs(60);

/// What stands for the path of a file in a command.
const FILES: [&str; 3] = ["{signals}", "{k6-summary}", "{guard-rates}"];

/// Checks what a policy says of its guard.
pub(crate) fn check(policy: &Policy) -> Vec<Problem> {
    let Some(DecidedBy::Exec(guard)) = &policy.decide else {
        return Vec::new();
    };
    let groups = [
        command(guard),
        times(guard),
        environment(guard),
        exit_codes(guard),
        words(guard),
    ];
    groups.into_iter().flatten().collect()
}

/// What is said where nobody lets the program run.
pub(crate) fn not_allowed(policy: &Policy) -> Option<Problem> {
    let DecidedBy::Exec(guard) = policy.decide.as_ref()?;
    let what = format!(
        "a program decides this policy: `{}`, and nothing here may run it",
        guard.command.join(" ")
    );
    let problem = Problem::error("CM182", "decide.exec", what)
        .reason("a file never runs a program on its own, and without its guard the policy is another one")
        .help("`coalmine run` and `coalmine simulate` play it with --allow-exec; no other command does");
    Some(problem)
}

fn wrong(key: &str, what: impl Into<String>) -> Problem {
    Problem::error("CM181", format!("decide.exec.{key}"), what)
}

fn command(guard: &ExecGuard) -> Vec<Problem> {
    let mut found = Vec::new();
    if guard
        .command
        .first()
        .is_none_or(|program| program.trim().is_empty())
    {
        found.push(wrong("command", "no program is named").help("write `[python3, guard.py]`"));
    }
    if guard.command.iter().any(|part| part.contains('\0')) {
        found.push(wrong(
            "command",
            "an argument holds a NUL, which no program can be given",
        ));
    }
    let file = |part: &String| FILES.iter().find(|file| part.contains(*file));
    let file = guard.command.iter().find_map(file);
    if let (GuardProtocol::JsonLines, Some(file)) = (guard.protocol, file) {
        let what = format!("{file} is a file for one question, and this program answers many");
        found.push(wrong("command", what).help("write `protocol: once`, or read the lines"));
    }
    found
}

fn times(guard: &ExecGuard) -> Vec<Problem> {
    let allowed = !guard.deadline.is_zero() && guard.deadline <= DEADLINE_MAX;
    let problem = (!allowed).then(|| {
        let what = format!("{} is no time to wait for an answer", guard.deadline);
        wrong("deadline", what).help("write a time up to 1m, such as `2s`")
    });
    problem.into_iter().collect()
}

fn environment(guard: &ExecGuard) -> Vec<Problem> {
    let odd = |(name, value): &(&String, &String)| {
        name.is_empty() || name.contains(['=', '\0']) || value.contains('\0')
    };
    let found = guard.environment.iter().filter(odd);
    let problem = |(name, _): (&String, &String)| {
        wrong(
            "environment",
            format!("`{name}` is no variable that a program can be given"),
        )
    };
    found.map(problem).collect()
}

fn exit_codes(guard: &ExecGuard) -> Vec<Problem> {
    let mut found = Vec::new();
    if guard.protocol == GuardProtocol::JsonLines && !guard.exit_codes.is_empty() {
        let what = "a program that answers many questions does not exit with an answer";
        found.push(wrong("exit-codes", what).help("use `words:`, or write `protocol: once`"));
    }
    for code in guard.exit_codes.keys() {
        let number = code.parse::<u8>().ok();
        if number.is_none_or(|number| number.to_string() != *code) {
            let what = format!("`{code}` is no exit code");
            found.push(wrong(&format!("exit-codes.{code}"), what).help("they go from 0 to 255"));
        }
    }
    found
}

fn words(guard: &ExecGuard) -> Vec<Problem> {
    let mut found = Vec::new();
    if !guard.words.is_empty() && !guard.exit_codes.is_empty() {
        let what = "the exit code decides, and no word is read";
        found.push(wrong("words", what).help("leave out `words:` or `exit-codes:`"));
    }
    for (word, means) in &guard.words {
        let own = GuardDecision::ALL
            .into_iter()
            .find(|own| own.word() == word);
        if word.trim() != word || word.is_empty() || word.lines().count() > 1 {
            found.push(wrong(
                "words",
                format!("`{word}` is no word on a line of its own"),
            ));
        } else if own.is_some_and(|own| own != *means) {
            let what = format!("`{word}` means itself, and not {}", means.word());
            found.push(wrong(&format!("words.{word}"), what));
        }
    }
    found
}
