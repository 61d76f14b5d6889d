//! Runs the binary as a user would.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// What a command came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The binary, without anything of the environment that changes what it says.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coalmine"));
    command.args(args).stdin(Stdio::null());
    for variable in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "TERM",
        "CI",
    ] {
        command.env_remove(variable);
    }
    command
}

pub fn coalmine(args: &[&str]) -> Ran {
    ran(command(args).output().unwrap())
}

/// Runs in `folder`.
pub fn coalmine_in(folder: &Path, args: &[&str]) -> Ran {
    ran(command(args).current_dir(folder).output().unwrap())
}

pub fn ran(output: Output) -> Ran {
    Ran {
        // A signal has no code; no test expects one.
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Starts a command with `-v`, sends it a signal once it says on stderr how much it has done, and returns what
/// came of it.
#[cfg(unix)]
pub fn interrupted(folder: &Path, signal: &str, args: &[&str]) -> Ran {
    interrupted_at(folder, signal, args, &["a second", "binomial_threshold"])
}

/// The same once the command has said one of `words` on stderr.
pub fn interrupted_at(folder: &Path, signal: &str, args: &[&str], words: &[&str]) -> Ran {
    let mut child = command(args)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !words.iter().any(|word| line.contains(word)) {
        line.clear();
        assert!(
            said.read_line(&mut line).unwrap() > 0,
            "{args:?} ended by itself"
        );
    }
    send(signal, child.id());
    let mut ran = ran(child.wait_with_output().unwrap());
    said.read_to_string(&mut ran.err).unwrap();
    ran
}

/// Sends a signal to a process that was started here.
#[cfg(unix)]
pub fn send(signal: &str, to: u32) {
    let kill = Command::new("kill")
        .args([signal, &to.to_string()])
        .status();
    assert!(kill.unwrap().success());
}

/// The names in a folder, in order.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.unwrap().file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// A small policy, its world, a good and a bad release.
pub const PLAIN: [(&str, &str); 4] = [
    ("policy.yaml", include_str!("plain/policy.yaml")),
    ("world.yaml", include_str!("plain/world.yaml")),
    (
        "good.scenario.yaml",
        include_str!("plain/good.scenario.yaml"),
    ),
    ("bad.scenario.yaml", include_str!("plain/bad.scenario.yaml")),
];

/// A new folder with the plain files.
pub fn plain() -> TempDir {
    folder_of(&PLAIN)
}

/// A new folder with these files: their names and their text.
pub fn folder_of(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The JSON that a command answers with.
pub fn json(ran: &Ran) -> serde_json::Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error} in {ran:?}"))
}
