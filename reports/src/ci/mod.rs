//! Results and findings for pipelines: test results, code scanning, annotations.

mod github;
mod junit;
mod sarif;

pub use github::{file_annotation, study_annotations};
pub use junit::{chaos_junit, study_junit};
pub use sarif::{SarifFinding, SarifLevel, sarif};
