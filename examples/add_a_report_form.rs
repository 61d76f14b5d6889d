//! Writes a study in a form of one's own: a line for each objective, as a chat message has it.
//!
//! A form is a function from a finished result to text. Those that are shipped lie in `reports/src`, one folder each.
//!
//! `cargo run --example add_a_report_form`
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use coalmine::reports::{BoundWord, Inputs, ObjectiveStatus, StudyReport};
use coalmine::scenarios::{library, load};
use coalmine::sim_core::policy::Profile;
use coalmine::study::{Case, Detail, Study, Subject, single};

/// The form.
pub fn message(report: &StudyReport) -> String {
    let mut text = format!(
        "{} under {}, {} rollouts\n",
        report.policy, report.scenario, report.runs
    );
    for row in &report.objectives {
        let mark = match row.status {
            ObjectiveStatus::Ok => "ok       ",
            ObjectiveStatus::Miss => "MISS     ",
            ObjectiveStatus::Undecided => "undecided",
            _ => "untested ",
        };
        let bound = match row.bound {
            BoundWord::AtMost => "at most",
            BoundWord::AtLeast => "at least",
        };
        let _ = writeln!(
            text,
            "{mark} {}: {:.1} to {:.1} %, {bound} {:.1} %",
            row.id,
            row.low * 100.0,
            row.high * 100.0,
            row.limit * 100.0
        );
    }
    text
}

/// A study of one scenario of the rollout wedge, on all cores.
///
/// # Errors
/// What is wrong with the files or their values.
pub fn study(scenario: &str, rollouts: u64) -> Result<StudyReport, Box<dyn Error>> {
    let system = library::system("wedge").ok_or("it is shipped")?;
    let policy = system
        .policy(Profile::AsWritten)
        .ok_or("it has a document")?;
    let policy = load::policy("policy.yaml", policy.as_bytes())?.value;
    let file = system.scenario(scenario).ok_or("it has no such scenario")?;
    let file = load::scenario("scenario.yaml", file.as_bytes())?.value;
    let world = load::world("world.yaml", system.world.as_bytes())?.value;
    let experiment = load::experiment(&policy, &file, &world)?;
    let study = Study {
        cases: vec![Case::new(&experiment, &file)],
        seed: 1,
        runs: rollouts,
        detail: Detail::Values,
    };
    let never = AtomicBool::new(false);
    let tallies = study.play(0, &never, &|_| {})?;
    let subject = Subject {
        inputs: &Inputs {
            tool: "an example".into(),
            policy: "wedge".into(),
            profile: Some("as-written".into()),
            scenario: Some(scenario.into()),
            digest: "0000000000000000".into(),
            lowered: None,
            guard: None,
        },
        replay: &|case, replication| {
            format!("coalmine run wedge --scenario {case} --seed 1 --replication {replication}")
        },
    };
    Ok(single(&study, &tallies[0], &subject))
}

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", message(&study("healthy", 400)?));
    Ok(())
}
