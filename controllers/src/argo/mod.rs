//! Argo Rollouts 1.10.1: conditions, analysis runs, replica counts, abort timings.

pub mod condition;
pub mod counts;
pub mod fenceposts;
pub mod pattern;
pub mod rows;
