//! Rehearses a rollout with a fault, and asks every checker what became of the invariants.
//!
//! `cargo run --example add_a_fault`
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use coalmine::chaos::catalogue::{Entry, Injection};
use coalmine::chaos::checker::Status;
use coalmine::chaos::rehearsal::{Rehearsal, Rehearsed};
use coalmine::sim_core::{Experiment, Seed};

#[path = "play_a_policy.rs"]
#[expect(dead_code, reason = "only its policy is used")]
pub mod play_a_policy;

/// Plays `experiment` with one fault of the catalogue (`coalmine list --faults`), at its usual time and size.
///
/// # Errors
/// What is wrong with the files or their values.
pub fn rehearse(experiment: Experiment, fault: &str) -> Result<Rehearsed, Box<dyn Error>> {
    let entry = Entry::of(fault).ok_or("the catalogue has no such fault")?;
    let rehearsal = Rehearsal {
        experiment,
        injections: vec![Injection::of(entry)],
        seed: Seed {
            root: 1,
            replication: 0,
        },
    };
    let misfits = |misfits: Vec<(usize, _)>| format!("{misfits:?}");
    Ok(rehearsal.play().map_err(misfits)?)
}

/// The invariants that were violated.
pub fn violated(rehearsed: &Rehearsed) -> Vec<&'static str> {
    let findings = rehearsed.findings.iter();
    let violated = findings.filter(|finding| finding.status == Status::Violated);
    violated.map(|finding| finding.id).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let rehearsed = rehearse(
        play_a_policy::wedge("step-regression")?,
        "human.override_advance",
    )?;
    println!("the fault had an effect: {}", rehearsed.confirmed[0]);
    for finding in &rehearsed.findings {
        println!(
            "{:<13} {:?}: {}",
            finding.id, finding.status, finding.detail
        );
    }
    println!("violated: {:?}", violated(&rehearsed));
    Ok(())
}
