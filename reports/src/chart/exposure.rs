//! The blast radius over time.

use crate::common::figure::{clock, percent};
use crate::result::{ExposureBands, ExposurePoint, StudyReport};

use super::axis::Axis;
use super::ink::{Family, Ink};
use super::mark::{Anchor, Mark, Spot};
use super::model::{Chart, DataTable, LegendKey, Panel, Width};
use crate::common::label::label;

/// Draws how much of the fleet served the new version over time in the rollouts of one scenario:
/// bands, median and mean, against the `limit` in percent.
///
/// Nothing comes of a report without points.
pub fn exposure(report: &StudyReport, id: &str, limit: Option<f64>) -> Option<Chart> {
    let bands = report.exposure.as_ref()?;
    if bands.points.is_empty() {
        return None;
    }
    let time = Axis::time("time", bands.end_s, 6).ending(bands.end_s);
    let mut panel = Panel::new(time, Axis::percent("fleet exposed", 1.0, 4));
    let curve = |of: fn(&ExposurePoint) -> f64| steps(bands, of);
    let band = Ink::nth(Family::Band, 1);
    panel.band(band, &curve(|point| point.p5), &curve(|point| point.p95));
    panel.band(band, &curve(|point| point.p25), &curve(|point| point.p75));
    panel.line(Ink::nth(Family::Line, 3), curve(|point| point.max));
    panel.line(Ink::nth(Family::Line, 2), curve(|point| point.mean));
    panel.line(Ink::nth(Family::Line, 1), curve(|point| point.p50));
    limit.into_iter().for_each(|limit| level(&mut panel, limit));
    panel.spots = bands.points.iter().map(spot).collect();
    Some(Chart {
        id: id.to_owned(),
        title: format!("Blast radius over time: {}", label(&report.scenario)),
        lead: format!(
            "{} rollouts. Bands hold 90 % and 50 % of them; each step shows the largest share in it.",
            report.runs
        ),
        legend: LegendKey::lines([(1, "median"), (2, "mean"), (3, "largest")]),
        width: Width::Half,
        panels: vec![panel],
        table: table(bands),
    })
}

/// A curve of steps: each point holds until the next.
fn steps(bands: &ExposureBands, of: fn(&ExposurePoint) -> f64) -> Vec<(f64, f64)> {
    let ends = bands.points.iter().skip(1).map(|point| point.t_s);
    let ends = ends.chain([bands.end_s]);
    let step = |(point, end): (&ExposurePoint, f64)| {
        let share = of(point) / 100.0;
        [(point.t_s, share), (end, share)]
    };
    bands.points.iter().zip(ends).flat_map(step).collect()
}

/// A limit across the panel, its words where the exposure is seldom.
pub(super) fn level(panel: &mut Panel, limit: f64) {
    let share = limit / 100.0;
    let (left, right) = (panel.x.from, panel.x.to);
    panel.line(Ink::of(Family::Limit), [(left, share), (right, share)]);
    let is_top = share > 0.9;
    panel.marks.push(Mark::Text {
        ink: Ink::of(Family::LimitText),
        at: (right, share),
        shift: (-4, if is_top { 10 } else { -8 }),
        anchor: Anchor::End,
        text: format!("limit {}", percent(share)),
    });
}

fn spot(point: &ExposurePoint) -> Spot {
    let shares = [point.p50, point.p95, point.max].map(|share| percent(share / 100.0));
    let [median, high, largest] = shares;
    Spot {
        at: (point.t_s, point.p50 / 100.0),
        says: format!(
            "{}: median {median}, 95 % {high}, largest {largest}",
            clock(point.t_s)
        ),
        stop: false,
    }
}

fn table(bands: &ExposureBands) -> DataTable {
    let mut table = DataTable::new([
        "from", "5 %", "25 %", "median", "75 %", "95 %", "largest", "mean",
    ]);
    for point in &bands.points {
        let say = |share: f64| percent(share / 100.0);
        table.row([
            clock(point.t_s),
            say(point.p5),
            say(point.p25),
            say(point.p50),
            say(point.p75),
            say(point.p95),
            say(point.max),
            say(point.mean),
        ]);
    }
    table
}
