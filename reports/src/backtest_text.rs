//! What a policy would have done in a recorded past, for people and for tables.

use crate::backtest_json::{BacktestReport, DecisionRow, FindingRow, PlayedHistory};
use crate::escape::escape;
use crate::figure::{percent, percent_range, span};
use crate::safe::csv_cell;
use crate::style::{Style, Tone};
use crate::table::{Align, Cell, Table};
use crate::timeline::wrap;

/// So many findings are shown; JSON and CSV have all.
const FINDINGS: usize = 20;
/// So many gaps of a recording are shown.
const GAPS: usize = 3;

/// Returns the tables of a backtest: what was played, what was decided and when, and what nobody could judge.
pub fn backtest_text(report: &BacktestReport, style: Style) -> String {
    let parts = [
        warning(report).map_or(String::new(), |line| {
            style.paint(Tone::Bad, &paragraph(&line, style))
        }),
        style.paint(Tone::Strong, &paragraph(&title(report), style)),
        histories(report).render(style) + &gaps(report, style),
        decisions(report).render(style) + &paragraph(&independence(report), style),
        who(report).map_or(String::new(), |table| table.render(style)),
        findings(report, style),
        inadequate(report, style),
        report
            .notes
            .iter()
            .map(|note| paragraph(&format!("note: {}", escape(note)), style))
            .collect(),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

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

fn paragraph(text: &str, style: Style) -> String {
    wrap(text, 0, style.columns) + "\n"
}

/// What must be known before any figure: that a canary was shown the whole fleet's values.
pub(crate) fn warning(report: &BacktestReport) -> Option<String> {
    let first = report.unthinned.first()?;
    let more = match report.unthinned.len() {
        1 => String::new(),
        n => format!(" (and {} more)", n - 1),
    };
    Some(format!(
        "Not what the canary would have seen: {}: {}{more}. The gates judged the whole fleet's values, so \
         the false alarms of a small canary are not in these figures.",
        escape(&first.signal),
        first.why
    ))
}

pub(crate) fn title(report: &BacktestReport) -> String {
    format!(
        "{} ({}) against the recorded past: {} starts, one each {}, followed for {} at most{}",
        escape(&report.policy),
        report.profile,
        report.starts,
        span(report.every_s),
        span(report.horizon_s),
        match report.replications {
            1 => String::new(),
            n => format!("; each {n} times, with other requests on the canary"),
        }
    )
}

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

fn gaps(report: &BacktestReport, style: Style) -> String {
    let of = |history: &PlayedHistory| {
        let shown: Vec<_> = history
            .gaps
            .iter()
            .take(GAPS)
            .map(|gap| {
                format!(
                    "{} to {} ({})",
                    short(&gap.from),
                    short(&gap.to),
                    gap.missing
                )
            })
            .collect();
        if shown.is_empty() {
            return String::new();
        }
        let more = history.gaps.len().saturating_sub(GAPS);
        let more = if more == 0 {
            String::new()
        } else {
            format!(" and {more} shorter")
        };
        let line = format!(
            "gaps of {}: {}{more}",
            escape(&history.signal),
            shown.join(", ")
        );
        wrap(&line, 2, style.columns) + "\n"
    };
    report.histories.iter().map(of).collect()
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
        let figure = |value: Option<f64>| value.map_or(String::new(), significant);
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
fn word(report: &BacktestReport, row: &DecisionRow) -> String {
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

pub(crate) fn independence(report: &BacktestReport) -> String {
    format!(
        "Starts overlap: what one meets, its neighbours meet too. {} windows do not overlap, and the \
         intervals rest on them alone.",
        report.windows
    )
}

fn findings(report: &BacktestReport, style: Style) -> String {
    if report.findings.is_empty() {
        return paragraph("No gate would have stopped anything.", style);
    }
    let more = report.findings.len().saturating_sub(FINDINGS);
    let more = if more == 0 {
        String::new()
    } else {
        paragraph(
            &format!("and {more} more: --format json or csv has them all"),
            style,
        )
    };
    found(report, FINDINGS).render(style) + &more
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
            read(finding).into(),
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

pub(crate) fn read(finding: &FindingRow) -> String {
    match (&finding.flaw, finding.value) {
        (Some(flaw), _) => flaw.clone(),
        (None, Some(value)) => significant(value),
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

fn inadequate(report: &BacktestReport, style: Style) -> String {
    if report.inadequate.is_empty() {
        return String::new();
    }
    unjudged(report).render(style) + &paragraph(UNJUDGED, style)
}

/// What is said below the gates that nobody could judge.
pub(crate) const UNJUDGED: &str =
    "They were left out: whatever completed has completed without their consent.";

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
