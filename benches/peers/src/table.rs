//! The table of results, as the README has it.

use crate::driver::{Case, Results};
use crate::workload::ALL;

/// Reads what a run wrote and prints its table.
pub fn print(path: &str) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|reason| format!("{path}: {reason}"))?;
    let results = serde_json::from_str(&text).map_err(|reason| format!("{path}: {reason}"))?;
    print!("{}", markdown(&results));
    Ok(())
}

/// Makes the table: medians, how many times as much as the first engine the best other takes, and
/// whether all came to the same.
pub fn markdown(results: &Results) -> String {
    let engines: Vec<String> = results
        .engines
        .iter()
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    let mut text = format!(
        "CPU time, medians of {} interleaved runs in a process each; {}, {}, {}.\n\n",
        results.rounds, results.machine, results.compiler, results.date
    );
    text += &format!("| workload | {} | best peer |\n", engines.join(" | "));
    text += &format!("|---|{}\n", "---:|".repeat(engines.len() + 1));
    for (workload, unit, scale, _) in &ALL {
        if let Some(row) = row(results, workload, unit, *scale) {
            text += &row;
        }
    }
    text
}

fn row(results: &Results, workload: &str, unit: &str, scale: f64) -> Option<String> {
    let of = |engine: &str| {
        results
            .cases
            .iter()
            .find(|case| case.workload == workload && case.engine == engine)
    };
    let (name, _) = &results.engines[0];
    let own = of(name)?;
    let mut cells = String::new();
    for (engine, _) in &results.engines {
        cells += &of(engine).map_or(" - |".into(), |case| cell(case, own, scale));
    }
    let peers = results.engines[1..]
        .iter()
        .filter_map(|(engine, _)| of(engine));
    let best = peers
        .map(|peer| peer.median() / own.median())
        .min_by(f64::total_cmp);
    let best = best.map_or("-".into(), |ratio| format!("x {ratio:.1}"));
    Some(format!("| {workload}, {unit} |{cells} {best} |\n"))
}

fn cell(case: &Case, own: &Case, scale: f64) -> String {
    let differs = if case.outcome == own.outcome {
        ""
    } else {
        " (differs)"
    };
    let value = case.median() * scale;
    let digits = if value < 100.0 { 1 } else { 0 };
    format!(" {value:.digits$}{differs} |")
}
