//! An engine's own client: what it is told, and how it is started.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::cli::failure::Failure;
use crate::cli::resolve::quoted;

/// What is handed over.
pub struct Submission {
    /// The clients to start, one after another: each with its words.
    pub commands: Vec<Vec<String>>,
    /// What each of them reads.
    pub input: Option<String>,
    /// What people should know first.
    pub warnings: Vec<String>,
}

impl Submission {
    /// Returns what would be submitted: what the client reads, or else the commands, for a shell.
    pub fn text(&self) -> String {
        if let Some(input) = &self.input {
            return input.clone();
        }
        let line = |words: &Vec<String>| {
            let words = words.iter().map(|word| shell(word));
            words.collect::<Vec<_>>().join(" ") + "\n"
        };
        self.commands.iter().map(line).collect()
    }

    /// Starts the clients and waits for each.
    ///
    /// # Errors
    /// When one cannot be started, and when it says that it failed.
    pub fn run(&self) -> Result<(), Failure> {
        self.commands.iter().try_for_each(|words| self.start(words))
    }

    fn start(&self, words: &[String]) -> Result<(), Failure> {
        let [program, words @ ..] = words else {
            return Ok(());
        };
        let failed = |why: String| {
            Failure::output(format!("{program} {why}"))
                .help("--dry-run prints what would be submitted, to be submitted elsewhere")
        };
        let mut command = Command::new(program);
        command.args(words);
        if self.input.is_some() {
            command.stdin(Stdio::piped());
        }
        let started = command.spawn();
        let mut child = started.map_err(|error| failed(format!("cannot be started: {error}")))?;
        if let (Some(input), Some(mut stdin)) = (&self.input, child.stdin.take()) {
            // A client that does not want to read says why it failed.
            drop(stdin.write_all(input.as_bytes()));
        }
        let ended = child.wait();
        let status = ended.map_err(|error| failed(format!("was lost: {error}")))?;
        if status.success() {
            return Ok(());
        }
        Err(failed(format!("failed ({status})")))
    }
}

/// A word as a shell takes it: what begins with a dash stays an option.
pub fn shell(word: &str) -> String {
    let name = word.trim_start_matches('-');
    if name.len() < word.len() && (name.is_empty() || quoted(name) == name) {
        return word.to_owned();
    }
    quoted(word)
}
