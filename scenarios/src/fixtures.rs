//! Files in which nothing is wrong, and a way to spoil them: for tests alone.

use crate::{Document, Report, Scenario, World, load};
use sim_core::policy::Policy;

/// A policy without a finding.
pub(crate) const POLICY: &str = include_str!("fixtures/sound.policy.yaml");
/// A world in which that policy has no finding either.
pub(crate) const WORLD: &str = include_str!("fixtures/sound.world.yaml");
/// A scenario that fits both.
pub(crate) const SCENARIO: &str = include_str!("fixtures/sound.scenario.yaml");

/// Replaces the first `old` of `text`.
///
/// # Panics
/// If there is none: a fixture has changed and a test would no longer test anything.
#[track_caller]
pub(crate) fn spoil(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "the fixture has no {old:?}");
    text.replacen(old, new, 1)
}

/// Loads the policy of `text`.
#[track_caller]
pub(crate) fn policy(text: &str) -> Document<Policy> {
    sound(load::policy("policy.yaml", text.as_bytes()))
}

/// Loads the world of `text`.
#[track_caller]
pub(crate) fn world(text: &str) -> Document<World> {
    sound(load::world("world.yaml", text.as_bytes()))
}

/// Loads the scenario of `text`.
#[track_caller]
pub(crate) fn scenario(text: &str) -> Document<Scenario> {
    sound(load::scenario("scenario.yaml", text.as_bytes()))
}

#[track_caller]
fn sound<T>(loaded: Result<T, Report>) -> T {
    loaded.unwrap_or_else(|report| panic!("the fixture is sound:\n{report}"))
}
