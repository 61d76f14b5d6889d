//! Adds a gate to a policy, and plays both on the same luck.
//!
//! Forms are values: what a file says can be said in Rust, and the same checks read it.
//!
//! `cargo run --example add_a_gate`
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use coalmine::scenarios::{library, load};
use coalmine::sim_core::policy::gate::{
    BadData, Comparison, Gate, Limit, Measure, Population, Relation, Window,
};
use coalmine::sim_core::policy::{Policy, Profile};
use coalmine::sim_core::{Outcome, Plan, Seed};

/// Rolls back as soon as five minutes have more errors than `limit`.
///
/// # Errors
/// What is wrong with the files or their values.
pub fn errors_above(limit: f64) -> Result<Gate, Box<dyn Error>> {
    Ok(Gate {
        id: "errors-of-five-minutes".into(),
        signal: "error_rate".into(),
        measure: Measure::Ratio,
        population: Population::Canary,
        over: "5m".parse()?,
        breach: Comparison {
            is: Relation::Above,
            limit: Limit::Absolute(limit),
        },
        window: Window::Instant,
        min_samples: 200,
        // What it cannot read holds the rollout; missing data are never a pass.
        on: BadData::CLOSED,
        keep: Vec::new(),
        with: None,
        lasting: None,
        already_red: None,
        class: Some("rollback-trigger".into()),
    })
}

/// The rollout wedge with one gate more, which every stage watches.
///
/// # Errors
/// What is wrong with the files or their values.
pub fn with_gate(gate: Gate) -> Result<Policy, Box<dyn Error>> {
    let system = library::system("wedge").ok_or("it is shipped")?;
    let policy = system
        .policy(Profile::AsWritten)
        .ok_or("it has a document")?;
    let mut policy = load::policy("policy.yaml", policy.as_bytes())?.value;
    for stage in &mut policy.stages {
        stage.triggers.push(gate.id.clone());
    }
    policy.gates.push(gate);
    Ok(policy)
}

/// How many of `rollouts` rollouts of a healthy release the policy rolls back.
///
/// # Errors
/// What is wrong with the files or their values.
pub fn false_rollbacks(policy: &Policy, rollouts: u64) -> Result<u64, Box<dyn Error>> {
    let system = library::system("wedge").ok_or("it is shipped")?;
    let healthy = system.scenario("healthy").ok_or("every system has it")?;
    let healthy = load::scenario("healthy.yaml", healthy.as_bytes())?.value;
    let world = load::world("world.yaml", system.world.as_bytes())?.value;
    // Whatever a file would be refused for is refused here, too.
    let plan = Plan::new(&load::experiment(policy, &healthy, &world)?);
    let rolled_back = (0..rollouts).filter(|&replication| {
        let run = plan.play(Seed {
            root: 1,
            replication,
        });
        run.outcome == Outcome::RolledBack
    });
    Ok(rolled_back.count() as u64)
}

fn main() -> Result<(), Box<dyn Error>> {
    for limit in [0.002, 0.004, 0.008] {
        let policy = with_gate(errors_above(limit)?)?;
        let rolled_back = false_rollbacks(&policy, 100)?;
        println!(
            "above {:.1} %: {rolled_back} of 100 healthy releases are rolled back",
            limit * 100.0
        );
    }
    Ok(())
}
