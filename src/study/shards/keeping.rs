//! Plays one shard, keeps what it comes to on the way, and goes on from there after a kill.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use scenarios::{Report, divided};

use super::file::{self, Header};
use super::folder::{ShardFolder, report};
use super::pace::Pace;
use super::round::{Round, Share};

/// How a shard came to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It lay there.
    Before,
    /// It was played, or the rest of it.
    Now,
    /// Somebody asked to stop before its end.
    Stopped,
}

/// Why a shard cannot be played.
#[derive(Debug)]
pub enum Trouble {
    /// Something lies in its place.
    Taken(Report),
    /// The folder cannot be used.
    Disk(PathBuf, io::Error),
}

/// One shard of a round.
pub struct Slot<'s, R> {
    /// Where results lie.
    pub folder: &'s ShardFolder,
    /// The round.
    pub round: &'s R,
    /// Its number.
    pub number: u64,
    /// The index of the shard.
    pub index: u64,
    /// Its pieces.
    pub units: Range<u64>,
}

impl<R: Round> Slot<'_, R> {
    fn header(&self, end: u64) -> Header {
        Header::new(
            &self.folder.plan,
            self.number,
            self.index,
            self.units.start..end,
        )
    }

    /// Returns what the shard comes to: as it lies there, or played from where it was left.
    ///
    /// # Errors
    /// When something else lies in its place, and when the folder cannot be written.
    pub fn play(&self) -> Result<(Share<R::Sum>, Came), Trouble> {
        let path = self.folder.shard(self.index);
        if let Some(sum) = self.kept(&path, self.units.end)? {
            self.forget();
            return Ok((Share { sum, whole: true }, Came::Before));
        }
        self.folder
            .make()
            .map_err(|error| disk(self.folder.path(), error))?;
        let (share, at) = self.go_on()?;
        if !share.whole {
            return Ok((share, Came::Stopped));
        }
        let written = file::write(&path, &self.header(at), &share.sum, true);
        written.map_err(|error| Trouble::Disk(path, error))?;
        self.forget();
        Ok((share, Came::Now))
    }

    /// Plays from where it was left, to the end or until somebody asks to stop.
    fn go_on(&self) -> Result<(Share<R::Sum>, u64), Trouble> {
        let part = self.folder.part(self.index);
        let begun = file::read::<R::Sum>(&part).ok();
        let fits = |header: &Header| {
            *header == self.header(header.end) && self.units.contains(&header.end)
        };
        let begun = begun.filter(|(header, _)| fits(header));
        let from = self.units.start;
        let (mut sum, mut at) = match begun {
            Some((header, sum)) => (sum, header.end),
            None => (self.round.play(from..from).sum, from),
        };
        let mut pace = Pace::new();
        while at < self.units.end {
            let end = at.saturating_add(pace.chunk()).min(self.units.end);
            let next = self.round.play(at..end);
            if !next.whole {
                self.keep(&sum, at)?;
                self.round.join(&mut sum, next.sum);
                return Ok((Share { sum, whole: false }, at));
            }
            self.round.join(&mut sum, next.sum);
            at = end;
            pace.played();
            if pace.is_due() && at < self.units.end {
                pace.keep(|| self.keep(&sum, at))?;
            }
        }
        Ok((Share { sum, whole: true }, at))
    }

    fn keep(&self, sum: &R::Sum, at: u64) -> Result<(), Trouble> {
        let part = self.folder.part(self.index);
        file::write(&part, &self.header(at), sum, false).map_err(|error| Trouble::Disk(part, error))
    }

    /// The sum that lies at `path`; none where there is none, or one that is broken and can be replaced.
    fn kept(&self, path: &std::path::Path, end: u64) -> Result<Option<R::Sum>, Trouble> {
        let Ok((header, sum)) = file::read::<R::Sum>(path) else {
            // A shard of another plan is not replaced, even if it cannot be read here.
            return match file::header(path) {
                Ok(header) if header.plan_id != self.folder.plan => Err(self.taken(path, &header)),
                _ => Ok(None),
            };
        };
        if header.plan_id != self.folder.plan {
            return Err(self.taken(path, &header));
        }
        Ok((header == self.header(end)).then_some(sum))
    }

    fn taken(&self, path: &std::path::Path, header: &Header) -> Trouble {
        let found = divided::foreign(&header.plan_id, &self.folder.plan);
        Trouble::Taken(report(path, found))
    }

    /// Takes away what was kept on the way; where it cannot be, it does no harm.
    fn forget(&self) {
        drop(fs::remove_file(self.folder.part(self.index)));
    }
}

fn disk(path: &std::path::Path, error: io::Error) -> Trouble {
    Trouble::Disk(path.to_owned(), error)
}
