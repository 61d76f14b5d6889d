//! Folders that are written whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use scenarios::CaseFile;

use super::failure::Failure;

/// Writes the files of a case into the folder at `path`; a case that lies there gives way.
///
/// The files are written into a nameless folder beside it, which takes the name once it is whole.
///
/// # Errors
///
/// When something that is no case lies there, and when the folder cannot be written.
pub fn write_case(path: &Path, files: &[(&'static str, String)]) -> Result<(), Failure> {
    let taken = path.exists();
    if taken && !path.join(CaseFile::NAME).is_file() {
        let what = format!("{} exists and is no case", path.display());
        return Err(Failure::input(what).help("choose another folder with --into"));
    }
    write(path, files, taken).map_err(|error| {
        Failure::input(format!("cannot write {}: {error}", path.display()))
            .help("choose a folder that you may write with --into")
    })
}

fn write(path: &Path, files: &[(&'static str, String)], taken: bool) -> io::Result<()> {
    let beside = parent(path);
    fs::create_dir_all(&beside)?;
    let nameless = || {
        tempfile::Builder::new()
            .prefix(".coalmine-")
            .tempdir_in(&beside)
    };
    let new = nameless()?;
    // The files lie in a folder of their own, which has the rights that folders usually have.
    let whole = new.path().join("case");
    fs::create_dir(&whole)?;
    for (name, text) in files {
        fs::write(whole.join(name), text)?;
    }
    if taken {
        fs::rename(path, new.path().join("old"))?;
    }
    fs::rename(&whole, path)
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
        write_case(&case, &files("one")).expect("nothing lies there");
        write_case(&case, &files("two")).expect("a case gives way");
        let read = |name: &str| fs::read_to_string(case.join(name)).expect("it was written");
        assert_eq!([read(CaseFile::NAME), read("why.md")], ["two", "two"]);
        let beside: Vec<_> = fs::read_dir(folder.path().join("deep"))
            .expect("a folder")
            .collect();
        assert_eq!(beside.len(), 1, "nothing is left behind");
        fs::remove_file(case.join(CaseFile::NAME)).expect("it was there");
        let failure = write_case(&case, &files("three")).expect_err("it is no case any more");
        assert!(
            failure
                .text(scenarios::Colour::Never)
                .contains("is no case")
        );
    }
}
