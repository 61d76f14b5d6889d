//! Reads what `simulate --format json` wrote, and says what to look at first.
//!
//! `coalmine simulate wedge --format json > result.json; cargo run --example read_a_result result.json`
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use coalmine::reports::{ObjectiveStatus, StudyReport};

/// What to look at: objectives that are missed, and for each kind of failure the command that plays its worst rollout.
#[derive(Debug, PartialEq)]
pub struct LookFirst {
    /// The names of the objectives.
    pub missed: Vec<String>,
    /// The commands.
    pub replays: Vec<String>,
}

/// Reads a result. `coalmine schema simulate` prints the form; what has another key is refused.
///
/// # Errors
/// What is wrong with the files or their values.
pub fn look_first(json: &str) -> Result<LookFirst, Box<dyn Error>> {
    let report: StudyReport = serde_json::from_str(json)?;
    if (report.schema.as_str(), report.version) != (StudyReport::SCHEMA, StudyReport::VERSION) {
        return Err(format!("{} {} is another form", report.schema, report.version).into());
    }
    let missed = report
        .objectives
        .iter()
        .filter(|row| row.status == ObjectiveStatus::Miss);
    Ok(LookFirst {
        missed: missed.map(|row| row.id.clone()).collect(),
        replays: report
            .worst
            .iter()
            .map(|worst| worst.replay.clone())
            .collect(),
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let first = look_first(&std::fs::read_to_string(path)?)?;
    for objective in &first.missed {
        println!("missed: {objective}");
    }
    for replay in &first.replays {
        println!("see: {replay}");
    }
    Ok(())
}
