//! The result of a chaos campaign as text and as Markdown.

pub(crate) mod findings;
pub(crate) mod lineage;
pub(crate) mod tables;

use crate::common::escape::escape;
use crate::common::figure::span;
use crate::common::style::{Style, Tone};
use crate::common::table::Table;
use crate::common::wrap::wrap;
use crate::result::{ChaosReport, Counterexample, Verdict};
use crate::text::chaos::findings::findings_text;
use crate::text::chaos::lineage::lineage;
use crate::text::chaos::tables::{MOST_OFTEN, covered, frontiers, generators, promises_text};

/// Returns the result for people: the verdict, the worst counterexample, findings, invariants, harm, and how much
/// was not seen, on a screen and a half; in detail also what was not seen, the frontiers, and what each generator came to.
pub fn chaos_text(report: &ChaosReport, style: Style) -> String {
    let paragraph = |text: &str| wrap(&escape(text), 0, style.columns) + "\n";
    let worst = failure(report);
    let what = worst.map_or(String::new(), |worst| paragraph(&sentence(worst)));
    let replay = worst.map_or(String::new(), |worst| {
        format!("  {}\n", escape(&worst.replay))
    });
    let lineage = lineage(report).map_or(String::new(), |told| paragraph(&told));
    let [known, seen, foot] = seen(report, style);
    let in_full = |text: String| if style.detail { text } else { String::new() };
    let parts = [
        head(report, style) + &what + &bullets(report, style) + &replay,
        findings_text(report, style),
        promises_text(report).render(style),
        told(report, style),
        in_full(paragraph(&harm(report, true))),
        lineage,
        in_detail(&frontiers(report), with_declared(report, style)),
        in_detail(&generators(report, MOST_OFTEN), style),
        known,
        seen,
        foot,
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// What is known and what was not seen, in detail or in a few words.
fn seen(report: &ChaosReport, style: Style) -> [String; 3] {
    let paragraph = |text: &str| wrap(&escape(text), 0, style.columns) + "\n";
    if style.detail {
        [
            covered(report).render(style) + &missing(report, style),
            gaps(report, style),
            paragraph(&foot(report)),
        ]
    } else {
        let parts = [harm(report, false), counts(report), brief_foot(report)];
        let known = parts.iter().map(|text| paragraph(text)).collect();
        [known, String::new(), String::new()]
    }
}

/// What a policy declares to withstand is compared with what it withstands in any case.
pub(crate) fn with_declared(report: &ChaosReport, style: Style) -> Style {
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
pub(crate) fn notes(report: &ChaosReport) -> Vec<String> {
    let rows = report.invariants.iter();
    let mut notes: Vec<_> = rows
        .flat_map(|row| row.told.iter().map(|what| (row.id.as_str(), what)))
        .collect();
    notes.sort_by_key(|(id, _)| matches!(*id, "INV-BLAST" | "INV-PAUSE"));
    let note = |(id, what): (&str, &String)| format!("note: {what} ({id})");
    notes.into_iter().map(note).collect()
}

/// So many notes are told; the rest is a list for those who ask for everything.
const NOTES_SHOWN: usize = 2;

pub(crate) fn title(report: &ChaosReport) -> String {
    format!(
        "{} ({}), campaign {} on {}",
        report.policy, report.profile, report.campaign, report.scenario
    )
}

pub(crate) fn head(report: &ChaosReport, style: Style) -> String {
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
        format!(" at {}", crate::common::figure::clock(at))
    });
    format!(
        "{} is violated {faults}{at}: {}.",
        worst.invariant, worst.sentence
    )
}

pub(crate) fn bullets(report: &ChaosReport, style: Style) -> String {
    let one = |why: &String| format!("- {}\n", wrap(&escape(why), 2, style.columns));
    let notes = notes(report);
    let reasons = report.reasons.iter().filter(|why| !is_told(report, why));
    let most = if style.detail {
        notes.len()
    } else {
        NOTES_SHOWN
    };
    let shown = notes.iter().take(most);
    let mut text: String = reasons.chain(shown).map(one).collect();
    if report.invariants.iter().any(|row| !row.unsaid.is_empty()) {
        let how = if report.inputs.lowered.is_some() {
            "A gap is what the file does not say, and some of it its product cannot say: no figure of a campaign closes it."
        } else {
            "Close a gap, or waive it in the policy: waives: [{gap: ..., reason: ...}]"
        };
        text += &wrap(how, 2, style.columns);
        text.push('\n');
    }
    text
}

pub(crate) fn harm(report: &ChaosReport, in_full: bool) -> String {
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
    if let Some(worst) = harm.worst.as_ref().filter(|_| in_full) {
        text += &format!(" Worst within the tolerance: {worst}");
    }
    text
}

/// So many names of what was not reached are shown in detail; all of them are in the JSON.
const MISSING_SHOWN: usize = 12;

fn missing(report: &ChaosReport, style: Style) -> String {
    let gaps = report
        .coverage
        .reaches
        .iter()
        .filter(|reach| !reach.missing.is_empty());
    let line = |reach: &crate::result::ChaosReach| {
        let shown = &reach.missing[..reach.missing.len().min(MISSING_SHOWN)];
        let more = match reach.missing.len() - shown.len() {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let text = format!("Not reached, {}: {}{more}", reach.of, shown.join("; "));
        wrap(&escape(&text), 2, style.columns) + "\n"
    };
    gaps.map(line).collect()
}

/// How much was covered, and how much is left out of this text.
fn counts(report: &ChaosReport) -> String {
    let reaches = report.coverage.reaches.iter();
    let reaches = reaches.filter(|reach| reach.reachable > 0);
    let reaches: Vec<String> = reaches
        .map(|reach| format!("{} of {} {}", reach.reached, reach.reachable, reach.of))
        .collect();
    let [left_off, never, misfits, unpromised] = unseen(report).map(|(_, names)| names.len());
    let some = [
        (left_off, "faults were not injected"),
        (never, "never had an effect"),
        (misfits, "do not apply"),
        (unpromised, "invariants do not apply"),
        (
            notes(report).len().saturating_sub(NOTES_SHOWN),
            "more notes",
        ),
    ];
    let some = some.iter().filter(|(count, _)| *count > 0);
    let some: Vec<String> = some
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    format!(
        "Coverage: {}. Not seen: {}; -v lists them.",
        reaches.join(", "),
        some.join(", ")
    )
}

fn brief_foot(report: &ChaosReport) -> String {
    let check = report.self_check;
    format!(
        "Self-check: {} played twice, {} differed. Seed {}, hash {}.",
        check.runs, check.differed, report.seed, report.hash
    )
}

/// What was not reached, what never showed, and what cannot happen here.
pub(crate) fn gaps(report: &ChaosReport, style: Style) -> String {
    let line = |(what, names): &(&str, Vec<String>)| {
        let text = format!("{what} ({}): {}", names.len(), names.join(", "));
        wrap(&escape(&text), 2, style.columns) + "\n"
    };
    let lines = unseen(report);
    let told = lines.iter().filter(|(_, names)| !names.is_empty());
    told.map(line).collect()
}

/// Lists of names, by what they have in common.
fn unseen(report: &ChaosReport) -> [(&'static str, Vec<String>); 4] {
    let names = |wanted: &dyn Fn(&crate::result::ChaosFault) -> bool| -> Vec<String> {
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
    [
        ("Faults not injected, as no gate observes them", left_off),
        ("Faults that never had an effect", never),
        ("Faults not applicable to this policy and world", misfits),
        ("Invariants not applicable to this policy", unpromised),
    ]
}

pub(crate) fn foot(report: &ChaosReport) -> String {
    let check = report.self_check;
    format!(
        "In {} of {} fault-injection experiments some fault had no effect: they count for the faults that had \
         one. Self-check: {} played twice, {} differed. Bounds hold for these generators only. Seed {}, hash {}.",
        report.inconclusive, report.runs, check.runs, check.differed, report.seed, report.hash
    )
}
