//! Reading bytes: never more than a bound, and never from a file that the same command writes.
//!
//! A result that takes the place of a policy destroys it, and nobody finds out before the next command. What
//! a command writes is therefore declared with [`writes`], every file is read with [`bytes`], and whichever of
//! the two comes second is refused. Files are told apart by what they are (device and number), so that
//! links are no way around. Nothing that is played depends on it.
//!
//! A study that is played elsewhere carries its inputs along: [`keep`] remembers what is read from then on, and
//! after [`carry`] those files are all that there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

/// The most bytes of a stored result, a recording or a list of cases.
pub const LARGE: u64 = 256 << 20;

/// What one file is, whatever it is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    /// By the file system.
    #[cfg(unix)]
    Number(u64, u64),
    /// By its full name, where there are no numbers.
    #[cfg_attr(unix, expect(dead_code, reason = "files have numbers here"))]
    Name(PathBuf),
}

#[derive(Debug)]
struct Known {
    read: BTreeSet<Identity>,
    written: BTreeSet<Identity>,
}

static KNOWN: Mutex<Known> = Mutex::new(Known {
    read: BTreeSet::new(),
    written: BTreeSet::new(),
});

fn known() -> MutexGuard<'static, Known> {
    KNOWN.lock().expect("nothing panics while it is held")
}

/// The files of a study that is planned here, or that was planned elsewhere.
#[derive(Debug)]
enum Luggage {
    /// Nobody asks.
    None,
    /// What has been read since [`keep`].
    Kept(BTreeMap<PathBuf, Vec<u8>>),
    /// All that there is, since [`carry`].
    Carried(BTreeMap<PathBuf, Vec<u8>>),
}

static LUGGAGE: Mutex<Luggage> = Mutex::new(Luggage::None);

fn luggage() -> MutexGuard<'static, Luggage> {
    LUGGAGE.lock().expect("nothing panics while it is held")
}

/// A path without the dots that change nothing.
fn plain(path: &Path) -> PathBuf {
    let parts = path.components();
    parts.filter(|part| *part != Component::CurDir).collect()
}

/// Remembers every file that is read from now on, for [`kept`].
pub fn keep() {
    *luggage() = Luggage::Kept(BTreeMap::new());
}

/// Returns the files that were read since [`keep`], as they were named.
pub fn kept() -> BTreeMap<PathBuf, Vec<u8>> {
    match &*luggage() {
        Luggage::Kept(files) => files.clone(),
        Luggage::None | Luggage::Carried(_) => BTreeMap::new(),
    }
}

/// From now on these files are all that there is, whatever lies on this disk.
pub fn carry(files: BTreeMap<PathBuf, Vec<u8>>) {
    let named = files.into_iter().map(|(path, bytes)| (plain(&path), bytes));
    *luggage() = Luggage::Carried(named.collect());
}

/// Whether there is a file, or a folder, at `path`.
pub fn exists(path: &Path) -> bool {
    match &*luggage() {
        Luggage::Carried(files) => files.contains_key(&plain(path)),
        _ => path.exists(),
    }
}

/// Whether there is an ordinary file at `path`.
pub fn is_file(path: &Path) -> bool {
    match &*luggage() {
        Luggage::Carried(files) => files.contains_key(&plain(path)),
        _ => path.is_file(),
    }
}

/// Returns the names of what lies in a folder, in order; nothing where it cannot be read.
pub fn names_in(folder: &Path) -> Vec<String> {
    let name = |path: &Path| path.file_name()?.to_str().map(str::to_owned);
    let mut names: Vec<String> = if let Luggage::Carried(files) = &*luggage() {
        let folder = plain(folder);
        let inside = files.keys().filter(|path| path.parent() == Some(&folder));
        inside.filter_map(|path| name(path)).collect()
    } else {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| name(&entry.path())).collect()
    };
    // The order of a folder is the file system's affair.
    names.sort();
    names
}

/// Returns at most `most` bytes and one more of a file, so that whoever judges them sees the excess.
///
/// # Errors
///
/// When the file cannot be read, and when this command is to write it.
pub fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if let Luggage::Carried(files) = &*luggage() {
        let carried = files.get(&plain(path));
        let missing = || io::Error::new(io::ErrorKind::NotFound, "the plan does not carry it");
        let mut carried = carried.ok_or_else(missing)?.clone();
        carried.truncate(most.saturating_add(1) as usize);
        return Ok(carried);
    }
    let bytes = result(path, most)?;
    if let Luggage::Kept(files) = &mut *luggage() {
        files.insert(path.to_owned(), bytes.clone());
    }
    Ok(bytes)
}

/// As [`bytes()`], of a file that this program has written for itself: it is no input of a study and is never
/// carried along.
///
/// # Errors
///
/// As [`bytes()`].
pub fn result(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    note(path, &file.metadata()?)?;
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the bytes of a file that has no more than `most`.
///
/// # Errors
///
/// As [`bytes()`], and when there are more.
pub fn whole(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    no_more(bytes(path, most)?, most)
}

/// As [`result()`], of a file that has no more than `most` bytes.
///
/// # Errors
///
/// As there, and when there are more.
pub fn whole_result(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    no_more(result(path, most)?, most)
}

fn no_more(bytes: Vec<u8>, most: u64) -> io::Result<Vec<u8>> {
    if bytes.len() as u64 > most {
        let why = format!("it has more than {} MiB, surely the wrong file", most >> 20);
        return Err(io::Error::other(why));
    }
    Ok(bytes)
}

/// Returns the text of a file that has no more than `most` bytes.
///
/// # Errors
///
/// As [`whole()`], and when it is no text in UTF-8.
pub fn text(path: &Path, most: u64) -> io::Result<String> {
    let no_text = |_| io::Error::other("it is no text in UTF-8");
    String::from_utf8(whole(path, most)?).map_err(no_text)
}

fn note(path: &Path, found: &Metadata) -> io::Result<()> {
    let Some(identity) = identity(path, found) else {
        return Ok(());
    };
    let mut known = known();
    let refused = known.written.contains(&identity);
    // Noted all the same: whoever goes on without it must not write it either.
    known.read.insert(identity);
    if refused {
        let why =
            "this command is told to write it as well; choose another path for what it writes";
        return Err(io::Error::other(why));
    }
    Ok(())
}

/// Says that this command will write the file at `path`. What is not there yet, and what is no ordinary
/// file, can be nobody's input.
pub fn writes(path: &Path) {
    if let Some(identity) = at(path) {
        known().written.insert(identity);
    }
}

/// Says that this command will write the ordinary file of which `found` is known.
pub fn writes_to(path: &Path, found: &Metadata) {
    if let Some(identity) = identity(path, found) {
        known().written.insert(identity);
    }
}

/// Whether this command has read the file at `path`, or has tried to.
pub fn was_read(path: &Path) -> bool {
    at(path).is_some_and(|identity| known().read.contains(&identity))
}

/// Whether two paths lead to one ordinary file.
pub fn same_file(one: &Path, other: &Path) -> bool {
    let one = at(one);
    one.is_some() && one == at(other)
}

fn at(path: &Path) -> Option<Identity> {
    identity(path, &std::fs::metadata(path).ok()?)
}

#[cfg(unix)]
fn identity(_: &Path, found: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let number = || Identity::Number(found.dev(), found.ino());
    found.is_file().then(number)
}

#[cfg(not(unix))]
fn identity(path: &Path, found: &Metadata) -> Option<Identity> {
    let name = std::fs::canonicalize(path).ok()?;
    found.is_file().then_some(Identity::Name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_to_be_written_is_not_read_whatever_it_is_called() {
        let folder = tempfile::tempdir().expect("there is room");
        let [policy, link] = ["policy.yaml", "link.yaml"].map(|name| folder.path().join(name));
        std::fs::write(&policy, "name: x").expect("there is room");
        std::fs::hard_link(&policy, &link).expect("one file system");
        assert_eq!(text(&policy, 100).expect("it is there"), "name: x");
        assert!(was_read(&link), "a link is the same file");
        assert!(!was_read(folder.path()), "a folder is no file");
        writes(&link);
        let error = bytes(&policy, 100).expect_err("it would be overwritten");
        assert!(error.to_string().contains("told to write it"), "{error}");
        // The next test may be given the same place on the disk.
        let place = at(&policy).expect("it is there");
        known().written.remove(&place);
    }

    #[test]
    fn no_more_is_read_than_the_bound_and_one_byte() {
        let endless = Path::new("/dev/zero");
        assert_eq!(bytes(endless, 10).expect("it can be read").len(), 11);
        let error = whole(endless, 3 << 20).expect_err("it never ends");
        assert!(error.to_string().contains("more than 3 MiB"), "{error}");
    }
}
