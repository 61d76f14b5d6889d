//! How the policy of another product was taken: what a reader needs before any figure.

use crate::common::escape::escape;
use crate::common::style::{Style, Tone};
use crate::common::wrap::wrap;
use crate::result::{Inputs, LoweredInputs, UnderstoodMetric};

/// The lines that say so; none for a policy of our own form.
pub(crate) fn lowered_lines(inputs: &Inputs) -> Vec<String> {
    inputs.lowered.as_ref().map_or_else(Vec::new, lines_of)
}

fn lines_of(lowered: &LoweredInputs) -> Vec<String> {
    let how = if lowered.as_triggers == Some(true) {
        "as triggers of a release that is assumed"
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
