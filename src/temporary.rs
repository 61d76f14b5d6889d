//! Nameless files and folders, of which none outlives the command, whatever ends it.
//!
//! What is written appears under its name when it is whole. Until then it lies beside that name as
//! `.coalmine-...`, and is taken away when it is dropped. A signal that ends the process drops nothing;
//! its handler calls [`sweep`] first.

use std::fs::{self, Permissions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use tempfile::{NamedTempFile, TempDir};

/// Something that is to go if the process ends.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Left {
    File(PathBuf),
    Tree(PathBuf),
    /// A folder that has its name already, and goes if nothing is in it.
    Empty(PathBuf),
}

static LEFT: Mutex<Vec<Left>> = Mutex::new(Vec::new());

fn left() -> MutexGuard<'static, Vec<Left>> {
    LEFT.lock().expect("nothing panics while it is held")
}

fn forget(gone: &Left) {
    left().retain(|known| known != gone);
}

/// A file without a name.
#[derive(Debug)]
pub struct Nameless {
    // Declared first: it is taken away before it is forgotten.
    file: Option<NamedTempFile>,
    left: Left,
}

impl Nameless {
    /// Makes one in `folder`, because only there it can take its name at once.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn new(folder: &Path, permissions: Permissions) -> io::Result<Self> {
        let mut known = left();
        let file = tempfile::Builder::new()
            .prefix(".coalmine-")
            .permissions(permissions)
            .tempfile_in(folder)?;
        let left = Left::File(file.path().to_owned());
        known.push(left.clone());
        let file = Some(file);
        Ok(Self { file, left })
    }

    /// The file, for writing.
    pub fn file(&mut self) -> &mut fs::File {
        let file = self.file.as_mut();
        file.expect("it is there until it has its name")
            .as_file_mut()
    }

    /// Gives it its name; what was called so before is gone.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn name(mut self, path: &Path) -> io::Result<()> {
        let file = self.file.take();
        let file = file.expect("it is there until it has its name");
        file.persist(path).map(drop).map_err(|error| error.error)
    }
}

/// Gives each of them a name that nothing has: all of them, or none. A [`sweep`] waits until it is done.
///
/// # Errors
/// When something is called so, and when a folder cannot be written; with the name.
pub fn name_all_anew(mut files: Vec<(Nameless, PathBuf)>) -> Result<(), (PathBuf, io::Error)> {
    let held = left();
    let mut named: Vec<&Path> = Vec::new();
    let mut failed = None;
    for (file, path) in &mut files {
        let file = file.file.take();
        let file = file.expect("it is there until it has its name");
        if let Err(error) = file.persist_noclobber(&*path) {
            named.iter().for_each(|path| drop(fs::remove_file(path)));
            failed = Some((path.clone(), error.error));
            break;
        }
        named.push(path);
    }
    drop(held);
    failed.map_or(Ok(()), Err)
}

impl Drop for Nameless {
    fn drop(&mut self) {
        drop(self.file.take());
        forget(&self.left);
    }
}

/// A folder without a name, with all that is put into it.
#[derive(Debug)]
pub struct NamelessFolder {
    folder: Option<TempDir>,
    left: Left,
}

impl NamelessFolder {
    /// Makes one in `folder`.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let mut known = left();
        let folder = tempfile::Builder::new()
            .prefix(".coalmine-")
            .tempdir_in(folder)?;
        let left = Left::Tree(folder.path().to_owned());
        known.push(left.clone());
        let folder = Some(folder);
        Ok(Self { folder, left })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.folder
            .as_ref()
            .expect("it is there until it is dropped")
            .path()
    }
}

impl Drop for NamelessFolder {
    fn drop(&mut self) {
        drop(self.folder.take());
        forget(&self.left);
    }
}

/// A folder that was made for what is to be written, and goes again if it stays empty.
#[derive(Debug)]
pub struct Made(PathBuf);

impl Made {
    /// Makes the folder; nothing where there is one already, which is not ours to take away.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(path: &Path) -> io::Result<Option<Self>> {
        let mut known = left();
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(None),
            made => {
                made?;
                known.push(Left::Empty(path.to_owned()));
                Ok(Some(Self(path.to_owned())))
            }
        }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // Only an empty folder can be removed this way.
        drop(fs::remove_dir(&self.0));
        forget(&Left::Empty(self.0.clone()));
    }
}

/// Does what must not be cut in two: a [`sweep`] waits until it is done.
pub fn undisturbed<T>(work: impl FnOnce() -> T) -> T {
    let _held = left();
    work()
}

/// Takes everything away that has no name yet, and lets nothing be made from now on: the process is to end.
pub fn sweep() {
    let known = left();
    for left in known.iter().rev() {
        drop(match left {
            Left::File(path) => fs::remove_file(path),
            Left::Tree(path) => fs::remove_dir_all(path),
            Left::Empty(path) => fs::remove_dir(path),
        });
    }
    std::mem::forget(known);
}

/// What an ordinary program's new file has, before the user's mask.
#[cfg(unix)]
pub fn usual_permissions() -> Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    Permissions::from_mode(0o644)
}

/// What an ordinary program's new file has.
#[cfg(not(unix))]
pub fn usual_permissions() -> Permissions {
    // Elsewhere a new file simply takes the rights of its folder; any writable file will do.
    fs::metadata(std::env::temp_dir())
        .expect("there is a folder for temporary files")
        .permissions()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_files_all_have_their_names_or_none() {
        let folder = tempfile::tempdir().expect("there is room");
        let new = |name: &str| {
            let file = Nameless::new(folder.path(), usual_permissions()).expect("there is room");
            (file, folder.path().join(name))
        };
        let names = || {
            let all = fs::read_dir(folder.path()).expect("it is there");
            let mut all: Vec<_> = all
                .map(|one| one.expect("it is there").file_name())
                .collect();
            all.sort();
            all
        };
        fs::write(folder.path().join("taken"), "mine").expect("there is room");
        let failed = name_all_anew(vec![new("a"), new("taken"), new("b")]);
        assert_eq!(
            failed.expect_err("it is taken").0,
            folder.path().join("taken")
        );
        assert_eq!(names(), ["taken"]);
        name_all_anew(vec![new("a"), new("b")]).expect("nothing is called so");
        assert_eq!(names(), ["a", "b", "taken"]);
    }

    #[test]
    fn what_is_dropped_is_gone_and_what_has_a_name_stays() {
        let place = tempfile::tempdir().expect("there is room");
        let count = || fs::read_dir(place.path()).expect("a folder").count();
        let make = || Nameless::new(place.path(), usual_permissions()).expect("there is room");
        let (kept, dropped) = (make(), make());
        let folder = NamelessFolder::new(place.path()).expect("there is room");
        assert_eq!(count(), 3);
        kept.name(&place.path().join("kept"))
            .expect("there is room");
        drop((dropped, folder));
        assert_eq!(count(), 1);
        assert!(
            name_all_anew(vec![(make(), place.path().join("kept"))]).is_err(),
            "the name is taken"
        );
        assert_eq!(count(), 1);
    }

    #[test]
    fn a_folder_that_was_there_is_not_taken_away() {
        let place = tempfile::tempdir().expect("there is room");
        let [old, new] = ["old", "new"].map(|name| place.path().join(name));
        fs::create_dir(&old).expect("there is room");
        assert!(Made::new(&old).expect("it is there").is_none());
        drop(Made::new(&new).expect("there is room"));
        assert!(old.exists() && !new.exists());
    }
}
