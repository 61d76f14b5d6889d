//! Results as Markdown, for pages and pull requests.

mod audit;
mod case;
mod chaos;
mod compare;
mod curve;
pub(crate) mod incident_packet;
mod mutate;
mod rare;
mod study;
mod tune;

pub use audit::audit_markdown;
pub use case::case_markdown;
pub use chaos::chaos_markdown;
pub use compare::compare_markdown;
pub use curve::curve_markdown;
pub use incident_packet::{incident_note, incident_packet};
pub use mutate::mutate_markdown;
pub use rare::rare_markdown;
pub use study::study_markdown;
pub use tune::tune_markdown;
