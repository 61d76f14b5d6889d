//! `coalmine shrink`: makes a case as small as it gets.

use std::path::{Path, PathBuf};

use chaos::shrink::{BUDGET, shrink_while};
use clap::Args;
use reports::CaseReport;
use scenarios::{CaseFile, files};

use super::atomic_dir::{check_case, check_writable, write_case};
use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::interrupt;
use super::output::{Output, OutputArgs};
use super::renderers::Forms;
use super::resolve::quoted;
use crate::study::case_folder::{Found, NAMES, case_folder};

/// Which case, and how far.
#[derive(Args, Debug)]
pub struct ShrinkArgs {
    /// A case: a folder with a case.yaml, or such a file
    case: PathBuf,
    /// How many rehearsals to play at most
    #[arg(long, default_value_t = BUDGET, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    budget: u32,
    /// Where to write the smaller case [default: the folder of the case]
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Shrinks the case, writes it and prints what is left.
pub fn answer(args: &ShrinkArgs, console: &Console) -> Answer {
    let output = Output::open(&args.output, &CaseReport::formats())?;
    let (document, rehearsal) = files::case(&args.case)?;
    let into = free_folder(args, &output)?;
    let promise = &document.value.broken.promise;
    interrupt::watch();
    console.detail("shrinking; Ctrl-C stops it and keeps what is smaller already");
    let goes_on = || !interrupt::asked();
    let shrunk = shrink_while(&rehearsal, promise, args.budget, &goes_on);
    let Some(shrunk) = shrunk else {
        if interrupt::asked() {
            return Ok(console.interrupted("the case is as it was"));
        }
        return Err(kept(promise));
    };
    let original = original(&into).unwrap_or(rehearsal);
    let found_by = document.value.broken.found_by.as_deref();
    let report = write_found(
        &into,
        &Found {
            original: &original,
            shrunk: &shrunk,
            promise,
            found_by,
        },
        console,
    )?;
    output.show(console, &report)?;
    Ok(ended(shrunk.fixpoint, console))
}

/// Says why nothing more was taken away.
fn ended(fixpoint: bool, console: &Console) -> ExitCode {
    if fixpoint {
        ExitCode::Success
    } else if interrupt::asked() {
        console.interrupted("what is left may still get smaller")
    } else {
        console.say("the budget was spent before nothing more could be taken away");
        ExitCode::Undecided
    }
}

/// The folder of what is left, in which nothing stands in the way.
fn free_folder(args: &ShrinkArgs, output: &Output) -> Result<PathBuf, Failure> {
    let into = into(args)?;
    check_writable(&into, "--into")?;
    check_case(&into, &NAMES)?;
    output.beside(&into)?;
    Ok(into)
}

fn write_found(into: &Path, found: &Found<'_>, console: &Console) -> Result<CaseReport, Failure> {
    let at = quoted(&into.display().to_string());
    let folder = case_folder(found, &at).ok_or_else(|| kept(found.promise))?;
    write_case(into, &folder.files)?;
    console.say(&format!("wrote {}", into.display()));
    Ok(folder.report)
}

fn kept(promise: &str) -> Failure {
    Failure::input(format!("the case does not break {promise}"))
        .help("coalmine replay CASE shows what it does")
}

/// The folder of the case, or the one that is named.
fn into(args: &ShrinkArgs) -> Result<PathBuf, Failure> {
    if let Some(into) = &args.into {
        return Ok(into.clone());
    }
    if args.case.is_dir() {
        return Ok(args.case.clone());
    }
    let in_folder = args
        .case
        .file_name()
        .is_some_and(|name| name == CaseFile::NAME);
    let folder = args.case.parent().filter(|it| !it.as_os_str().is_empty());
    folder
        .filter(|_| in_folder)
        .map(Path::to_owned)
        .ok_or_else(|| {
            Failure::usage(
                "a case that lies in no folder of its own has no place for a smaller one",
            )
            .help("name a folder with --into")
        })
}

/// What the case was when it was found, where the folder says so.
fn original(folder: &Path) -> Option<chaos::rehearsal::Rehearsal> {
    let (_, rehearsal) = files::case(&folder.join("original.yaml")).ok()?;
    Some(rehearsal)
}
