//! The texts of a case folder.

use chaos::ablation::ablate;
use chaos::rehearsal::Rehearsal;
use chaos::shrink::Shrunk;
use reports::safe::{self, csv_cell};
use reports::{CaseReport, case_markdown};
use scenarios::{Broken, CaseFile};
use sim_core::engine::SimDuration;

use super::plot::plot;
use super::report::case_report;
use crate::study::hex;

/// The program that writes cases.
pub const TOOL: &str = concat!("coalmine ", env!("CARGO_PKG_VERSION"));

/// A rehearsal that breaks a promise, as it was found and as it was shrunk.
#[derive(Clone, Copy, Debug)]
pub struct Found<'f> {
    /// As it was found.
    pub original: &'f Rehearsal,
    /// As it was shrunk.
    pub shrunk: &'f Shrunk,
    /// The promise, by its code.
    pub promise: &'f str,
    /// The command by which it was found, where there is one.
    pub found_by: Option<&'f str>,
}

/// The names of the files of a case.
pub const NAMES: [&str; 5] = [
    CaseFile::NAME,
    "original.yaml",
    "timeline.csv",
    "plot.svg",
    "why.md",
];

/// A case folder that is still to be written.
#[derive(Clone, Debug)]
pub struct CaseFolder {
    /// The names and the texts of its files.
    pub files: Vec<(&'static str, String)>,
    /// What is told of the case.
    pub report: CaseReport,
}

/// Returns the folder of a case that is to lie at `folder`, written as a shell takes it; none where one
/// of the two rehearsals does not break the promise.
pub fn case_folder(found: &Found<'_>, folder: &str) -> Option<CaseFolder> {
    let case = case_file(&found.shrunk.rehearsal, found)?;
    let report = explained(&case, &found.shrunk.rehearsal, folder)?;
    let files = vec![
        (CaseFile::NAME, headed(&case, &report.replay)),
        (
            "original.yaml",
            headed(&case_file(found.original, found)?, &report.replay),
        ),
        ("timeline.csv", timeline(&report)),
        (
            "plot.svg",
            safe::markup(&plot(&found.shrunk.rehearsal, &case.broken)?).into_owned(),
        ),
        ("why.md", safe::text(&case_markdown(&report), false)),
    ];
    Some(CaseFolder { files, report })
}

/// Returns what is told of a case, given the rehearsal that it holds and where it lies; none where the
/// rehearsal does not break the promise or cannot be played.
pub fn explained(case: &CaseFile, rehearsal: &Rehearsal, at: &str) -> Option<CaseReport> {
    let ablation = ablate(rehearsal, &case.broken.promise).ok()??;
    Some(case_report(case, rehearsal, &ablation, at))
}

fn case_file(rehearsal: &Rehearsal, found: &Found<'_>) -> Option<CaseFile> {
    let played = rehearsal.play().ok()?;
    let finding = played.violated().find(|it| it.id == found.promise)?;
    let broken = Broken {
        promise: found.promise.to_owned(),
        detail: finding.detail.clone(),
        at: finding
            .at
            .map_or(SimDuration::ZERO, sim_core::engine::SimTime::elapsed),
        hash: hex(played.run.history.hash()),
        digest: hex(rehearsal.digest()),
        tool: TOOL.to_owned(),
        faults_found: found.original.injections.len() as u32,
        replays: found.shrunk.replays,
        found_by: found.found_by.map(str::to_owned),
    };
    Some(CaseFile::of(rehearsal, broken))
}

fn headed(case: &CaseFile, replay: &str) -> String {
    format!(
        "# Play it again: {}\n{}",
        reports::escape(replay),
        case.text()
    )
}

/// Returns the events as comma-separated values (RFC 4180).
fn timeline(report: &CaseReport) -> String {
    let mut text = "t_s,event,stage,detail\n".to_owned();
    for event in &report.events {
        let stage = event.stage.as_deref().unwrap_or_default();
        let cells = [&event.code, stage, &event.detail].map(csv_cell);
        text += &format!("{},{}\n", event.t_s, cells.join(","));
    }
    text
}
