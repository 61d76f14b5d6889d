//! Who plays the rounds of a study: this process, this process and a folder, or shards elsewhere.

use std::sync::Mutex;

use super::file;
use super::folder::{ShardFolder, Slots, Survey, told};
use super::keeping::{Came, Slot};
use super::opened::{Halt, Opened, StoredRound};
use super::player_mode::PlayerMode;
use super::round::{Round, Share, range};

/// Stands between a study and its rounds.
#[derive(Debug)]
pub struct RoundPlayer {
    mode: PlayerMode,
    now: Mutex<Now>,
}

#[derive(Debug, Default)]
struct Now {
    round: u64,
    survey: Option<Survey>,
    halted: Option<Halt>,
    shards: u64,
    gone_on: u64,
}

impl RoundPlayer {
    fn new(mode: PlayerMode) -> Self {
        let now = Mutex::new(Now::default());
        Self { mode, now }
    }

    /// Plays everything here.
    pub fn here() -> Self {
        Self::new(PlayerMode::Here)
    }

    /// Plays nothing, and counts the pieces of the first round.
    pub fn count() -> Self {
        Self::new(PlayerMode::Count)
    }

    /// Plays everything here, keeps it in a folder, and goes on from what is kept there.
    pub fn keep(folder: ShardFolder) -> Self {
        Self::new(PlayerMode::Keep(folder))
    }

    /// Plays the shard with this index.
    pub fn shard(folder: ShardFolder, index: u64) -> Self {
        Self::new(PlayerMode::Shard(folder, index))
    }

    /// Adds up what shards have played. Where some are missing it halts, or it answers for the others if that is
    /// `partial`. A later round of which there is no shard at all is played here.
    pub fn merge(folder: ShardFolder, partial: bool) -> Self {
        Self::new(PlayerMode::Merge(folder, partial))
    }

    /// Finds out which shards are missing.
    pub fn look(folder: ShardFolder) -> Self {
        Self::new(PlayerMode::Look(folder))
    }

    /// Whether nothing is read or written: the study is played here and now.
    pub const fn is_here(&self) -> bool {
        matches!(self.mode, PlayerMode::Here)
    }

    /// Whether only a part of what a study needs may be there.
    pub const fn is_partial(&self) -> bool {
        matches!(self.mode, PlayerMode::Merge(_, true))
    }

    /// Returns why the study was not played to its end.
    pub fn halted(&self) -> Option<Halt> {
        self.now().halted.take()
    }

    /// Whether what a study comes to is wanted of this player; one that plays a shard, counts or looks halts
    /// instead.
    pub fn answers(&self) -> bool {
        let answers = matches!(
            self.mode,
            PlayerMode::Here | PlayerMode::Keep(_) | PlayerMode::Merge(..)
        );
        if !answers {
            self.halt::<()>(Halt::Over);
        }
        answers && !self.has_halted()
    }

    /// Whether it was not.
    pub fn has_halted(&self) -> bool {
        self.now().halted.is_some()
    }

    /// How many shards were read, of how many of the rounds that were looked at.
    pub fn read(&self) -> (u64, u64) {
        let now = self.now();
        let all = match &self.mode {
            PlayerMode::Merge(folder, _) | PlayerMode::Look(folder) => now.round * folder.shards,
            _ => now.round,
        };
        (now.shards, all)
    }

    fn now(&self) -> std::sync::MutexGuard<'_, Now> {
        self.now.lock().expect("nothing panics while it is held")
    }

    fn halt<T>(&self, why: Halt) -> Option<T> {
        self.now().halted.get_or_insert(why);
        None
    }

    /// Returns what the next round comes to; nothing where the study is not to be gone on with.
    pub fn round<R: Round>(&self, round: &R) -> Option<Share<R::Sum>> {
        let mut stored = match self.open(round)? {
            Opened::Played(share) => return Some(share),
            Opened::Stored(stored) => stored,
        };
        let mut sum = round.play(0..0).sum;
        while let Some(next) = self.next::<R::Sum>(&mut stored)? {
            round.join(&mut sum, next);
        }
        let whole = stored.whole;
        Some(Share { sum, whole })
    }

    /// Returns what the next round comes to, unread where it lies in files.
    pub fn open<R: Round>(&self, round: &R) -> Option<Opened<R::Sum>> {
        let units = round.units();
        if self.is_here() || units == 0 {
            return Some(Opened::Played(round.play(0..units)));
        }
        if self.has_halted() {
            return None;
        }
        let number = {
            let mut now = self.now();
            now.round += 1;
            now.round - 1
        };
        match &self.mode {
            PlayerMode::Here => unreachable!("it was played"),
            PlayerMode::Count => self.halt(Halt::Counted(units)),
            PlayerMode::Keep(folder) => self.keep_round(folder, number, round),
            PlayerMode::Shard(folder, index) if number == index / folder.shards => {
                self.play_shard(folder, *index, round)
            }
            PlayerMode::Shard(folder, _)
            | PlayerMode::Merge(folder, _)
            | PlayerMode::Look(folder) => self.stored(folder, number, round),
        }
    }

    fn keep_round<R: Round>(
        &self,
        folder: &ShardFolder,
        number: u64,
        round: &R,
    ) -> Option<Opened<R::Sum>> {
        let slot = Slot {
            folder,
            round,
            number,
            index: number,
            units: 0..round.units(),
        };
        match slot.play() {
            Ok((share, came)) => {
                self.now().gone_on += u64::from(came == Came::Before);
                Some(Opened::Played(share))
            }
            Err(trouble) => self.halt(trouble.into()),
        }
    }

    fn play_shard<R: Round>(
        &self,
        folder: &ShardFolder,
        index: u64,
        round: &R,
    ) -> Option<Opened<R::Sum>> {
        let slot = Slot {
            folder,
            round,
            number: index / folder.shards,
            index,
            units: range(round.units(), folder.shards, index % folder.shards),
        };
        match slot.play() {
            Ok((_, Came::Stopped)) => self.halt(Halt::Interrupted),
            Ok((_, came)) => self.halt(Halt::Played(came == Came::Before)),
            Err(trouble) => self.halt(trouble.into()),
        }
    }

    /// What the folder has of a round, and whether it has nothing of it.
    fn surveyed(
        &self,
        folder: &ShardFolder,
        number: u64,
        units: u64,
    ) -> Result<(Slots, bool), Halt> {
        let looks = matches!(self.mode, PlayerMode::Look(_));
        let mut now = self.now();
        if now.survey.is_none() {
            let survey = folder.survey(looks);
            let unusable = |error| Halt::Disk(folder.path().to_owned(), error);
            now.survey = Some(survey.map_err(unusable)?);
        }
        let survey = now.survey.as_mut().expect("it was just made");
        if looks {
            // What is broken is missing: it can be played again.
            survey.without_flawed();
        }
        let mut wrong = folder.strangers(survey);
        let slots = folder.slots(survey, number, units);
        let untouched = survey.is_untouched(number, folder.shards);
        match slots {
            Ok(slots) if wrong.is_empty() => {
                now.shards += folder.shards - slots.missing.len() as u64;
                Ok((slots, untouched))
            }
            slots => {
                wrong.extend(slots.err().unwrap_or_default());
                Err(Halt::Refused(wrong))
            }
        }
    }

    /// The shards of a round that was played elsewhere.
    fn stored<R: Round>(
        &self,
        folder: &ShardFolder,
        number: u64,
        round: &R,
    ) -> Option<Opened<R::Sum>> {
        let (slots, untouched) = match self.surveyed(folder, number, round.units()) {
            Ok(found) => found,
            Err(why) => return self.halt(why),
        };
        if !slots.missing.is_empty() {
            match &self.mode {
                PlayerMode::Merge(_, true) if number > 0 && untouched => {
                    return Some(Opened::Stored(StoredRound::nothing()));
                }
                PlayerMode::Merge(_, true) => {}
                PlayerMode::Merge(_, false) if number > 0 && untouched => {
                    return Some(Opened::Played(round.play(0..round.units())));
                }
                _ => {
                    let index = |place: &u64| number * folder.shards + place;
                    let indices = slots.missing.iter().map(index).collect();
                    return self.halt(Halt::Missing(indices, folder.gap(number, &slots.missing)));
                }
            }
        }
        let whole = slots.missing.is_empty();
        let files = slots.files.into_iter().flatten().collect();
        Some(Opened::Stored(StoredRound { files, whole }))
    }

    /// Reads the next shard of a round; the inner none is the end. A shard that cannot be read halts the study,
    /// with what is wrong with those behind it.
    pub fn next<S: serde::de::DeserializeOwned>(
        &self,
        stored: &mut StoredRound,
    ) -> Option<Option<S>> {
        let Some(path) = stored.files.pop_front() else {
            return Some(None);
        };
        match file::read::<S>(&path) {
            Ok((_, sum)) => Some(Some(sum)),
            Err(flaw) => {
                let mut wrong = vec![told(&path, &flaw)];
                for path in stored.files.drain(..) {
                    wrong.extend(file::read::<S>(&path).err().map(|flaw| told(&path, &flaw)));
                }
                self.halt(Halt::Refused(wrong))
            }
        }
    }
}
