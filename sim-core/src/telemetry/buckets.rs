//! Buckets: the latencies of an interval as a histogram counts them.

use super::histogram::histogram_quantile;
use super::law::{LatencyLaw, Shape};
use crate::engine::{Draws, sample};

/// So few requests are placed one by one, which is cheaper than one draw for each bucket that is left.
const FEW: u64 = 12;

/// The latencies of one interval, counted from the fastest bucket on as far as somebody has looked.
///
/// A quantile needs no bucket above its own, so that most of the tail is never drawn. What is drawn later is
/// what would have been drawn at once.
#[derive(Clone, Debug)]
pub(super) struct Buckets {
    /// The counts so far; behind the last bound there is one bucket more, without an end.
    counts: Vec<u64>,
    total: u64,
    /// How many requests lie beyond the buckets that have been counted.
    left: u64,
    /// The probability beyond these buckets, as it is left by subtraction, and that of these buckets.
    mass: f64,
    below: f64,
    shape: Shape,
    draws: Draws,
}

impl Buckets {
    /// Prepares to count `requests` latencies under the address of `draws`.
    pub fn new(draws: Draws, requests: u64, shape: Shape) -> Self {
        Self {
            counts: Vec::new(),
            total: requests,
            left: requests,
            mass: 1.0,
            below: 0.0,
            shape,
            draws,
        }
    }

    /// Returns the number of requests.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Leaves `arriving` of the requests, whichever: nobody has looked at any yet.
    pub const fn leave(&mut self, arriving: u64) {
        (self.total, self.left) = (arriving, arriving);
    }

    /// Returns the quantile `q` of `total` latencies, of which those of each interval count so many times, as
    /// Prometheus interpolates it.
    pub fn quantile(
        law: &LatencyLaw,
        mut intervals: Vec<(&mut Self, f64)>,
        (q, total): (f64, f64),
    ) -> Option<f64> {
        let (mut counts, mut below) = (Vec::new(), 0.0);
        for bucket in 0..=law.bounds().len() {
            let weighed =
                |(of, weight): &mut (&mut Self, f64)| *weight * of.count(law, bucket) as f64;
            let count: f64 = intervals.iter_mut().map(weighed).sum();
            counts.push(count);
            below += count;
            if count > 0.0 && below >= q * total {
                break;
            }
        }
        // What lies above need not be told apart.
        counts.push((total - below).max(0.0));
        histogram_quantile(law.bounds(), counts, q)
    }

    /// Returns how many latencies lie in `bucket`; counts them where nobody has yet.
    fn count(&mut self, law: &LatencyLaw, bucket: usize) -> u64 {
        while self.counts.len() <= bucket {
            if self.left <= FEW {
                self.place_the_rest(law);
            } else {
                self.count_next(law);
            }
        }
        self.counts[bucket]
    }

    fn count_next(&mut self, law: &LatencyLaw) {
        let (mass, last) = (self.mass, self.counts.len() == law.bounds().len());
        let weight = self.next_weight(law);
        let hit = if weight >= mass || last {
            // Rounding may leave a crumb of probability beyond the last bucket.
            self.left
        } else {
            sample::binomial(&mut self.draws, self.left, weight / mass)
        };
        self.counts.push(hit);
        self.left -= hit;
        self.mass -= weight;
    }

    /// Places the requests that are left one by one.
    fn place_the_rest(&mut self, law: &LatencyLaw) {
        let mut marks = [0.0; FEW as usize];
        let marks = &mut marks[..self.left as usize];
        marks.fill_with(|| self.mass * self.draws.uniform());
        marks.sort_by(f64::total_cmp);
        let (mut reached, mut placed) = (0.0, 0);
        while self.counts.len() <= law.bounds().len() {
            let last = self.counts.len() == law.bounds().len();
            reached += self.next_weight(law);
            let upto = marks.partition_point(|mark| *mark < reached || last);
            self.counts.push((upto - placed) as u64);
            placed = upto;
        }
        self.left = 0;
    }

    /// Returns the probability of the bucket that is counted next.
    fn next_weight(&mut self, law: &LatencyLaw) -> f64 {
        let upto = law.upto_bucket(self.counts.len(), self.shape);
        let weight = (upto - self.below).max(0.0);
        self.below = upto;
        weight
    }
}

#[cfg(test)]
#[path = "tests/buckets.rs"]
mod tests;
