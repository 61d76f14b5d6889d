//! The operating characteristic: how likely a policy acts on an effect, and how soon.

use crate::common::figure::{percent, percent_range, span};
use crate::result::{CurvePoint, CurveReport};
use crate::text::curve::{all_points, effect};

use super::axis::Axis;
use super::ink::{Family, Ink};
use super::mark::{Mark, Spot};
use super::model::{Chart, DataTable, LegendKey, Panel, Width};

/// Points can be reached with the keyboard where there are at most so many.
const STOPS: usize = 16;

/// Draws the probability with its intervals, and the delays.
pub fn curve_charts(report: &CurveReport) -> Vec<Chart> {
    let charts = [characteristic(report), delays(report)];
    charts.into_iter().flatten().collect()
}

fn x_axis(report: &CurveReport) -> Axis {
    let most = report
        .points
        .iter()
        .map(|point| point.effect)
        .fold(0.0, f64::max);
    Axis::upto("effect, 1 is what the scenario says", most, 6).ending(most.max(1e-9))
}

fn characteristic(report: &CurveReport) -> Option<Chart> {
    if report.points.is_empty() {
        return None;
    }
    let all = all_points(report);
    let mut panel = Panel::new(x_axis(report), Axis::percent("acted on", 1.0, 4));
    let curve = |of: fn(&CurvePoint) -> f64| -> Vec<_> {
        all.iter().map(|point| (point.effect, of(point))).collect()
    };
    let band = Ink::nth(Family::Band, 1);
    panel.band(band, &curve(|point| point.low), &curve(|point| point.high));
    panel.line(Ink::nth(Family::Line, 2), curve(|point| point.fitted));
    panel.line(Ink::nth(Family::Line, 1), curve(|point| point.acted));
    panel.spots = report
        .points
        .iter()
        .map(|point| spot(report, point))
        .collect();
    let seen = report
        .points
        .iter()
        .map(|point| (point.effect, point.acted));
    panel.marks.extend(seen.map(|at| Mark::Dot {
        ink: Ink::nth(Family::Dot, 1),
        at,
        radius: 3,
    }));
    Some(Chart {
        id: "operating-characteristic".to_owned(),
        title: "Operating characteristic".to_owned(),
        lead: "How likely the policy acts on the release, by the size of its effect. At 0 that is a mistake. Band: exact 95 % intervals."
            .to_owned(),
        legend: LegendKey::lines([(1, "seen"), (2, "closest curve that never falls")]),
        width: Width::Half,
        panels: vec![panel],
        table: table(report),
    })
}

fn spot(report: &CurveReport, point: &CurvePoint) -> Spot {
    Spot {
        at: (point.effect, point.acted),
        says: format!(
            "effect {}: {} of {}, {}",
            effect(point.effect),
            point.events,
            report.runs,
            percent_range(point.low, point.high)
        ),
        stop: report.points.len() <= STOPS,
    }
}

fn delays(report: &CurveReport) -> Option<Chart> {
    let delays = |point: &CurvePoint| [point.delay_p50_s, point.delay_p95_s];
    let all = report.points.iter().flat_map(delays);
    let longest = all.flatten().fold(0.0, f64::max);
    if longest == 0.0 {
        return None;
    }
    let y = Axis::time("delay", longest, 4);
    let mut panel = Panel::new(x_axis(report), y);
    let series: [fn(&CurvePoint) -> Option<f64>; 2] =
        [|point| point.delay_p50_s, |point| point.delay_p95_s];
    for (number, of) in (1..).zip(series) {
        let known: Vec<_> = all_points(report)
            .iter()
            .filter_map(|point| Some((point.effect, of(point)?)))
            .collect();
        mark_delays(&mut panel, number, &known, report.points.len() <= STOPS);
        panel.line(Ink::nth(Family::Line, number), known);
    }
    Some(Chart {
        id: "delay".to_owned(),
        title: "Delay until the policy acts".to_owned(),
        lead: "From the first exposure to the effect. A quantile that most rollouts never reach is not drawn."
            .to_owned(),
        legend: LegendKey::lines([(1, "half of the rollouts"), (2, "95 % of the rollouts")]),
        width: Width::Half,
        panels: vec![panel],
        table: table(report),
    })
}

fn mark_delays(panel: &mut Panel, number: u8, known: &[(f64, f64)], stop: bool) {
    for at in known {
        let (ink, at) = (Ink::nth(Family::Dot, number), *at);
        panel.marks.push(Mark::Dot { ink, at, radius: 3 });
        let says = format!("effect {}: {}", effect(at.0), span(at.1));

        panel.spots.push(Spot { at, says, stop });
    }
}

fn table(report: &CurveReport) -> DataTable {
    let names = [
        "effect",
        "events",
        "rollouts",
        "acted on",
        "95 % interval",
        "fitted",
        "p50",
        "p95",
    ];
    let mut table = DataTable::new(names);
    let time = |seconds: Option<f64>| seconds.map_or("never".to_owned(), span);
    for point in all_points(report) {
        table.row([
            effect(point.effect),
            point.events.to_string(),
            report.runs.to_string(),
            percent(point.acted),
            percent_range(point.low, point.high),
            percent(point.fitted),
            time(point.delay_p50_s),
            time(point.delay_p95_s),
        ]);
    }
    table
}
