//! What a file means, written in coalmine's own form.

use std::path::{Path, PathBuf};

use scenarios::import::Imported;
use scenarios::import::lower::{Assumed, documents, native};

use crate::cli::console::Console;
use crate::cli::failure::Failure;
use crate::cli::new_files;
use crate::cli::resolve::{quoted, rolls_out, with_those_beside};

/// Writes the policy of the first file that rolls something out with its world and its scenarios, and says where they are.
///
/// # Errors
///
/// What cannot be simulated and what has no native form, with its place; and when a file is there already.
pub(super) fn write(
    (folder, targets): (&Path, &[PathBuf]),
    files: Vec<Imported>,
    assumed: &Assumed,
    console: &Console,
) -> Result<(), Failure> {
    let mut files: Vec<Imported> = files
        .into_iter()
        .filter(|file| !file.objects.is_empty())
        .collect();
    files.sort_by_key(|file| !rolls_out(file));
    let first = targets.first().map_or(Path::new("."), PathBuf::as_path);
    let (files, lowered) = with_those_beside(first, files, assumed).map_err(Failure::Reports)?;
    let form = native(&files, &lowered, assumed).map_err(Failure::Reports)?;
    let texts = documents((&lowered, &form), assumed, &files[0].name);
    let texts: Vec<(String, String)> = texts
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect();
    let paths = new_files::write(folder, &texts, "coalmine import FILE --native DIR")?;
    let wrote = |path: &PathBuf| format!("wrote {}", reports::escape(&path.to_string_lossy()));
    for path in &paths {
        console.say(&wrote(path));
    }
    let policy = quoted(&folder.join("policy.yaml").to_string_lossy());
    console.say(&format!("next: coalmine simulate {policy}"));
    Ok(())
}
