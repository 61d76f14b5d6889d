//! Latencies of single requests: a mixture of lognormals with a time-out.

use sim_core::telemetry::{LatencyPart, SignalKind};

use super::model::digits;
use super::normal;
use super::refusal::Refusal;
use super::tail::{self, Tail};

/// How latencies are distributed.
#[derive(Clone, Debug, PartialEq)]
pub struct LatencyFit {
    /// The parts of the mixture, by their medians.
    pub parts: Vec<LatencyPart>,
    /// The time-out, if values pile up at the largest.
    pub timeout: Option<Timeout>,
    /// The largest value.
    pub largest: f64,
    /// The Kolmogorov-Smirnov distance.
    pub ks: f64,
    /// The 99th percentile as observed and as the model has it.
    pub p99: [f64; 2],
    /// The 99.9th percentile as observed and as the model has it.
    pub p999: [f64; 2],
    /// The tail above the 95th percentile.
    pub tail: Option<Tail>,
}

/// A time-out that cuts the tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timeout {
    /// Where it is.
    pub at: f64,
    /// How many values stand there.
    pub count: usize,
}

/// The fewest requests that a mixture is fitted to.
const REQUESTS_MIN: usize = 500;
const PARTS_MAX: usize = 3;
const ROUNDS: usize = 300;
/// The narrowest part: narrower ones stand for single values.
const SIGMA_MIN: f64 = 0.01;
/// Where there is no time-out, nothing beyond this many times the largest value is ever drawn.
const BEYOND: f64 = 10.0;
/// So many values within a thousandth of the largest are a time-out, at least.
const PILE_MIN: usize = 5;

#[derive(Clone, Copy, Debug)]
struct Part {
    weight: f64,
    mu: f64,
    sigma: f64,
}

/// Fits mixtures of one to three parts by expectation and maximisation and takes the best by Akaike's
/// criterion. Values at the time-out count as at least so large.
pub(super) fn fit(values: &[f64]) -> Result<LatencyFit, Refusal> {
    let sorted = sorted(values)?;
    let largest = sorted[sorted.len() - 1];
    let timeout = timeout(&sorted);
    let free = sorted.len() - timeout.map_or(0, |timeout| timeout.count);
    let logs: Vec<f64> = sorted[..free].iter().copied().map(libm::log).collect();
    let cut = timeout.map(|timeout| (libm::log(timeout.at), timeout.count as f64));
    let fits = (1..=PARTS_MAX).map(|parts| expectation_maximisation(&logs, cut, parts));
    let aic = |(parts, likelihood): &(Vec<Part>, f64)| {
        2.0 * (3.0 * parts.len() as f64 - 1.0) - 2.0 * likelihood
    };
    let best = fits.min_by(|a, b| aic(a).total_cmp(&aic(b)));
    let (mut parts, _) = best.expect("there are three fits");
    parts.sort_by(|a, b| a.mu.total_cmp(&b.mu));
    let observed = |q: f64| sorted[((sorted.len() - 1) as f64 * q) as usize];
    let model =
        |q: f64| libm::exp(quantile(&parts, q)).min(timeout.map_or(f64::INFINITY, |t| t.at));
    let distance = |at: (usize, &f64)| distance(&parts, at, sorted.len() as f64);
    Ok(LatencyFit {
        ks: logs.iter().enumerate().map(distance).fold(0.0, f64::max),
        p99: [observed(0.99), model(0.99)],
        p999: [observed(0.999), model(0.999)],
        tail: tail::fit(&sorted),
        parts: parts.iter().map(Part::declared).collect(),
        timeout,
        largest,
    })
}

/// The values above zero in their order; refused where they are few.
fn sorted(values: &[f64]) -> Result<Vec<f64>, Refusal> {
    let mut sorted: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| *value > 0.0)
        .collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.len() < REQUESTS_MIN {
        let message = format!(
            "there are {} latencies above zero, {REQUESTS_MIN} are the least",
            sorted.len()
        );
        return Err(Refusal::new("CM321", message)
            .reason("a tail cannot be seen in so few requests")
            .help("export more single requests; for means of intervals say --kind gauge"));
    }
    Ok(sorted)
}

/// Where so many values stand at the largest one that they were cut off there.
fn timeout(sorted: &[f64]) -> Option<Timeout> {
    let largest = sorted[sorted.len() - 1];
    let pile = sorted
        .iter()
        .rev()
        .take_while(|value| **value >= largest * 0.999)
        .count();
    let is_pile = pile >= PILE_MIN && pile as f64 >= 0.001 * sorted.len() as f64;
    is_pile.then_some(Timeout {
        at: largest,
        count: pile,
    })
}

fn distance(parts: &[Part], (rank, x): (usize, &f64), n: f64) -> f64 {
    let f = cdf(parts, *x);
    let (below, above) = (f - rank as f64 / n, (rank as f64 + 1.0) / n - f);
    above.abs().max(below.abs())
}

impl Part {
    fn declared(&self) -> LatencyPart {
        LatencyPart {
            weight: digits(self.weight),
            median: digits(libm::exp(self.mu)),
            sigma: digits(self.sigma),
        }
    }

    fn density(&self, x: f64) -> f64 {
        let z = (x - self.mu) / self.sigma;
        self.weight * libm::exp(-z * z / 2.0) / (self.sigma * 2.506_628_274_631_000_5)
    }
}

impl LatencyFit {
    /// Returns the kind of a signal with such latencies. Weights add up to 1 exactly.
    pub(super) fn signal(&self) -> SignalKind {
        let mut parts = self.parts.clone();
        let others: f64 = parts.iter().skip(1).map(|part| part.weight).sum();
        parts[0].weight = 1.0 - others;
        SignalKind::Latency {
            parts,
            cap: self
                .timeout
                .map_or(BEYOND * self.largest, |timeout| timeout.at),
            buckets: Vec::new(),
        }
    }
}

/// Returns the parts and the log-likelihood. `cut` is where the time-out cuts and how many it cut.
fn expectation_maximisation(
    logs: &[f64],
    cut: Option<(f64, f64)>,
    count: usize,
) -> (Vec<Part>, f64) {
    let mut parts = start(logs, count);
    let mut before = f64::NEG_INFINITY;
    for _ in 0..ROUNDS {
        let likelihood = step(logs, cut, &mut parts);
        if likelihood - before < 1e-7 * likelihood.abs() {
            return (parts, likelihood);
        }
        before = likelihood;
    }
    (parts, before)
}

/// Starts with equal shares of the sorted values.
fn start(logs: &[f64], count: usize) -> Vec<Part> {
    let share = logs.len() / count;
    let part = |at: usize| {
        let values = &logs[at * share..(at + 1) * share];
        let mu = values.iter().sum::<f64>() / share as f64;
        let square = values.iter().map(|x| (x - mu) * (x - mu)).sum::<f64>() / share as f64;
        Part {
            weight: 1.0 / count as f64,
            mu,
            sigma: libm::sqrt(square).max(10.0 * SIGMA_MIN),
        }
    };
    (0..count).map(part).collect()
}

/// One round; returns the log-likelihood before it.
fn step(logs: &[f64], cut: Option<(f64, f64)>, parts: &mut [Part]) -> f64 {
    let mut sums = [[0.0; 3]; PARTS_MAX];
    let mut likelihood = 0.0;
    let mut densities = [0.0; PARTS_MAX];
    for x in logs {
        let each = densities.iter_mut().zip(parts.iter());
        each.for_each(|(density, part)| *density = part.density(*x));
        let total = densities[..parts.len()]
            .iter()
            .sum::<f64>()
            .max(f64::MIN_POSITIVE);
        likelihood += libm::log(total);
        for (sum, density) in sums.iter_mut().zip(&densities[..parts.len()]) {
            let share = density / total;
            *sum = [sum[0] + share, sum[1] + share * x, sum[2] + share * x * x];
        }
    }
    if let Some((at, count)) = cut {
        likelihood += beyond(&mut sums, parts, at, count);
    }
    let n: f64 = sums.iter().map(|sum| sum[0]).sum();
    for (part, [weight, first, second]) in parts.iter_mut().zip(sums) {
        let weight = weight.max(1e-9);
        part.weight = weight / n;
        part.mu = first / weight;
        let square = second / weight - part.mu * part.mu;
        part.sigma = libm::sqrt(square.max(0.0)).max(SIGMA_MIN);
    }
    likelihood
}

/// Adds the values that the time-out cut: by the moments of normal laws above `at`.
fn beyond(sums: &mut [[f64; 3]; PARTS_MAX], parts: &[Part], at: f64, count: f64) -> f64 {
    let above = |part: &Part| part.weight * normal::upper((at - part.mu) / part.sigma);
    let total = parts.iter().map(above).sum::<f64>().max(f64::MIN_POSITIVE);
    for (sum, part) in sums.iter_mut().zip(parts) {
        let z = (at - part.mu) / part.sigma;
        let share = count * above(part) / total;
        // The mean of a standard normal law above z is its hazard there; above z = 30 that is about z.
        let hazard = if z < 30.0 {
            normal::density(z) / normal::upper(z)
        } else {
            z
        };
        let first = part.mu + part.sigma * hazard;
        let second = part.sigma * part.sigma * (1.0 + z * hazard)
            + 2.0 * part.mu * part.sigma * hazard
            + part.mu * part.mu;
        *sum = [
            sum[0] + share,
            sum[1] + share * first,
            sum[2] + share * second,
        ];
    }
    count * libm::log(total)
}

fn cdf(parts: &[Part], x: f64) -> f64 {
    let part = |part: &Part| part.weight * (1.0 - normal::upper((x - part.mu) / part.sigma));
    parts.iter().map(part).sum()
}

/// Finds a quantile of the logarithm by halving.
fn quantile(parts: &[Part], q: f64) -> f64 {
    let bound = |sign: f64| {
        parts
            .iter()
            .map(move |part| part.mu + sign * 12.0 * part.sigma)
    };
    let (mut low, mut high) = (
        bound(-1.0).fold(f64::INFINITY, f64::min),
        bound(1.0).fold(f64::NEG_INFINITY, f64::max),
    );
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if cdf(parts, middle) < q {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
