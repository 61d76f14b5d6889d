//! Checkpoints: what a campaign has added up, on disk, so that it can be interrupted and gone on with.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use scenarios::reading::LARGE;
use serde::{Deserialize, Serialize};

use super::tally::CampaignTally;
use crate::temporary::{Nameless, usual_permissions};

/// The folder in which a campaign keeps what it has added up.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    path: PathBuf,
    digest: String,
}

/// Why a checkpoint cannot be used.
#[derive(Debug)]
pub enum StateError {
    /// It cannot be read or written.
    Disk(PathBuf, io::Error),
    /// It is no checkpoint of this version.
    Form(PathBuf, String),
    /// It belongs to another campaign: another policy, base, seed or plan.
    Other(PathBuf),
}

/// The file in the folder.
const NAME: &str = "campaign.json";
/// The version of the form. What was written before version 2 cannot be gone on with exactly.
const VERSION: u32 = 3;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Form {
    /// The version of this form; where there is none, the state may have been written in the midst of a wave.
    #[serde(default)]
    version: u32,
    /// The campaign to which it belongs.
    digest: String,
    tally: CampaignTally,
}

impl Checkpoint {
    /// A checkpoint in `folder` of the campaign with this digest.
    pub fn new(folder: &Path, digest: String) -> Self {
        Self {
            path: folder.join(NAME),
            digest,
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what was added up before; nothing where there is no checkpoint yet, or where it is one of an
    /// earlier version, from which nobody can go on to the same bytes.
    ///
    /// # Errors
    /// When the file cannot be read, is no checkpoint, or belongs to another campaign.
    pub fn read(&self) -> Result<Option<CampaignTally>, StateError> {
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StateError::Disk(self.path.clone(), error)),
        };
        // What is cut off is no checkpoint any more, and is refused as such.
        let form: Form = serde_json::from_reader(BufReader::new(file.take(LARGE)))
            .map_err(|error| StateError::Form(self.path.clone(), error.to_string()))?;
        if form.version != VERSION {
            return Ok(None);
        }
        if form.digest != self.digest {
            return Err(StateError::Other(self.path.clone()));
        }
        Ok(Some(form.tally))
    }

    /// Writes what has been added up, whole or not at all.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, tally: &CampaignTally) -> Result<(), StateError> {
        let form = Form {
            version: VERSION,
            digest: self.digest.clone(),
            tally: tally.clone(),
        };
        self.replace(&form)
            .map_err(|error| StateError::Disk(self.path.clone(), error))
    }

    fn replace(&self, form: &Form) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut new = Nameless::new(folder, usual_permissions())?;
        let mut writer = BufWriter::new(new.file());
        serde_json::to_writer(&mut writer, form)?;
        writer.flush()?;
        drop(writer);
        new.file().sync_all()?;
        new.name(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_as_it_was_written_and_by_its_own_campaign_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let mine = Checkpoint::new(folder.path(), "mine".to_owned());
        assert!(mine.read().expect("nothing is there").is_none());
        let tally = CampaignTally {
            next: 17,
            runs: 12,
            ..CampaignTally::default()
        };
        mine.write(&tally).expect("the folder can be written");
        assert_eq!(mine.read().expect("as written"), Some(tally));
        let other = Checkpoint::new(folder.path(), "other".to_owned());
        assert!(matches!(other.read(), Err(StateError::Other(_))));
    }

    #[test]
    fn a_broken_checkpoint_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(NAME), "{").expect("it can be written");
        let state = Checkpoint::new(folder.path(), "mine".to_owned());
        assert!(matches!(state.read(), Err(StateError::Form(..))));
    }
}
