//! Reading files and naming things on the command line.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use scenarios::schema::nearest;

use crate::cli::failure::Failure;

/// Documents are at most 1 MiB and results a few of them; more is surely the wrong file.
const BYTES_MAX: u64 = 256 << 20;

/// Reads a whole file.
///
/// # Errors
///
/// When it cannot be read, with the path and the reason.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable =
        |error: io::Error| Failure::input(format!("cannot read {}: {error}", path.display()));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(BYTES_MAX)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

/// Returns what to type instead of `word`: the nearest of `known`, and where to find all of them.
pub fn suggestion<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    everything: &str,
) -> String {
    match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`? {everything}"),
        None => everything.to_owned(),
    }
}

/// Returns `word` as a shell takes it as one argument.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./-:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_a_quoted_word_as_one_argument() {
        for (word, expect) in [
            ("a/b-c.yaml", "a/b-c.yaml"),
            ("two words", "'two words'"),
            ("it's", r"'it'\''s'"),
            ("$(rm)", "'$(rm)'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expect);
        }
    }
}
