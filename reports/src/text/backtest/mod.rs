//! What a policy would have done in a recorded past, for people and for tables.

pub(crate) mod tables;

use crate::common::escape::escape;
use crate::common::figure::span;
use crate::common::style::{Style, Tone};
use crate::common::wrap::wrap;
use crate::result::{BacktestReport, PlayedHistory};
use crate::text::backtest::tables::{FINDINGS, decisions, found, histories, short, unjudged, who};

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
        let signal = escape(&history.signal);
        let line = format!("gaps of {signal}: {}{more}", shown.join(", "));
        wrap(&line, 2, style.columns) + "\n"
    };
    report.histories.iter().map(of).collect()
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

fn inadequate(report: &BacktestReport, style: Style) -> String {
    if report.inadequate.is_empty() {
        return String::new();
    }
    unjudged(report).render(style) + &paragraph(UNJUDGED, style)
}

/// What is said below the gates that nobody could judge.
pub(crate) const UNJUDGED: &str =
    "They were left out: whatever completed has completed without their consent.";
