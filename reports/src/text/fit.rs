//! A calibration for people.

use crate::common::escape::escape;
use crate::common::figure::span;
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Cell, Table};
use crate::common::wrap::wrap;
use crate::result::{FitFacts, FitFinding, FitReport, FitVerdict, HistoryRow, RunFacts, RunRow};

/// Where the words of a fact begin.
const INDENT: usize = 12;

/// Returns what was fitted, what was refused, and the check of runs. One history is told in full, of
/// several each in a line.
pub fn fit_text(report: &FitReport, style: Style) -> String {
    let mut parts = Vec::new();
    if let [history] = report.histories.as_slice() {
        parts.push(in_full(history, style));
    } else {
        parts.push(overview(&report.histories).render(style));
        let refused = report
            .histories
            .iter()
            .filter(|row| row.verdict == FitVerdict::Refused);
        parts.push(refused.map(|row| reasons(row, style)).collect());
        parts.push(total(report, style));
    }
    let next = report.next.iter().map(|line| format!("{}\n", escape(line)));
    parts.push(next.collect());
    parts.retain(|part: &String| !part.is_empty());
    parts.join("\n")
}

fn in_full(row: &HistoryRow, style: Style) -> String {
    let mut text = title(row, style);
    text += &row
        .findings
        .iter()
        .map(|found| finding(found, style))
        .collect::<String>();
    let Some(fit) = &row.fit else {
        return text;
    };
    text += &facts(fit, style);
    if let Some(runs) = &fit.runs {
        text += &format!("\n{}", run_check(runs, style));
    }
    if !fit.limits.is_empty() {
        text += &format!("\n{}", limits(fit, style));
    }
    text
}

fn title(row: &HistoryRow, style: Style) -> String {
    let tone = if row.verdict == FitVerdict::Accepted {
        Tone::Good
    } else {
        Tone::Bad
    };
    let name = style.paint(Tone::Strong, &escape(&row.name));
    format!("{name}: {}\n", style.paint(tone, word(row.verdict)))
}

const fn word(verdict: FitVerdict) -> &'static str {
    match verdict {
        FitVerdict::Accepted => "accepted",
        FitVerdict::Refused => "REFUSED",
    }
}

fn finding(found: &FitFinding, style: Style) -> String {
    let tone = if found.severity == "error" {
        Tone::Bad
    } else {
        Tone::Doubt
    };
    let place = found
        .line
        .map_or(String::new(), |line| format!(" line {line}:"));
    let head = style.paint(tone, &format!("{}[{}]", found.severity, found.code));
    let mut text = format!(
        "{head}{place} {}\n",
        wrap(&escape(&found.message), 4, style.columns)
    );
    for (title, said) in [("why", &found.reason), ("do", &found.help)] {
        if let Some(said) = said {
            text += &format!("    {title}: {}\n", wrap(&escape(said), 9, style.columns));
        }
    }
    text
}

/// One line a topic; facts of one topic are joined.
fn facts(fit: &FitFacts, style: Style) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    for fact in &fit.facts {
        match lines.last_mut() {
            Some((topic, words)) if *topic == fact.topic => *words += &format!(", {}", fact.words),
            _ => lines.push((&fact.topic, fact.words.clone())),
        }
    }
    let line = |(topic, words): &(&str, String)| {
        let head = style.paint(Tone::Faint, &format!("{topic:INDENT$}"));
        format!("{head}{}\n", wrap(&escape(words), INDENT, style.columns))
    };
    lines.iter().map(line).collect()
}

fn run_check(runs: &RunFacts, style: Style) -> String {
    let window = span(runs.window_s);
    let head = format!(
        "Fit on the first half, predict the second: windows of {window} (of {:.1}) with k breaches of {} in a row",
        runs.windows,
        number(runs.threshold)
    );
    format!(
        "{}\n{}",
        wrap(&head, 0, style.columns),
        run_table(&runs.rows).render(style)
    )
}

fn run_table(rows: &[RunRow]) -> Table {
    let mut table = Table::new(&[
        ("k", Align::Right),
        ("observed", Align::Right),
        ("predicted", Align::Right),
        ("95 %", Align::Right),
        ("AR + white", Align::Right),
        ("iid", Align::Right),
        ("", Align::Left),
    ]);
    for row in rows {
        let [low, high] = row.interval;
        let inside = (low..=high).contains(&row.observed);
        let (tone, said) = if inside {
            (Tone::Good, "as predicted")
        } else {
            (Tone::Bad, "NOT as predicted")
        };
        table.row(vec![
            row.run.to_string().into(),
            row.observed.to_string().into(),
            format!("{:.1}", row.predicted).into(),
            format!("{low} to {high}").into(),
            format!("{:.1}", row.autoregressive).into(),
            format!("{:.1}", row.independent).into(),
            Cell::toned(said, tone),
        ]);
    }
    table
}

fn limits(fit: &FitFacts, style: Style) -> String {
    let mut text = wrap(
        "Limits that one value exceeds with at most this probability, if tomorrow is like the history (conformal; each look, not a rollout):",
        0,
        style.columns,
    );
    for row in &fit.limits {
        let said = row.limit.map_or_else(
            || "the history is too short for this probability".to_owned(),
            |limit| format!("limit above {}", number(limit)),
        );
        text += &format!("\n  {:<8}{said}", format!("{}", row.alpha));
    }
    text + "\n"
}

fn overview(histories: &[HistoryRow]) -> Table {
    let mut table = Table::new(&[
        ("history", Align::Left),
        ("kind", Align::Left),
        ("days", Align::Right),
        ("k=2", Align::Right),
        ("k=3", Align::Right),
        ("k=5", Align::Right),
        ("verdict", Align::Left),
    ]);
    for row in histories {
        let name = row.name.rsplit(['/', '\\']).next().unwrap_or(&row.name);
        let run = |at: usize| {
            let runs = row.fit.as_ref().and_then(|fit| fit.runs.as_ref());
            runs.map_or(String::new(), |runs| {
                let row = &runs.rows[at];
                format!("{:.1}/{}", row.predicted, row.observed)
            })
        };
        let days = row
            .fit
            .as_ref()
            .map_or(String::new(), |fit| format!("{:.1}", fit.span_s / 86_400.0));
        let kind = row.fit.as_ref().map_or("", |fit| fit.kind.as_str());
        let (tone, verdict) = verdict(row);
        let short: String = name.chars().take(32).collect();
        table.row(vec![
            short.into(),
            kind.into(),
            days.into(),
            run(0).into(),
            run(1).into(),
            run(2).into(),
            Cell::toned(verdict, tone),
        ]);
    }
    table
}

fn verdict(row: &HistoryRow) -> (Tone, String) {
    let codes: Vec<&str> = row
        .findings
        .iter()
        .filter(|found| found.severity == "error")
        .map(|found| found.code.as_str())
        .collect();
    match row.verdict {
        FitVerdict::Accepted => (Tone::Good, "accepted".to_owned()),
        FitVerdict::Refused => (Tone::Bad, format!("REFUSED {}", codes.join(" "))),
    }
}

fn reasons(row: &HistoryRow, style: Style) -> String {
    let errors = row
        .findings
        .iter()
        .filter(|found| found.severity == "error");
    let said = errors.map(|found| finding(found, style));
    title(row, style) + &said.collect::<String>()
}

fn total(report: &FitReport, style: Style) -> String {
    let Some(total) = &report.total else {
        return String::new();
    };
    let head = format!(
        "All {} accepted histories, {:.0} windows: predicted from the first halves, observed in the second (table above: predicted/observed)",
        total.histories, total.windows
    );
    let mut text = format!(
        "{}\n{}",
        wrap(&head, 0, style.columns),
        run_table(&total.rows).render(style)
    );
    for row in &total.rows {
        if row.observed > 0 {
            text += &format!(
                "k={}: predicted / observed {:.2}\n",
                row.run,
                row.predicted / row.observed as f64
            );
        }
    }
    text + &format!(
        "root mean square error of the rate at k=3: {:.3} of the windows\n",
        total.rmse
    )
}

/// Returns a measured number with four significant digits.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (0.001..1e6).contains(&size) {
        let whole = power_of_ten(size);
        let decimals = (3 - whole).clamp(0, 6) as usize;
        let text = format!("{value:.decimals$}");
        return if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        };
    }
    format!("{value:.3e}")
}

/// Returns the power of ten of the first digit; 0 for 0.
fn power_of_ten(size: f64) -> i32 {
    let text = format!("{size:e}");
    text.split_once('e')
        .and_then(|(_, power)| power.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_four_digits() {
        let check = |value: f64, expect: &str| assert_eq!(number(value), expect);
        check(0.0, "0");
        check(45.868, "45.87");
        check(0.012_345, "0.01235");
        check(100.0, "100");
        check(123_456.7, "123457");
        check(2.5e9, "2.500e9");
        check(-1.5, "-1.5");
    }
}
