//! Generators: whole series of a noise model, without a world around it.

use std::sync::Arc;

use super::sampler::{Sampler, count, gauge, normal_level};
use super::sums::{Sample, Sums};
use super::{Motion, Movement, Noise, SignalKind};
use crate::address;
use crate::engine::{Key, SimDuration, SimTime};
use crate::policy::gate::Population;

/// Makes series of one metric, by the code that the world plays signals with.
///
/// # Example
///
/// ```
/// use sim_core::engine::{Key, SimDuration};
/// use sim_core::telemetry::{Counted, Generator, Noise, SignalKind};
///
/// let errors = SignalKind::Ratio { base: 0.01, correlation: 0.0, of: Counted::Requests, unheard: 0.0 };
/// let calm = Generator::new(&errors, &Noise::default(), None);
/// let step = SimDuration::from_mins(5);
/// let hour = calm.series(Key::for_replication(7, 0), step, [1_000.0; 12]);
/// let bad: f64 = hour.iter().map(|sample| sample.numerator).sum();
/// assert!((60.0..180.0).contains(&bad));
/// ```
#[derive(Clone, Debug)]
pub struct Generator {
    kind: SignalKind,
    motion: Arc<Motion>,
}

impl Generator {
    /// Makes a generator of a metric that starts at this time of the week, counted from Monday 00:00
    /// UTC; none draws any time of the week for each key.
    ///
    /// # Panics
    /// As [`Motion::new`].
    pub fn new(kind: &SignalKind, noise: &Noise, starts_in_week: Option<SimDuration>) -> Self {
        Self {
            kind: kind.clone(),
            motion: Arc::new(Motion::new(noise, starts_in_week)),
        }
    }

    /// Returns a sample for each interval of length `step`, with the chance of counting over its exposure:
    /// requests or runs, host hours, or samples of single hosts.
    ///
    /// A latency has one factor for all requests of an interval: its numerator is that factor times the
    /// exposure, without any chance of single requests.
    pub fn series(
        &self,
        key: Key,
        step: SimDuration,
        exposures: impl IntoIterator<Item = f64>,
    ) -> Vec<Sample> {
        let mut movement = Movement::new(Arc::clone(&self.motion), key, 0, Population::Canary);
        let mut sampler = Sampler::default();
        let half = step.as_nanos() / 2;
        let sample = |(k, exposure): (u64, f64)| {
            let middle = SimTime::from_nanos(step.as_nanos() * k - half);
            let level = movement.at(k, middle).of(normal_level(&self.kind));
            self.sample(&mut sampler, key, k, level, exposure)
        };
        (1..).zip(exposures).map(sample).collect()
    }

    /// Returns the places of [`Generator::series`] at which a block of a resampled history begins, the first
    /// value of a block each; none where no blocks are played.
    pub fn block_begins(&self, key: Key, step: SimDuration, intervals: usize) -> Vec<usize> {
        let mut movement = Movement::new(Arc::clone(&self.motion), key, 0, Population::Canary);
        let half = step.as_nanos() / 2;
        let mut before = None;
        let mut begins = Vec::new();
        for place in 0..intervals {
            let middle = SimTime::from_nanos(step.as_nanos() * (place as u64 + 1) - half);
            let block = movement.block(middle);
            if block != before {
                begins.push(place);
            }
            before = block;
        }
        begins
    }

    fn sample(&self, sampler: &mut Sampler, key: Key, k: u64, level: f64, exposure: f64) -> Sample {
        let mut draws = key.draws(address::SAMPLE, 0, k as u32);
        let Sums {
            numerator,
            denominator,
        } = match &self.kind {
            SignalKind::Ratio { correlation, .. } | SignalKind::RatioOfRuns { correlation, .. } => {
                sampler.ratio(&mut draws, exposure as u64, level, *correlation)
            }
            SignalKind::Count { size, .. } => count(&mut draws, level, exposure, *size),
            SignalKind::Heartbeat { .. } => sampler.ratio(&mut draws, exposure as u64, level, 0.0),
            // Nothing is drawn: updates are what they are.
            SignalKind::Updates => Sums::default(),
            SignalKind::Gauge { sd, .. } => gauge(&mut draws, level, *sd, exposure),
            SignalKind::Latency { .. } => Sums {
                numerator: level * exposure,
                denominator: exposure,
            },
        };
        Sample {
            numerator,
            denominator,
        }
    }
}
