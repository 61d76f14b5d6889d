//! The keys of Argo's objects and what becomes of each.

mod analysis;
mod reasons;
mod rollout;

pub use analysis::{ANALYSIS, EXPERIMENT};
pub use rollout::ROLLOUT;

use crate::keys::Key;

/// The table of a kind; none if it is no kind of Argo Rollouts.
pub fn table(kind: &str) -> Option<&'static [Key]> {
    match kind {
        "Rollout" => Some(ROLLOUT),
        "AnalysisTemplate" | "ClusterAnalysisTemplate" | "AnalysisRun" => Some(ANALYSIS),
        "Experiment" => Some(EXPERIMENT),
        _ => None,
    }
}
