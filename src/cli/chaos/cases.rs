//! Findings as cases: a folder for each, below one that is named.

use std::path::Path;

use chaos::catalogue::Fault;

use crate::cli::atomic_dir::write_case;
use crate::cli::failure::Failure;
use crate::cli::resolve::quoted;
use crate::study::campaign::ShrunkViolation;
use crate::study::case_folder::{Found, case_folder};

/// Writes each finding as a case below `folder`; returns the folder of each, as a shell takes it, in the
/// order of the findings. Findings that were not shrunk have none.
///
/// # Errors
/// When a folder cannot be written.
pub fn write(
    folder: &Path,
    shown: &[ShrunkViolation],
    found_by: &dyn Fn(u64) -> String,
) -> Result<Vec<Option<String>>, Failure> {
    let one = |shown: &ShrunkViolation| case(folder, shown, &found_by(shown.found.number));
    shown.iter().map(one).collect()
}

fn case(folder: &Path, shown: &ShrunkViolation, found_by: &str) -> Result<Option<String>, Failure> {
    let Some(shrunk) = &shown.small else {
        return Ok(None);
    };
    let faults = shrunk.rehearsal.injections.iter();
    let names: Vec<&str> = faults.map(|one| Fault::name(&one.fault)).collect();
    let path = folder.join(name(&shown.shrunk.invariant, &names));
    let found = Found {
        original: &shown.original,
        shrunk,
        promise: &shown.found.invariant,
        found_by: Some(found_by),
    };
    let at = quoted(&path.display().to_string());
    let Some(files) = case_folder(&found, &at) else {
        return Ok(None);
    };
    write_case(&path, &files.files)?;
    Ok(Some(at))
}

/// The promise and the faults, as a name that any file system takes.
fn name(promise: &str, faults: &[&str]) -> String {
    let mut words = vec![promise.to_owned()];
    words.extend(faults.iter().take(4).map(|fault| (*fault).to_owned()));
    if faults.is_empty() {
        words.push("no-fault".to_owned());
    }
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
            c
        } else {
            '-'
        }
    };
    words
        .join("-")
        .to_ascii_lowercase()
        .chars()
        .map(plain)
        .collect()
}
