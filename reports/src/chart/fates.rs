//! What became of the mutants of each part of a policy.

use crate::result::{MutantRow, MutateReport};

use super::heat::{HeatMap, heat_map};
use super::model::{Chart, DataTable, Width};
use crate::common::label::label;

/// What can become of a mutant.
const FATES: [&str; 5] = ["caught", "missed", "masked", "equivalent", "unviable"];

/// Draws how many mutants of each part met which fate. Nothing comes of a result that does not say which
/// part a mutant belongs to.
pub fn fates(report: &MutateReport) -> Option<Chart> {
    let parts = parts(report);
    let of = |part: &str| {
        let rows = report.mutants.iter();
        rows.filter(|row| row.part == part).collect()
    };
    let rows: Vec<(&str, Vec<&MutantRow>)> = parts.iter().map(|part| (*part, of(part))).collect();
    // The first row of a map lies lowest.
    let upwards = || rows.iter().rev();
    let map = HeatMap {
        id: "fates".to_owned(),
        title: "Mutants by part of the policy".to_owned(),
        lead: "What became of the mutants of each part: the deeper, the larger its share. What is missed or masked, no rehearsal notices."
            .to_owned(),
        width: Width::Full,
        names: [String::new(), String::new()],
        values: [
            FATES.map(str::to_owned).to_vec(),
            upwards().map(|(part, _)| label(part)).collect(),
        ],
        cells: upwards()
            .map(|(_, mutants)| FATES.map(|fate| cell(mutants, fate)).to_vec())
            .collect(),
    };
    (!rows.is_empty()).then(|| Chart {
        table: table(&rows),
        ..heat_map(&map)
    })
}

/// The parts of the policy that mutants belong to, in the order of the mutants.
fn parts(report: &MutateReport) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for row in report.mutants.iter().filter(|row| !row.part.is_empty()) {
        if !parts.contains(&row.part.as_str()) {
            parts.push(&row.part);
        }
    }
    parts
}

fn count(mutants: &[&MutantRow], fate: &str) -> usize {
    mutants.iter().filter(|row| row.verdict == fate).count()
}

fn cell(mutants: &[&MutantRow], fate: &str) -> Option<(f64, String)> {
    let many = count(mutants, fate);
    (many > 0).then(|| (many as f64 / mutants.len() as f64, many.to_string()))
}

fn table(rows: &[(&str, Vec<&MutantRow>)]) -> DataTable {
    let mut table = DataTable::new([
        "part",
        "caught",
        "missed",
        "masked",
        "equivalent",
        "unviable",
    ]);
    for (part, mutants) in rows {
        let [caught, missed, masked, equivalent, unviable] =
            FATES.map(|fate| count(mutants, fate).to_string());
        table.row([label(part), caught, missed, masked, equivalent, unviable]);
    }
    table
}
