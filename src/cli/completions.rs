//! `coalmine completions`: the completions for a shell.

use clap::{Args, Command};
use clap_complete::Shell;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::Answer;

/// Which shell.
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Prints the completions of the command line.
pub fn answer(args: &CompletionsArgs, mut command: Command, console: &Console) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "coalmine", &mut script);
    console.answer(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::Success)
}
