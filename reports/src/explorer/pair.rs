//! Two results on one pair of axes: what is set now as a solid line, today's policy as a dashed one.

use crate::chart::{
    Axis, Chart, DataTable, Family, Ink, LegendKey, Mark, Panel, Spot, Width, post,
};
use crate::common::figure::{count, percent, percent_range, span};
use crate::result::{CurvePoint, CurveReport, Quantity};
use crate::text::curve::{all_points, effect};

/// The line of what is set now.
const NOW: u8 = 1;
/// The line of today's policy, where something was changed.
const BEFORE: u8 = 2;

/// The results of what is set now, and of today's policy where that is another one, in the order in which they are
/// drawn: the one that matters lies above.
fn layers<T: Copy>(today: T, changed: Option<T>) -> Vec<(u8, T)> {
    match changed {
        Some(changed) => vec![(BEFORE, today), (NOW, changed)],
        None => vec![(NOW, today)],
    }
}

fn legend(has_changed: bool) -> Vec<LegendKey> {
    if has_changed {
        LegendKey::lines([(NOW, "changed"), (BEFORE, "today")])
    } else {
        LegendKey::lines([(NOW, "today's policy")])
    }
}

const fn word(number: u8, has_changed: bool) -> &'static str {
    if number == NOW && has_changed {
        "changed"
    } else {
        "today"
    }
}

fn effects(report: &CurveReport) -> Axis {
    let points = report.points.iter().map(|point| point.effect);
    let most = points.fold(0.0, f64::max);
    Axis::upto(
        "size of the regression, 1 is what the scenario says",
        most,
        6,
    )
    .ending(most.max(1e-9))
}

/// Draws how likely the policy acts on regressions of each size.
pub fn characteristic_pair(today: &CurveReport, changed: Option<&CurveReport>) -> Chart {
    let mut panel = Panel::new(effects(today), Axis::percent("acted on", 1.0, 4));
    let layers = layers(today, changed);
    for (number, report) in &layers {
        acted(&mut panel, *number, report);
    }
    for (number, report) in layers {
        for point in &report.points {
            let among = point.among.unwrap_or(report.runs);
            let interval = percent_range(point.low, point.high);
            let (policy, size) = (word(number, changed.is_some()), effect(point.effect));
            let events = point.events;
            let says = format!("{policy}, size {size}: {events} of {among}, {interval}");
            spot(&mut panel, number, (point.effect, point.acted), says);
        }
    }
    Chart {
        id: "characteristic".to_owned(),
        title: "Probability of rollback by size of the regression".to_owned(),
        lead: format!(
            "How often the policy acts on {}, scaled. At 0 it is a mistake. Bands: exact 95 % intervals.",
            crate::chart::label(&today.scenario)
        ),
        legend: legend(changed.is_some()),
        width: Width::Half,
        panels: vec![panel],
        table: characteristic_table(today, changed),
    }
}

/// How likely it acts, with its interval.
fn acted(panel: &mut Panel, number: u8, report: &CurveReport) {
    let points = all_points(report);
    let of = |get: fn(&CurvePoint) -> f64| -> Vec<_> {
        points
            .iter()
            .map(|point| (point.effect, get(point)))
            .collect()
    };
    let band = Ink::nth(Family::Band, number);
    panel.band(band, &of(|point| point.low), &of(|point| point.high));
    panel.line(Ink::nth(Family::Line, number), of(|point| point.acted));
}

fn spot(panel: &mut Panel, number: u8, at: (f64, f64), says: String) {
    let ink = Ink::nth(Family::Dot, number);
    panel.marks.push(Mark::Dot { ink, at, radius: 3 });
    let stop = number == NOW;
    panel.spots.push(Spot { at, says, stop });
}

fn characteristic_table(today: &CurveReport, changed: Option<&CurveReport>) -> DataTable {
    let mut table = DataTable::new([
        "policy",
        "size",
        "acted on",
        "95 % interval",
        "delay p50",
        "delay p95",
    ]);
    let time = |seconds: Option<f64>| seconds.map_or("never".to_owned(), span);
    for (number, report) in layers(today, changed) {
        for point in all_points(report) {
            table.row([
                word(number, changed.is_some()).to_owned(),
                effect(point.effect),
                percent(point.acted),
                percent_range(point.low, point.high),
                time(point.delay_p50_s),
                time(point.delay_p95_s),
            ]);
        }
    }
    table
}

const DELAY: &str = "Half of the rollouts are acted upon within this time from the first exposure to the regression.";

/// Draws how long the policy takes to act on regressions of each size; nothing where it never acts.
pub fn delay_pair(today: &CurveReport, changed: Option<&CurveReport>) -> Option<Chart> {
    let layers = layers(today, changed);
    let all = layers.iter().flat_map(|(_, report)| &report.points);
    let delays = all.filter_map(|point| point.delay_p50_s);
    let longest = delays.reduce(f64::max).filter(|longest| *longest > 0.0)?;
    let mut panel = Panel::new(effects(today), Axis::time("median delay", longest, 4));
    for (number, report) in layers {
        let known = |point: &&CurvePoint| Some((point.effect, point.delay_p50_s?));
        let points: Vec<_> = all_points(report).iter().filter_map(known).collect();
        panel.line(Ink::nth(Family::Line, number), points.iter().copied());
        for point in &report.points {
            if let Some(delay) = point.delay_p50_s {
                let policy = word(number, changed.is_some());
                let says = format!("{policy}, size {}: {}", effect(point.effect), span(delay));
                spot(&mut panel, number, (point.effect, delay), says);
            }
        }
    }
    Some(Chart {
        id: "delay".to_owned(),
        title: "Delay by size of the regression".to_owned(),
        lead: DELAY.to_owned(),
        legend: legend(changed.is_some()),
        width: Width::Half,
        panels: vec![panel],
        table: characteristic_table(today, changed),
    })
}

/// Which quantity is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// The word of the chart.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What is along x.
    pub what: &'static str,
    /// Whether it is a time in seconds.
    pub is_time: bool,
    /// What it should not exceed.
    pub limit: Option<f64>,
}

impl Spread {
    fn say(&self, value: f64) -> String {
        if self.is_time {
            span(value)
        } else {
            count(value)
        }
    }
}

/// Draws how many rollouts stay within each value; nothing where neither has any.
pub fn spread_pair(what: &Spread, today: &Quantity, changed: Option<&Quantity>) -> Option<Chart> {
    let layers = layers(today, changed);
    let values = layers.iter().flat_map(|(_, quantity)| points(quantity));
    let longest = values.map(|(value, _)| value).fold(0.0, f64::max);
    let longest = longest.max(what.limit.map_or(0.0, |limit| limit * 1.15));
    let is_empty = |quantity: &Quantity| quantity.distribution.is_none();
    if layers.iter().all(|(_, quantity)| is_empty(quantity)) {
        return None;
    }
    let x = if what.is_time {
        Axis::time(what.what, longest, 5)
    } else {
        Axis::upto(what.what, longest, 5)
    };
    let mut panel = Panel::new(x, Axis::percent("share of rollouts", 1.0, 4));
    for (number, quantity) in &layers {
        steps(&mut panel, *number, quantity);
    }
    for (number, quantity) in layers.iter().rev() {
        quantiles(&mut panel, *number, quantity, what, changed.is_some());
    }
    if let Some(limit) = what.limit {
        post(&mut panel, limit, format!("deadline {}", what.say(limit)));
    }
    Some(Chart {
        id: what.id.to_owned(),
        title: what.title.to_owned(),
        lead: spread_lead(what, today, changed),
        legend: legend(changed.is_some()),
        width: Width::Half,
        panels: vec![panel],
        table: spread_table(what, &layers, changed.is_some()),
    })
}

fn points(quantity: &Quantity) -> impl Iterator<Item = (f64, u64)> {
    let points = quantity.distribution.iter().flat_map(|found| &found.points);
    points.map(|point| (point.value, point.count))
}

fn steps(panel: &mut Panel, number: u8, quantity: &Quantity) {
    let total = (quantity.count + quantity.never).max(1) as f64;
    let band = quantity
        .distribution
        .as_ref()
        .map_or(0.0, |found| found.band);
    let (mut steps, mut at) = (vec![(panel.x.from, 0.0)], 0.0);
    for (value, many) in points(quantity) {
        steps.push((value, at));
        at = many as f64 / total;
        steps.push((value, at));
    }
    let moved = |by: f64| -> Vec<_> {
        steps
            .iter()
            .map(|(x, y)| (*x, (y + by).clamp(0.0, 1.0)))
            .collect()
    };
    panel.band(Ink::nth(Family::Band, number), &moved(-band), &moved(band));
    panel.line(Ink::nth(Family::Line, number), steps);
}

/// The median and the 95 % quantile say their numbers.
fn quantiles(panel: &mut Panel, number: u8, quantity: &Quantity, what: &Spread, has_changed: bool) {
    for (share, value) in [
        (0.5, quantity.p50),
        (0.95, quantity.p95),
        (0.99, quantity.p99),
    ] {
        if let Some(value) = value {
            let policy = word(number, has_changed);
            let says = format!("{policy}: {} within {}", percent(share), what.say(value));
            spot(panel, number, panel.inside((value, share)), says);
        }
    }
}

fn spread_lead(what: &Spread, today: &Quantity, changed: Option<&Quantity>) -> String {
    let now = changed.unwrap_or(today);
    let say = |value: Option<f64>| value.map_or("never".to_owned(), |value| what.say(value));
    let never = if now.never > 0 {
        format!(
            " In {} of {} it never came.",
            now.never,
            now.count + now.never
        )
    } else {
        String::new()
    };
    let before = changed.map_or(String::new(), |_| {
        format!(" (today {} and {})", say(today.p50), say(today.p95))
    });
    format!(
        "Half within {}, 95 % within {}{before}.{never}",
        say(now.p50),
        say(now.p95)
    )
}

fn spread_table(what: &Spread, layers: &[(u8, &Quantity)], has_changed: bool) -> DataTable {
    let mut table = DataTable::new(["policy", "within", "rollouts", "of"]);
    for (number, quantity) in layers {
        for (value, many) in points(quantity) {
            let total = quantity.count + quantity.never;
            table.row([
                word(*number, has_changed).to_owned(),
                what.say(value),
                many.to_string(),
                total.to_string(),
            ]);
        }
    }
    table
}
