//! The shards that are handed over together, and what every engine is told of them.

use std::path::PathBuf;

use clap::Args;

use crate::study::shards::{PlanForm, numbers};

/// What every engine is told.
#[derive(Args, Debug)]
pub struct CommonArgs {
    /// The plan that `coalmine plan` made
    pub plan: PathBuf,
    /// The folder of the results, as the tasks see it
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub out: PathBuf,
    /// Submit these shards alone, such as 3,7,11: what `coalmine plan --missing PLAN DIR` prints
    #[arg(long, value_name = "I,...", value_delimiter = ',')]
    pub among: Vec<u64>,
    /// The cores of a task, which are its threads
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub cpus: u16,
    /// Print what would be submitted, and submit nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Shards of a plan that are handed over together.
pub struct Batch<'b> {
    /// The plan.
    pub plan: &'b PlanForm,
    /// What was said of all of them.
    pub common: &'b CommonArgs,
}

impl Batch<'_> {
    /// A name for people and engines: letters, digits and dashes.
    pub fn name(&self) -> String {
        format!("coalmine-{}", &self.plan.plan_id[..12])
    }

    /// How many tasks there are.
    pub fn tasks(&self) -> u64 {
        match self.common.among.len() as u64 {
            0 => self.plan.study.shards,
            some => some,
        }
    }

    /// The indices of the shards.
    pub fn indices(&self) -> Vec<u64> {
        if self.common.among.is_empty() {
            return (0..self.plan.study.shards).collect();
        }
        self.common.among.clone()
    }

    /// The indices as schedulers take them.
    pub fn ranges(&self) -> String {
        numbers(&self.indices())
    }

    /// The words that play a shard whose index the engine says.
    pub fn shard(&self, plan: &str, out: &str) -> Vec<String> {
        let words = ["shard", plan, "--out", out, "--threads"];
        let mut words = words.map(str::to_owned).to_vec();
        words.push(self.common.cpus.to_string());
        words
    }

    /// The words for the paths that were typed.
    pub fn typed(&self) -> Vec<String> {
        let path = |path: &PathBuf| path.display().to_string();
        self.shard(&path(&self.common.plan), &path(&self.common.out))
    }
}
