//! Where results go: one to stdout, any number to files, whole or not at all.

mod apart;
mod args;
mod format;
mod place;

use std::io;
use std::path::{Path, PathBuf};

use reports::chart::{Chart, Drawing};

pub use self::args::{OutputArgs, Target};
pub use self::format::Format;
use self::place::Place;
use super::console::Console;
use super::failure::Failure;
use super::renderers::Forms;
use super::resolve::quoted;
use crate::temporary::{Made, Nameless, usual_permissions};

/// Everything that will be written, found writable.
#[derive(Debug)]
pub struct Output {
    format: Format,
    files: Vec<(Format, Place)>,
    folders: Vec<Folder>,
    /// Whether other programs read it, to the byte.
    exact: bool,
}

impl Output {
    /// Finds out whether everything can be written, before any work is done for it: that each result has a
    /// place of its own, that no input lies there, and that it can be written.
    ///
    /// # Errors
    ///
    /// For a format that this result does not have, for two results of one path, for a path from which
    /// this command reads, and for one that cannot be written.
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
        apart::check(&args.out)?;
        let (folders, files): (Vec<_>, Vec<_>) = args
            .out
            .iter()
            .partition(|target| target.format == Format::Svg);
        let open = |target: &&Target| match Place::open(&target.path) {
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
            exact: false,
        })
    }

    /// Leaves out the files of a format, which then do not appear; returns whether there were any.
    pub fn without(&mut self, format: Format) -> bool {
        let before = self.files.len();
        self.files.retain(|(known, _)| *known != format);
        self.files.len() < before
    }

    /// Makes sure that no result goes to `taken`, a file or a folder that this command writes by itself.
    ///
    /// # Errors
    ///
    /// When one does, or goes into that folder.
    pub fn beside(&self, taken: &Path) -> Result<(), Failure> {
        let files = self.files.iter().map(|(_, place)| place.path());
        let folders = self.folders.iter().map(|folder| folder.path.as_path());
        files
            .chain(folders)
            .try_for_each(|path| apart::check_beside(path, taken))
    }

    /// Leaves every byte as the writer made it: what a database or a script reads holds names as they are.
    #[must_use]
    pub fn exactly(self) -> Self {
        Self {
            exact: true,
            ..self
        }
    }

    /// Writes `text` to every file that was asked for, and nothing to stdout.
    ///
    /// # Errors
    ///
    /// When a file can no longer be written; then none has appeared half.
    pub fn only_files(mut self, text: &str) -> Result<(), Failure> {
        for (_, file) in &mut self.files {
            apart::check_unread(file.path())?;
            file.fill(text)
                .map_err(|error| cut_short(file.path(), &error))?;
        }
        for (_, file) in self.files {
            let path = file.path().to_owned();
            file.publish().map_err(|error| cut_short(&path, &error))?;
        }
        Ok(())
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
        let exact = self.exact;
        let safe = |format: Format, text: String, colour: bool| {
            if exact {
                text
            } else {
                format.safe(text, colour)
            }
        };
        // Dropped last, so that a folder of ours that stays empty goes.
        let kept = self.folders;
        let mut files = self.files;
        if !kept.is_empty() {
            let drawn: Vec<_> = charts().iter().map(svg_file).collect();
            for folder in &kept {
                files.extend(folder.fill(&drawn)?);
            }
        }
        for (_, file) in &files {
            apart::check_unread(file.path())?;
        }
        let plain = |format| safe(format, render(format, reports::Style::PLAIN), false);
        fill(&mut files, plain)?;
        publish(files, console)?;
        let style = console.style();
        console.answer_exactly(&safe(self.format, render(self.format, style), style.colour))
    }
}

/// A folder for the charts: made if it is not there, and then taken away again if it stays empty.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// Dropped when everything is written.
    _made: Option<Made>,
}

impl Folder {
    fn open(path: &Path) -> io::Result<Self> {
        let made = Made::new(path)?;
        // A nameless file shows whether others can be made here.
        Nameless::new(path, usual_permissions()).map(drop)?;
        Ok(Self {
            path: path.to_owned(),
            _made: made,
        })
    }

    /// Makes the files; they appear under their names when all results are whole.
    fn fill(&self, drawn: &[(String, String)]) -> Result<Vec<(Format, Place)>, Failure> {
        let write = |(name, text): &(String, String)| {
            let path = self.path.join(name);
            let filled = Place::open(&path).and_then(|mut file| file.fill(text).map(|()| file));
            let file = filled.map_err(|error| cut_short(&path, &error))?;
            Ok((Format::Svg, file))
        };
        drawn.iter().map(write).collect()
    }
}

/// Writes what is no chart, and lets nothing appear yet.
fn fill(files: &mut [(Format, Place)], text: impl Fn(Format) -> String) -> Result<(), Failure> {
    for (format, file) in files.iter_mut().filter(|it| it.0 != Format::Svg) {
        file.fill(&text(*format))
            .map_err(|error| cut_short(file.path(), &error))?;
    }
    Ok(())
}

/// Lets every file appear.
fn publish(files: Vec<(Format, Place)>, console: &Console) -> Result<(), Failure> {
    for (_, file) in files {
        let path = file.path().to_owned();
        file.publish().map_err(|error| cut_short(&path, &error))?;
        console.detail(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// A chart's file and what is in it.
fn svg_file(chart: &Chart) -> (String, String) {
    let drawn = Drawing::of(chart).file();
    (format!("{}.svg", chart.id), Format::Svg.safe(drawn, false))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let help = match folder {
        Some(folder) if !folder.exists() => {
            format!("mkdir -p {}", quoted(&folder.display().to_string()))
        }
        _ => "choose a path that you may write".to_owned(),
    };
    Failure::input(format!("cannot write {}: {error}", path.display())).help(help)
}

/// A file that could be opened and not be written to its end: nobody's mistake in the input.
fn cut_short(path: &Path, error: &io::Error) -> Failure {
    Failure::output(format!("cannot write {}: {error}", path.display()))
        .help("make room, or choose another path; no other file has been changed")
}

fn not_offered(format: Format, offered: &[Format]) -> Failure {
    let words: Vec<_> = offered.iter().map(|format| format.word()).collect();
    let what = format!("this result has no form `{}`", format.word());
    Failure::usage(what).help(format!("choose among {}", words.join(", ")))
}
