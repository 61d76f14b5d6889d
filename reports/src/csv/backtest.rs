//! A backtest as comma-separated values.

use crate::common::safe::csv_cell;
use crate::result::BacktestReport;

/// Returns a line for each start, for spreadsheets.
pub fn backtest_csv(report: &BacktestReport) -> String {
    let mut text =
        "start,decision,at,after_s,stage,gate,value,samples,flaw,replications\n".to_owned();
    for row in &report.events {
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let samples = row.samples.map_or(String::new(), |count| count.to_string());
        let fields = [
            csv_cell(&row.start),
            csv_cell(&row.decision),
            csv_cell(&row.at),
            row.after_s.to_string(),
            csv_cell(row.stage.as_deref().unwrap_or_default()),
            csv_cell(row.gate.as_deref().unwrap_or_default()),
            number(row.value),
            samples,
            csv_cell(row.flaw.as_deref().unwrap_or_default()),
            row.replications.to_string(),
        ];
        text += &(fields.join(",") + "\n");
    }
    text
}
