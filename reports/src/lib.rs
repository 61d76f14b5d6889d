//! What comes out of coalmine: runs, studies and decisions as text, JSON and Markdown.
//!
//! Everything here is a pure function from results to text. A result is first put into the typed
//! form that becomes JSON ([`RunReport`], [`StudyReport`]); text and Markdown are written from that
//! form, so that a stored result can be shown again without playing anything.

pub mod decision;
mod escape;
pub mod figure;
pub mod js_text;
pub mod python_text;
mod run_json;
mod study_json;
mod style;
mod table;
mod verdict;

pub use escape::escape;
pub use run_json::{
    EventRow, ExposureFigures, HarmFigures, Inputs, InvariantRow, InvariantStatus, RunReport,
};
pub use study_json::{
    BoundWord, Failure, InvariantCounts, ObjectiveRow, ObjectiveStatus, Quantities, Quantity,
    ScenarioKind, StudyReport,
};
pub use style::{Style, Tone};
pub use table::{Align, Cell, Table};
pub use verdict::Verdict;
