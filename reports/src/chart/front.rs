//! The trade-off between thresholds: the front of a search, and a figure over two settings.

use super::axis::Axis;
use super::heat::{HeatMap, heat_map};
use super::ink::{Family, Ink};
use super::mark::{Mark, Spot};
use super::model::{Chart, DataTable, LegendKey, Panel, Width};
use crate::common::label::{label, shorten};
use crate::result::{CandidateRow, TuneReport, VariationRow};
use crate::text::tune::figures::{figure, heading, say, short};

/// Draws the front in its first two objectives, and for two settings a map of what was minimised.
pub fn tune_charts(report: &TuneReport) -> Vec<Chart> {
    let charts = [front(report), map(report)];
    charts.into_iter().flatten().collect()
}

fn front(report: &TuneReport) -> Option<Chart> {
    let (first, second) = plane(report)?;
    let place = |row: &CandidateRow| {
        let value = |word: &str| row.figures.get(word).map(|figure| figure.value);
        Some((value(first)?, value(second)?))
    };
    let all: Vec<_> = report.candidates.iter().filter_map(place).collect();
    let x = axis(first, all.iter().map(|at| at.0));
    let y = axis(second, all.iter().map(|at| at.1));
    let mut panel = Panel::new(x, y);
    panel.height = 230;
    candidates(&mut panel, report, &place);
    let rings = [(report.recommended.as_ref(), 1), (Some(&report.current), 2)];
    for (row, number) in rings {
        let ink = Ink::nth(Family::Ring, number);
        let at = row.and_then(place);
        panel
            .marks
            .extend(at.map(|at| Mark::Dot { ink, at, radius: 8 }));
    }
    (!all.is_empty()).then(|| Chart {
        id: "front".to_owned(),
        title: "Threshold trade-off".to_owned(),
        lead: format!("{} {FRONT}", report.search.candidates),
        legend: legend(report),
        width: Width::Half,
        panels: vec![panel],
        table: table(report),
    })
}

const FRONT: &str = "candidates on the same random numbers. Filled points are Pareto-optimal: no other one is at least as good in everything and better in something.";

/// A dot for each candidate that has a place, larger on the front.
fn candidates(
    panel: &mut Panel,
    report: &TuneReport,
    place: &dyn Fn(&CandidateRow) -> Option<(f64, f64)>,
) {
    let dots = report
        .candidates
        .iter()
        .filter_map(|row| Some((place(row)?, row)));
    for (at, row) in dots {
        let on_front = report
            .front
            .iter()
            .any(|best| best.settings == row.settings);
        panel.marks.push(Mark::Dot {
            ink: Ink::nth(Family::Dot, if on_front { 3 } else { 5 }),
            at,
            radius: if on_front { 5 } else { 4 },
        });
        panel.spots.push(spot(report, row, at, on_front));
    }
}

/// What was minimised upwards; to the right the first other objective in which candidates differ.
fn plane(report: &TuneReport) -> Option<(&String, &String)> {
    let others = || {
        report
            .objectives
            .iter()
            .filter(|word| **word != report.minimize)
    };
    let differs = |word: &&String| {
        let value = |row: &CandidateRow| row.figures.get(*word).map(|figure| figure.value);
        let first = report.candidates.first().and_then(value);
        report.candidates.iter().any(|row| value(row) != first)
    };
    let across = others().find(differs).or_else(|| others().next())?;
    Some((across, &report.minimize))
}

fn legend(report: &TuneReport) -> Vec<LegendKey> {
    let key = |ink, name: &str| LegendKey {
        ink,
        name: name.to_owned(),
    };
    let mut legend = vec![
        key(Ink::nth(Family::Dot, 3), "Pareto-optimal"),
        key(Ink::nth(Family::Dot, 5), "dominated"),
        key(Ink::nth(Family::Ring, 2), "current (dashed ring)"),
    ];
    if report.recommended.is_some() {
        legend.push(key(Ink::nth(Family::Ring, 1), "recommended (ring)"));
    }
    legend
}

fn axis(word: &str, values: impl Iterator<Item = f64>) -> Axis {
    let most = values.fold(0.0, f64::max) * 1.04;
    match word {
        "harm" => Axis::upto("harm (minutes of outage)", most, 5),
        "duration" | "detection" | "detection_p50" | "detection_p95" => {
            Axis::time(&heading(word).replace('_', " "), most, 5)
        }
        _ => Axis::percent(&word.replace('_', " "), most.min(1.0), 5),
    }
}

fn spot(report: &TuneReport, row: &CandidateRow, at: (f64, f64), stop: bool) -> Spot {
    let figures = plane(report)
        .into_iter()
        .flat_map(|(first, second)| [first, second]);
    let figures = figures.map(|word| format!("{word} {}", figure(&row.figures, word)));
    let figures: Vec<_> = figures.collect();
    let settings = shorten(&label(&row.settings.join(", ")), 30);
    Spot {
        at,
        says: format!("{settings}: {}", figures.join(", ")),
        stop,
    }
}

/// A map needs exactly two settings.
fn map(report: &TuneReport) -> Option<Chart> {
    let [across, upwards] = &report.variations[..] else {
        return None;
    };
    let word = report.minimize.as_str();
    let value = |row: &CandidateRow| row.figures.get(word).map(|figure| figure.value);
    let known = || report.candidates.iter().filter_map(value);
    let (low, high) = ends(known());
    let depth = |it: f64| {
        if high > low {
            (it - low) / (high - low)
        } else {
            0.0
        }
    };
    let cell = |x: &String, y: &String| {
        let is_here = |row: &&CandidateRow| row.settings == [x.clone(), y.clone()];
        let row = report.candidates.iter().find(is_here)?;
        Some((depth(value(row)?), say(word, value(row)?)))
    };
    let rows = upwards.values.iter();
    let rows = rows.map(|y| across.values.iter().map(|x| cell(x, y)).collect());
    let names = short(&[&across.path, &upwards.path]);
    let is_small = across.values.len() <= 12 && upwards.values.len() <= 16;
    (known().next().is_some() && is_small).then(|| {
        heat_map(&HeatMap {
            id: "map".to_owned(),
            title: format!("{} by threshold", label(&word.replace('_', " "))),
            lead: format!(
                "What was minimised ({word}), for each pair of settings: darker means more."
            ),
            width: Width::Half,
            names: [label(&names[0]), label(&names[1])],
            values: [across, upwards].map(labels),
            cells: rows.collect(),
        })
    })
}

fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, 0.0_f64), |(low, high), it| {
        (low.min(it), high.max(it))
    })
}

fn labels(variation: &VariationRow) -> Vec<String> {
    variation.values.iter().map(|value| label(value)).collect()
}

fn table(report: &TuneReport) -> DataTable {
    let paths: Vec<&str> = report
        .variations
        .iter()
        .map(|it| it.path.as_str())
        .collect();
    let mut head: Vec<String> = short(&paths).iter().map(|path| label(path)).collect();
    let objectives = report.objectives.iter();
    head.extend(objectives.map(|word| label(&word.replace('_', " "))));
    head.extend(["standing", "runs"].map(str::to_owned));
    let row = |row: &CandidateRow| {
        let settings = row.settings.iter().map(|value| label(value));
        let figures = report
            .objectives
            .iter()
            .map(|word| figure(&row.figures, word));
        let last = [label(&row.standing), row.runs.to_string()];
        settings
            .chain(figures)
            .chain(last)
            .map(super::DataCell::new)
            .collect()
    };
    DataTable {
        head,
        rows: report.candidates.iter().map(row).collect(),
    }
}
