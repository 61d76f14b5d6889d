//! `coalmine shard`: one shard of a plan.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::divided::{self, Play};
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};
use crate::study::shards::{Halt, RoundPlayer, ShardFolder};

/// Which shard, and where its result goes.
#[derive(Args, Debug)]
pub struct ShardArgs {
    /// The plan that `coalmine plan` made
    plan: PathBuf,
    /// Which shard [default: what the engine says: JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID, HQ_TASK_ID,
    /// AWS_BATCH_JOB_ARRAY_INDEX, NOMAD_ALLOC_INDEX or OMPI_COMM_WORLD_RANK]
    #[arg(long, value_name = "I")]
    index: Option<u64>,
    /// The shards to choose among: the index counts in this list, such as 3,7,11
    #[arg(long, value_name = "I,...", value_delimiter = ',')]
    among: Vec<u64>,
    /// The folder of the results; a shard that is there is kept, one that was begun is gone on with
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many threads to use [default: one a core]; the result does not depend on it
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Where engines say which task this is.
pub const VARIABLES: [&str; 6] = [
    "JOB_COMPLETION_INDEX",
    "SLURM_ARRAY_TASK_ID",
    "HQ_TASK_ID",
    "AWS_BATCH_JOB_ARRAY_INDEX",
    "NOMAD_ALLOC_INDEX",
    "OMPI_COMM_WORLD_RANK",
];

/// Plays the shard.
pub fn answer(args: &ShardArgs, play: Play<'_>, console: &Console) -> Answer {
    let index = index(args)?;
    let plan = divided::read(&args.plan)?;
    let study = &plan.study;
    let folder = ShardFolder::new(&args.out, &plan.plan_id, study.shards);
    folder.make().map_err(|error| {
        Failure::output(format!("cannot use {}: {error}", args.out.display()))
            .help("choose a folder that you may write with --out")
    })?;
    divided::unpack(study);
    let words = divided::with_threads(&study.arguments, args.threads);
    match play(&words, &RoundPlayer::shard(folder, index)) {
        Err(Failure::Halted(Halt::Played(before))) => {
            let how = if before {
                "is there already"
            } else {
                "is done"
            };
            console.say(&format!("shard {index} {how}"));
            Ok(ExitCode::Success)
        }
        Err(Failure::Halted(Halt::Over)) => Err(no_such(index, study.shards)),
        other => other,
    }
}

fn no_such(index: u64, shards: u64) -> Failure {
    let what = format!(
        "there is no shard {index}: the study has no round {}",
        index / shards
    );
    Failure::usage(what).help(format!(
        "the shards of the first round are 0 to {}",
        shards - 1
    ))
}

/// The index: as it was typed, or as the engine says it; counted in a list where there is one.
fn index(args: &ShardArgs) -> Result<u64, Failure> {
    let index = args.index.map_or_else(from_engine, Ok)?;
    if args.among.is_empty() {
        return Ok(index);
    }
    let found = args.among.get(index as usize).copied();
    found.ok_or_else(|| {
        let what = format!(
            "there are {} shards in --among, and no number {index}",
            args.among.len()
        );
        Failure::usage(what).help("they are counted from 0")
    })
}

fn from_engine() -> Result<u64, Failure> {
    let said = VARIABLES
        .iter()
        .find_map(|name| Some((name, std::env::var(name).ok()?)));
    let Some((name, value)) = said else {
        let what = "which shard is to be played?";
        return Err(Failure::usage(what).help("say --index I, or start it as a task of an array"));
    };
    value.trim().parse().map_err(|_| {
        let what = format!("{name} is `{value}`, and not the index of a shard");
        Failure::usage(what).help("say --index I")
    })
}
