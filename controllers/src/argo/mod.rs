//! Argo Rollouts 1.10.1: conditions, analysis runs, replica counts, abort timings.

pub mod args;
pub mod assess;
pub mod condition;
pub mod counts;
pub mod fenceposts;
pub mod metric;
pub mod pattern;
pub mod rows;
pub mod run;
