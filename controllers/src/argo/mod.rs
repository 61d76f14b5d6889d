//! Argo Rollouts 1.10.1: conditions, analysis runs, replica counts, canaries and blue-green rollouts.
//!
//! | from | to | by |
//! |---|---|---|
//! | a file | typed objects, the role of each key, why a Rollout is refused | [`form`], [`keys`], [`validate`] |
//! | an analysis of a Rollout and its templates | an analysis that runs | [`templates`], [`args`] |
//! | a condition and an answer | a judgement, or the engine's error | [`condition`] |
//! | metrics, answers and the time | measurements and the phase of the run | [`run`], by [`metric`] and [`assess`] |
//! | weights and pods that are there | pods that are asked for | [`counts`], [`fenceposts`] |
//! | pods and runs that are seen, and the time | orders | [`canary`], [`bluegreen`], with [`orders`] and [`pause`] |
//! | a metric, a policy | what is known before anything runs | [`facts`] |
//! | a recorded row | the differences | [`rows`] |
//!
//! Times are milliseconds. What the controller stores are whole seconds; where that shows it is kept.

pub mod args;
pub mod assess;
pub mod bluegreen;
pub mod canary;
pub mod condition;
pub mod counts;
pub mod facts;
pub mod fenceposts;
pub mod form;
pub mod keys;
pub mod metric;
pub mod orders;
pub mod pause;
mod progress;
pub mod rows;
pub mod run;
pub mod templates;
pub mod validate;
