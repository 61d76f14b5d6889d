//! What comes out of coalmine: results and decisions in every form in which they are read.
//!
//! Everything here is a pure function from results to text. A rollout's [history](history) and the sums over many are first put
//! into a typed [`result`], which becomes JSON; every other form is written from that one, so that a stored result can be shown
//! again without playing anything. There is a room for each form, and in it a file for each kind of result.

pub mod artifact;
pub mod chart;
mod ci;
mod common;
mod csv;
pub mod decision;
pub mod explorer;
mod history;
mod markdown;
pub mod page;
mod result;
mod text;

pub use ci::{
    SarifFinding, SarifLevel, chaos_junit, file_annotation, sarif, study_annotations, study_junit,
};
pub use common::escape::escape;
pub use common::markdown::{cut, plain};
pub use common::style::{Style, Tone};
pub use common::table::{Align, Cell, Table};
pub use common::wrap::wrap;
pub use common::{figure, js_text, python_text, safe};
pub use csv::{backtest_csv, curve_csv, study_csv, study_lines};
pub use history::{IncidentFacts, audit_trail, event_rows, gate_breach, gate_figure, timeline_of};
pub use markdown::{
    audit_markdown, case_markdown, chaos_markdown, compare_markdown, curve_markdown, incident_note,
    incident_packet, mutate_markdown, rare_markdown, study_markdown, tune_markdown,
};
pub use result::*;
pub use text::{
    backtest_text, case_text, cause_sentence, chaos_text, chaos_ticket, compare_text, curve_text,
    fidelity_text, fit_text, mutate_text, number, rare_text, run_text, study_causes, study_text,
    study_ticket, timeline, tune_text,
};
