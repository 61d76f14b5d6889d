//! `coalmine export`: a rollout in the shape that one of the five systems keeps and reads, or that monitoring does.

mod args;
mod artifact;
mod families;
mod gaps;
mod grid;
mod guard;
mod hardening;
mod kind;
mod monitoring;
mod papers;
mod played;
mod series;
mod tables;

use clap::ValueEnum as _;

use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::output::{Format, Output, OutputArgs};
pub use args::ExportArgs;
use artifact::Artifact;
use kind::ArtifactKind;
pub use played::ExportInput;
use played::choose;
pub use series::exposition;

/// The forms that any artifact has.
pub fn formats() -> Vec<Format> {
    let mut formats = Vec::new();
    for kind in ArtifactKind::value_variants() {
        let new = kind
            .formats()
            .iter()
            .filter(|form| !formats.contains(*form));
        let new: Vec<_> = new.copied().collect();
        formats.extend(new);
    }
    formats
}

/// Plays the rollout and writes the artifact.
pub fn answer(args: &ExportArgs, console: &Console) -> Answer {
    let offered = args.kind.formats();
    let wanted = OutputArgs {
        format: args.format.unwrap_or(offered[0]),
        out: args.out.clone(),
    };
    let output = Output::open(&wanted, offered)?.exactly();
    if args.kind != ArtifactKind::Promtest && (args.rules.is_some() || args.alert.is_some()) {
        return Err(Failure::usage("--rules and --alert are for promtest").help("leave them out"));
    }
    let input = choose(args)?;
    let artifact = make(args, &input)?;
    output.write(console, |format, _| artifact.form(format))?;
    Ok(ExitCode::Success)
}

/// Makes the artifact.
///
/// # Errors
///
/// Where the rollout has nothing of the kind, with the reason.
fn make(args: &ExportArgs, input: &ExportInput) -> Result<Artifact, Failure> {
    Ok(match args.kind {
        ArtifactKind::Packet => papers::packet(input),
        ArtifactKind::Log => papers::log(input),
        ArtifactKind::Audit => papers::audit(input),
        ArtifactKind::Incident => papers::incident(input)?,
        ArtifactKind::Checklist => papers::checklist(input),
        ArtifactKind::K6 => guard::k6(input)?,
        ArtifactKind::GuardRates => guard::rates(input)?,
        ArtifactKind::Decision => guard::decision(input)?,
        ArtifactKind::Sql => tables::tables(input)?,
        ArtifactKind::Snapshot => hardening::snapshot(input)?,
        ArtifactKind::GateSummary => hardening::summary(input)?,
        ArtifactKind::Openmetrics => monitoring::metrics(input)?,
        ArtifactKind::Scrape => monitoring::one_scrape(input)?,
        ArtifactKind::Grafana => monitoring::dashboard(input)?,
        ArtifactKind::Promtest => {
            let (rules, alert) = (args.rules.as_deref(), args.alert.as_deref());
            monitoring::rule_test(input, rules, alert)?
        }
    })
}
