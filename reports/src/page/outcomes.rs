//! How the rollouts of each scenario ended, as a table with depths.

use crate::chart::{DataCell, DataTable, label};
use crate::common::figure::{count, percent, span};
use crate::result::{Quantity, StudyReport};

use super::model::Section;

/// Returns the table of scenarios and outcomes; nothing where no rollout was played.
pub fn outcome_table(report: &StudyReport) -> Option<Section> {
    let each = match &report.scenarios[..] {
        [] => std::slice::from_ref(report),
        several => several,
    };
    let outcomes: Vec<&String> = report.outcomes.keys().collect();
    let mut head = vec!["scenario".to_owned(), "release".to_owned()];
    head.extend(outcomes.iter().map(|word| word.replace('_', " ")));
    let figures = [
        "rollouts",
        "detection p50",
        "p95",
        "rollback p50",
        "p99",
        "reached",
        "error-min",
    ];
    head.extend(figures.map(str::to_owned));
    let rows = each
        .iter()
        .map(|scenario| row(scenario, &outcomes))
        .collect();
    let lead = "How the rollouts of each scenario ended: darker means more. Times, largest exposure and mean harm beside it.";
    let table = DataTable { head, rows };
    (report.runs > 0).then(|| Section::table("outcomes", "Scenario × outcome", lead, table))
}

fn row(scenario: &StudyReport, outcomes: &[&String]) -> Vec<DataCell> {
    let mut cells = vec![
        DataCell::classed(label(&scenario.scenario), "words"),
        DataCell::new(scenario.release.map_or("", |kind| kind.word())),
    ];
    for word in outcomes {
        let many = scenario.outcomes.get(*word).copied().unwrap_or(0);
        cells.push(depth(many, scenario.runs));
    }
    let quantities = &scenario.quantities;
    let (detection, rollback) = (&quantities.detection_s, &quantities.rollback_s);
    let reached = quantities.reached_max_percent.max;
    let harm = quantities.exposed_error_minutes.mean;
    cells.push(DataCell::new(scenario.runs.to_string()));
    cells.extend([
        time(detection, detection.p50),
        time(detection, detection.p95),
        time(rollback, rollback.p50),
        time(rollback, rollback.p99),
        DataCell::classed(
            reached.map_or("·".to_owned(), |max| percent(max / 100.0)),
            "num",
        ),
        DataCell::classed(harm.map_or("·".to_owned(), count), "num"),
    ]);
    cells
}

/// A count whose cell is the deeper the larger its share; never told by the colour alone.
pub(super) fn depth(many: u64, runs: u64) -> DataCell {
    if many == 0 {
        return DataCell::classed("·", "num faint");
    }
    let fifths = (many * 5).div_ceil(runs.max(1)).min(5);
    DataCell::classed(many.to_string(), &format!("q{fifths}"))
}

fn time(quantity: &Quantity, value: Option<f64>) -> DataCell {
    let text = match value {
        Some(seconds) => span(seconds),
        None if quantity.never > 0 => "never".to_owned(),
        None => "·".to_owned(),
    };
    DataCell::classed(text, "num")
}
