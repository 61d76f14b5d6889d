//! What a round came to, and why a study was not played to its end.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;

use scenarios::Report;

use super::keeping::Trouble;
use super::round::Share;

/// Why a study was not played to its end although nobody interrupted it.
#[derive(Debug)]
pub enum Halt {
    /// The first round has so many pieces.
    Counted(u64),
    /// The shard is there; whether it was before.
    Played(bool),
    /// The study has no more rounds, and an answer is not what was asked for.
    Over,
    /// The shard was interrupted.
    Interrupted,
    /// The shards with these indices are missing, and no answer was asked for without them.
    Missing(Vec<u64>, Report),
    /// Files that cannot be added up.
    Refused(Vec<Report>),
    /// A folder that cannot be used.
    Disk(PathBuf, io::Error),
}

/// What a round came to: played, or as shards that are read one by one.
pub enum Opened<S> {
    /// It was played.
    Played(Share<S>),
    /// It lies in files.
    Stored(StoredRound),
}

/// The shards of a round, in order.
#[derive(Debug)]
pub struct StoredRound {
    pub(super) files: VecDeque<PathBuf>,
    /// Whether none is missing.
    pub whole: bool,
}

impl StoredRound {
    /// No shard of a round that has some.
    pub(super) const fn nothing() -> Self {
        Self {
            files: VecDeque::new(),
            whole: false,
        }
    }
}

impl From<Trouble> for Halt {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Taken(report) => Self::Refused(vec![report]),
            Trouble::Disk(path, error) => Self::Disk(path, error),
        }
    }
}
