//! Slurm: an array job that is put back into the queue when its node dies.

use clap::Args;

use super::batch::{Batch, CommonArgs};
use super::client::{Submission, shell};

/// What Slurm is told.
#[derive(Args, Debug)]
pub struct SlurmArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// The partition
    #[arg(long, value_name = "NAME")]
    partition: Option<String>,
    /// The longest that a task may take, as Slurm writes it
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
    /// The memory of a task, as Slurm writes it
    #[arg(long, value_name = "SIZE", default_value = "512M")]
    memory: String,
}

/// The largest index of an array, where nobody changed MaxArraySize from 1001 (slurm.conf, Slurm 22.05).
const INDEX_MAX: u64 = 1000;

pub fn submission(batch: &Batch<'_>, args: &SlurmArgs) -> Submission {
    let indices = batch.indices();
    let far = indices.iter().any(|index| *index > INDEX_MAX);
    let mut shard = batch.typed();
    // Indices beyond what an array may have are counted in a list.
    let array = if far {
        let among: Vec<String> = indices.iter().map(u64::to_string).collect();
        shard.push(format!("--among={}", among.join(",")));
        format!("0-{}", indices.len() - 1)
    } else {
        batch.ranges()
    };
    let script = script(batch, args, &array, &shard);
    let many = far && indices.len() as u64 > INDEX_MAX;
    let warning = "an array of more than 1001 tasks needs a larger MaxArraySize in slurm.conf";
    Submission {
        commands: vec![vec!["sbatch".to_owned()]],
        input: Some(script),
        warnings: many.then(|| warning.to_owned()).into_iter().collect(),
    }
}

/// The script that Slurm runs for each task of the array.
fn script(batch: &Batch<'_>, args: &SlurmArgs, array: &str, shard: &[String]) -> String {
    let mut lines = vec![
        "#!/bin/sh".to_owned(),
        format!("#SBATCH --job-name={}", batch.name()),
        format!("#SBATCH --array={array}"),
        "#SBATCH --requeue".to_owned(),
        "#SBATCH --open-mode=append".to_owned(),
        format!("#SBATCH --cpus-per-task={}", args.common.cpus),
        format!("#SBATCH --mem={}", args.memory),
        format!("#SBATCH --output={}-%a.log", batch.name()),
    ];
    lines.extend(
        args.partition
            .iter()
            .map(|name| format!("#SBATCH --partition={name}")),
    );
    lines.extend(
        args.time
            .iter()
            .map(|time| format!("#SBATCH --time={time}")),
    );
    let words: Vec<String> = shard.iter().map(|word| shell(word)).collect();
    lines.push(format!("exec coalmine {}", words.join(" ")));
    lines.join("\n") + "\n"
}
