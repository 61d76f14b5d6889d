//! Each result has a place of its own: not that of another result, and not that of an input.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use scenarios::reading;

use super::args::Target;
use super::format::Format;
use crate::cli::failure::Failure;

/// Refuses two results at one path and a result at the place of something that was read, and declares the
/// rest as written, so that nothing is read from there any more.
pub fn check(targets: &[Target]) -> Result<(), Failure> {
    stdout_is_written();
    let mut before: Vec<&Target> = Vec::new();
    for target in targets {
        if let Some(other) = before.iter().find(|other| collide(other, target)) {
            return Err(twice(other, target));
        }
        if is_stdout(&target.path) {
            let what = format!("stdout goes to {} as well", target.path.display());
            return Err(Failure::usage(what)
                .help("--format says in which form stdout has the result; leave the --out out"));
        }
        check_unread(&target.path)?;
        reading::writes(&target.path);
        before.push(target);
    }
    Ok(())
}

/// Refuses to write what this command has read.
pub fn check_unread(path: &Path) -> Result<(), Failure> {
    if !reading::was_read(path) {
        return Ok(());
    }
    let what = format!("{} is an input and would be overwritten", path.display());
    Err(Failure::input(what).help("nothing was written; choose another path for the result"))
}

/// Refuses a result at, or in, what the command writes by itself.
pub fn check_beside(path: &Path, taken: &Path) -> Result<(), Failure> {
    if !place(path).starts_with(place(taken)) {
        return Ok(());
    }
    let what = format!(
        "{} is at the place of {}, which this command writes as a whole",
        path.display(),
        taken.display()
    );
    Err(Failure::usage(what).help("choose another path for the result"))
}

fn twice(one: &Target, other: &Target) -> Failure {
    let say = |target: &Target| format!("{}={}", target.format.word(), target.path.display());
    let what = format!("{} and {} go to one path", say(one), say(other));
    Failure::usage(what).help("give each result a path of its own")
}

/// Whether one result would take the place of the other. Devices and pipes take any number.
fn collide(one: &Target, other: &Target) -> bool {
    let within = |folder: &Target, file: &Target| {
        let drawn = file.path.extension() == Some(OsStr::new("svg"));
        let parent = place(&file.path).parent().map(Path::to_owned);
        folder.format == Format::Svg && drawn && parent == Some(place(&folder.path))
    };
    let same = place(&one.path) == place(&other.path) && !is_stream(&one.path);
    same || reading::same_file(&one.path, &other.path) || within(one, other) || within(other, one)
}

fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// The full path, also of what is not there yet.
fn place(path: &Path) -> PathBuf {
    let whole = |path: &Path| fs::canonicalize(path).ok();
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let beside = || Some(whole(parent.unwrap_or(Path::new(".")))?.join(path.file_name()?));
    whole(path)
        .or_else(beside)
        .unwrap_or_else(|| path.to_owned())
}

/// A file to which the shell sends stdout is written as much as any other.
fn stdout_is_written() {
    if let Some((path, found)) = stdout() {
        reading::writes_to(&path, &found);
    }
}

#[cfg(unix)]
fn is_stdout(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let number = |found: &fs::Metadata| (found.dev(), found.ino());
    let (Some((_, out)), Ok(found)) = (stdout(), fs::metadata(path)) else {
        return false;
    };
    found.is_file() && number(&found) == number(&out)
}

#[cfg(unix)]
fn stdout() -> Option<(PathBuf, fs::Metadata)> {
    use std::os::fd::AsFd as _;
    let owned = std::io::stdout().as_fd().try_clone_to_owned().ok()?;
    let found = fs::File::from(owned).metadata().ok()?;
    found.is_file().then(|| ("/dev/stdout".into(), found))
}

#[cfg(not(unix))]
const fn is_stdout(_: &Path) -> bool {
    false
}

#[cfg(not(unix))]
const fn stdout() -> Option<(PathBuf, fs::Metadata)> {
    None
}
