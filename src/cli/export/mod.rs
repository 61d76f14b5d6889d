//! `coalmine export`: a rollout in the shape that one of the five systems keeps and reads.

mod guard;
mod hardening;
mod kind;
mod papers;
mod played;
mod tables;

use clap::{Args, ValueEnum as _};
use sim_core::engine::SimDuration;

use super::choose::ProfileArg;
use super::console::Console;
use super::exit_code::ExitCode;
use super::failure::Answer;
use super::output::{Format, Output, OutputArgs, Target};
use kind::Kind;
use played::{Exhibit, choose};

/// Which artifact, of which rollout.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// What to write
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
    /// A result of `coalmine run` (RESULT.json), a system of the library, or a policy file
    #[arg(value_name = "RESULT|POLICY")]
    source: String,
    /// Which reading of a library system: its document or its code [default: as-written]
    #[arg(long, value_enum)]
    profile: Option<ProfileArg>,
    /// A scenario of the system, SYSTEM/NAME, or a path to a scenario file
    #[arg(long, short, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// The root seed [default: 42]
    #[arg(long)]
    seed: Option<u64>,
    /// The number of the rollout under that seed [default: 0]
    #[arg(long, short, value_name = "R")]
    replication: Option<u64>,
    /// When, in virtual time since the start, such as 2h30m; for decision, guard-rates, k6, sql,
    /// snapshot and gate-summary [default: at the first trigger, else at the end]
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<SimDuration>,
    /// The form of the answer on stdout [default: the artifact's own]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Also write the artifact to a file, whole or not at all; may be repeated
    #[arg(long, value_name = "FORMAT=PATH")]
    out: Vec<Target>,
}

fn time(text: &str) -> Result<SimDuration, String> {
    text.parse().map_err(|error| format!("{error}"))
}

/// The forms that any artifact has.
pub fn formats() -> Vec<Format> {
    let mut formats = Vec::new();
    for kind in Kind::value_variants() {
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
    let exhibit = choose(args)?;
    let artifact = args.kind.make(&exhibit)?;
    output.write(console, |format, _| artifact.form(format))?;
    Ok(ExitCode::Success)
}

/// An artifact in each of its forms.
struct Artifact(Vec<(Format, String)>);

impl Artifact {
    fn form(&self, wanted: Format) -> String {
        let forms = self.0.iter();
        let form = forms.clone().find(|(format, _)| *format == wanted);
        form.map(|(_, text)| text.clone())
            .expect("a form that is not offered is refused before")
    }
}
