//! A case for people: what breaks, and what each fault did.

use sim_core::history::Outcome;

use crate::common::escape::escape;
use crate::common::figure::{clock, count, span};
use crate::common::style::{Style, Tone};
use crate::common::table::{Align, Cell, Table};
use crate::common::wrap::wrap;
use crate::result::{CaseFault, CaseParting, CaseReport, CaseShowing, EventRow, InvariantStatus};

/// Returns what breaks in a case, each fault with and without it, and the command that plays it.
pub fn case_text(report: &CaseReport, style: Style) -> String {
    let mut text = style.paint(
        Tone::Strong,
        &wrap(&escape(&headline(report)), 0, style.columns),
    );
    text += &format!("\n\n{}\n", wrap(&sizes(report), 0, style.columns));
    if let Some(old) = &report.old_reading {
        text += &format!("\n{}\n", wrap(&escape(old), 0, style.columns));
    }
    text += &format!("\n{}", side_by_side(report).render(style));
    for (number, fault) in report.faults.iter().enumerate() {
        let head = format!("{}. {}", number + 1, escape(&fault.id));
        text += &format!("\n{}\n", style.paint(Tone::Strong, &head));
        for said in sentences(fault, report) {
            text += &format!("   {}\n", wrap(&escape(&said), 3, style.columns));
        }
    }
    text + &format!(
        "\nhash    {}\nreplay  {}\n",
        report.hash,
        escape(&report.replay)
    )
}

pub(crate) fn headline(report: &CaseReport) -> String {
    let at = report
        .broken_at_s
        .map_or(String::new(), |at| format!(" at {}", clock(at)));
    format!(
        "{} of {} ({}) is violated{at}: {}",
        report.promise, report.policy, report.profile, report.whole.detail
    )
}

pub(crate) fn sizes(report: &CaseReport) -> String {
    let size = &report.size;
    let plural =
        |number: u32, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    let found = if size.faults_found == size.faults {
        String::new()
    } else {
        format!(" of {}", size.faults_found)
    };
    format!(
        "{}{found}, {}, {}, {} of virtual time; shrunk in {}",
        plural(size.faults, "fault"),
        plural(size.hosts, "host"),
        plural(size.stages, "stage"),
        span(size.horizon_s),
        plural(size.replays, "replay"),
    )
}

pub(crate) fn side_by_side(report: &CaseReport) -> Table {
    let head = [
        ("played", Align::Left),
        ("invariant", Align::Left),
        ("margin", Align::Right),
        ("outcome", Align::Left),
        ("detection", Align::Right),
        ("rollback", Align::Right),
        ("reached", Align::Right),
        ("error-min", Align::Right),
    ];
    let mut table = Table::new(&head);
    for row in rows(report) {
        let broken = row[1] == "broken";
        let cells = row.into_iter().enumerate().map(|(place, cell)| {
            let tone = match (place, broken) {
                (1, true) => Tone::Bad,
                (1, false) => Tone::Good,
                _ => Tone::Plain,
            };
            Cell::toned(cell, tone)
        });
        table.row(cells.collect());
    }
    table
}

/// The whole, then without each fault, then without any.
fn rows(report: &CaseReport) -> Vec<[String; 8]> {
    let mut rows = vec![row("all faults", &report.whole, report)];
    if report.faults.len() > 1 {
        let without = report.faults.iter();
        rows.extend(without.map(|fault| {
            row(
                &format!("without {}", escape(&fault.id)),
                &fault.without,
                report,
            )
        }));
    }
    rows.push(row("no fault", &report.bare, report));
    rows
}

fn row(played: &str, showing: &CaseShowing, report: &CaseReport) -> [String; 8] {
    let never = |seconds: Option<f64>| seconds.map_or("-".to_owned(), span);
    let status = match showing.status {
        InvariantStatus::Holds => "kept",
        InvariantStatus::NotReached => "untested",
        InvariantStatus::Violated => "broken",
    };
    [
        played.to_owned(),
        status.to_owned(),
        showing
            .slack
            .map_or("-".to_owned(), |slack| margin(slack, report)),
        outcome(showing.outcome),
        never(showing.detection_s),
        never(showing.rollback_s),
        format!("{} %", showing.reached_max_percent),
        count(showing.error_minutes),
    ]
}

fn margin(slack: f64, report: &CaseReport) -> String {
    let rounded = (slack * 100.0).round() / 100.0;
    format!("{rounded} {}", report.unit.as_deref().unwrap_or(""))
        .trim_end()
        .to_owned()
}

fn outcome(outcome: Outcome) -> String {
    outcome.word().replace('_', " ")
}

/// What there is to say of a fault, a sentence each.
pub(crate) fn sentences(fault: &CaseFault, report: &CaseReport) -> Vec<String> {
    let mut said = vec![format!("{} ({}): {}", fault.name, fault.layer, fault.what)];
    said.push(match fault.parameters.as_str() {
        "{}" => fault.when.clone(),
        parameters => format!("{}, {parameters}", fault.when),
    });
    match fault.showed_at_s {
        Some(at) => said.push(format!("first felt at {}", clock(at))),
        None => said.push("never had an effect that was seen".to_owned()),
    }
    if !fault.cost.is_empty() {
        said.push(fault.cost.clone());
    }
    if let Some(parting) = &fault.parting {
        said.push(parted(parting));
    }
    let needed = if fault.needed {
        "is kept without it"
    } else {
        "is violated without it as well"
    };
    said.push(format!("{} {needed}", report.promise));
    said
}

fn parted(parting: &CaseParting) -> String {
    let at = clock(parting.at_s);
    let what = |event: &Option<EventRow>| match event {
        Some(event) => format!("{} at {} ({})", event.code, clock(event.t_s), event.detail),
        None => "nothing more".to_owned(),
    };
    format!(
        "from {at} on things go otherwise: with it {}, without it {}",
        what(&parting.with),
        what(&parting.without)
    )
}
