//! HyperQueue: an array of tasks.

use clap::Args;

use super::batch::{Batch, CommonArgs};
use super::client::Submission;

/// What HyperQueue is told.
#[derive(Args, Debug)]
pub struct HyperqueueArgs {
    #[command(flatten)]
    pub common: CommonArgs,
    /// How many workers a task may lose before it counts as failed
    #[arg(long, value_name = "N", default_value_t = 10)]
    crash_limit: u16,
}

pub fn submission(batch: &Batch<'_>, args: &HyperqueueArgs) -> Submission {
    let mut words = vec![
        "hq".to_owned(),
        "submit".to_owned(),
        format!("--name={}", batch.name()),
        format!("--array={}", batch.ranges()),
        format!("--cpus={}", args.common.cpus),
        format!("--crash-limit={}", args.crash_limit),
        "--".to_owned(),
        "coalmine".to_owned(),
    ];
    words.extend(batch.typed());
    Submission {
        commands: vec![words],
        input: None,
        warnings: Vec::new(),
    }
}
