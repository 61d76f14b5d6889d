//! `coalmine report`: a stored result in any other form, without playing anything.

mod sound;

use std::path::Path;

use clap::Args;
use reports::chart::Drawing;
use reports::{
    BacktestReport, ChaosReport, CompareReport, CurveReport, MutateReport, RareReport, RunReport,
    StudyReport, Style, TuneReport,
};
use scenarios::reading;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::output::{Output, OutputArgs};
use super::renderers::{Forms, Renderer};

/// Which result, and in which form.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// A result that another command wrote with --format json or --out json=PATH
    #[arg(value_name = "RESULT.json")]
    result: String,
    #[command(flatten)]
    output: OutputArgs,
}

/// What there is to do with the text of a result of one kind: show it, and see whether it can be shown.
type ResultKind = (
    &'static str,
    u32,
    fn(&str, &str) -> Result<(), Failure>,
    Show,
);

/// Shows a result.
type Show = fn(&str, &Stored<'_>) -> Answer;

/// The kinds of results: what `schema` says, the version of today, and who shows it.
const KINDS: [ResultKind; 9] = [
    kind_of::<StudyReport>(StudyReport::SCHEMA, StudyReport::VERSION),
    kind_of::<MutateReport>(MutateReport::SCHEMA, MutateReport::VERSION),
    kind_of::<ChaosReport>(ChaosReport::SCHEMA, ChaosReport::VERSION),
    kind_of::<TuneReport>(TuneReport::SCHEMA, TuneReport::VERSION),
    kind_of::<CompareReport>(CompareReport::SCHEMA, CompareReport::VERSION),
    kind_of::<CurveReport>(CurveReport::SCHEMA, CurveReport::VERSION),
    kind_of::<RunReport>(RunReport::SCHEMA, RunReport::VERSION),
    kind_of::<RareReport>(RareReport::SCHEMA, RareReport::VERSION),
    kind_of::<BacktestReport>(BacktestReport::SCHEMA, BacktestReport::VERSION),
];

const fn kind_of<R: Forms + DeserializeOwned>(schema: &'static str, version: u32) -> ResultKind {
    (schema, version, try_out::<R>, show::<R>)
}

/// Where the result was found and where it goes.
struct Stored<'a> {
    path: &'a str,
    output: &'a OutputArgs,
    console: &'a Console,
}

/// Reads the result and writes it.
pub fn answer(args: &ReportArgs, console: &Console) -> Answer {
    let path = &args.result;
    let stored = Stored {
        path,
        output: &args.output,
        console,
    };
    let text = read(path)?;
    let (_, _, _, show) = kind(path, &parse(path, &text)?)?;
    show(&text, &stored)
}

/// Reads the stored result of a study.
///
/// # Errors
///
/// When the file cannot be read, or is not the result of `simulate` in a version that is known.
pub(super) fn read_study(path: &str) -> Result<StudyReport, Failure> {
    let text = read(path)?;
    let value = parse(path, &text)?;
    let (schema, ..) = kind(path, &value)?;
    if schema != StudyReport::SCHEMA || value["version"] != StudyReport::VERSION {
        let what = format!("{path} is no result of `simulate` of today's version");
        let help = "write one with coalmine simulate --out json=PATH";
        return Err(Failure::input(what).help(help));
    }
    typed(path, &text)
}

fn read(path: &str) -> Result<String, Failure> {
    reading::text(Path::new(path), reading::LARGE).map_err(|error| {
        Failure::input(format!("cannot read {path}: {error}")).help("name a result in JSON")
    })
}

fn parse(path: &str, text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::input(format!("{path}:{line}:{column}: it is no JSON: {error}"))
            .help("write a result with --out json=PATH")
    })
}

/// Finds out what kind of result it is, and whether its figures can be those of one.
fn kind(path: &str, value: &Value) -> Result<ResultKind, Failure> {
    let (schema, version) = (value["schema"].as_str(), value["version"].as_u64());
    let (Some(schema), Some(version)) = (schema, version) else {
        return Err(refuse(path, "it says no schema and no version").help(
            "a result begins with \"schema\" and \"version\"; write one with --out json=PATH",
        ));
    };
    let Some(kind) = KINDS.into_iter().find(|(kind, ..)| *kind == schema) else {
        let kinds: Vec<_> = KINDS.iter().map(|(kind, ..)| *kind).collect();
        let what = format!("there is no report for the schema {schema:?}");
        return Err(refuse(path, &what).help(format!("there is one for {}", kinds.join(", "))));
    };
    let today = kind.1;
    if version == 0 || version > u64::from(today) {
        let what =
            format!("it has version {version} of {schema}, and this coalmine knows 1 to {today}");
        return Err(refuse(path, &what).help("render it with the coalmine that made it"));
    }
    match sound::too_large(value) {
        Some(flaw) => Err(refuse(path, &flaw).help(CHANGED)),
        None => Ok(kind),
    }
}

/// What to do with a result that is none any more.
const CHANGED: &str = "it was changed after it was written; make it anew, or render it with the coalmine that \
                       made it";

fn refuse(path: &str, why: &str) -> Failure {
    Failure::input(format!("cannot show {path}: {why}"))
}

/// Reads the typed result, whose parts fit together.
fn typed<R: Forms + DeserializeOwned>(path: &str, text: &str) -> Result<R, Failure> {
    let report: R = serde_json::from_str(text).map_err(|error| {
        let place = format!("{path}:{}:{}", error.line(), error.column());
        Failure::input(format!("{place}: it is not as its schema says: {error}")).help(
            "`coalmine schema` prints the schema; render the result with the coalmine that made it",
        )
    })?;
    match report.flaw() {
        Some(flaw) => Err(refuse(path, &flaw).help(CHANGED)),
        None => Ok(report),
    }
}

fn show<R: Forms + DeserializeOwned>(text: &str, stored: &Stored<'_>) -> Answer {
    let report: R = typed(stored.path, text)?;
    Output::open(stored.output, &R::formats())?.show(stored.console, &report)?;
    Ok(ExitCode::Success)
}

/// Writes the result in all its forms, to nowhere.
fn try_out<R: Forms + DeserializeOwned>(path: &str, text: &str) -> Result<(), Failure> {
    let report: R = typed(path, text)?;
    for (_, renderer) in R::FORMS {
        match renderer {
            Renderer::Text(render) => drop(render(&report, Style::PLAIN)),
            Renderer::Charts(draw) => {
                for chart in draw(&report) {
                    Drawing::of(&chart).file();
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
