//! What each fault of a case did.

use std::path::Path;

use reports::CaseReport;
use scenarios::{CaseFile, files};

use crate::cli::console::Console;
use crate::cli::exit_code::ExitCode;
use crate::cli::failure::{Answer, Failure};
use crate::cli::output::{Output, OutputArgs};
use crate::cli::renderers::Forms;
use crate::cli::resolve::quoted;
use crate::study::case_folder::explained;

/// Whether `path` is a case: a folder that holds one, or a file in YAML.
pub fn is_case(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    path.join(CaseFile::NAME).is_file() || matches!(ending, Some("yaml" | "yml"))
}

/// Plays the case with all its faults, without any and without each, and tells what that comes to.
pub fn answer(path: &Path, wanted: &OutputArgs, console: &Console) -> Answer {
    let output = Output::open(wanted, &CaseReport::formats())?;
    let (document, rehearsal) = files::case(path)?;
    let case = &document.value;
    let at = quoted(&path.display().to_string());
    let report = explained(case, &rehearsal, &at)
        .ok_or_else(|| Failure::input(format!("nobody judges {}", case.broken.promise)))?;
    output.show(console, &report)?;
    Ok(ExitCode::Success)
}
