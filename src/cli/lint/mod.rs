//! `coalmine lint`: what can be said without playing anything.

mod foreign;
mod sarif;
mod target;

use clap::{Args, ValueEnum};
use reports::{Style, Tone};
use scenarios::{Colour, Report, Severity};
use serde_json::json;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::Answer;
use super::offered::{Answers, Lint};
use super::output::OutputArgs;
use super::resolve::ProfileArg;
use super::schema::pretty;
use foreign::Foreign;
use target::look;

/// What to look at.
#[derive(Args, Debug)]
pub struct LintArgs {
    /// Files (policy, scenario, world, rollout wedge; also those of Argo Rollouts, Flagger, Kayenta, Prometheus, sloth and
    /// OpenSLO), folders, or systems of the library
    #[arg(required = true, value_name = "FILE|FOLDER|SYSTEM")]
    targets: Vec<String>,
    /// Which reading of a library system [default: as-written]
    #[arg(long, value_enum)]
    profile: Option<ProfileArg>,
    /// From which severity on the exit code is 3
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
    #[command(flatten)]
    output: OutputArgs,
}

/// From which severity on a finding fails the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// The document cannot be used.
    Error,
    /// It probably does not do what was meant.
    Warning,
}

/// Prints the findings, file by file.
pub fn answer(args: &LintArgs, console: &Console) -> Answer {
    let output = Answers::<Lint>::open(&args.output)?;
    let Foreign { reports, own } = foreign::sort(&args.targets)?;
    let mut reports = reports;
    for target in &own {
        reports.extend(look(target, args.profile)?);
    }
    output.write(console, |form, style| match form {
        Lint::Json => pretty(&findings_json(&reports)) + "\n",
        Lint::Sarif => pretty(&sarif::log(&reports)) + "\n",
        Lint::Github => sarif::annotations(&reports),
        Lint::Text => findings_text(&reports, style),
    })?;
    let worst = if args.fail_on == FailOn::Warning {
        Severity::Warning
    } else {
        Severity::Error
    };
    let fails = severities(&reports).any(|severity| severity <= worst);
    Ok(if fails {
        ExitCode::InvalidInput
    } else {
        ExitCode::Success
    })
}

fn severities(reports: &[Report]) -> impl Iterator<Item = Severity> {
    reports
        .iter()
        .flat_map(|report| &report.diagnostics)
        .map(|found| found.severity)
}

fn findings_json(reports: &[Report]) -> serde_json::Value {
    let findings: Vec<_> = reports.iter().flat_map(Report::to_json).collect();
    let files: Vec<_> = reports.iter().map(|report| report.name.as_str()).collect();
    json!({"schema": "coalmine/lint", "version": 1, "files": files, "findings": findings})
}

fn findings_text(reports: &[Report], style: Style) -> String {
    let colour = if style.colour {
        Colour::Always
    } else {
        Colour::Never
    };
    let found = reports
        .iter()
        .filter(|report| !report.diagnostics.is_empty());
    let mut text: String = found.map(|report| report.render(colour) + "\n").collect();
    let count = |wanted| {
        severities(reports)
            .filter(|severity| *severity == wanted)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let tone = match (errors, warnings) {
        (0, 0) => Tone::Good,
        (0, _) => Tone::Doubt,
        _ => Tone::Bad,
    };
    let plural = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let files = plural(reports.len(), "file");
    let (errors, warnings) = (plural(errors, "error"), plural(warnings, "warning"));
    text += &(style.paint(tone, &format!("{errors}, {warnings} in {files}")) + "\n");
    text + "`coalmine explain CODE` says more about a code\n"
}
