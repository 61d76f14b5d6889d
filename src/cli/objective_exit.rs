//! What a missed objective does to the exit code.

use clap::Args;

use super::exit_code::ExitCode;

/// What a missed objective does to the exit code.
#[derive(Args, Clone, Copy, Debug)]
pub struct MissArgs {
    /// Exit with 0 although an objective is missed or an invariant broken
    #[arg(long, conflicts_with = "exit_code_on_miss")]
    no_fail: bool,
    /// Exit with N in place of 99
    #[arg(long, value_name = "N", value_parser = free_code)]
    exit_code_on_miss: Option<u8>,
}

impl MissArgs {
    /// Returns the code for a miss.
    pub const fn code(self) -> ExitCode {
        match self.exit_code_on_miss {
            _ if self.no_fail => ExitCode::Success,
            Some(number) => ExitCode::Chosen(number),
            None => ExitCode::Missed,
        }
    }
}

fn free_code(text: &str) -> Result<u8, String> {
    let number: u8 = text
        .parse()
        .map_err(|_| "it is a number from 0 to 127".to_owned())?;
    match number {
        86 | 101..=103 | 128.. => Err("remote runners and shells reserve it".to_owned()),
        _ => Ok(number),
    }
}
