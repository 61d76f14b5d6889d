//! Where results go: one to stdout, any number to files, whole or not at all.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, ValueEnum};
use reports::chart::{Chart, Drawing};
use tempfile::NamedTempFile;

use super::console::Console;
use super::failure::Failure;
use super::forms::Forms;

/// A form in which a result can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// For programs.
    Json,
    /// For pages and pull requests.
    Markdown,
    /// For a ticket: at most 15 lines of plain sentences.
    Ticket,
    /// Environment variables, for what has some.
    Env,
    /// A noise model, for what fits one.
    Noise,
    /// Comma-separated values, for what has points.
    Csv,
    /// A change of the user's file, for `git apply`.
    Patch,
    /// One page that needs nothing else, for a browser.
    Html,
    /// The charts, each a file of its own in the folder that is named.
    Svg,
    /// Test results, for what collects them in a pipeline.
    Junit,
    /// One JSON object a line, for notebooks.
    Jsonl,
    /// Annotations, for a GitHub workflow's log.
    Github,
    /// Findings in a file, for code scanning.
    Sarif,
}

impl Format {
    /// Returns the word that names the format on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Ticket => "ticket",
            Self::Env => "env",
            Self::Noise => "noise",
            Self::Csv => "csv",
            Self::Patch => "patch",
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Junit => "junit",
            Self::Jsonl => "jsonl",
            Self::Github => "github",
            Self::Sarif => "sarif",
        }
    }
}

/// What is written, and where.
#[derive(Args, Clone, Debug)]
pub struct OutputArgs {
    /// The form of the answer on stdout
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Also write the result to a file, whole or not at all; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    pub out: Vec<Target>,
}

impl OutputArgs {
    /// Returns the path of the first file that is asked for in `format`.
    pub fn path(&self, format: Format) -> Option<String> {
        let target = self.out.iter().find(|target| target.format == format)?;
        Some(target.path.display().to_string())
    }
}

/// One file that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    format: Format,
    path: PathBuf,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, path) = text
            .split_once('=')
            .ok_or("say FORMAT=PATH, such as json=result.json")?;
        let format = Format::from_str(word, false).map_err(|_| {
            let words: Vec<_> = Format::value_variants()
                .iter()
                .map(|form| form.word())
                .collect();
            format!(
                "there is no format `{word}`; there are {}",
                words.join(", ")
            )
        })?;
        if path.is_empty() {
            return Err("the path after `=` is empty".to_owned());
        }
        Ok(Self {
            format,
            path: path.into(),
        })
    }
}

/// Everything that will be written, found writable.
#[derive(Debug)]
pub struct Output {
    format: Format,
    files: Vec<(Format, File)>,
    folders: Vec<Folder>,
}

#[derive(Debug)]
enum File {
    /// A file that appears under its name when it is whole.
    Whole(NamedTempFile, PathBuf),
    /// A device or a pipe, which cannot be replaced.
    Stream(fs::File, PathBuf),
}

impl Output {
    /// Finds out whether everything can be written, before any work is done for it.
    ///
    /// # Errors
    ///
    /// For a format that this result does not have, and for a path that cannot be written.
    pub fn open(args: &OutputArgs, offered: &[Format]) -> Result<Self, Failure> {
        let formats = args.out.iter().map(|target| target.format);
        for format in std::iter::once(args.format).chain(formats) {
            if !offered.contains(&format) {
                return Err(not_offered(format, offered));
            }
        }
        if args.format == Format::Svg {
            let help = "--out svg=FOLDER writes each chart to a file";
            return Err(Failure::usage("there are several charts, and one stdout").help(help));
        }
        let (folders, files): (Vec<_>, Vec<_>) = args
            .out
            .iter()
            .partition(|target| target.format == Format::Svg);
        let open = |target: &&Target| match File::open(&target.path) {
            Ok(file) => Ok((target.format, file)),
            Err(error) => Err(unwritable(&target.path, &error)),
        };
        let folder = |target: &&Target| {
            Folder::open(&target.path).map_err(|error| unwritable(&target.path, &error))
        };
        Ok(Self {
            format: args.format,
            files: files.iter().map(open).collect::<Result<_, _>>()?,
            folders: folders.iter().map(folder).collect::<Result<_, _>>()?,
        })
    }

    /// Leaves out the files of a format, which then do not appear; returns whether there were any.
    pub fn without(&mut self, format: Format) -> bool {
        let before = self.files.len();
        self.files.retain(|(known, _)| *known != format);
        self.files.len() < before
    }

    /// Writes a typed result in every form that was asked for, files first, and its charts into the
    /// folders that were named.
    ///
    /// # Errors
    ///
    /// When a file or stdout can no longer be written; then no file has appeared half.
    pub fn show(self, console: &Console, result: &impl Forms) -> Result<(), Failure> {
        self.write_charts(
            console,
            |format, style| result.form(format, style),
            || result.charts(),
        )
    }

    /// Writes what `render` says in every form that was asked for, files first.
    ///
    /// # Errors
    ///
    /// When a file or stdout can no longer be written; then no file has appeared half.
    pub fn write(
        self,
        console: &Console,
        render: impl Fn(Format, reports::Style) -> String,
    ) -> Result<(), Failure> {
        self.write_charts(console, render, Vec::new)
    }

    /// As [`Output::write`], and the charts into the folders that were named.
    ///
    /// # Errors
    ///
    /// When a file or stdout can no longer be written; then no file has appeared half.
    pub fn write_charts(
        self,
        console: &Console,
        render: impl Fn(Format, reports::Style) -> String,
        charts: impl Fn() -> Vec<Chart>,
    ) -> Result<(), Failure> {
        // Dropped last, so that a folder of ours that stays empty goes.
        let mut kept = Vec::new();
        let mut files = self.files;
        if !self.folders.is_empty() {
            let drawn: Vec<_> = charts().iter().map(svg_file).collect();
            for folder in self.folders {
                files.extend(folder.fill(&drawn)?);
                kept.push(folder);
            }
        }
        for (format, file) in &mut files {
            if *format == Format::Svg {
                continue;
            }
            let text = render(*format, reports::Style::PLAIN);
            file.fill(&text)
                .map_err(|error| unwritable(file.path(), &error))?;
        }
        for (_, file) in files {
            let path = file.path().to_owned();
            file.publish().map_err(|error| unwritable(&path, &error))?;
            console.detail(&format!("wrote {}", path.display()));
        }
        console.answer(&render(self.format, console.style()))
    }
}

/// A folder for the charts: made if it is not there, and taken away again if it stays empty.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn open(path: &Path) -> io::Result<Self> {
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {
                // A nameless file shows whether others can be made here.
                file_in(path).map(drop)?;
            }
            made => made?,
        }
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Makes the files; they appear under their names when all results are whole.
    fn fill(&self, drawn: &[(String, String)]) -> Result<Vec<(Format, File)>, Failure> {
        let write = |(name, text): &(String, String)| {
            let path = self.path.join(name);
            let filled = File::open(&path).and_then(|mut file| file.fill(text).map(|()| file));
            let file = filled.map_err(|error| unwritable(&path, &error))?;
            Ok((Format::Svg, file))
        };
        drawn.iter().map(write).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Only an empty folder can be removed this way.
        drop(fs::remove_dir(&self.path));
    }
}

/// A chart's file and what is in it.
fn svg_file(chart: &Chart) -> (String, String) {
    (format!("{}.svg", chart.id), Drawing::of(chart).file())
}

impl File {
    fn open(path: &Path) -> io::Result<Self> {
        // A link is followed, so that it stays a link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => Err(io::Error::other("it is a folder")),
            Ok(found) if found.is_file() => {
                // Replacing a file needs no right to write it, but its owner said what he said.
                OpenOptions::new().append(true).open(&path)?;
                Self::beside(path, found.permissions())
            }
            Ok(_) => Ok(Self::Stream(
                OpenOptions::new().write(true).open(&path)?,
                path,
            )),
            Err(_) => Self::beside(path, default_permissions()),
        }
    }

    /// Makes the new file in the same folder, because only there can it take the name at once.
    fn beside(path: PathBuf, permissions: Permissions) -> io::Result<Self> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        Ok(Self::Whole(temporary(folder, permissions)?, path))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Whole(_, path) | Self::Stream(_, path) => path,
        }
    }

    fn fill(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Whole(file, _) => file
                .write_all(text.as_bytes())
                .and_then(|()| file.as_file().sync_all()),
            Self::Stream(file, _) => file.write_all(text.as_bytes()),
        }
    }

    fn publish(self) -> io::Result<()> {
        match self {
            Self::Whole(file, path) => file.persist(path).map(drop).map_err(|error| error.error),
            Self::Stream(..) => Ok(()),
        }
    }
}

/// Makes a nameless new file in `folder`, to be given its name when it is whole.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn file_in(folder: &Path) -> io::Result<NamedTempFile> {
    temporary(folder, default_permissions())
}

fn temporary(folder: &Path, permissions: Permissions) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".coalmine-")
        .permissions(permissions)
        .tempfile_in(folder)
}

/// What an ordinary program's new file has, before the user's mask.
#[cfg(unix)]
fn default_permissions() -> Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    Permissions::from_mode(0o644)
}

#[cfg(not(unix))]
fn default_permissions() -> Permissions {
    // Elsewhere a new file simply takes the rights of its folder; any writable file will do.
    fs::metadata(std::env::temp_dir())
        .expect("there is a folder for temporary files")
        .permissions()
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let help = match folder {
        Some(folder) if !folder.exists() => format!("mkdir -p {}", folder.display()),
        _ => "choose a path that you may write".to_owned(),
    };
    Failure::input(format!("cannot write {}: {error}", path.display())).help(help)
}

fn not_offered(format: Format, offered: &[Format]) -> Failure {
    let words: Vec<_> = offered.iter().map(|format| format.word()).collect();
    let what = format!("this result has no form `{}`", format.word());
    Failure::usage(what).help(format!("choose among {}", words.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_names_its_format_and_its_path() {
        let target: Target = "json=a=b.json".parse().expect("well formed");
        assert_eq!(
            target,
            Target {
                format: Format::Json,
                path: "a=b.json".into()
            }
        );
        for broken in ["result.json", "jsn=x", "json="] {
            assert!(broken.parse::<Target>().is_err(), "{broken}");
        }
    }
}
