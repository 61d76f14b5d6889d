//! Folders that are written whole or not at all.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use scenarios::CaseFile;

use super::failure::Failure;
use crate::temporary::{self, Nameless, NamelessFolder, usual_permissions};

/// Finds out whether a folder can be written into, or made and written into, before any work is done for it.
///
/// # Errors
///
/// When something else lies there, and when nothing can be made there.
pub fn check_writable(path: &Path, option: &str) -> Result<(), Failure> {
    let there = path.ancestors().find(|folder| folder.exists());
    let there = there.filter(|folder| !folder.as_os_str().is_empty());
    let tried = Nameless::new(there.unwrap_or(Path::new(".")), usual_permissions());
    tried.map(drop).map_err(|error| {
        Failure::input(format!("cannot write {}: {error}", path.display()))
            .help(format!("choose a folder that you may write with {option}"))
    })
}

/// Refuses what lies at the place of a case and is none, or is more than one.
///
/// # Errors
///
/// When something that is no case lies there, or something that does not belong to a case lies in it.
pub fn check_case(path: &Path, files: &[&str]) -> Result<(), Failure> {
    let refuse = |what: String| {
        Err(Failure::input(what)
            .help("choose another folder with --into (shrink) or --cases (chaos)"))
    };
    if !path.exists() {
        return Ok(());
    }
    if !path.join(CaseFile::NAME).is_file() {
        return refuse(format!("{} exists and is no case", path.display()));
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut names: Vec<OsString> = entries.map(|entry| entry.file_name()).collect();
    names.sort();
    let ours = |name: &OsString| name.to_string_lossy().starts_with(".coalmine-");
    let foreign = |name: &&OsString| !ours(name) && files.iter().all(|known| **name != **known);
    match names.iter().find(foreign) {
        None => Ok(()),
        Some(name) => refuse(format!(
            "{} holds {}, which is no part of a case and would be lost",
            path.display(),
            name.display()
        )),
    }
}

/// Writes the files of a case into the folder at `path`; a case that lies there gives way.
///
/// The files are written into a nameless folder beside it, which takes the name once it is whole.
///
/// # Errors
///
/// When something that is no case lies there, and when the folder cannot be written.
pub fn write_case(path: &Path, files: &[(&'static str, String)]) -> Result<(), Failure> {
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    check_case(path, &names)?;
    write(path, files).map_err(|error| {
        Failure::output(format!("cannot write {}: {error}", path.display()))
            .help("make room, or choose another folder")
    })
}

fn write(path: &Path, files: &[(&'static str, String)]) -> io::Result<()> {
    // A link to a folder stays a link.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let beside = parent(path);
    fs::create_dir_all(&beside)?;
    let new = NamelessFolder::new(&beside)?;
    // The files lie in a folder of their own, which has the rights that folders usually have.
    let whole = new.path().join("case");
    fs::create_dir(&whole)?;
    for (name, text) in files {
        fs::write(whole.join(name), text)?;
    }
    let old = new.path().join("old");
    temporary::undisturbed(|| {
        let taken = path.exists();
        if taken {
            fs::rename(path, &old)?;
        }
        fs::rename(&whole, path).inspect_err(|_| {
            if taken {
                // Nothing more can be done when the way back is barred as well.
                drop(fs::rename(&old, path));
            }
        })
    })
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_takes_the_place_of_a_case_and_of_nothing_else() {
        let folder = tempfile::tempdir().expect("there is room");
        let case = folder.path().join("deep/case");
        let files = |text: &str| {
            [
                (CaseFile::NAME, text.to_owned()),
                ("why.md", text.to_owned()),
            ]
        };
        let refused = |why: &str| {
            let failure = write_case(&case, &files("three")).expect_err(why);
            let text = failure.text(scenarios::Colour::Never);
            assert!(text.contains(why), "{text}");
        };
        write_case(&case, &files("one")).expect("nothing lies there");
        write_case(&case, &files("two")).expect("a case gives way");
        let read = |name: &str| fs::read_to_string(case.join(name)).expect("it was written");
        assert_eq!([read(CaseFile::NAME), read("why.md")], ["two", "two"]);
        let beside: Vec<_> = fs::read_dir(folder.path().join("deep"))
            .expect("a folder")
            .collect();
        assert_eq!(beside.len(), 1, "nothing is left behind");
        fs::write(case.join("notes.md"), "mine").expect("there is room");
        refused("holds notes.md");
        assert_eq!(read("notes.md"), "mine");
        fs::remove_file(case.join(CaseFile::NAME)).expect("it was there");
        refused("is no case");
    }
}
