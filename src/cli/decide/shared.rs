//! What all decisions read and exit with.

use std::path::Path;

use scenarios::adapter::{Json, parse};

use crate::cli::exit_code::ExitCode;
use crate::cli::failure::Failure;
use crate::cli::objective_exit::MissArgs;
use crate::cli::resolve::read_file;
use crate::decide::GateStatus;

/// Returns what the command exits with.
pub fn code(status: GateStatus, miss: MissArgs) -> ExitCode {
    match status {
        GateStatus::Healthy => ExitCode::Success,
        GateStatus::Undecided => ExitCode::Undecided,
        GateStatus::Unhealthy => miss.code(),
    }
}

/// Returns the text of a file.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_file(path)?)
        .map_err(|_| Failure::input(format!("{} is not UTF-8 text", path.display())))
}

/// Returns the JSON in a file.
pub fn read_json(path: &Path) -> Result<Json, Failure> {
    parse(&read_text(path)?)
        .map_err(|fault| Failure::input(format!("{} is not JSON: {fault}", path.display())))
}
