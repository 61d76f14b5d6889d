//! The probability of a rare event as text and as Markdown.

use crate::common::escape::escape;
use crate::common::figure::percent;
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Table};
use crate::common::wrap::wrap;
use crate::result::{RareCheck, RareEstimate, RareReport};

/// Returns the estimate and its checks as text.
pub fn rare_text(report: &RareReport, style: Style) -> String {
    let head = wrap(&escape(&title(report)), 0, style.columns);
    let tone = if report.answer.is_some() {
        Tone::Good
    } else {
        Tone::Bad
    };
    let parts = [
        style.paint(Tone::Strong, &head) + "\n",
        answer(report, style),
        if report.checks.is_empty() {
            String::new()
        } else {
            table(report).render(style)
        },
        style.paint(tone, report.status.sentence()) + "\n",
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

pub(crate) fn title(report: &RareReport) -> String {
    format!(
        "{} ({}), scenario {}: the probability of {}, seed {}",
        report.policy, report.profile, report.scenario, report.event, report.seed
    )
}

pub(crate) fn answer(report: &RareReport, style: Style) -> String {
    let Some(found) = report.answer.as_ref().or(report.so_far.as_ref()) else {
        return String::new();
    };
    let unchecked = if report.answer.is_none() {
        "so far, unchecked: "
    } else {
        ""
    };
    let text = format!(
        "{unchecked}{:.3e}, 95 % interval [{:.2e}, {:.2e}], relative standard error {}, by multilevel splitting of {} \
         simulated rollouts",
        found.probability,
        found.low,
        found.high,
        percent(found.error / found.probability),
        found.rollouts,
    );
    wrap(&text, 0, style.columns) + "\n"
}

pub(crate) fn table(report: &RareReport) -> Table {
    let mut table = Table::new(&[
        ("check", Align::Left),
        ("levels", Align::Right),
        ("splitting", Align::Right),
        ("against", Align::Right),
        ("z", Align::Right),
    ]);
    for check in &report.checks {
        table.row(vec![
            (&check.what).into(),
            check.levels.len().to_string().into(),
            figure(&check.one).into(),
            figure(&check.other).into(),
            z(check).into(),
        ]);
    }
    table
}

fn figure(found: &RareEstimate) -> String {
    format!("{:.3e} +- {:.1e}", found.probability, found.error)
}

fn z(check: &RareCheck) -> String {
    check.z.map_or("-".to_owned(), |z| format!("{z:+.2}"))
}
