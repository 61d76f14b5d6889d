//! What goes in.

mod scenario;
mod world;

pub use scenario::{Expect, Objectives, Release, Scenario, Verdict, WorldSource};
pub use world::World;
