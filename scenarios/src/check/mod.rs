//! Semantic checks: what is wrong with values whose shape is right.
//!
//! A group of checks lies in a file each. They look at values and name paths; only
//! [`Problem::locate`](problem::Problem::locate) knows that there are files. A document that passes
//! can be played: [`Plan::new`](sim_core::plan::Plan::new) finds every name, and no loop is endless.

mod actions;
mod all;
mod calendar;
mod campaign;
mod case;
mod codes;
mod compatibility;
pub(crate) mod decided_by;
mod effects;
mod fleet;
mod gates;
pub(crate) mod labels;
mod names;
mod noise;
mod numbers;
mod operators;
mod problem;
mod profile;
mod promises;
mod references;
mod rehearse;
mod scenario;
mod sizes;
mod splitter;
mod stages;
mod statistics;
mod targets;
mod telemetry;
mod tolerance;
mod traffic;
pub(crate) mod units;
mod unread;
mod waives;

#[cfg(test)]
mod tests;

pub(crate) use all::{campaign, experiment, noise_model, policy, scenario, world};
pub(crate) use case::case;
pub(crate) use codes::CODES;
pub(crate) use names::Names;
pub(crate) use noise::put_noise;
pub(crate) use problem::{Problem, each};
pub(crate) use rehearse::{half, rehearsed};
pub(crate) use scenario::all_effects;
