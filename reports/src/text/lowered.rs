//! How the policy of another product was taken, and which guard decided: what a reader needs before any figure.

use crate::common::escape::escape;
use crate::common::figure::count;
use crate::common::style::{Style, Tone};
use crate::common::wrap::wrap;
use crate::result::{GuardInputs, Inputs, LoweredInputs, UnderstoodMetric};

/// The lines that say so; none for a policy of our own form.
pub(crate) fn lowered_lines(inputs: &Inputs) -> Vec<String> {
    let mut lines = inputs.lowered.as_ref().map_or_else(Vec::new, lines_of);
    lines.extend(inputs.guard.iter().flat_map(guard_lines));
    lines
}

/// Who decided in the place of the gates, and whether it can be relied on to do so again.
fn guard_lines(guard: &GuardInputs) -> Vec<String> {
    let faults = guard.faults.iter();
    let faults: Vec<_> = faults
        .map(|fault| format!("{} {} times", fault.what, count(fault.times as f64)))
        .collect();
    let fared = match &faults[..] {
        [] => String::new(),
        faults => format!("; it {}", faults.join(", ")),
    };
    let mut lines = vec![format!(
        "decided by a guard, `{}`: {} questions, {} of them different{fared}",
        guard.command,
        count(guard.questions as f64),
        count(guard.different as f64),
    )];
    lines.extend(guard.notes.iter().map(|note| format!("the guard: {note}")));
    if !guard.reproducible {
        lines.push(
            "not reproducible: played again, these rollouts may come out differently".to_owned(),
        );
    }
    lines
}

fn lines_of(lowered: &LoweredInputs) -> Vec<String> {
    let how = if lowered.as_triggers == Some(true) {
        "as triggers of a release that is assumed"
    } else if lowered.in_own_form == Some(true) {
        "decided by coalmine's own gates in its place"
    } else {
        "decided as its engine decides"
    };
    let mut lines = vec![format!("{}, {how}", lowered.subject)];
    lines.extend(lowered.assumed.iter().cloned());
    lines.extend(metrics(lowered));
    lines.extend(lowered.notes.iter().map(|note| format!("note: {note}")));
    lines
}

/// What each metric is taken to measure, in a line.
fn metrics(lowered: &LoweredInputs) -> Option<String> {
    let one = |metric: &UnderstoodMetric| format!("{} as {}", metric.metric, metric.reads);
    let metrics: Vec<String> = lowered.metrics.iter().map(one).collect();
    (!metrics.is_empty()).then(|| format!("metrics, as understood: {}", metrics.join("; ")))
}

/// The same as text.
pub(crate) fn lowered_text(inputs: &Inputs, style: Style) -> String {
    let lines = lowered_lines(inputs).into_iter();
    lines.map(|line| faint(&line, style)).collect()
}

/// How both sides of a comparison were taken; what is the same of both is said once.
pub(crate) fn lowered_sides(sides: [Option<&LoweredInputs>; 2], style: Style) -> String {
    let mut told: Vec<String> = Vec::new();
    for lowered in sides.into_iter().flatten() {
        let new = lines_of(lowered)
            .into_iter()
            .filter(|line| !told.contains(line));
        let new: Vec<String> = new.collect();
        told.extend(new);
    }
    told.iter().map(|line| faint(line, style)).collect()
}

fn faint(text: &str, style: Style) -> String {
    style.paint(Tone::Faint, &wrap(&escape(text), 2, style.columns)) + "\n"
}
