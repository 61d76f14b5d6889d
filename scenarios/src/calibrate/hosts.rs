//! What hosts have of their own, and what all of them share.

use std::collections::BTreeMap;

use super::dynamics::mean;
use super::season::Level;
use super::series::Series;
use crate::recorded::{Point, RecordedSeries};

/// Components of the variance of logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostFit {
    /// How many hosts there are.
    pub hosts: usize,
    /// The standard deviation between hosts.
    pub between: f64,
    /// The standard deviation within a host.
    pub within: f64,
    /// The intra-class correlation: the share of the variance that is between hosts.
    pub icc: f64,
    /// The part of the variance within hosts that is common to all of them, where their samples fall
    /// on the same times.
    pub shared: Option<f64>,
}

impl HostFit {
    /// Says it in a line.
    pub(super) fn said(&self) -> String {
        format!(
            "{} hosts differ by a log sd of {:.3} (the fleet's host-effect), each varies by {:.3}, ICC {:.2}",
            self.hosts, self.between, self.within, self.icc
        )
    }
}

/// One-way analysis of variance on logarithms with unequal group sizes (Searle, Casella and
/// McCulloch, 1992, section 3.6), and the share of the common movement from products of pairs of hosts.
pub(super) fn fit(history: &RecordedSeries, series: &Series, level: &Level) -> Option<HostFit> {
    let levels = level.over(series);
    let step = series.step.as_nanos() as f64 / 1e6;
    let place = |point: &Point| {
        let millis = (point.time.millis() - series.start.millis()) as f64;
        (libm::round(millis / step) as usize).min(levels.len() - 1)
    };
    let season = |point: &Point| levels[place(point)] - level.intercept;
    let found = one_way(history, season)?;
    let mut times: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let mut means: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (host, y, _) in logs(history, &season) {
        let entry = means.entry(host).or_default();
        *entry = (entry.0 + y, entry.1 + 1.0);
    }
    for (host, y, point) in logs(history, &season) {
        let (sum, n) = means[&host];
        times.entry(place(point)).or_default().push(y - sum / n);
    }
    Some(HostFit {
        shared: shared(times.values(), found.within),
        ..found
    })
}

/// The same for single requests, which share no times.
pub(super) fn of_requests(history: &RecordedSeries) -> Option<HostFit> {
    one_way(history, |_| 0.0)
}

fn logs<'h>(
    history: &'h RecordedSeries,
    season: &impl Fn(&Point) -> f64,
) -> impl Iterator<Item = (u32, f64, &'h Point)> {
    let rate = |point: &Point| match point.n {
        Some(n) if n > 0.0 && point.value > 1.0 => point.value / n,
        _ => point.value,
    };
    let kept = history.points.iter().filter_map(move |point| {
        let rate = rate(point);
        (rate > 0.0).then_some((point.host?, libm::log(rate), point))
    });
    kept.map(|(host, y, point)| (host, y - season(point), point))
}

/// How many logarithms each host has, their sum, and the sum of their squares.
fn by_host(
    history: &RecordedSeries,
    season: impl Fn(&Point) -> f64,
) -> BTreeMap<u32, (f64, f64, f64)> {
    let mut groups: BTreeMap<u32, (f64, f64, f64)> = BTreeMap::new();
    for (host, y, _) in logs(history, &season) {
        let (n, sum, square) = groups.entry(host).or_default();
        (*n, *sum, *square) = (*n + 1.0, *sum + y, *square + y * y);
    }
    groups
}

fn one_way(history: &RecordedSeries, season: impl Fn(&Point) -> f64) -> Option<HostFit> {
    let groups = by_host(history, season);
    let k = groups.len() as f64;
    let n: f64 = groups.values().map(|(n, ..)| n).sum();
    if k < 2.0 || n < 3.0 * k {
        return None;
    }
    let grand = groups.values().map(|(_, sum, _)| sum).sum::<f64>() / n;
    let inside = |(n, sum, square): &(f64, f64, f64)| square - sum * sum / n;
    let inside: f64 = groups.values().map(inside).sum();
    let outside = |(n, sum, _): &(f64, f64, f64)| n * (sum / n - grand) * (sum / n - grand);
    let outside: f64 = groups.values().map(outside).sum();
    let within = inside / (n - k);
    let size = (n - groups.values().map(|(size, ..)| size * size).sum::<f64>() / n) / (k - 1.0);
    let between = ((outside / (k - 1.0) - within) / size).max(0.0);
    let varies = between + within > 0.0;
    let icc = if varies {
        between / (between + within)
    } else {
        0.0
    };
    Some(HostFit {
        hosts: groups.len(),
        between: libm::sqrt(between),
        within: libm::sqrt(within.max(0.0)),
        icc,
        shared: None,
    })
}

/// The fewest times with at least two hosts.
const TIMES_MIN: usize = 50;

/// Returns the mean product of residuals of different hosts at one time, over the variance.
fn shared<'t>(times: impl Iterator<Item = &'t Vec<f64>>, within: f64) -> Option<f64> {
    let product = |values: &Vec<f64>| {
        let n = values.len() as f64;
        let (sum, square) = values
            .iter()
            .fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
        (sum * sum - square) / (n * (n - 1.0))
    };
    let products: Vec<f64> = times
        .filter(|values| values.len() > 1)
        .map(product)
        .collect();
    let variance = within * within;
    let enough = products.len() >= TIMES_MIN && variance > 0.0;
    enough.then(|| (mean(products.into_iter()) / variance).clamp(0.0, 1.0))
}
