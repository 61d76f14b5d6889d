//! Reading files and naming things on the command line.

use std::path::Path;

use scenarios::reading;
use scenarios::schema::nearest;

use crate::cli::failure::Failure;

/// Reads a whole file of at most 256 MiB.
///
/// # Errors
///
/// When it cannot be read, with the path and the reason.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    reading::whole(path, reading::LARGE)
        .map_err(|error| Failure::input(format!("cannot read {}: {error}", path.display())))
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

/// Returns `word`, which names a file or something of the library, as a shell and this program take it as
/// one argument: a name that begins like an option is one of a file, and is named from its folder.
pub fn quoted(word: &str) -> String {
    if word.starts_with('-') {
        return quoted(&format!("./{word}"));
    }
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
            ("-x.yaml", "./-x.yaml"),
            ("--no fail", "'./--no fail'"),
        ] {
            assert_eq!(quoted(word), expect);
        }
    }
}
