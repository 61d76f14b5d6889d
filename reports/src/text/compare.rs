//! A comparison of two policies as text and as Markdown.

use crate::common::escape::escape;
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Cell, Table};
use crate::common::wrap::wrap;
use crate::result::{CompareReport, CompareRow, CompareUnit, CompareVerdict};
use crate::text::causes::cause_sentence;
use crate::text::lowered::lowered_sides;

/// Returns the comparison as text.
pub fn compare_text(report: &CompareReport, style: Style) -> String {
    let sides = report.policies.each_ref().map(|side| side.lowered.as_ref());
    let mut parts = vec![
        lowered_sides(sides, style),
        style.paint(
            Tone::Strong,
            &wrap(&escape(&title(report)), 0, style.columns),
        ) + "\n"
            + &sameness(report),
        table(&report.overall).render(style),
    ];
    if report.scenarios.len() > 1 {
        parts.push(by_scenario(report, style));
    }
    parts.push(causes(report).iter().fold(String::new(), |text, line| {
        text + &wrap(&escape(line), 2, style.columns) + "\n"
    }));
    parts.push(differing(report, style));
    parts.push(format!(
        "{}\nhash {}\n",
        style.paint(Tone::Faint, &wrap(&report.method, 0, style.columns)),
        report.hash
    ));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// Who led to what went wrong under each policy, a line for each kind.
pub(crate) fn causes(report: &CompareReport) -> Vec<String> {
    let mut lines = Vec::new();
    for side in &report.causes {
        let mut kinds: Vec<&str> = side.rows.iter().map(|row| row.kind.as_str()).collect();
        kinds.dedup();
        let line = |kind: &str| format!("{}: {}", side.side, cause_sentence(kind, &side.rows));
        lines.extend(kinds.into_iter().map(line));
    }
    lines
}

pub(crate) fn title(report: &CompareReport) -> String {
    let [a, b] = report
        .policies
        .each_ref()
        .map(|side| format!("{} ({})", side.policy, side.profile));
    let scenarios = match &report.scenarios[..] {
        [only] => format!("scenario {}", only.scenario),
        many => format!("{} scenarios", many.len()),
    };
    let incomplete = if report.complete { "" } else { " (INCOMPLETE)" };
    format!(
        "A {a} against B {b}, {scenarios}: {} pair{} each{incomplete}, seed {}",
        report.runs,
        if report.runs == 1 { "" } else { "s" },
        report.seed
    )
}

pub(crate) fn sameness(report: &CompareReport) -> String {
    if report.same {
        "A and B are the same policy: nothing can differ\n".to_owned()
    } else {
        String::new()
    }
}

pub(crate) fn table(rows: &[CompareRow]) -> Table {
    let mut table = Table::new(&[
        ("objective", Align::Left),
        ("A", Align::Right),
        ("B", Align::Right),
        ("B - A, 95 % interval", Align::Right),
        ("B is", Align::Left),
    ]);
    for row in rows {
        table.row(cells(row));
    }
    table
}

pub(crate) fn cells(row: &CompareRow) -> Vec<Cell> {
    let tone = match row.verdict {
        CompareVerdict::Better => Tone::Good,
        CompareVerdict::Worse => Tone::Bad,
        CompareVerdict::NoDifferenceShown => Tone::Plain,
    };
    let scale = Scale::of(row);
    vec![
        name(row).into(),
        scale.with_unit(row.a).into(),
        scale.with_unit(row.b).into(),
        scale.difference(row).into(),
        Cell::toned(row.said(), tone),
    ]
}

/// The objective in the words of a narrow table.
pub(crate) fn name(row: &CompareRow) -> &str {
    match row.id.as_str() {
        "rollback_within_deadline" => "deadline_kept",
        "ended_before_regression" => "ended_early",
        other => other,
    }
}

/// The rows of single scenarios that show a difference.
fn by_scenario(report: &CompareReport, style: Style) -> String {
    let mut text = String::new();
    let mut quiet = 0;
    for scenario in &report.scenarios {
        let shows = |row: &&CompareRow| row.verdict != CompareVerdict::NoDifferenceShown;
        let rows: Vec<_> = scenario.rows.iter().filter(shows).cloned().collect();
        quiet += scenario.rows.len() - rows.len();
        if !rows.is_empty() {
            let head = format!("in {} ({} release)", scenario.scenario, scenario.release);
            let head = style.paint(Tone::Strong, &escape(&head));
            text += &format!("{head}\n{}\n", table(&rows).render(style));
        }
    }
    let all: usize = report.scenarios.iter().map(|one| one.rows.len()).sum();
    text + &format!("no difference shown in {quiet} of {all} rows of single scenarios\n")
}

/// How many pairs differ in each objective, and the commands that show the one that differs most.
fn differing(report: &CompareReport, style: Style) -> String {
    let mut text = String::new();
    for row in &report.overall {
        let Some(pair) = &row.most else { continue };
        text += &format!("{}\n", wrap(&escape(&pairs(row)), 2, style.columns));
        for command in &pair.replay {
            text += &format!("  {}\n", escape(command));
        }
    }
    if text.is_empty() {
        "no pair of rollouts differs in anything that is compared\n".to_owned()
    } else {
        text
    }
}

pub(crate) fn pairs(row: &CompareRow) -> String {
    let scale = Scale::of(row);
    let Some(pair) = &row.most else {
        return String::new();
    };
    let alone = match row.unpaired {
        0 => String::new(),
        1 => "; 1 pair has it on one side only".to_owned(),
        alone => format!("; {alone} pairs have it on one side only"),
    };
    format!(
        "{}: {} of {} pair{} differ (B more in {}, less in {}){alone}; most in {}, replication {}: {} \
         and {}",
        row.id,
        row.more + row.less,
        row.pairs,
        if row.pairs == 1 { "" } else { "s" },
        row.more,
        row.less,
        pair.scenario,
        pair.replication,
        scale.with_unit(pair.a),
        scale.with_unit(pair.b),
    )
}

/// In what a row is told: one unit for all its figures.
pub(crate) struct Scale {
    /// How much one of the unit is.
    pub by: f64,
    /// The unit.
    pub unit: &'static str,
}

impl Scale {
    pub fn of(row: &CompareRow) -> Self {
        let most = row.a.abs().max(row.b.abs());
        let (by, unit) = match row.unit {
            CompareUnit::Rate | CompareUnit::Share => (0.01, "%"),
            CompareUnit::Minutes => (1.0, "min"),
            CompareUnit::Seconds if most >= 7200.0 => (3600.0, "h"),
            CompareUnit::Seconds if most >= 120.0 => (60.0, "min"),
            CompareUnit::Seconds => (1.0, "s"),
        };
        Self { by, unit }
    }

    pub fn with_unit(&self, value: f64) -> String {
        format!("{} {}", number(value / self.by), self.unit)
    }

    /// The unit of differences: those of shares are percentage points.
    fn of_differences(&self) -> &'static str {
        if self.unit == "%" { "pp" } else { self.unit }
    }

    pub fn difference(&self, row: &CompareRow) -> String {
        let sign = |value: f64| {
            let text = number(value / self.by);
            if value > 0.0 {
                format!("+{text}")
            } else {
                text
            }
        };
        match row.interval {
            Some([low, high]) => {
                let unit = self.of_differences();
                format!(
                    "{} [{}, {}] {unit}",
                    sign(row.difference),
                    sign(low),
                    sign(high)
                )
            }
            None if row.pairs > 1 => format!("{} [no spread]", sign(row.difference)),
            None => format!("{} [?]", sign(row.difference)),
        }
    }
}

/// About three significant digits.
fn number(value: f64) -> String {
    let size = value.abs();
    let decimals = match size {
        0.0 => 0,
        s if s >= 99.95 => 0,
        s if s >= 9.995 => 1,
        s if s >= 0.0995 => 2,
        s if s >= 0.00995 => 3,
        _ => 4,
    };
    format!("{value:.decimals$}")
}
