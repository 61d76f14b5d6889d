//! Plays a shipped policy a hundred times against a bad release, and says how it ended and who was hurt.
//!
//! `cargo run --example play_a_policy`
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::collections::BTreeMap;
use std::error::Error;

use coalmine::scenarios::{library, load};
use coalmine::sim_core::policy::Profile;
use coalmine::sim_core::{Experiment, Outcome, Plan, Seed};

/// What became of the rollouts.
pub struct Ends {
    /// How many ended in each way.
    pub outcomes: BTreeMap<&'static str, u32>,
    /// Error-minutes of users of the new version, on average.
    pub harm: f64,
}

/// The rollout wedge, as its document has it, and a release that fails from some moment on.
///
/// # Errors
/// What is wrong with the files or their values.
pub fn wedge(scenario: &str) -> Result<Experiment, Box<dyn Error>> {
    let system = library::system("wedge").ok_or("it is shipped")?;
    let policy = system
        .policy(Profile::AsWritten)
        .ok_or("it has a document")?;
    let scenario = system.scenario(scenario).ok_or("it has no such scenario")?;
    // Each file is read with all that is wrong with it; here there is nothing.
    let policy = load::policy("policy.yaml", policy.as_bytes())?;
    let scenario = load::scenario("scenario.yaml", scenario.as_bytes())?;
    let world = load::world("world.yaml", system.world.as_bytes())?;
    let experiment = load::experiment_of(&policy, &scenario, &world.value);
    experiment.map_err(|mut reports| reports.remove(0).into())
}

/// Plays so many rollouts; rollout 17 is the same whoever plays it, and however many others.
pub fn play(experiment: &Experiment, rollouts: u32) -> Ends {
    let plan = Plan::new(experiment);
    let mut ends = Ends {
        outcomes: BTreeMap::new(),
        harm: 0.0,
    };
    for replication in 0..rollouts {
        let run = plan.play(Seed {
            root: 1,
            replication: replication.into(),
        });
        let end = match run.outcome {
            Outcome::Completed => "completed",
            Outcome::RolledBack => "rolled back",
            _ => "otherwise",
        };
        *ends.outcomes.entry(end).or_default() += 1;
        ends.harm += run.harm.exposed_error_minutes / f64::from(rollouts);
    }
    ends
}

fn main() -> Result<(), Box<dyn Error>> {
    let ends = play(&wedge("step-regression")?, 100);
    for (end, rollouts) in &ends.outcomes {
        println!("{rollouts:>4} {end}");
    }
    println!("{:.2} error-minutes a rollout", ends.harm);
    Ok(())
}
