//! The result of a chaos campaign as text and as Markdown.

use crate::chaos_findings::{findings, findings_text};
use crate::chaos_json::{ChaosInvariant, ChaosReport, Counterexample};
use crate::chaos_lineage::lineage;
use crate::escape::escape;
use crate::figure::{percent, span};
use crate::markdown::{code, plain};
use crate::style::{Style, Tone};
use crate::table::{Align, Cell, Table};
use crate::timeline::wrap;
use crate::verdict::Verdict;

/// Returns the result for people: the verdict, the worst counterexample, promises, findings, harm, and what was
/// not seen; in detail also the frontiers, and what each generator came to.
pub fn chaos_text(report: &ChaosReport, style: Style) -> String {
    let paragraph = |text: &str| wrap(&escape(text), 0, style.columns) + "\n";
    let worst = failure(report);
    let what = worst.map_or(String::new(), |worst| paragraph(&sentence(worst)));
    let replay = worst.map_or(String::new(), |worst| {
        format!("  {}\n", escape(&worst.replay))
    });
    let parts = [
        head(report, style) + &what + &bullets(report, style) + &replay,
        promises(report).render(style),
        told(report, style),
        findings_text(report, style),
        paragraph(&harm(report)),
        lineage(report).map_or(String::new(), |told| paragraph(&told)),
        in_detail(&frontiers(report), with_declared(report, style)),
        in_detail(&generators(report, MOST_OFTEN), style),
        covered(report).render(style) + &missing(report, style),
        gaps(report, style),
        paragraph(&foot(report)),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// What a policy declares to withstand is compared with what it withstands in any case.
fn with_declared(report: &ChaosReport, style: Style) -> Style {
    let mut frontiers = report.frontiers.iter();
    Style {
        detail: style.detail || frontiers.any(|one| one.declared.is_some()),
        ..style
    }
}

/// A table that is shown where every detail is wanted.
fn in_detail(table: &Table, style: Style) -> String {
    if style.detail && !table.is_empty() {
        table.render(style)
    } else {
        String::new()
    }
}

/// Returns the result as Markdown, in the same order.
pub fn chaos_markdown(report: &ChaosReport) -> String {
    let mut parts = vec![format!(
        "# {}: {}\n",
        plain(&title(report)),
        report.verdict.word()
    )];
    let reasons = report.reasons.iter();
    let notes = notes(report);
    let why = reasons.chain(&notes);
    parts.push(why.map(|why| format!("- {}\n", plain(why))).collect());
    if let Some(worst) = failure(report) {
        let what = sentence(worst);
        let what = plain(&what);
        parts.push(format!("{what}\n\n{}\n", code(&worst.replay)));
    }
    parts.push(promises(report).markdown());
    let open = told(
        report,
        Style {
            columns: usize::MAX,
            ..Style::PLAIN
        },
    );
    if !open.is_empty() {
        parts.push(format!(
            "## Left open on purpose\n\n{}\n",
            open.lines().map(plain).collect::<Vec<_>>().join("\n")
        ));
    }
    if report.findings.len() > 1 {
        parts.push(format!("## Findings\n\n{}", findings(report).markdown()));
    }
    parts.push(format!("## Harm\n\n{}\n", plain(&harm(report))));
    if let Some(told) = lineage(report) {
        parts.push(format!("## Lineage\n\n{}\n", plain(&told)));
    }
    if !report.frontiers.is_empty() {
        parts.push(format!("## Frontiers\n\n{}", frontiers(report).markdown()));
    }
    parts.push(format!(
        "## Generators\n\n{}",
        generators(report, usize::MAX).markdown()
    ));
    parts.push(format!("## Coverage\n\n{}", covered(report).markdown()));
    let gaps = gaps(
        report,
        Style {
            columns: usize::MAX,
            ..Style::PLAIN
        },
    );
    if !gaps.is_empty() {
        parts.push(format!(
            "## Not seen\n\n{}\n",
            gaps.lines().map(plain).collect::<Vec<_>>().join("\n")
        ));
    }
    parts.push(format!("{}\n", plain(&foot(report))));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// The worst counterexample, where it is a failure: a known limitation is no headline.
pub(crate) fn failure(report: &ChaosReport) -> Option<&Counterexample> {
    let worst = report.worst.as_ref();
    worst.filter(|worst| worst.verdict == Verdict::Fail)
}

/// What a policy leaves open on purpose.
pub(crate) fn told(report: &ChaosReport, style: Style) -> String {
    let rows = report.invariants.iter();
    let gaps = rows.flat_map(|row| row.waived.iter().map(|what| (&row.id, what)));
    let line = |(id, what): (&String, &String)| {
        wrap(
            &escape(&format!("{id} is left open: {what}")),
            2,
            style.columns,
        ) + "\n"
    };
    gaps.map(line).collect()
}

/// Whether the reason says no more than the sentence about the worst counterexample.
fn is_told(report: &ChaosReport, why: &str) -> bool {
    let alone = |worst: &Counterexample| why.ends_with(&format!("): {}", worst.invariant));
    why.starts_with(Verdict::Fail.word()) && failure(report).is_some_and(alone)
}

/// What a policy need not say and does not: what may surprise before what many policies leave out.
fn notes(report: &ChaosReport) -> Vec<String> {
    let rows = report.invariants.iter();
    let mut notes: Vec<_> = rows
        .flat_map(|row| row.told.iter().map(|what| (row.id.as_str(), what)))
        .collect();
    notes.sort_by_key(|(id, _)| matches!(*id, "INV-BLAST" | "INV-PAUSE"));
    let note = |(id, what): (&str, &String)| format!("note: {what} ({id})");
    notes.into_iter().map(note).collect()
}

pub(crate) fn title(report: &ChaosReport) -> String {
    format!(
        "{} ({}), campaign {} on {}",
        report.policy, report.profile, report.campaign, report.scenario
    )
}

fn head(report: &ChaosReport, style: Style) -> String {
    let verdict = style.paint(report.verdict.tone(), report.verdict.word());
    let rest = format!(
        "{}: {} fault-injection experiments, {}",
        title(report),
        report.runs,
        report.stopped.words()
    );
    let room = style
        .columns
        .saturating_sub(report.verdict.word().len() + 2);
    let rest = wrap(&escape(&rest), 0, room.max(40));
    format!("{verdict}  {}\n", style.paint(Tone::Strong, &rest))
}

pub(crate) fn sentence(worst: &Counterexample) -> String {
    let faults = match worst.faults.len() {
        0 => "without any fault".to_owned(),
        1 => format!("under {}", worst.faults[0]),
        2 | 3 => format!("under {}", worst.faults.join(" and ")),
        many => format!(
            "under {many} faults ({}, ...)",
            worst.faults[..2].join(", ")
        ),
    };
    let at = worst.at_s.map_or(String::new(), |at| {
        format!(" at {}", crate::figure::clock(at))
    });
    format!(
        "{} is violated {faults}{at}: {}.",
        worst.invariant, worst.sentence
    )
}

fn bullets(report: &ChaosReport, style: Style) -> String {
    let one = |why: &String| format!("- {}\n", wrap(&escape(why), 2, style.columns));
    let notes = notes(report);
    let reasons = report.reasons.iter().filter(|why| !is_told(report, why));
    let mut text: String = reasons.chain(&notes).map(one).collect();
    if report.invariants.iter().any(|row| !row.unsaid.is_empty()) {
        let how = "Close a gap, or waive it in the policy: waives: [{gap: ..., reason: ...}]";
        text += &wrap(how, 2, style.columns);
        text.push('\n');
    }
    text
}

pub(crate) fn promises(report: &ChaosReport) -> Table {
    let mut table = Table::new(&[
        ("invariant", Align::Left),
        ("verdict", Align::Left),
        ("tested", Align::Right),
        ("faults", Align::Right),
        ("violated", Align::Right),
        ("beyond", Align::Right),
        ("at most", Align::Right),
        ("slack", Align::Right),
    ]);
    for row in report.invariants.iter().filter(|row| row.verdict.is_some()) {
        let verdict = row.verdict.map_or(Cell::new("-"), |verdict| {
            Cell::toned(verdict.word(), verdict.tone())
        });
        table.row(vec![
            Cell::new(&row.id),
            verdict,
            row.tested.to_string().into(),
            row.faults.to_string().into(),
            row.violations.to_string().into(),
            row.violations_beyond.to_string().into(),
            row.upper_bound.map_or("-".to_owned(), percent).into(),
            slack(row).into(),
        ]);
    }
    table
}

pub(crate) fn slack(row: &ChaosInvariant) -> String {
    margin(row.min_slack, row.unit.as_deref())
}

/// A margin in its unit.
pub(crate) fn margin(slack: Option<f64>, unit: Option<&str>) -> String {
    match (slack, unit) {
        (Some(slack), Some("s")) if slack < 0.0 => format!("-{}", span(-slack)),
        (Some(slack), Some("s")) => span(slack),
        (Some(slack), Some("% of the limit")) => format!("{slack:.1} %"),
        (Some(slack), Some("percentage points")) => format!("{slack:.1} pp"),
        (Some(slack), Some(unit)) => format!("{slack:.3} {unit}"),
        (Some(slack), None) => format!("{slack:.3}"),
        (None, _) => "-".to_owned(),
    }
}

pub(crate) fn harm(report: &ChaosReport) -> String {
    let harm = &report.harm;
    let minutes = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
    let seconds = |value: Option<f64>| value.map_or("-".to_owned(), span);
    let never = match harm.rollback_never {
        0 => String::new(),
        never => format!(", {never} never ended"),
    };
    let mut text = format!(
        "Harm in error-minutes: mean {}, p95 {}, worst {}. Detection p50 {}, p95 {}. Rollback p50 {}, longest {}{never}.",
        minutes(harm.error_minutes_mean),
        minutes(harm.error_minutes_p95),
        minutes(harm.error_minutes_max),
        seconds(harm.detection_p50_s),
        seconds(harm.detection_p95_s),
        seconds(harm.rollback_p50_s),
        seconds(harm.rollback_max_s),
    );
    if let Some(worst) = &harm.worst {
        text += &format!(" Worst within the tolerance: {worst}");
    }
    text
}

fn frontiers(report: &ChaosReport) -> Table {
    let mut table = Table::new(&[
        ("fault", Align::Left),
        ("by", Align::Left),
        ("declared", Align::Right),
        ("holds up to", Align::Right),
        ("then breaks", Align::Left),
    ]);
    for frontier in &report.frontiers {
        let size = |size: f64| match frontier.unit.as_str() {
            "s" => span(size),
            _ => percent(size),
        };
        let breaks = match frontier.breaks {
            Some(breaks) => format!("{} at {}", frontier.promises.join(", "), size(breaks)),
            None => "nothing".to_owned(),
        };
        table.row(vec![
            Cell::new(&frontier.fault),
            Cell::new(&frontier.knob),
            frontier.declared.map_or("-".to_owned(), size).into(),
            size(frontier.holds).into(),
            Cell::new(breaks),
        ]);
    }
    table
}

/// So many promises are named for each generator in text: those that it broke most often.
const MOST_OFTEN: usize = 2;

/// What each generator came to: `most` bounds how many promises are named.
pub(crate) fn generators(report: &ChaosReport, most: usize) -> Table {
    let mut table = Table::new(&[
        ("generator", Align::Left),
        ("planned", Align::Right),
        ("played", Align::Right),
        ("violating", Align::Right),
        ("breaks most often", Align::Left),
    ]);
    for generator in &report.generators {
        let mut broken: Vec<_> = generator.broken.iter().collect();
        broken.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
        let names = broken.iter().take(most);
        let names: Vec<_> = names.map(|(id, times)| format!("{id} {times}")).collect();
        table.row(vec![
            Cell::new(&generator.name),
            generator.planned.to_string().into(),
            generator.runs.to_string().into(),
            generator.violating.to_string().into(),
            Cell::new(if names.is_empty() {
                "-".to_owned()
            } else {
                names.join(", ")
            }),
        ]);
    }
    table
}

pub(crate) fn covered(report: &ChaosReport) -> Table {
    let mut table = Table::new(&[
        ("coverage", Align::Left),
        ("reached", Align::Right),
        ("of", Align::Right),
        ("share", Align::Right),
    ]);
    for reach in &report.coverage.reaches {
        let share = reach.reached as f64 / reach.reachable.max(1) as f64;
        let share = if reach.reachable == 0 {
            "-".to_owned()
        } else {
            percent(share)
        };
        table.row(vec![
            Cell::new(&reach.of),
            reach.reached.to_string().into(),
            reach.reachable.to_string().into(),
            share.into(),
        ]);
    }
    table
}

/// So many names of what was not reached are shown on one screen, and in detail; all of them are in the JSON.
const MISSING_SHOWN: [usize; 2] = [3, 12];

fn missing(report: &ChaosReport, style: Style) -> String {
    let gaps = report
        .coverage
        .reaches
        .iter()
        .filter(|reach| !reach.missing.is_empty());
    let most = MISSING_SHOWN[usize::from(style.detail)];
    let line = |reach: &crate::chaos_json::ChaosReach| {
        let shown = &reach.missing[..reach.missing.len().min(most)];
        let more = match reach.missing.len() - shown.len() {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let text = format!("Not reached, {}: {}{more}", reach.of, shown.join("; "));
        wrap(&escape(&text), 2, style.columns) + "\n"
    };
    gaps.map(line).collect()
}

/// What was not reached, what never showed, and what cannot happen here.
fn gaps(report: &ChaosReport, style: Style) -> String {
    let names = |wanted: &dyn Fn(&crate::chaos_json::ChaosFault) -> bool| -> Vec<String> {
        let some = report.faults.iter().filter(|fault| wanted(fault));
        some.map(|fault| fault.name.clone()).collect()
    };
    let never: Vec<String> = names(&|fault| fault.shown == 0);
    let unpromised = report.invariants.iter().filter(|row| row.verdict.is_none());
    let unpromised: Vec<String> = unpromised.map(|row| row.id.clone()).collect();
    let misfits: Vec<String> = report.misfits.keys().cloned().collect();
    let left_off = report.coverage.left_off.iter();
    let left_off: Vec<String> = left_off
        .map(|(name, why)| format!("{name} ({why})"))
        .collect();
    let lines = [
        ("Not injected, as no gate observes it", left_off),
        ("Never had an effect", never),
        ("Not applicable to this policy and world", misfits),
        ("Not applicable to this policy", unpromised),
    ];
    let line = |(what, names): &(&str, Vec<String>)| {
        let text = format!("{what} ({}): {}", names.len(), names.join(", "));
        wrap(&escape(&text), 2, style.columns) + "\n"
    };
    let told = lines.iter().filter(|(_, names)| !names.is_empty());
    told.map(line).collect()
}

pub(crate) fn foot(report: &ChaosReport) -> String {
    let check = report.self_check;
    format!(
        "In {} of {} fault-injection experiments some fault had no effect: they count for the faults that had \
         one. Self-check: {} played twice, {} differed. Bounds hold for these generators only. Seed {}, hash {}.",
        report.inconclusive, report.runs, check.runs, check.differed, report.seed, report.hash
    )
}
