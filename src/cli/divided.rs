//! What the commands share whose studies can be played in shards.

use std::path::{Path, PathBuf};

use scenarios::{Report, reading};

use super::atomic_dir::check_writable;
use super::console::Console;
use super::failure::{Answer, Failure};
use super::output::{Format, Output, OutputArgs, Target};
use crate::study::shards::{PlanForm, PlannedStudy, RoundPlayer, ShardFolder, digest};

/// This program, as plans and states name it.
pub const TOOL: &str = concat!("coalmine ", env!("CARGO_PKG_VERSION"));

/// Does what the words of a planned command say, by a player.
pub type Play<'p> = &'p dyn Fn(&[String], &RoundPlayer) -> Answer;

/// Reads a plan of this program.
///
/// # Errors
/// When it cannot be read, is none, was altered, or was made by another version.
pub fn read(path: &Path) -> Result<PlanForm, Failure> {
    let text = reading::text(path, reading::LARGE);
    let text = text.map_err(|error| {
        Failure::input(format!("cannot read {}: {error}", path.display()))
            .help("coalmine plan simulate POLICY --shards 64 --out plan.json makes a plan")
    })?;
    PlanForm::read(&text, TOOL).map_err(|found| {
        let name = path.display().to_string();
        Failure::Reports(vec![Report::new(&name, "", vec![found])])
    })
}

/// From now on the files that the plan carries are all that there is.
pub fn unpack(study: &PlannedStudy) {
    let files = study.files.iter();
    let files = files.map(|(name, text)| (PathBuf::from(name), text.clone().into_bytes()));
    reading::carry(files.collect());
}

/// The command of a plan, on so many threads.
pub fn with_threads(arguments: &[String], threads: Option<u16>) -> Vec<String> {
    let mut words = arguments.to_vec();
    words.extend(threads.map(|threads| format!("--threads={threads}")));
    words
}

/// Writes a file, whole or not at all.
///
/// # Errors
/// When it cannot be written, and when this command has read it.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let target = Target {
        format: Format::Json,
        path: path.to_owned(),
    };
    let wanted = OutputArgs {
        format: Format::Json,
        out: vec![target],
    };
    Output::open(&wanted, &[Format::Json])?.only_files(text)
}

/// Refuses what cannot be played in shards.
///
/// # Errors
/// When the player does not simply play everything.
pub fn only_here(player: &RoundPlayer, what: &str) -> Result<(), Failure> {
    if player.is_here() {
        return Ok(());
    }
    let what = format!("{what} cannot be played in shards");
    Err(Failure::usage(what).help("leave it out, or run the command without a plan"))
}

/// Why a player did not go on.
pub fn halted(player: &RoundPlayer) -> Failure {
    let why = player.halted();
    why.map_or_else(
        || Failure::unexpected("the study ended early"),
        Failure::Halted,
    )
}

/// Goes on only where an answer is wanted: not in a shard, and not where something is missing.
///
/// # Errors
/// Why it is not.
pub fn answers(player: &RoundPlayer) -> Result<(), Failure> {
    if player.answers() {
        return Ok(());
    }
    Err(halted(player))
}

/// Where a study on this machine keeps what it has played, if anywhere.
pub struct KeptState<'s> {
    folder: Option<&'s Path>,
    player: &'s RoundPlayer,
}

impl<'s> KeptState<'s> {
    /// Finds out whether the folder can be used.
    ///
    /// # Errors
    /// When it cannot be written, when a result is to go there, and in a shard, which keeps its own.
    pub fn open(
        folder: Option<&'s Path>,
        player: &'s RoundPlayer,
        output: &Output,
    ) -> Result<Self, Failure> {
        if let Some(folder) = folder {
            only_here(player, "--state")?;
            check_writable(folder, "--state")?;
            output.beside(folder)?;
        }
        Ok(Self { folder, player })
    }

    /// Plays: everything that decides the result is in `kind`, so that no other study goes on from its state.
    ///
    /// # Errors
    /// Those of `play`, and when what lies in the folder belongs to another study.
    pub fn play<T>(
        &self,
        kind: &str,
        play: impl FnOnce(&RoundPlayer) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let Some(folder) = self.folder else {
            return play(self.player);
        };
        let id = digest(format!("{TOOL}\n{kind}").as_bytes());
        play(&RoundPlayer::keep(ShardFolder::new(folder, &id, 1)))
    }

    /// Says how to go on with what was interrupted.
    pub fn resume(&self, complete: bool, console: &Console) {
        if complete || !self.player.is_here() {
            return;
        }
        match self.folder {
            Some(folder) => console.say(&format!(
                "what is finished is kept in {}: the same command goes on from there",
                folder.display()
            )),
            None => console.say("--state DIR keeps what is finished next time"),
        }
    }
}
