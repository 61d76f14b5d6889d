//! `coalmine merge`: what the shards of a plan say together.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::divided::{self, Play};
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use super::output::OutputArgs;
use crate::study::shards::{PlannedStudy, RoundPlayer, ShardFolder};

/// Which shards, and what is written of them.
#[derive(Args, Debug)]
pub struct MergeArgs {
    /// The plan that `coalmine plan` made
    plan: PathBuf,
    /// The folder of the results, and of folders of results
    folder: PathBuf,
    /// Say what the finished part says although shards are missing; no verdict, and exit code 4
    #[arg(long)]
    partial: bool,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Write each finding of `chaos` as a case into a folder below this one
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Adds up the shards and prints the answer of the study that was planned.
pub fn answer(args: &MergeArgs, play: Play<'_>, console: &Console) -> Answer {
    let plan = divided::read(&args.plan)?;
    let study = &plan.study;
    let path = &args.folder;
    if !path.is_dir() {
        let what = format!("there is no folder {}", path.display());
        return Err(Failure::input(what).help("name the folder that the shards wrote into"));
    }
    divided::unpack(study);
    let words = words(args, study)?;
    let folder = ShardFolder::new(path, &plan.plan_id, study.shards);
    let player = RoundPlayer::merge(folder, args.partial);
    let code = play(&words, &player)?;
    let (read, all) = player.read();
    if args.partial && read < all {
        console.say(&format!(
            "{read} of {all} shards were there: this is no verdict"
        ));
        return Ok(ExitCode::Undecided);
    }
    Ok(code)
}

/// The words of the study that was planned, with the answer that is wanted of the sum.
fn words(args: &MergeArgs, study: &PlannedStudy) -> Result<Vec<String>, Failure> {
    let mut words = divided::with_threads(&study.arguments, args.threads);
    words.push(format!("--format={}", args.output.format.word()));
    for target in &args.output.out {
        words.push(format!(
            "--out={}={}",
            target.format.word(),
            target.path.display()
        ));
    }
    if let Some(cases) = &args.cases {
        if study
            .arguments
            .first()
            .is_none_or(|command| command != "chaos")
        {
            return Err(Failure::usage("--cases goes with a plan of chaos").help("leave it out"));
        }
        words.push(format!("--cases={}", cases.display()));
    }
    Ok(words)
}
