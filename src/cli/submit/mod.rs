//! `coalmine submit`: hands the shards of a plan to an engine that schedules them, by that engine's own client.

mod batch;
mod client;
mod hyperqueue;
mod kubernetes;
mod rch;
mod slurm;

use clap::{Args, Subcommand};

use self::batch::Batch;
use self::client::Submission;
use super::console::Console;
use super::divided;
use super::exit_code::ExitCode;
use super::failure::{Answer, Failure};

/// To whom, and what.
#[derive(Args, Debug)]
pub struct SubmitArgs {
    #[command(subcommand)]
    engine: Engine,
}

#[derive(Debug, Subcommand)]
enum Engine {
    /// An Indexed Job, by `kubectl apply`
    Kubernetes(kubernetes::KubernetesArgs),
    /// An array job, by `sbatch`
    Slurm(slurm::SlurmArgs),
    /// An array of tasks, by `hq submit`
    Hyperqueue(hyperqueue::HyperqueueArgs),
    /// A job for each shard, by `rch exec --job`
    Rch(rch::RchArgs),
}

/// Submits, or prints what would be submitted.
pub fn answer(args: &SubmitArgs, console: &Console) -> Answer {
    let common = match &args.engine {
        Engine::Kubernetes(args) => &args.common,
        Engine::Slurm(args) => &args.common,
        Engine::Hyperqueue(args) => &args.common,
        Engine::Rch(args) => &args.common,
    };
    let plan = divided::read(&common.plan)?;
    let batch = Batch {
        plan: &plan,
        common,
    };
    let mut sorted = common.among.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        let what = "a shard is named twice in --among";
        return Err(Failure::usage(what).help("name each once"));
    }
    let submission = match &args.engine {
        Engine::Kubernetes(args) => kubernetes::submission(&batch, args)?,
        Engine::Slurm(args) => slurm::submission(&batch, args),
        Engine::Hyperqueue(args) => hyperqueue::submission(&batch, args),
        Engine::Rch(args) => rch::submission(&batch, args),
    };
    if common.dry_run {
        console.answer(&submission.text())?;
        return Ok(ExitCode::Success);
    }
    submit(&submission, &batch, console)
}

fn submit(submission: &Submission, batch: &Batch<'_>, console: &Console) -> Answer {
    for warning in &submission.warnings {
        console.say(warning);
    }
    submission.run()?;
    console.say(&format!(
        "{} shards were handed over; coalmine merge judges whether all of them came back",
        batch.tasks()
    ));
    Ok(ExitCode::Success)
}
