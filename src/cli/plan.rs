//! `coalmine plan`: a study that is cut into shards, or the shards that are missing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};
use scenarios::reading;

use super::console::Console;
use super::divided::{self, Play, TOOL};
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::{chaos, compare, curve, simulate, tune};
use crate::study::shards::{Halt, PlanForm, PlannedStudy, RoundPlayer, ShardFolder};

/// What to plan, or where to look.
#[derive(Clone, Debug)]
pub enum PlanArgs {
    /// A study that is cut into shards.
    New {
        /// The command with all its settings.
        arguments: Vec<String>,
        /// How many shards.
        shards: u64,
        /// Where the plan goes; none is stdout.
        out: Option<PathBuf>,
    },
    /// The shards that are missing.
    Missing {
        /// The plan.
        plan: PathBuf,
        /// The folder of its results.
        folder: PathBuf,
    },
}

/// The settings that have no influence on a result, or that make it depend on a clock.
const NOT_PLANNED: [&str; 8] = [
    "format",
    "out",
    "threads",
    "state",
    "cases",
    "rehearsal",
    "rare",
    "budget",
];
/// The most shards of a round.
const SHARDS_MAX: u64 = 100_000;

/// The commands that can be planned.
fn studies() -> [(&'static str, Command); 5] {
    let new = |name, about| Command::new(name).about(about);
    [
        (
            "simulate",
            simulate::SimulateArgs::augment_args(new("simulate", "Plan what `simulate` plays")),
        ),
        (
            "compare",
            compare::CompareArgs::augment_args(new("compare", "Plan what `compare` plays")),
        ),
        (
            "chaos",
            chaos::ChaosArgs::augment_args(new("chaos", "Plan what `chaos` plays")),
        ),
        (
            "curve",
            curve::CurveArgs::augment_args(new("curve", "Plan what `curve` plays")),
        ),
        (
            "tune",
            tune::TuneArgs::augment_args(new("tune", "Plan what `tune` plays")),
        ),
    ]
}

/// Gives what can be planned the defaults that the commands themselves have by now.
pub fn with_defaults(command: Command) -> Command {
    studies().iter().fold(command, |command, (name, own)| {
        let Some(study) = command.find_subcommand(name) else {
            return command;
        };
        let about = own.get_about().cloned().unwrap_or_default();
        let study = planned(&(name, study.clone().about(about)));
        command.mut_subcommand("plan", |plan| plan.mut_subcommand(name, |_| study))
    })
}

/// The same command with what a plan needs in place of what an answer needs.
fn planned((name, study): &(&'static str, Command)) -> Command {
    let wanted = |arg: &&Arg| !NOT_PLANNED.contains(&arg.get_id().as_str());
    let shards = Arg::new("shards")
        .long("shards")
        .value_name("K")
        .required(true)
        .value_parser(value_parser!(u64).range(1..=SHARDS_MAX))
        .help("Into how many shards each round is cut");
    let out = Arg::new("out")
        .long("out")
        .value_name("PATH")
        .value_parser(value_parser!(PathBuf))
        .help("Where the plan goes [default: stdout]");
    let about = study.get_about().cloned().unwrap_or_default();
    Command::new(name)
        .about(about)
        .args(study.get_arguments().filter(wanted).cloned())
        .args([shards, out])
}

impl Args for PlanArgs {
    fn augment_args(command: Command) -> Command {
        let missing = Arg::new("missing")
            .long("missing")
            .num_args(2)
            .value_names(["PLAN", "DIR"])
            .value_parser(value_parser!(PathBuf))
            .action(ArgAction::Append)
            .help("Print the indices of the shards that are missing in DIR, one a line");
        command
            .arg(missing)
            .subcommands(studies().iter().map(planned))
            .args_conflicts_with_subcommands(true)
            .arg_required_else_help(true)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for PlanArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        if let Some((name, inside)) = matches.subcommand() {
            let all = studies();
            let study = all.iter().find(|(known, _)| *known == name);
            let study = planned(study.expect("there is no other"));
            return Ok(Self::New {
                arguments: settings(&study, inside)?,
                shards: *inside.get_one("shards").expect("it is required"),
                out: inside.get_one::<PathBuf>("out").cloned(),
            });
        }
        let paths: Vec<PathBuf> = matches
            .get_many("missing")
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        if let [plan, folder] = &paths[..] {
            Ok(Self::Missing {
                plan: plan.clone(),
                folder: folder.clone(),
            })
        } else {
            let what = "say --missing PLAN DIR once, or what to plan\n";
            Err(Error::raw(
                clap::error::ErrorKind::WrongNumberOfValues,
                what,
            ))
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Every setting of a command as it would be typed, in the order of its help, also where nobody typed it.
fn settings(study: &Command, matches: &ArgMatches) -> Result<Vec<String>, Error> {
    let mut words = vec![study.get_name().to_owned()];
    for arg in study.get_arguments() {
        let id = arg.get_id().as_str();
        if ["shards", "out", "help"].contains(&id) {
            continue;
        }
        if matches!(arg.get_action(), ArgAction::SetTrue) {
            if matches.get_flag(id) {
                words.push(format!("--{}", arg.get_long().unwrap_or(id)));
            }
            continue;
        }
        for value in matches.get_raw(id).into_iter().flatten() {
            let no_text = || {
                let what = "a plan holds names in UTF-8 only\n";
                Error::raw(clap::error::ErrorKind::InvalidUtf8, what)
            };
            let value = value.to_str().ok_or_else(no_text)?;
            words.push(match arg.get_long() {
                Some(long) => format!("--{long}={value}"),
                None => value.to_owned(),
            });
        }
    }
    Ok(words)
}

/// Makes the plan, or says what is missing.
pub fn answer(args: &PlanArgs, play: Play<'_>, console: &Console) -> Answer {
    match args {
        PlanArgs::New {
            arguments,
            shards,
            out,
        } => {
            let plan = make(arguments, *shards, play)?;
            write(&plan, out.as_deref(), console)
        }
        PlanArgs::Missing { plan, folder } => missing(plan, folder, play, console),
    }
}

fn make(arguments: &[String], shards: u64, play: Play<'_>) -> Result<PlanForm, Failure> {
    reading::keep();
    let units = match play(arguments, &RoundPlayer::count()) {
        Err(Failure::Halted(Halt::Counted(units))) => units,
        Err(Failure::Halted(Halt::Over)) | Ok(_) => {
            return Err(Failure::usage("there is nothing to cut into shards"));
        }
        Err(failure) => return Err(failure),
    };
    let mut files = BTreeMap::new();
    for (path, bytes) in reading::kept() {
        let no_text = || Failure::input(format!("{} is no text in UTF-8", path.display()));
        let name = path.to_str().ok_or_else(no_text)?.to_owned();
        let text = String::from_utf8(bytes).map_err(|_| no_text())?;
        files.insert(name, text);
    }
    Ok(PlanForm::new(PlannedStudy {
        tool: TOOL.to_owned(),
        arguments: arguments.to_vec(),
        files,
        shards,
        units,
        ranges: PlannedStudy::cut(units, shards),
    }))
}

fn write(plan: &PlanForm, out: Option<&Path>, console: &Console) -> Answer {
    let Some(path) = out else {
        console.answer_exactly(&plan.text())?;
        return Ok(ExitCode::Success);
    };
    divided::write(path, &plan.text())?;
    let PlannedStudy { shards, units, .. } = &plan.study;
    console.say(&format!(
        "plan {}: {units} pieces of work in {shards} shards",
        &plan.plan_id[..16]
    ));
    if units < shards {
        console.say(&format!(
            "{} of the shards have nothing to play",
            shards - units
        ));
    }
    Ok(ExitCode::Success)
}

fn missing(plan: &Path, folder: &Path, play: Play<'_>, console: &Console) -> Answer {
    let plan = divided::read(plan)?;
    let study = &plan.study;
    let folder = ShardFolder::new(folder, &plan.plan_id, study.shards);
    if !folder.path().exists() {
        return tell(&(0..study.shards).collect::<Vec<_>>(), console);
    }
    divided::unpack(study);
    match play(&study.arguments, &RoundPlayer::look(folder)) {
        Err(Failure::Halted(Halt::Missing(indices, _))) => tell(&indices, console),
        Err(Failure::Halted(Halt::Over)) => Ok(ExitCode::Success),
        other => other,
    }
}

fn tell(indices: &[u64], console: &Console) -> Answer {
    console.answer(
        &indices
            .iter()
            .map(|index| format!("{index}\n"))
            .collect::<String>(),
    )?;
    Ok(ExitCode::Success)
}
