//! How many rollouts were done within a time, against the limit.

use crate::common::figure::span;
use crate::result::{Quantity, StudyReport};

use super::axis::Axis;
use super::ink::{Family, Ink};
use super::mark::{Anchor, Mark, Spot};
use super::model::{Chart, DataTable, LegendKey, Panel, Width};
use crate::common::label::label;

/// Which time is drawn, and of whom.
#[derive(Clone, Copy, Debug)]
pub struct DistributionOf<'a> {
    /// The word of the chart.
    pub id: &'a str,
    /// The heading.
    pub title: &'a str,
    /// From where to where the time runs.
    pub what: &'a str,
    /// The time of a report.
    pub of: fn(&StudyReport) -> &Quantity,
    /// Within how many seconds it should be.
    pub limit: Option<f64>,
}

/// So many series can be told apart.
const SERIES: usize = 3;

/// Draws the distribution of a time over all scenarios and over the two slowest.
///
/// Nothing comes of a report without points.
pub fn distribution(report: &StudyReport, what: &DistributionOf<'_>) -> Option<Chart> {
    let series = series(report, what.of);
    let longest = longest(&series).max(what.limit.map_or(0.0, |limit| limit * 1.15));
    if series.is_empty() {
        return None;
    }
    let x = Axis::time(what.what, longest, 5);
    let y = Axis::percent("share of rollouts", 1.0, 4);
    let mut panel = Panel::new(x, y);
    for (number, (_, quantity)) in (1..).zip(&series) {
        draw(&mut panel, number, quantity);
    }
    if let Some(limit) = what.limit {
        post(&mut panel, limit, format!("limit {}", span(limit)));
    }
    Some(Chart {
        id: what.id.to_owned(),
        title: what.title.to_owned(),
        lead: lead(&series, what),
        legend: LegendKey::lines((1..).zip(series.iter().map(|(name, _)| name))),
        width: Width::Half,
        panels: vec![panel],
        table: table(&series),
    })
}

type Series<'a> = Vec<(String, &'a Quantity)>;

/// All scenarios together, then those whose 99 % quantile is the largest.
fn series(report: &StudyReport, of: fn(&StudyReport) -> &Quantity) -> Series<'_> {
    let drawn = |quantity: &&Quantity| {
        let distribution = quantity.distribution.as_ref();
        distribution.is_some_and(|found| !found.points.is_empty())
    };
    let mut parts: Vec<_> = report
        .scenarios
        .iter()
        .map(|scenario| (label(&scenario.scenario), of(scenario)))
        .filter(|(_, quantity)| drawn(quantity))
        .collect();
    // What never came is slower than any number.
    let slowness = |quantity: &Quantity| quantity.p99.unwrap_or(f64::INFINITY);
    parts.sort_by(|a, b| {
        slowness(b.1)
            .total_cmp(&slowness(a.1))
            .then_with(|| a.0.cmp(&b.0))
    });
    let name = match report.scenarios.len() {
        0 => label(&report.scenario),
        many => format!("all {many} scenarios"),
    };
    let all = [(name, of(report))]
        .into_iter()
        .filter(|(_, all)| drawn(all));
    all.chain(parts).take(SERIES).collect()
}

fn points(quantity: &Quantity) -> impl Iterator<Item = (f64, u64)> {
    let points = quantity.distribution.iter().flat_map(|found| &found.points);
    points.map(|point| (point.value, point.count))
}

fn longest(series: &Series<'_>) -> f64 {
    let values = series.iter().flat_map(|(_, quantity)| points(quantity));
    values.map(|(value, _)| value).fold(0.0, f64::max)
}

fn draw(panel: &mut Panel, number: u8, quantity: &Quantity) {
    let total = (quantity.count + quantity.never) as f64;
    let band = quantity
        .distribution
        .as_ref()
        .map_or(0.0, |found| found.band);
    let (mut steps, mut at) = (Vec::new(), 0.0);
    for (value, count) in points(quantity) {
        steps.push((value, at));
        at = count as f64 / total;
        steps.push((value, at));
    }
    if let Some((first, _)) = steps.first().copied() {
        steps.insert(0, (first.min(panel.x.from), 0.0));
    }
    let moved = |by: f64| {
        let move_one = move |(x, y): &(f64, f64)| (*x, (y + by).clamp(0.0, 1.0));
        steps.iter().map(move_one).collect::<Vec<_>>()
    };
    panel.band(Ink::nth(Family::Band, number), &moved(-band), &moved(band));
    panel.line(Ink::nth(Family::Line, number), steps.iter().copied());
    if number == 1 {
        panel.spots.extend(spots(quantity, total));
    }
}

/// The points say their numbers; the nearest to each quantile can be reached with the keyboard.
fn spots(quantity: &Quantity, total: f64) -> Vec<Spot> {
    let whole = quantity.count + quantity.never;
    let mut stops = [quantity.p50, quantity.p95, quantity.p99]
        .into_iter()
        .flatten()
        .peekable();
    let spot = |(value, count): (f64, u64)| {
        let stop = stops.next_if(|quantile| *quantile <= value).is_some();
        while stops.next_if(|quantile| *quantile <= value).is_some() {}
        Spot {
            at: (value, count as f64 / total),
            says: format!("{count} of {whole} within {}", span(value)),
            stop,
        }
    };
    points(quantity).map(spot).collect()
}

/// A limit across the panel, with what it is.
pub(crate) fn post(panel: &mut Panel, limit: f64, text: String) {
    let (low, high) = (panel.y.from, panel.y.to);
    panel.line(Ink::of(Family::Limit), [(limit, low), (limit, high)]);
    let is_right = limit > panel.x.to * 0.6;
    panel.marks.push(Mark::Text {
        ink: Ink::of(Family::LimitText),
        at: (limit, low),
        shift: (if is_right { -5 } else { 5 }, -10),
        anchor: if is_right { Anchor::End } else { Anchor::Start },
        text,
    });
}

fn lead(series: &Series<'_>, what: &DistributionOf<'_>) -> String {
    let mut lead = "Steps: rollouts within this time; bands: 95 % (DKW).".to_owned();
    let Some((_, first)) = series.first() else {
        return lead;
    };
    if first.never > 0 {
        lead += &format!(
            " In {} of {} it never came.",
            first.never,
            first.count + first.never
        );
    }
    if let Some(limit) = what.limit {
        lead += &format!(" The limit is {}.", span(limit));
    }
    lead
}

fn table(series: &Series<'_>) -> DataTable {
    let mut table = DataTable::new(["series", "within", "rollouts", "of"]);
    for (name, quantity) in series {
        let total = quantity.count + quantity.never;
        for (value, count) in points(quantity) {
            table.row([
                name.clone(),
                span(value),
                count.to_string(),
                total.to_string(),
            ]);
        }
    }
    table
}
