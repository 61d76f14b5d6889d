//! The folder of a plan's results: which shards lie in it, and what is wrong with them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use scenarios::{Diagnostic, Report, divided};

use super::file::{self, Flaw, Header};
use super::round::range;

/// Where the results of one plan lie.
#[derive(Clone, Debug)]
pub struct ShardFolder {
    path: PathBuf,
    /// The id of the plan.
    pub plan: String,
    /// How many shards each round has.
    pub shards: u64,
}

/// What every shard is called like.
const PREFIX: &str = "shard-";
const SUFFIX: &str = ".jsonl";

/// What lies in a folder, by index: some shards lie there more than once.
#[derive(Debug, Default)]
pub struct Survey {
    found: BTreeMap<u64, Vec<(PathBuf, Header)>>,
    /// What is no shard of this plan.
    flawed: Vec<(PathBuf, Flaw)>,
}

/// The shards of one round.
#[derive(Debug)]
pub struct Slots {
    /// Where each shard lies; none of those that are missing.
    pub files: Vec<Option<PathBuf>>,
    /// The places of those that have something to play and are missing.
    pub missing: Vec<u64>,
}

impl ShardFolder {
    /// The folder at `path` for the results of this plan.
    pub fn new(path: &Path, plan: &str, shards: u64) -> Self {
        Self {
            path: path.to_owned(),
            plan: plan.to_owned(),
            shards,
        }
    }

    /// Where the shard with this index is written.
    pub fn shard(&self, index: u64) -> PathBuf {
        self.path.join(format!("{PREFIX}{index:05}{SUFFIX}"))
    }

    /// Where that which is played of it so far is kept.
    pub fn part(&self, index: u64) -> PathBuf {
        self.path.join(format!("part-{index:05}{SUFFIX}"))
    }

    /// Makes the folder, where there is none.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(&self) -> io::Result<()> {
        fs::create_dir_all(&self.path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks at everything in the folder, and in the folders in it, that is called like a shard; at every byte of
    /// it, if this is `thorough`.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn survey(&self, thorough: bool) -> io::Result<Survey> {
        let mut survey = Survey::default();
        for path in self.files()? {
            let found = if thorough {
                file::check(&path)
            } else {
                file::header(&path)
            };
            match found {
                Ok(header) => survey
                    .found
                    .entry(header.index)
                    .or_default()
                    .push((path, header)),
                Err(flaw) => survey.flawed.push((path, flaw)),
            }
        }
        Ok(survey)
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            if path.is_dir() {
                let inside = fs::read_dir(&path)?.map(|entry| entry.map(|entry| entry.path()));
                files.extend(inside.collect::<io::Result<Vec<_>>>()?);
            } else {
                files.push(path);
            }
        }
        files.retain(|path| is_called_like_a_shard(path) && path.is_file());
        files.sort();
        Ok(files)
    }

    /// Returns what is wrong with the files of a survey that belong to no plan or to another one.
    pub fn strangers(&self, survey: &Survey) -> Vec<Report> {
        let flawed = survey.flawed.iter().map(|(path, flaw)| told(path, flaw));
        let all = survey.found.values().flatten();
        let foreign = all.filter(|(_, header)| header.plan_id != self.plan);
        let foreign = foreign
            .map(|(path, header)| report(path, divided::foreign(&header.plan_id, &self.plan)));
        flawed.chain(foreign).collect()
    }

    /// Returns the shards of a round of so many pieces.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn slots(&self, survey: &Survey, round: u64, units: u64) -> Result<Slots, Vec<Report>> {
        let (mut files, mut missing, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for place in 0..self.shards {
            let index = round * self.shards + place;
            let given = range(units, self.shards, place);
            match self.slot(survey, (round, index), given.clone()) {
                Ok(None) if !given.is_empty() => {
                    missing.push(place);
                    files.push(None);
                }
                Ok(found) => files.push(found),
                Err(report) => wrong.push(report),
            }
        }
        if wrong.is_empty() {
            Ok(Slots { files, missing })
        } else {
            Err(wrong)
        }
    }

    /// The file of one shard; none where there is none.
    fn slot(
        &self,
        survey: &Survey,
        (round, index): (u64, u64),
        given: Range<u64>,
    ) -> Result<Option<PathBuf>, Report> {
        let found = survey.found.get(&index).into_iter().flatten();
        let mut own: Option<&PathBuf> = None;
        for (path, header) in found.filter(|(_, header)| header.plan_id == self.plan) {
            if (header.round, header.first, header.end) != (round, given.start, given.end) {
                let covers = (header.first, header.end);
                let found = divided::overlap(covers, (given.start, given.end), index);
                return Err(report(path, found));
            }
            match own {
                Some(other) if !is_same(path, other) => {
                    let other = other.display().to_string();
                    return Err(report(path, divided::contradiction(&other, index)));
                }
                Some(_) => {}
                None => own = Some(path),
            }
        }
        Ok(own.cloned())
    }

    /// Says which shards of a round are missing.
    pub fn gap(&self, round: u64, missing: &[u64]) -> Report {
        let indices: Vec<u64> = missing
            .iter()
            .map(|place| round * self.shards + place)
            .collect();
        let found = divided::missing(&numbers(&indices), missing.len() as u64, self.shards);
        report(&self.path, found)
    }
}

impl Survey {
    /// Whether nothing of a round lies there.
    pub fn is_untouched(&self, round: u64, shards: u64) -> bool {
        let mut own = self.found.range(round * shards..(round + 1) * shards);
        own.next().is_none()
    }

    /// Forgets what is no shard and can be played again.
    pub fn without_flawed(&mut self) -> Vec<Report> {
        let flawed = std::mem::take(&mut self.flawed);
        flawed.iter().map(|(path, flaw)| told(path, flaw)).collect()
    }
}

fn is_called_like_a_shard(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX))
}

/// Whether two files say the same. Where one of them cannot be read, who adds it up will say so.
fn is_same(one: &Path, other: &Path) -> bool {
    match (fs::read(one), fs::read(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => true,
    }
}

/// A finding about a file as a whole.
pub fn report(path: &Path, found: Diagnostic) -> Report {
    Report::new(&path.display().to_string(), "", vec![found])
}

/// What is wrong with a file, as a finding.
pub fn told(path: &Path, flaw: &Flaw) -> Report {
    report(
        path,
        match flaw {
            Flaw::Content(found) => found.clone(),
            Flaw::Disk(error) => divided::torn(&format!("it cannot be read: {error}")),
        },
    )
}

/// Writes numbers as schedulers take them: `0,3,7-9`.
pub fn numbers(of: &[u64]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for &number in of {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let word = |&(first, last): &(u64, u64)| match last - first {
        0 => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    runs.iter().map(word).collect::<Vec<_>>().join(",")
}
