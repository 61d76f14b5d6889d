//! The file of one shard: three lines, which say what it is, what was played, and that this is all of it.
#![expect(
    clippy::result_large_err,
    reason = "a flaw is told once, and ends the command"
)]

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::ops::Range;
use std::path::Path;

use scenarios::reading;
use scenarios::{Diagnostic, divided};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::form::digest;
use crate::temporary::{Nameless, usual_permissions};

/// More is surely no shard.
const BYTES_MAX: u64 = 4 << 30;
/// More is surely no first line of one.
const HEADER_MAX: u64 = 4096;

/// The first line of a shard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Header {
    /// `coalmine/shard`.
    pub schema: String,
    /// The version of this form.
    pub version: u32,
    /// The plan to which it belongs.
    pub plan_id: String,
    /// The round, from 0.
    pub round: u64,
    /// The index.
    pub index: u64,
    /// The first piece of work.
    pub first: u64,
    /// The one behind the last.
    pub end: u64,
}

impl Header {
    /// What `schema` says.
    pub const SCHEMA: &str = "coalmine/shard";
    /// What `version` says.
    pub const VERSION: u32 = 1;

    /// The header of a shard.
    pub fn new(plan_id: &str, round: u64, index: u64, units: Range<u64>) -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            version: Self::VERSION,
            plan_id: plan_id.to_owned(),
            round,
            index,
            first: units.start,
            end: units.end,
        }
    }
}

/// The last line of a shard.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Seal {
    /// The checksum of the lines before this one.
    sha256: String,
}

/// Why a file is no shard.
#[derive(Debug)]
pub enum Flaw {
    /// It cannot be read.
    Disk(io::Error),
    /// It is not what was written.
    Content(Diagnostic),
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// Writes a shard, whole or not at all; a `lasting` one is on the disk before it has its name. One that is not may
/// be torn by a machine that loses its power, which its last line shows, and is as whole as any after a kill.
///
/// # Errors
/// When the folder cannot be written.
pub fn write(path: &Path, header: &Header, sum: &impl Serialize, lasting: bool) -> io::Result<()> {
    let mut bytes = serde_json::to_vec(header)?;
    bytes.push(b'\n');
    serde_json::to_writer(&mut bytes, sum)?;
    bytes.push(b'\n');
    let sha256 = digest(&bytes);
    serde_json::to_writer(&mut bytes, &Seal { sha256 })?;
    bytes.push(b'\n');
    let mut new = Nameless::new(path.parent().unwrap_or(Path::new(".")), usual_permissions())?;
    new.file().write_all(&bytes)?;
    if lasting {
        new.file().sync_all()?;
    }
    new.name(path)
}

/// Reads the first line of a shard alone.
///
/// # Errors
/// When it cannot be read, or is none.
pub fn header(path: &Path) -> Result<Header, Flaw> {
    let mut line = Vec::new();
    let file = BufReader::new(File::open(path)?.take(HEADER_MAX));
    let mut file = file;
    file.read_until(b'\n', &mut line)?;
    parsed(&line, "its first line")
}

/// Reads a shard.
///
/// # Errors
/// When it cannot be read, ends before its end, or was altered.
pub fn read<S: DeserializeOwned>(path: &Path) -> Result<(Header, S), Flaw> {
    let (bytes, end) = sealed(path)?;
    let [head, body] = lines(&bytes[..end])?;
    Ok((
        parsed(head, "its first line")?,
        parsed(body, "its second line")?,
    ))
}

/// Reads the first line of a shard of which every byte is as it was written.
///
/// # Errors
/// As [`read`].
pub fn check(path: &Path) -> Result<Header, Flaw> {
    let (bytes, end) = sealed(path)?;
    let [head, _] = lines(&bytes[..end])?;
    parsed(head, "its first line")
}

/// The bytes of a shard, and where its last line begins.
fn sealed(path: &Path) -> Result<(Vec<u8>, usize), Flaw> {
    let bytes = reading::whole_result(path, BYTES_MAX)?;
    let torn = || Flaw::Content(divided::torn("its last line is missing"));
    let text = bytes.strip_suffix(b"\n").ok_or_else(torn)?;
    let end = text
        .iter()
        .rposition(|byte| *byte == b'\n')
        .ok_or_else(torn)?
        + 1;
    let seal: Seal = serde_json::from_slice(&text[end..]).map_err(|_| torn())?;
    let found = digest(&bytes[..end]);
    if found != seal.sha256 {
        return Err(Flaw::Content(divided::altered(&found, &seal.sha256)));
    }
    Ok((bytes, end))
}

fn lines(bytes: &[u8]) -> Result<[&[u8]; 2], Flaw> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let two = [lines.next(), lines.next()];
    match (two, lines.next()) {
        ([Some(head), Some(body)], None) => Ok([head, body]),
        _ => Err(Flaw::Content(divided::torn("it has not three lines"))),
    }
}

fn parsed<T: DeserializeOwned>(line: &[u8], which: &str) -> Result<T, Flaw> {
    let why = |error: serde_json::Error| divided::torn(&format!("{which} cannot be read: {error}"));
    serde_json::from_slice(line).map_err(|error| Flaw::Content(why(error)))
}
