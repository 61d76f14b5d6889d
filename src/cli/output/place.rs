//! A path at which a result appears.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::temporary::{Nameless, usual_permissions};

/// Where one file is written.
#[derive(Debug)]
pub enum Place {
    /// A file that appears under its name when it is whole.
    Whole(Nameless, PathBuf),
    /// A device or a pipe, which cannot be replaced.
    Stream(fs::File, PathBuf),
}

impl Place {
    /// Finds out whether the path can be written.
    pub fn open(path: &Path) -> io::Result<Self> {
        // A link is followed, so that it stays a link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => Err(io::Error::other("it is a folder")),
            Ok(found) if found.is_file() => {
                // Replacing a file needs no right to write it, but its owner said what he said.
                OpenOptions::new().append(true).open(&path)?;
                Self::beside(path, found.permissions())
            }
            Ok(_) => Ok(Self::Stream(
                OpenOptions::new().write(true).open(&path)?,
                path,
            )),
            Err(_) => Self::beside(path, usual_permissions()),
        }
    }

    /// Makes the new file in the same folder, because only there can it take the name at once.
    fn beside(path: PathBuf, permissions: Permissions) -> io::Result<Self> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        Ok(Self::Whole(Nameless::new(folder, permissions)?, path))
    }

    /// The path.
    pub fn path(&self) -> &Path {
        match self {
            Self::Whole(_, path) | Self::Stream(_, path) => path,
        }
    }

    /// Writes the text; a reader of a pipe that went away had what it wanted.
    pub fn fill(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Whole(new, _) => {
                let file = new.file();
                file.write_all(text.as_bytes())
                    .and_then(|()| file.sync_all())
            }
            Self::Stream(file, _) => match file.write_all(text.as_bytes()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                written => written,
            },
        }
    }

    /// Gives the file its name.
    pub fn publish(self) -> io::Result<()> {
        match self {
            Self::Whole(file, path) => file.name(&path),
            Self::Stream(..) => Ok(()),
        }
    }
}
