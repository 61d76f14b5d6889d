//! Files that are written where there are none yet: all of them or none.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::temporary::{self, Made, Nameless, usual_permissions};

/// Writes the texts under their names into a folder, and returns where they are.
///
/// # Errors
///
/// When one of them is there already, for which `command` names another folder, and when they cannot be written.
pub fn write(
    folder: &Path,
    files: &[(String, String)],
    command: &str,
) -> Result<Vec<PathBuf>, Failure> {
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    if let Some(taken) = paths.iter().find(|path| path.exists()) {
        return Err(
            Failure::input(format!("{} is there already", taken.display())).help(format!(
                "nothing was written; name another folder: {command}"
            )),
        );
    }
    let texts = files.iter().map(|(_, text)| text.as_str());
    let written = paths.iter().map(PathBuf::as_path).zip(texts);
    write_all(&written.collect::<Vec<_>>())?;
    Ok(paths)
}

/// Writes files that are not there yet, all of them or none: each is complete before the first has its name.
fn write_all(files: &[(&Path, &str)]) -> Result<(), Failure> {
    // Dropped last: a folder that was made for nothing goes again.
    let mut made = Vec::new();
    let mut ready = Vec::new();
    for &(path, text) in files {
        let new = without_name(path, text, &mut made);
        let new = new.map_err(|error| unwritable(path, &error))?;
        ready.push((new, path.to_owned()));
    }
    temporary::name_all_anew(ready).map_err(|(path, error)| unwritable(&path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("cannot write {}: {error}", path.display()))
        .help("nothing was written; choose a folder that you may write")
}

/// A file with its text that has no name yet, in a folder that is made if it is not there.
fn without_name(path: &Path, text: &str, made: &mut Vec<Made>) -> std::io::Result<Nameless> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let missing = folder
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let missing: Vec<&Path> = missing.collect();
    for folder in missing.into_iter().rev() {
        // The innermost first: only an empty folder can be taken away.
        if let Some(new) = Made::new(folder)? {
            made.insert(0, new);
        }
    }
    let mut new = Nameless::new(folder, usual_permissions())?;
    new.file().write_all(text.as_bytes())?;
    Ok(new)
}
