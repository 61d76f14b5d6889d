//! Rollout wedges, judged by one of their three readers.

use reports::decision::WedgeReport;
use scenarios::adapter::Json;
use scenarios::wedge::{Reader, Readings, WedgeVerdict, total_rollout_hours};

use super::GateStatus;

/// What a reader decides about a wedge.
#[derive(Clone, Debug, PartialEq)]
pub struct WedgeDecision {
    /// The verdict.
    pub status: GateStatus,
    /// The report.
    pub report: WedgeReport,
}

/// Decides whether a wedge is valid for `reader`, and lists where the other readers disagree.
pub fn decide(reader: Reader, wedge: &Json) -> WedgeDecision {
    let readings = Readings::of(wedge);
    let disagreements = readings.disagreements();
    let (valid, errors, open) = match reader {
        Reader::ReferenceChecker => of_code(&readings.reference_checker),
        Reader::MergeGate => of_code(&readings.merge_gate),
        Reader::AsWritten => {
            let written = &readings.as_written;
            (
                written.valid(),
                written.problems.clone(),
                written.open.clone(),
            )
        }
    };
    let status = match valid {
        Some(true) => GateStatus::Healthy,
        Some(false) => GateStatus::Unhealthy,
        None => GateStatus::Undecided,
    };
    let report = WedgeReport {
        mode: reader.to_string(),
        valid,
        errors,
        open,
        disagreements: disagreements.iter().map(ToString::to_string).collect(),
        total_rollout_duration_hours: total_rollout_hours(wedge),
    };
    WedgeDecision { status, report }
}

fn of_code(verdict: &WedgeVerdict) -> (Option<bool>, Vec<String>, Vec<String>) {
    (
        Some(verdict.is_valid()),
        verdict.errors().to_vec(),
        Vec::new(),
    )
}
