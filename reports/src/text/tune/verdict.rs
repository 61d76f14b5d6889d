//! What a search recommends, in sentences.

use crate::common::figure::three;
use crate::result::{
    CandidateCauses, CandidateRow, ConfirmationRow, NearestRow, RejectedRow, TuneReport, TuneStatus,
};
use crate::text::causes::cause_sentence;
use crate::text::tune::figures::figure;

/// What is recommended, in sentences.
pub(crate) fn verdict(report: &TuneReport) -> Vec<String> {
    let mut lines = vec![headline(report)];
    lines.extend(report.nearest.iter().flat_map(|near| nearest(report, near)));
    lines.extend(report.rejected.iter().map(|row| rejected(report, row)));
    let shown = report.recommended.as_ref().or(report.best_so_far.as_ref());
    let other = shown.filter(|row| row.settings != report.current.settings);
    lines.extend(other.map(|row| change(report, row)));
    let near = report.candidates.iter().filter(|row| is_near(row)).count();
    if near > 0 && report.recommended.is_some() {
        lines.push(format!(
            "{near} other candidates are statistically indistinguishable from it"
        ));
    }
    lines.extend(report.causes.iter().flat_map(|row| causes(report, row)));
    if report.current_on_front {
        lines.push("the current settings are Pareto-optimal".to_owned());
    }
    lines
}

/// A candidate that may meet the constraints and was not shown to be worse.
fn is_near(row: &CandidateRow) -> bool {
    row.standing == "undecided" || row.standing == "meets the constraints"
}

fn headline(report: &TuneReport) -> String {
    let best = report.best_so_far.as_ref();
    match (&report.status, &report.recommended, best) {
        (TuneStatus::Interrupted, ..) => "interrupted: nothing is recommended".to_owned(),
        (TuneStatus::Infeasible, ..) => {
            format!("no candidate meets {}", report.subject_to.join(" and "))
        }
        (TuneStatus::Keep, ..) => {
            "keep the current settings: no candidate was shown to be better".to_owned()
        }
        (_, Some(row), _) => format!("recommended: {}{}", named(report, row), reservation(report)),
        (_, None, Some(row)) => format!(
            "undecided, nothing is recommended; best so far: {}",
            named(report, row)
        ),
        (_, None, None) => "undecided: no candidate seems to meet the constraints".to_owned(),
    }
}

/// Where what is recommended misses a constraint on rollouts that the search has not seen.
fn reservation(report: &TuneReport) -> String {
    let misses = |row: &&ConfirmationRow| row.kept.iter().any(|word| word == "MISS");
    let rows = report.confirmation.iter().filter(misses);
    let under: Vec<_> = rows.map(|row| row.what.as_str()).collect();
    if under.is_empty() {
        return String::new();
    }
    format!(
        ", with a reservation: it misses a constraint in held-out validation ({})",
        under.join(", ")
    )
}

/// Who comes nearest, what it exceeds, and which gates nobody asked about.
fn nearest(report: &TuneReport, near: &NearestRow) -> Vec<String> {
    let word = near.binding.split(['<', '>']).next().unwrap_or_default();
    let times = match near.used {
        Some(used) => format!("{} times the limit", three(used)),
        None => "where none is allowed".to_owned(),
    };
    let row = &near.candidate;
    let mut lines = vec![format!(
        "nearest: {}, with {word} {} ({times}); binding constraint: {}",
        named(report, row),
        figure(&row.figures, word),
        near.binding
    )];
    if !near.not_varied.is_empty() {
        let first = &near.not_varied[0];
        lines.push(format!(
            "not varied: {}; try --vary 'gates.{first}.limit=FROM..TO'",
            near.not_varied.join(", ")
        ));
    }
    lines
}

fn rejected(report: &TuneReport, row: &RejectedRow) -> String {
    let open = report.subject_to.iter().zip(&row.kept);
    let open = open.filter(|(_, kept)| *kept != "ok");
    let open: Vec<_> = open
        .map(|(limit, kept)| format!("{limit} is {kept}"))
        .collect();
    let settings: Vec<_> = report
        .variations
        .iter()
        .zip(&row.settings)
        .map(|(variation, value)| format!("{} = {value}", variation.path))
        .collect();
    format!(
        "not recommended: {}, as {} on {} fresh rollouts of each scenario",
        settings.join(", "),
        open.join(" and "),
        row.runs
    )
}

/// One sentence for each thing that went wrong under a candidate.
fn causes(report: &TuneReport, row: &CandidateCauses) -> Vec<String> {
    let is = |other: Option<&CandidateRow>| other.is_some_and(|it| it.settings == row.settings);
    let who = match () {
        () if is(Some(&report.current)) => "current settings",
        () if is(report.recommended.as_ref()) => "recommended",
        () if is(report.best_so_far.as_ref()) => "best so far",
        () if is(report.nearest.as_ref().map(|it| &it.candidate)) => "nearest",
        () => "not recommended",
    };
    let say = |(kind, all): (&String, &u64)| {
        let own = row.causes.iter().filter(|cause| cause.kind == *kind);
        let looked: u64 = own.map(|cause| cause.rollouts).sum();
        let part = match looked {
            0 => return None,
            looked if looked == *all => String::new(),
            _ => format!(" (of {all})"),
        };
        Some(format!(
            "{who}: {}{part}",
            cause_sentence(kind, &row.causes)
        ))
    };
    row.wrong.iter().filter_map(say).collect()
}

pub(crate) fn named(report: &TuneReport, row: &CandidateRow) -> String {
    let pairs = report.variations.iter().zip(&row.settings);
    pairs
        .map(|(variation, value)| format!("{} = {value}", variation.path))
        .collect::<Vec<_>>()
        .join(", ")
}

/// From the current figures to the recommended ones.
fn change(report: &TuneReport, row: &CandidateRow) -> String {
    let asked = report
        .subject_to
        .iter()
        .filter_map(|text| text.split(['<', '>']).next());
    let mut words: Vec<&str> = vec![&report.minimize];
    words.extend(asked);
    words.dedup();
    let say = |word: &&str| {
        let from = figure(&report.current.figures, word);
        let to = figure(&row.figures, word);
        let (before, after) = (report.current.figures.get(*word)?, row.figures.get(*word)?);
        let relative = (after.value / before.value - 1.0) * 100.0;
        let relative = if relative.is_finite() {
            format!(" ({relative:+.0} %)")
        } else {
            String::new()
        };
        Some(format!("{word} {from} -> {to}{relative}"))
    };
    words.iter().filter_map(say).collect::<Vec<_>>().join(", ")
}
