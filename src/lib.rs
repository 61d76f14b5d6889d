//! coalmine: a wind tunnel for staged rollouts.
//! Three kinds of files come together in an [experiment](sim_core::Experiment): a *policy* (stages, gates, triggers,
//! rollback), a *world* (fleet, traffic, signals) and a *scenario* (what the release does, and what goes wrong). An
//! experiment is played in virtual time, as often as one likes, and every rollout is a function of the experiment and its
//! seed:
//!
//! ```
//! use coalmine::scenarios::{library, load};
//! use coalmine::sim_core::policy::Profile;
//! use coalmine::sim_core::{Outcome, Plan, Seed};
//!
//! let wedge = library::system("wedge").expect("it is shipped");
//! let policy = wedge.policy(Profile::AsWritten).expect("it has a document");
//! let policy = load::policy("policy.yaml", policy.as_bytes())?.value;
//! let scenario = wedge.scenario("step-regression").expect("it has one");
//! let scenario = load::scenario("scenario.yaml", scenario.as_bytes())?.value;
//! let world = load::world("world.yaml", wedge.world.as_bytes())?.value;
//!
//! let plan = Plan::new(&load::experiment(&policy, &scenario, &world)?);
//! let run = plan.play(Seed { root: 1, replication: 0 });
//! assert_eq!(run.outcome, Outcome::RolledBack);
//! let again = plan.play(Seed { root: 1, replication: 0 });
//! assert_eq!(run.history.hash(), again.history.hash());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`study`] plays thousands and says how often, with intervals; [`chaos`] adds faults and asks a checker for each invariant;
//! [`reports`] writes what came out; [`verify`] checks the simulator itself; [`cli`] is the command. The programs in
//! `examples/` are the next step: play a policy, add a gate, add a fault, add a report form, read a result.
pub mod cli;
pub mod decide;
pub mod guard;
#[cfg(feature = "serve")]
pub mod serve;
pub mod study;
mod temporary;
pub mod verify;

pub use chaos;
pub use reports;
pub use scenarios;
pub use sim_core;
