//! The project's own files, and Rust code without its comments and texts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A Rust file of the project.
pub struct Source {
    /// The path from the root of the project, with forward slashes.
    pub path: String,
    /// The text as it stands.
    pub text: String,
    /// The same text with comments and the contents of literals blanked; lines stay where they are.
    pub code: String,
}

impl Source {
    /// Whether the whole file is there for tests alone.
    pub fn is_test(&self) -> bool {
        let name = self
            .path
            .rsplit('/')
            .next()
            .expect("a path has a last part");
        let folders = ["tests/", "fixtures/"];
        folders.iter().any(|folder| self.path.contains(folder)) || name.ends_with("tests.rs")
    }

    /// Returns the code before the tests at the end of the file.
    pub fn product(&self) -> &str {
        if self.is_test() {
            return "";
        }
        let end = self.code.match_indices("#[cfg(test)]").find(|(at, _)| {
            let rest = self.code[at + "#[cfg(test)]".len()..].trim_start();
            rest.starts_with("mod ") && rest.find('{') < rest.find(';')
        });
        &self.code[..end.map_or(self.code.len(), |(at, _)| at)]
    }

    /// Returns the number of the line on which the byte `at` stands.
    pub fn line_of(&self, at: usize) -> usize {
        self.code[..at].matches('\n').count() + 1
    }
}

/// The root of the project.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns every file that belongs to the project: what the version control knows, or, in an unpacked
/// archive, what lies there.
pub fn files() -> Vec<PathBuf> {
    let git = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output();
    let listed = git
        .ok()
        .filter(|output| output.status.success() && !output.stdout.is_empty());
    let mut files = match listed {
        Some(output) => String::from_utf8_lossy(&output.stdout)
            .split_terminator('\0')
            .map(|name| root().join(name))
            .filter(|path| path.is_file())
            .collect(),
        None => walk(root()),
    };
    files.sort();
    files
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let entries = entries.map(|entry| entry.expect("the entry can be read"));
    let skipped = [".git", "target"];
    let kept = entries.filter(|entry| !skipped.iter().any(|name| entry.file_name() == *name));
    kept.flat_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            walk(&path)
        } else {
            vec![path]
        }
    })
    .collect()
}

/// Returns the path from the root, with forward slashes.
pub fn name_of(path: &Path) -> String {
    let inside = path
        .strip_prefix(root())
        .expect("the file lies in the project");
    inside
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// Returns every Rust file, read once for all tests.
pub fn sources() -> &'static [Source] {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    SOURCES.get_or_init(read_sources)
}

fn read_sources() -> Vec<Source> {
    let rust = files()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let sources: Vec<_> = rust
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a Rust file is text");
            Source {
                path: name_of(&path),
                code: blank(&text),
                text,
            }
        })
        .collect();
    assert!(sources.len() > 50, "the project was found");
    sources
}

/// Blanks comments and the contents of text literals, byte for byte.
pub fn blank(text: &str) -> String {
    let mut left = text;
    let mut out = String::with_capacity(text.len());
    while let Some(first) = left.chars().next() {
        let (keep, drop, close) = token(left, first);
        out.push_str(&left[..keep]);
        let dropped = &left[keep..keep + drop];
        out.extend(
            dropped
                .bytes()
                .map(|byte| if byte == b'\n' { '\n' } else { ' ' }),
        );
        out.push_str(&left[keep + drop..keep + drop + close]);
        left = &left[keep + drop + close..];
    }
    assert_eq!(out.len(), text.len(), "blanking keeps every byte's place");
    out
}

/// Returns how many bytes of the next token to keep, to blank, and to keep again.
fn token(left: &str, first: char) -> (usize, usize, usize) {
    if left.starts_with("//") {
        return (0, left.find('\n').unwrap_or(left.len()), 0);
    }
    if left.starts_with("/*") {
        return (0, left.find("*/").map_or(left.len(), |end| end + 2), 0);
    }
    if let Some(hashes) = raw_hashes(left) {
        let open = hashes + 2;
        let end = format!("\"{}", "#".repeat(hashes));
        let length = left[open..].find(&end).expect("a raw text ends");
        return (open, length, end.len());
    }
    match first {
        '"' => (1, quoted(&left[1..], '"'), 1),
        '\'' if is_char(left) => (1, quoted(&left[1..], '\''), 1),
        // A word is taken whole, so that the `r` at its end opens no raw text.
        _ if is_word(first) => (left.find(|c| !is_word(c)).unwrap_or(left.len()), 0, 0),
        _ => (first.len_utf8(), 0, 0),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns the number of hashes of a raw text that begins here.
fn raw_hashes(left: &str) -> Option<usize> {
    let rest = left.strip_prefix('r')?;
    let after = rest.trim_start_matches('#');
    after.starts_with('"').then(|| rest.len() - after.len())
}

/// A quote begins a character and no lifetime if another one closes it.
fn is_char(left: &str) -> bool {
    let mut rest = left.chars().skip(1);
    match rest.next() {
        Some('\\') => true,
        Some(_) => rest.next() == Some('\''),
        None => false,
    }
}

fn quoted(rest: &str, close: char) -> usize {
    let mut escaped = false;
    let ends = |(_, c): &(usize, char)| {
        let is_end = !escaped && *c == close;
        escaped = !escaped && *c == '\\';
        is_end
    };
    rest.char_indices()
        .find(ends)
        .expect("a text literal ends")
        .0
}

/// Returns every place of `word` in `code` that is not part of a longer word.
pub fn places<'c>(code: &'c str, word: &'c str) -> impl Iterator<Item = usize> + 'c {
    let found = code.match_indices(word).map(|(at, _)| at);
    found.filter(move |at| !code[..*at].chars().next_back().is_some_and(is_word))
}

#[test]
fn comments_and_texts_are_blanked_and_nothing_moves() {
    let check = |text: &str, expect: &str| assert_eq!(blank(text), expect, "{text}");
    check("a // b\nc", "a     \nc");
    check("a /* b */ c", "a         c");
    check(r#"f("todo!()")"#, r#"f("       ")"#);
    check(r#"f("a\"b")"#, r#"f("    ")"#);
    check(r##"f(r#"a"b"#)"##, r##"f(r#"   "#)"##);
    check("'a' 'x: '\\n'", "' ' 'x: '  '");
    check("for r in \"x\"", "for r in \" \"");
    check("'{' {", "' ' {");
}
