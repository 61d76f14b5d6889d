//! rch: a job for each shard, whose results come back whether it fails or not.

use clap::Args;

use super::batch::{Batch, CommonArgs};
use super::client::Submission;

/// What rch is told.
#[derive(Args, Debug)]
pub struct RchArgs {
    #[command(flatten)]
    pub common: CommonArgs,
}

/// rch has no arrays and forwards no environment: each job is told its index.
pub fn submission(batch: &Batch<'_>, args: &RchArgs) -> Submission {
    let out = args.common.out.display().to_string();
    let one = |index: u64| {
        let words = [
            "rch",
            "exec",
            "--job",
            "--result-dir",
            &out,
            "--",
            "coalmine",
        ];
        let mut words = words.map(str::to_owned).to_vec();
        words.extend(batch.typed());
        words.push(format!("--index={index}"));
        words
    };
    Submission {
        commands: batch.indices().into_iter().map(one).collect(),
        input: None,
        warnings: Vec::new(),
    }
}
