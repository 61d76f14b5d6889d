//! What a search has seen of each candidate.

use scenarios::Verdict;

use super::bounds::{Mean, Sums};
use super::evaluator::Played;
use super::metric::{Metric, Scope, Unit};
use super::sample::Sample;
use super::seldom;
use crate::study::interval::{clopper_pearson, ranks};

/// All samples, by candidate, scenario and replication.
#[derive(Clone, Debug)]
pub struct Record {
    releases: Vec<Verdict>,
    samples: Vec<Vec<Vec<Sample>>>,
}

/// A figure with its 95 % interval, in the metric's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// The ends of its interval.
    pub low: f64,
    /// See `low`.
    pub high: f64,
    /// Of a rate: over how many rollouts.
    pub among: Option<u64>,
}

impl Record {
    /// A record of nothing, for so many candidates in scenarios with these releases.
    pub fn new(releases: Vec<Verdict>, candidates: usize) -> Self {
        Self {
            samples: vec![vec![Vec::new(); releases.len()]; candidates],
            releases,
        }
    }

    /// Adds what was played.
    ///
    /// # Panics
    /// When replications are left out or played twice.
    pub fn add(&mut self, played: Played) {
        let Played { work, samples } = played;
        for (&candidate, new) in work.candidates.iter().zip(samples) {
            let known = &mut self.samples[candidate][work.part];
            assert_eq!(
                known.len() as u64,
                work.replications.0,
                "replications come in order"
            );
            known.extend(new);
        }
    }

    /// Returns how many replications of a scenario a candidate has played.
    pub fn runs(&self, candidate: usize, part: usize) -> u64 {
        self.samples[candidate][part].len() as u64
    }

    /// Returns the replications of a scenario in which something happened under a candidate.
    pub(super) fn happened(
        &self,
        (candidate, part): (usize, usize),
        metric: Metric,
    ) -> impl Iterator<Item = u64> {
        let samples = (0..).zip(&self.samples[candidate][part]);
        samples
            .filter(move |(_, sample)| metric.of(sample) == Some(1.0))
            .map(|(replication, _)| replication)
    }

    /// Returns the scenarios that a metric is about.
    pub fn scope(&self, scope: Scope) -> impl Iterator<Item = usize> + '_ {
        let fits = move |release: &Verdict| match scope {
            Scope::All => true,
            Scope::Good => *release == Verdict::Good,
            Scope::Bad => *release == Verdict::Bad,
        };
        self.releases
            .iter()
            .enumerate()
            .filter(move |(_, it)| fits(it))
            .map(|(part, _)| part)
    }

    /// Returns how many replications every scenario of a scope has under a candidate.
    pub fn runs_in(&self, candidate: usize, scope: Scope) -> u64 {
        self.scope(scope)
            .map(|part| self.runs(candidate, part))
            .min()
            .unwrap_or(0)
    }

    /// The values of a metric in the first `runs` replications of each scenario.
    fn values(
        &self,
        candidate: usize,
        metric: Metric,
        runs: u64,
    ) -> impl Iterator<Item = Vec<f64>> {
        let of_part = move |part: usize| {
            let samples = self.samples[candidate][part].iter().take(runs as usize);
            samples.filter_map(|sample| metric.of(sample)).collect()
        };
        self.scope(metric.scope()).map(of_part)
    }

    /// Counts in the first `runs` replications of each scenario those that are bad, and all of them.
    pub fn count(
        &self,
        candidate: usize,
        metric: Metric,
        runs: u64,
        is_bad: impl Fn(f64) -> bool,
    ) -> (u64, u64) {
        let mut count = (0, 0);
        for value in self.values(candidate, metric, runs).flatten() {
            count.0 += u64::from(is_bad(value));
            count.1 += 1;
        }
        count
    }

    /// Returns the mean over the first `runs` replications of each scenario.
    pub fn mean(&self, candidate: usize, metric: Metric, runs: u64) -> Option<Mean> {
        let strata: Vec<Sums> = self
            .values(candidate, metric, runs)
            .map(|values| values.into_iter().collect())
            .collect();
        Mean::stratified(&strata)
    }

    /// Returns the mean of `one - other` over the replications that both have played.
    ///
    /// With `guard`, each scenario has one more replication, in which `one` is better by as much as the
    /// values of the two lie apart: a loss of `other` that has not been seen yet. Such a
    /// pseudo-observation keeps an interval honest for few and skewed values (J. Chen, A. M. Variyath,
    /// B. Abraham, J. Comput. Graph. Stat. 17, 2008).
    pub fn difference(
        &self,
        one: usize,
        other: usize,
        metric: Metric,
        guard: bool,
    ) -> Option<Mean> {
        let of_part = |part: usize| {
            let pairs = self.samples[one][part]
                .iter()
                .zip(&self.samples[other][part]);
            let (mut sums, mut low, mut high) = (Sums::default(), f64::INFINITY, f64::NEG_INFINITY);
            for (one, other) in pairs {
                if let (Some(one), Some(other)) = (metric.of(one), metric.of(other)) {
                    sums.add(one - other);
                    (low, high) = (low.min(one).min(other), high.max(one).max(other));
                }
            }
            if guard && sums.n > 0 {
                sums.add(low - high);
            }
            sums
        };
        let strata: Vec<Sums> = self.scope(metric.scope()).map(of_part).collect();
        Mean::stratified(&strata)
    }

    /// Returns the figure without its interval.
    pub fn value(&self, candidate: usize, metric: Metric, runs: u64) -> Option<f64> {
        if metric.above().is_some() {
            return self
                .estimate(candidate, metric, runs)
                .map(|estimate| estimate.value);
        }
        if metric.unit() == Unit::Rate {
            let (events, among) = self.count(candidate, metric, runs, |value| value != 0.0);
            return (among > 0).then(|| events as f64 / among as f64);
        }
        self.mean(candidate, metric, runs).map(|mean| mean.value)
    }

    /// Returns the figure over the first `runs` replications of each scenario; nothing without any.
    pub fn estimate(&self, candidate: usize, metric: Metric, runs: u64) -> Option<Estimate> {
        if let Some(above) = metric.above() {
            let values = self.values(candidate, metric, runs).flatten().collect();
            return quantile(values, 1.0 - above);
        }
        if metric.unit() == Unit::Rate {
            let (events, among) = self.count(candidate, metric, runs, |value| value != 0.0);
            let interval = clopper_pearson(events, among);
            let value = events as f64 / among as f64;
            return (among > 0).then_some(Estimate {
                value,
                low: interval.low,
                high: interval.high,
                among: Some(among),
            });
        }
        let strata: Vec<Sums> = self
            .values(candidate, metric, runs)
            .map(|values| values.into_iter().collect())
            .collect();
        let value = Mean::stratified(&strata)?.value;
        // None of the means can be negative, and neither can a value.
        let (low, high) = seldom::interval(&strata)?;
        Some(Estimate {
            value,
            low,
            high,
            among: None,
        })
    }
}

/// The nearest-rank quantile with the order statistics around it that cover it with at least 95 %: exactly so
/// for one scenario; of several together the number of values below the quantile spreads less.
fn quantile(mut values: Vec<f64>, share: f64) -> Option<Estimate> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    if n == 0 {
        return None;
    }
    let rank = ((share * n as f64).ceil() as usize).clamp(1, n);
    let [low, high] = ranks(n as u64, share).map(|rank| rank.map(|it| values[it as usize - 1]));
    Some(Estimate {
        value: values[rank - 1],
        low: low.unwrap_or(0.0),
        high: high.unwrap_or(f64::INFINITY),
        among: None,
    })
}
