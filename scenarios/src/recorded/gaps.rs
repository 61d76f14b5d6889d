//! Samples that are missing, and stretches that are left out.

use super::defects::Defects;
use super::given::{Given, graded};
use super::reading::Purpose;
use super::series::{Point, RecordingGap};
use super::steps::{SampleStep, gaps};
use super::timestamp::{Stretch, Timestamp};
use crate::Diagnostic;

/// The share of samples that may be missing.
const MISSING_MAX: f64 = 0.05;
/// A stretch of so many milliseconds is left out as a whole.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn of_all((missing, all): (u64, u64), count: usize, longest: &RecordingGap) -> String {
    let plural = if count == 1 { "" } else { "s" };
    let (from, to) = (longest.from, longest.to);
    format!(
        "{missing} of {all} samples are missing in {count} gap{plural}, the longest from {from} to {to}"
    )
}

/// Complains of missing stretches.
pub(super) fn complete(
    points: &[Point],
    step: SampleStep,
    given: &Given<'_>,
    found: &mut Defects,
) -> Vec<RecordingGap> {
    let mut gaps = gaps(points, step);
    // What was left out on request is not missing.
    let left_out = |gap: &RecordingGap| {
        let inside = |one: &Stretch| one.from <= gap.to && one.to >= gap.from;
        given.excluded.iter().any(inside)
    };
    gaps.retain(|gap| !left_out(gap));
    let missing: u64 = gaps.iter().map(|gap| gap.missing).sum();
    let all = points.len() as u64 + missing;
    let scattered = match given.purpose {
        Purpose::Fit => without_days(&gaps, (step, all), found),
        Purpose::Play => gaps.clone(),
    };
    let missing: u64 = scattered.iter().map(|gap| gap.missing).sum();
    if let Some(longest) = scattered.iter().max_by_key(|gap| gap.missing) {
        let message = of_all((missing, all), scattered.len(), longest);
        let one = are_missing(message, &scattered, step);
        let (missing, most) = (missing as usize, given.most(MISSING_MAX));
        let done = done(given.purpose);
        found.whole(graded(one, missing, all as usize, most, done));
    }
    gaps
}

/// Returns the gaps that are shorter than a day. Whole days are left out of a fit, as `--exclude` would, and named, unless
/// they are half of the history.
fn without_days(
    gaps: &[RecordingGap],
    (step, all): (SampleStep, u64),
    found: &mut Defects,
) -> Vec<RecordingGap> {
    let long =
        |gap: &RecordingGap| gap.missing.saturating_mul(step.millis.unsigned_abs()) >= DAY_MS;
    let (days, rest): (Vec<_>, Vec<_>) = gaps.iter().copied().partition(long);
    let missing: u64 = days.iter().map(|gap| gap.missing).sum();
    if days.is_empty() || missing * 2 > all {
        return gaps.to_vec();
    }
    let which: Vec<_> = days
        .iter()
        .map(|gap| format!("{} to {}", gap.from, gap.to))
        .collect();
    let message = format!(
        "{missing} of {all} samples are missing in stretches of a day and more, which are left out: {}",
        which.join(", ")
    );
    let one = Diagnostic::warning("CM314", 0..0, message)
        .whole_file()
        .reason(
            "what failed to be recorded is often what went wrong, and nothing is known about it",
        )
        .help("the other days are used as they are; export again if the missing ones are known");
    found.whole(one);
    rest
}

fn are_missing(message: String, gaps: &[RecordingGap], step: SampleStep) -> Diagnostic {
    let spans = leave_out(gaps, step);
    Diagnostic::error("CM314", 0..0, message)
        .whole_file()
        .reason(
            "what failed to be recorded is often what went wrong, and nothing is known about it",
        )
        .help(format!(
            "export again with a constant step, or leave the longest out: {spans}"
        ))
}

const fn done(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Fit => "left empty",
        Purpose::Play => "played as they are, gates find data missing",
    }
}

/// Returns the options that leave out the three longest gaps.
fn leave_out(gaps: &[RecordingGap], step: SampleStep) -> String {
    let mut longest: Vec<&RecordingGap> = gaps.iter().collect();
    longest.sort_by_key(|gap| std::cmp::Reverse(gap.missing));
    longest.truncate(3);
    longest.sort_by_key(|gap| gap.from);
    // Only what is missing: the samples before and after it are there.
    let within = |gap: &RecordingGap| {
        let [from, to] = [
            gap.from.millis() + step.millis,
            gap.to.millis() - step.millis,
        ];
        [from, to.max(from)].map(Timestamp::from_millis)
    };
    let option = |gap: &&RecordingGap| {
        let [from, to] = within(gap);
        format!("--exclude {from}..{to}")
    };
    longest.iter().map(option).collect::<Vec<_>>().join(" ")
}

pub(super) fn too_few(points: usize) -> Diagnostic {
    let message = match points {
        0 => "there is no value in the recording".to_owned(),
        1 => "there is one value in the recording".to_owned(),
        _ => "all values belong to one instant".to_owned(),
    };
    Diagnostic::error("CM315", 0..0, message)
        .whole_file()
        .reason("how a metric moves cannot be seen in fewer than two of its values")
        .help("export several days at the step at which the policy looks")
}
