//! Targets of lint that are other people's policies.

use std::path::Path;

use scenarios::import::{self, Imported};
use scenarios::{Report, files, library};

use super::target::is_own;
use crate::cli::failure::Failure;
use crate::cli::import::inside;

/// The targets, sorted by whose they are.
pub(super) struct Foreign {
    /// What was found in other people's files. They are looked at together, for they name one another.
    pub reports: Vec<Report>,
    /// The targets that hold documents of ours.
    pub own: Vec<String>,
}

/// Sorts the targets. A folder may hold both.
///
/// # Errors
///
/// When a folder cannot be read.
pub(super) fn sort(targets: &[String]) -> Result<Foreign, Failure> {
    let (mut files, mut own) = (Vec::new(), Vec::new());
    for target in targets {
        let path = Path::new(target);
        if library::system(target).is_some() || !path.exists() {
            own.push(target.clone());
        } else if path.is_dir() {
            let found = folder(path)?;
            if found.is_empty() || holds_own(path) {
                own.push(target.clone());
            }
            files.extend(found);
        } else {
            match read(path) {
                Some(file) => files.push(file),
                None => own.push(target.clone()),
            }
        }
    }
    let reports = import::lint(&files);
    Ok(Foreign { reports, own })
}

/// A file that holds an object of another product.
fn read(path: &Path) -> Option<Imported> {
    let bytes = files::open(path).ok()?;
    let file = import::read(&path.display().to_string(), &bytes);
    (!file.objects.is_empty()).then_some(file)
}

/// Such files of a folder and of the folders in it; a folder without any document is somebody else's to refuse.
fn folder(path: &Path) -> Result<Vec<Imported>, Failure> {
    match inside(path) {
        Ok(paths) => Ok(paths.iter().filter_map(|path| read(path)).collect()),
        Err(_) if std::fs::read_dir(path).is_ok() => Ok(Vec::new()),
        Err(failure) => Err(failure),
    }
}

fn holds_own(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .any(|path| path.is_file() && is_own(&path))
}
