//! `coalmine import`: what of other people's policies is read, and what becomes of every key.

mod found;
mod native;

use std::path::{Path, PathBuf};

use clap::Args;
use scenarios::{Report, files, import};

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::offered::{Answers, Plain};
use super::output::OutputArgs;
use super::resolve::AssumeArgs;
use super::schema::pretty;

/// What to import.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// Files in YAML or JSON, with one object or many, and folders of them
    #[arg(required = true, value_name = "FILE|FOLDER")]
    targets: Vec<PathBuf>,
    /// Write what the first file means into this folder: a policy of coalmine's own form with its world and scenarios, whose
    /// comments say what was assumed and what counts otherwise; no file that is there already is touched
    #[arg(long, value_name = "DIR")]
    native: Option<PathBuf>,
    #[command(flatten)]
    assume: AssumeArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Prints what becomes of every key; what cannot be read is told with its place.
pub fn answer(args: &ImportArgs, console: &Console) -> Answer {
    if let (Some(option), None) = (args.assume.given(), &args.native) {
        let what = format!("{option} is for the world that --native writes");
        return Err(Failure::usage(what).help("say --native DIR too, or leave it out"));
    }
    let output = Answers::<Plain>::open(&args.output)?;
    let (all, unread) = read(&args.targets)?;
    let mut wrong: Vec<Report> = all.iter().map(import::Imported::report).collect();
    wrong.retain(|report| !report.diagnostics.is_empty());
    wrong.extend(unread);
    let report = found::report(&all, &wrong);
    output.write(console, |form, style| match form {
        Plain::Json => pretty(&report) + "\n",
        Plain::Text => reports::fidelity_text(&report, style),
    })?;
    if wrong.is_empty() {
        if let Some(folder) = &args.native {
            native::write(
                (folder, &args.targets),
                all,
                &args.assume.assumed(),
                console,
            )?;
        }
        return Ok(ExitCode::Success);
    }
    console.complain(&Failure::Reports(wrong));
    Ok(ExitCode::InvalidInput)
}

/// The objects of all files, and what cannot be read.
fn read(targets: &[PathBuf]) -> Result<(Vec<import::Imported>, Vec<Report>), Failure> {
    let (mut all, mut unread) = (Vec::new(), Vec::new());
    for target in targets {
        for path in inside(target)? {
            match files::open(&path) {
                Ok(bytes) => all.push(named(&path, &bytes, path == *target)),
                Err(report) => unread.push(report),
            }
        }
    }
    Ok((all, unread))
}

/// The objects of a file; one that was named and holds none is a mistake.
fn named(path: &Path, bytes: &[u8], alone: bool) -> import::Imported {
    let mut file = import::read(&path.display().to_string(), bytes);
    if alone {
        file.problems.extend(file.nothing_known());
    }
    file
}

/// The most folders that may lie in one another.
const DEPTH: usize = 32;

/// The file, or every document of the folder and of those in it, in the order of their names.
///
/// # Errors
///
/// When a folder cannot be read, and when it holds no document.
pub fn inside(target: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !target.is_dir() {
        return Ok(vec![target.to_owned()]);
    }
    let mut paths = Vec::new();
    collect(target, DEPTH, &mut paths)?;
    if paths.is_empty() {
        let what = format!("{} holds no file in YAML or JSON", target.display());
        return Err(Failure::input(what));
    }
    Ok(paths)
}

fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let unreadable = |error| Failure::input(format!("cannot read {}: {error}", folder.display()));
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // A link to a folder is not followed: it may lead back here.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if depth > 0 {
                collect(&path, depth - 1, paths)?;
            }
        } else if is_document(&path) {
            paths.push(path);
        }
    }
    Ok(())
}

/// Whether a file may hold objects, by its name.
fn is_document(path: &Path) -> bool {
    let endings = ["yaml", "yml", "json"];
    path.extension()
        .is_some_and(|ending| endings.iter().any(|known| ending == *known))
}
