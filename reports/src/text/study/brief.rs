//! Many rollouts in 25 lines: what the first screen of the page says, for a terminal.

use crate::common::escape::escape;
use crate::common::figure::{count, percent, span};
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Cell, Table};
use crate::common::wrap::wrap;
use crate::result::{ObjectiveStatus, Quantity, StudyReport};
use crate::text::causes::briefly;
use crate::text::spark::spark;
use crate::text::study::parts::{objectives, outcomes, title, untried};
use crate::text::study::verdict::{study_badge, study_worst};

/// So many lines are shown in all, and so many objectives at least and at most; those that are not met
/// come first.
const LINES: usize = 25;
const OBJECTIVES: [usize; 2] = [2, 7];
/// So many lines are given to who did it, where the first sentence needs no more.
const CAUSES: usize = 4;
/// The width of the shape of a distribution.
const SPARK: usize = 8;

/// Returns the verdict, where to look first with its command, and the headline numbers: 25 lines at 80 columns.
pub fn study_brief(report: &StudyReport, style: Style) -> String {
    let head = |style| verdict(report, style) + &worst(report, style);
    let foot = |style| times(report).render(style) + &users(report, style) + &ends(report, style);
    // A narrow terminal shows what a usual one does, in more lines.
    let usual = Style {
        columns: Style::PLAIN.columns,
        ..style
    };
    // Two empty lines, the head of the table, and what is said below it.
    let taken = head(usual).lines().count() + foot(usual).lines().count() + 5;
    let [least, most] = OBJECTIVES;
    let room = LINES.saturating_sub(taken).clamp(least, most);
    let parts = [
        head(style),
        shown_objectives(report, room, style),
        foot(style),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn line(text: &str, indent: usize, tone: Tone, style: Style) -> String {
    style.paint(tone, &wrap(text, indent, style.columns)) + "\n"
}

fn verdict(report: &StudyReport, style: Style) -> String {
    let badge = study_badge(report);
    let title = line(&escape(&title(report)), 0, Tone::Strong, style);
    let why = wrap(&format!("{}: {}", badge.word, badge.why), 2, style.columns);
    let word = style.paint(badge.tint.tone(), &badge.word);
    title + &why.replacen(&badge.word, &word, 1) + "\n"
}

fn worst(report: &StudyReport, style: Style) -> String {
    study_worst(report).map_or(String::new(), |worst| {
        line(&worst.sentence, 0, Tone::Plain, style) + &format!("  {}\n", worst.command)
    })
}

/// The objectives that are missed, then the undecided, then the others, as far as there is room.
fn shown_objectives(report: &StudyReport, room: usize, style: Style) -> String {
    let rows = report.objectives.iter();
    let mut rows: Vec<_> = rows
        .filter(|row| row.status != ObjectiveStatus::Untested)
        .collect();
    rows.sort_by_key(|row| match row.status {
        ObjectiveStatus::Miss => 0,
        ObjectiveStatus::Undecided | ObjectiveStatus::Vacuous => 1,
        ObjectiveStatus::Ok | ObjectiveStatus::Untested => 2,
    });
    // What is missed is named, however many they are.
    let missed = rows
        .iter()
        .filter(|row| row.status == ObjectiveStatus::Miss);
    let room = room.max(missed.count());
    let mut met = rows.iter().skip(room);
    let met = met.all(|row| row.status == ObjectiveStatus::Ok);
    let met = if met { ", all met" } else { "" };
    let more = rows.len().saturating_sub(room);
    let table = objectives(rows.into_iter().take(room)).render(style);
    let more = match more {
        0 => String::new(),
        1 => format!("and 1 more objective{met}\n"),
        more => format!("and {more} more objectives{met}\n"),
    };
    table + &more + &need(report, style)
}

/// Whom ten rollouts hurt, where users are declared.
fn users(report: &StudyReport, style: Style) -> String {
    let Some(users) = &report.quantities.users else {
        return String::new();
    };
    let share = |least: usize| percent(users.in_ten_percent.get(least - 1).unwrap_or(&0.0) / 100.0);
    let said = format!(
        "users hurt: {} by one rollout; of ten rollouts {} by one at least, {} by three",
        percent(users.hurt_percent / 100.0),
        share(1),
        share(3)
    );
    line(&said, 0, Tone::Plain, style)
}

/// One row for each quantity that has a value, or should have had one.
fn times(report: &StudyReport) -> Table {
    let mut table = Table::new(&[
        ("", Align::Left),
        ("p50", Align::Right),
        ("95 % interval", Align::Right),
        ("p95", Align::Right),
        ("p99", Align::Right),
        ("shape", Align::Left),
    ]);
    let share = |value: f64| percent(value / 100.0);
    let quantities = &report.quantities;
    let rows = [
        time_row("detection", &quantities.detection_s, span),
        time_row("rollback", &quantities.rollback_s, span),
        time_row("fleet reached", &quantities.reached_max_percent, share),
        time_row("error-minutes", &quantities.exposed_error_minutes, count),
    ];
    for row in rows.into_iter().flatten() {
        table.row(row);
    }
    table
}

/// The shape goes from the smallest value to the 99 % quantile, or to the largest where that never came.
fn time_row(name: &str, quantity: &Quantity, say: impl Fn(f64) -> String) -> Option<Vec<Cell>> {
    if quantity.count + quantity.never == 0 {
        return None;
    }
    let say = |value: Option<f64>| value.map_or("never".to_owned(), &say);
    let interval = quantity.intervals.as_ref().map(|all| all.p50);
    let interval = interval.map(|[low, high]| {
        let high = match (high, quantity.never) {
            // So few values bound the quantile from below alone.
            (None, 0) => "unbounded".to_owned(),
            _ => say(high),
        };
        format!("[{}, {high}]", say(low))
    });
    let shape = quantity.distribution.as_ref().map_or(String::new(), |all| {
        let last = all.points.last().map_or(f64::NAN, |point| point.value);
        spark(all, quantity.p99.unwrap_or(last), SPARK)
    });
    Some(vec![
        name.into(),
        say(quantity.p50).into(),
        interval.unwrap_or_default().into(),
        say(quantity.p95).into(),
        say(quantity.p99).into(),
        shape.into(),
    ])
}

/// How many rollouts would decide the undecided.
fn need(report: &StudyReport, style: Style) -> String {
    let rows = report.objectives.iter();
    let open: Vec<_> = rows
        .filter(|row| row.status == ObjectiveStatus::Undecided)
        .collect();
    if open.is_empty() {
        return String::new();
    }
    let needs = open.iter().map(|row| row.decided_at);
    let text = match needs.collect::<Option<Vec<_>>>() {
        Some(needs) => {
            let most = needs.into_iter().max().unwrap_or(report.runs);
            format!("about -n {most} would decide what is undecided")
        }
        None => "no number of rollouts would decide all that is undecided".to_owned(),
    };
    line(&text, 2, Tone::Doubt, style)
}

/// Who did it, as far as there is room.
fn blamed(report: &StudyReport, style: Style) -> String {
    let usual = |line: &str| wrap(line, 2, Style::PLAIN.columns).lines().count();
    let mut taken = 0;
    let fits = |text: &String| {
        taken += usual(text);
        taken <= CAUSES || taken == usual(text)
    };
    let lines = briefly(report).into_iter().take_while(fits);
    lines
        .map(|text| line(&escape(&text), 2, Tone::Plain, style))
        .collect()
}

/// How the rollouts ended, how many promises none of them put to the test, and where the rest is.
fn ends(report: &StudyReport, style: Style) -> String {
    let ended = format!("ended: {}", outcomes(&report.outcomes, report.runs));
    let untried = match untried(report).count() {
        0 => String::new(),
        many => format!(
            "untested: {many} of {} invariants\n",
            report.invariants.len()
        ),
    };
    let foot = format!("hash {}; all tables: -v\n", report.hash);
    line(&escape(&ended), 2, Tone::Plain, style) + &blamed(report, style) + &untried + &foot
}
