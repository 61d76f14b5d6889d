//! Argo Rollouts 1.10.1: conditions, analysis runs, replica counts, abort timings.

pub mod args;
pub mod assess;
pub mod bluegreen;
pub mod canary;
pub mod condition;
pub mod counts;
pub mod fenceposts;
pub mod form;
pub mod keys;
pub mod metric;
pub mod orders;
pub mod pattern;
pub mod pause;
mod progress;
pub mod rows;
pub mod run;
pub mod templates;
pub mod validate;
