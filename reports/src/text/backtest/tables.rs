//! The tables of a backtest.

use crate::common::figure::{milliseconds, percent, percent_range, span};
use crate::common::style::Tone;
use crate::common::table::{Align, Cell, Table};
use crate::result::{BacktestReport, DecisionRow, FindingRow, GateUnit};

/// So many findings are shown; JSON and CSV have all.
pub(crate) const FINDINGS: usize = 20;

pub(crate) fn histories(report: &BacktestReport) -> Table {
    let mut table = Table::new(&[
        ("signal", Align::Left),
        ("from", Align::Left),
        ("to", Align::Left),
        ("step", Align::Right),
        ("samples", Align::Right),
        ("missing", Align::Right),
    ]);
    for history in &report.histories {
        table.row(vec![
            (&history.signal).into(),
            short(&history.from).into(),
            short(&history.to).into(),
            span(history.step_s).into(),
            history.samples.to_string().into(),
            history.missing.to_string().into(),
        ]);
    }
    table
}

/// Seconds are left out where they are zero: a line has 80 columns.
pub(crate) fn short(instant: &str) -> String {
    instant.strip_suffix(":00Z").map_or_else(
        || instant.to_owned(),
        |minutes| minutes.replace('T', " ") + "Z",
    )
}

pub(crate) fn decisions(report: &BacktestReport) -> Table {
    let drawn = report.replications > 1;
    let second = if drawn { "over replications" } else { "starts" };
    let mut table = Table::new(&[
        ("decision", Align::Left),
        ("share", Align::Right),
        (second, Align::Right),
        ("windows", Align::Right),
        ("95 % interval", Align::Right),
    ]);
    for row in &report.decisions {
        let second = if drawn {
            percent_range(row.least, row.most)
        } else {
            row.starts.to_string()
        };
        table.row(vec![
            Cell::toned(word(report, row), tone(&row.decision)),
            percent(row.share).into(),
            second.into(),
            format!("{} of {}", row.windows, report.windows).into(),
            percent_range(row.low, row.high).into(),
        ]);
    }
    table
}

/// Who did it: which gate, in which stage, on what and on how many samples.
pub(crate) fn who(report: &BacktestReport) -> Option<Table> {
    let mut table = Table::new(&[
        ("who", Align::Left),
        ("stage", Align::Left),
        ("decision", Align::Left),
        ("share", Align::Right),
        ("read", Align::Right),
        ("limit", Align::Right),
        ("samples", Align::Right),
    ]);
    for row in report.causes.iter().take(FINDINGS) {
        let gate = row.gate.as_deref();
        let figure =
            |value: Option<f64>| value.map_or(String::new(), |it| figure(report, gate, it));
        table.row(vec![
            row.gate.as_deref().unwrap_or("no gate").into(),
            row.stage.as_deref().unwrap_or_default().into(),
            Cell::toned(&row.decision, tone(&row.decision)),
            percent(row.share).into(),
            row.flaw.clone().unwrap_or_else(|| figure(row.value)).into(),
            figure(row.limit).into(),
            row.samples
                .map_or(String::new(), |count| count.to_string())
                .into(),
        ]);
    }
    (!report.causes.is_empty()).then_some(table)
}

/// A rollout that some gate never judged has not passed.
pub(crate) fn word(report: &BacktestReport, row: &DecisionRow) -> String {
    if row.decision.starts_with("completed") && !report.inadequate.is_empty() {
        format!("{}, gates unjudged", row.decision)
    } else {
        row.decision.clone()
    }
}

pub(crate) fn tone(decision: &str) -> Tone {
    match decision {
        "completed" => Tone::Plain,
        "completed_late" | "held" | "unfinished" => Tone::Doubt,
        _ => Tone::Bad,
    }
}

/// The first `most` findings.
pub(crate) fn found(report: &BacktestReport, most: usize) -> Table {
    let mut table = Table::new(&[
        ("first", Align::Left),
        ("last", Align::Left),
        ("decision", Align::Left),
        ("gate", Align::Left),
        ("read", Align::Right),
        ("starts", Align::Right),
    ]);
    for finding in report.findings.iter().take(most) {
        let last = if finding.to == finding.from {
            String::new()
        } else {
            last(&finding.from, &finding.to)
        };
        table.row(vec![
            short(&finding.from).into(),
            last.into(),
            Cell::toned(&finding.decision, tone(&finding.decision)),
            finding.gate.as_deref().unwrap_or_default().into(),
            read(report, finding).into(),
            finding.starts.to_string().into(),
        ]);
    }
    table
}

/// The time alone where the day is the same.
fn last(from: &str, to: &str) -> String {
    let same = from.get(..11) == to.get(..11);
    let to = if same { &to[11..] } else { to };
    match to.strip_suffix(":00Z") {
        Some(minutes) => minutes.replace('T', " ") + "Z",
        None => to.to_owned(),
    }
}

/// A value in the unit of its gate.
fn figure(report: &BacktestReport, gate: Option<&str>, value: f64) -> String {
    match gate.and_then(|id| report.units.get(id)) {
        Some(GateUnit::Share) => percent(value),
        Some(GateUnit::Milliseconds) => milliseconds(value),
        Some(GateUnit::Number) | None => significant(value),
    }
}

pub(crate) fn read(report: &BacktestReport, finding: &FindingRow) -> String {
    match (&finding.flaw, finding.value) {
        (Some(flaw), _) => flaw.clone(),
        (None, Some(value)) => figure(report, finding.gate.as_deref(), value),
        (None, None) => String::new(),
    }
}

/// Three significant digits.
pub(crate) fn significant(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let before = value.abs().log10().floor() as i32;
    let decimals = (2 - before).clamp(0, 12) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

pub(crate) fn unjudged(report: &BacktestReport) -> Table {
    let mut table = Table::new(&[
        ("gate that nobody could judge", Align::Left),
        ("why", Align::Left),
    ]);
    for gate in &report.inadequate {
        table.row(vec![
            Cell::toned(&gate.gate, Tone::Doubt),
            (&gate.why).into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_lose_what_says_nothing() {
        assert_eq!(short("2026-02-03T04:05:00Z"), "2026-02-03 04:05Z");
        assert_eq!(short("2026-02-03T04:05:06Z"), "2026-02-03T04:05:06Z");
        let from = "2026-02-03T04:05:00Z";
        assert_eq!(last(from, "2026-02-03T05:00:00Z"), "05:00Z");
        assert_eq!(last(from, "2026-02-04T05:00:00Z"), "2026-02-04 05:00Z");
    }

    #[test]
    fn values_keep_three_digits() {
        let check = |value, expect: &str| assert_eq!(significant(value), expect);
        check(0.083_333, "0.0833");
        check(1234.56, "1235");
        check(12.5, "12.5");
        check(0.0, "0");
    }
}
