//! `coalmine report`: a stored result in any other form, without playing anything.

use std::fs;

use clap::Args;
use reports::{
    BacktestReport, ChaosReport, CompareReport, CurveReport, MutateReport, RareReport, RunReport,
    StudyReport, TuneReport,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::forms::Forms;
use super::output::{Output, OutputArgs};

/// Which result, and in which form.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// A result that another command wrote with --format json or --out json=PATH
    #[arg(value_name = "RESULT.json")]
    result: String,
    #[command(flatten)]
    output: OutputArgs,
}

/// What is done with a result of one kind.
type Show = fn(Value, &Stored<'_>) -> Answer;

/// The kinds of results: what `schema` says, the version of today, and who shows it.
const KINDS: [(&str, u32, Show); 9] = [
    (
        StudyReport::SCHEMA,
        StudyReport::VERSION,
        show::<StudyReport>,
    ),
    (
        MutateReport::SCHEMA,
        MutateReport::VERSION,
        show::<MutateReport>,
    ),
    (
        ChaosReport::SCHEMA,
        ChaosReport::VERSION,
        show::<ChaosReport>,
    ),
    (TuneReport::SCHEMA, TuneReport::VERSION, show::<TuneReport>),
    (
        CompareReport::SCHEMA,
        CompareReport::VERSION,
        show::<CompareReport>,
    ),
    (
        CurveReport::SCHEMA,
        CurveReport::VERSION,
        show::<CurveReport>,
    ),
    (RunReport::SCHEMA, RunReport::VERSION, show::<RunReport>),
    (RareReport::SCHEMA, RareReport::VERSION, show::<RareReport>),
    (
        BacktestReport::SCHEMA,
        BacktestReport::VERSION,
        show::<BacktestReport>,
    ),
];

/// Where the result was found and where it goes.
struct Stored<'a> {
    path: &'a str,
    output: &'a OutputArgs,
    console: &'a Console,
}

/// Reads the result and writes it.
pub fn answer(args: &ReportArgs, console: &Console) -> Answer {
    let stored = Stored {
        path: &args.result,
        output: &args.output,
        console,
    };
    let value = read(&args.result)?;
    let (schema, version) = (value["schema"].as_str(), value["version"].as_u64());
    let (Some(schema), Some(version)) = (schema, version) else {
        return Err(stored.refuse("it says no schema and no version").help(
            "a result begins with \"schema\" and \"version\"; write one with --out json=PATH",
        ));
    };
    let Some((_, today, show)) = KINDS.into_iter().find(|(kind, ..)| *kind == schema) else {
        let kinds: Vec<_> = KINDS.iter().map(|(kind, ..)| *kind).collect();
        let what = format!("there is no report for the schema {schema:?}");
        return Err(stored
            .refuse(&what)
            .help(format!("there is one for {}", kinds.join(", "))));
    };
    if version == 0 || version > u64::from(today) {
        let what =
            format!("it has version {version} of {schema}, and this coalmine knows 1 to {today}");
        return Err(stored
            .refuse(&what)
            .help("render it with the coalmine that made it"));
    }
    show(value, &stored)
}

/// Reads the stored result of a study.
///
/// # Errors
///
/// When the file cannot be read, or is not the result of `simulate` in a version that is known.
pub(super) fn read_study(path: &str) -> Result<StudyReport, Failure> {
    let value = read(path)?;
    let (schema, version) = (value["schema"].as_str(), value["version"].as_u64());
    if schema != Some(StudyReport::SCHEMA) || version != Some(StudyReport::VERSION.into()) {
        let what = format!("{path} is no result of `simulate` of today's version");
        let help = "write one with coalmine simulate --out json=PATH";
        return Err(Failure::input(what).help(help));
    }
    serde_json::from_value(value).map_err(|error| {
        Failure::input(format!("{path} is not as its schema says: {error}"))
            .help("compare it with the coalmine that made it")
    })
}

fn read(path: &str) -> Result<Value, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::input(format!("cannot read {path}: {error}")).help("name a result in JSON")
    })?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::input(format!("{path} is no JSON: {error}"))
            .help("write a result with --out json=PATH")
    })
}

impl Stored<'_> {
    fn refuse(&self, why: &str) -> Failure {
        Failure::input(format!("cannot show {}: {why}", self.path))
    }
}

fn show<R: Forms + DeserializeOwned>(value: Value, stored: &Stored<'_>) -> Answer {
    let report: R = serde_json::from_value(value).map_err(|error| {
        stored
            .refuse(&format!("it is not as its schema says: {error}"))
            .help("`coalmine schema` prints the schema; render the result with the coalmine that made it")
    })?;
    Output::open(stored.output, R::FORMATS)?.show(stored.console, &report)?;
    Ok(ExitCode::Success)
}
