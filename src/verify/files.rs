//! The files of cases: what is read, and who judges it.

use std::fmt;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use scenarios::adapter::{Json, parse};
use scenarios::reading;
use serde_json::Value;

use super::verification::{CaseResult, Verification};
use super::{closed_form, gz, peers, recorded};

/// The closed-form cases that every build carries; their answers follow from the formulas beside
/// them.
const BUILT_IN: &str = include_str!("builtin/closed_form.json");

/// What is verified, and how thoroughly.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files (`.json`, `.jsonl`, and either with `.gz`) and folders of them; none means the built-in cases.
    pub cases: Vec<PathBuf>,
    /// The number of trials of a closed-form case.
    pub trials: u64,
    /// The root of all draws.
    pub seed: u64,
}

/// A file of cases that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot read cases from {}: {}",
            self.path.display(),
            self.why
        )
    }
}

impl std::error::Error for Unreadable {}

/// Verifies all cases in the order of their files and calls `seen` after each; stops when that says so.
///
/// # Errors
/// For a path that cannot be read and a file that is not JSON; before anything is simulated.
pub fn verify(
    options: &Options,
    mut seen: impl FnMut(&CaseResult) -> ControlFlow<()>,
) -> Result<Verification, Unreadable> {
    let mut files = Vec::new();
    for path in &options.cases {
        collect(path, &mut files)?;
    }
    let mut cases = Vec::new();
    for file in &files {
        cases.extend(read(file)?);
    }
    if options.cases.is_empty() {
        cases.extend(built_in());
    }
    let mut verification = Verification::default();
    for case in cases {
        let result = case.verify(options);
        let goes_on = seen(&result).is_continue();
        verification.cases.push(result);
        if !goes_on {
            break;
        }
    }
    Ok(verification)
}

/// One case, where it stands and who judges it.
struct FileEntry {
    place: String,
    case: FileCase,
}

/// A case as it was read.
enum FileCase {
    ClosedForm(Value),
    /// Systems of Python write NaN and the infinities, which only the lenient reader knows.
    Recorded(Json),
    /// A decision of a controller, and its file.
    Peer(String, peers::Row),
}

impl FileEntry {
    fn verify(self, options: &Options) -> CaseResult {
        match self.case {
            FileCase::Recorded(row) => recorded::verify(&self.place, &row),
            FileCase::Peer(file, row) => peers::verify(&file, &self.place, &row),
            FileCase::ClosedForm(value) => {
                closed_form::verify(&self.place, value, options.seed, options.trials)
            }
        }
    }
}

fn built_in() -> Vec<FileEntry> {
    let mut entries = array("built-in", BUILT_IN).expect("the built-in cases are JSON");
    let rows = recorded::built_in().into_iter();
    entries.extend(rows.map(|(place, row)| FileEntry {
        place,
        case: FileCase::Recorded(row),
    }));
    entries
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Unreadable> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let unreadable = |error: std::io::Error| Unreadable {
        path: path.to_owned(),
        why: error.to_string(),
    };
    let entries = std::fs::read_dir(path).map_err(unreadable)?;
    let mut inside = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unreadable)?;
    inside.sort();
    for path in inside {
        if path.is_dir() || lines(&path).is_some() {
            collect(&path, files)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<FileEntry>, Unreadable> {
    let unreadable = |why: String| Unreadable {
        path: path.to_owned(),
        why,
    };
    let name = path.display().to_string();
    let text = unpacked(path).map_err(|error| unreadable(error.to_string()))?;
    if lines(path) == Some(true) {
        rows(&name, &text)
    } else {
        array(&name, &text)
    }
    .map_err(unreadable)
}

/// Whether the ending of a file says that it holds a row a line; nothing for a file that holds no cases.
fn lines(path: &Path) -> Option<bool> {
    let name = path.file_name()?.to_str()?;
    match name.strip_suffix(".gz").unwrap_or(name).rsplit_once('.')?.1 {
        "json" => Some(false),
        "jsonl" => Some(true),
        _ => None,
    }
}

fn unpacked(path: &Path) -> std::io::Result<String> {
    if path.extension().is_some_and(|ending| ending == "gz") {
        return gz::text(&reading::whole(path, reading::LARGE)?, reading::LARGE);
    }
    reading::text(path, reading::LARGE)
}

/// Reads a list of closed-form cases, a single one, or a table of what a controller decided.
fn array(name: &str, text: &str) -> Result<Vec<FileEntry>, String> {
    let values = match serde_json::from_str(text).map_err(|error| error.to_string())? {
        Value::Array(values) => values,
        single => match peers::table(&single) {
            Some(rows) => return Ok(table(name, rows)),
            None => vec![single],
        },
    };
    let entry = |(index, value)| {
        let place = format!("{name}, case {}", index + 1);
        FileEntry {
            place,
            case: FileCase::ClosedForm(value),
        }
    };
    Ok(values.into_iter().enumerate().map(entry).collect())
}

fn table(name: &str, rows: Vec<peers::Row>) -> Vec<FileEntry> {
    let rows = rows.into_iter().enumerate();
    rows.map(|(index, row)| FileEntry {
        place: format!("{name}, row {}", index + 1),
        case: FileCase::Peer(name.to_owned(), row),
    })
    .collect()
}

/// Reads recorded decisions, one a line; empty lines are none.
fn rows(name: &str, text: &str) -> Result<Vec<FileEntry>, String> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let place = format!("{name}:{}", index + 1);
            if let Some(row) = serde_json::from_str(line)
                .ok()
                .and_then(|line| peers::row(&line))
            {
                return Ok(FileEntry {
                    place,
                    case: FileCase::Peer(name.to_owned(), row),
                });
            }
            let row = parse(line).map_err(|fault| format!("line {}: {fault}", index + 1))?;
            Ok(FileEntry {
                place,
                case: FileCase::Recorded(row),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::verification::CaseStatus;
    use super::*;

    #[test]
    fn folders_are_read_in_order_and_kinds_that_nobody_knows_are_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, text).expect("a file");
        };
        write("b.json", r#"[{"id": "B", "kind": "tarot"}]"#);
        write(
            "a/deep.jsonl",
            "{\"kind\": \"palmistry\"}\n\n{\"kind\": \"palmistry\"}\n",
        );
        write("README.md", "no cases here");
        let cases = vec![folder.path().to_owned()];
        let mut seen = 0;
        let options = Options {
            cases,
            trials: 10,
            seed: 1,
        };
        let all = verify(&options, |_| {
            seen += 1;
            ControlFlow::Continue(())
        })
        .expect("readable");
        let kinds: Vec<_> = all.cases.iter().map(|case| case.kind.as_str()).collect();
        assert_eq!(kinds, ["palmistry", "palmistry", "tarot"]);
        assert_eq!((all.count(CaseStatus::Unknown), seen), (3, 3));
        write("c.json", "[");
        assert!(
            verify(&options, |_| ControlFlow::Continue(()))
                .is_err_and(|error| error.path.ends_with("c.json"))
        );
    }
}
