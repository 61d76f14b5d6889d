//! Recordings: a signal whose samples are a recorded history, and no model at all.

use std::sync::Arc;

use super::Sample;
use crate::engine::SimDuration;
use crate::policy::gate::Population;

/// A recorded history that takes the place of a signal's samples.
///
/// The sample of step `i` is known from the end of that step on. A rollout starts when the step `start`
/// ends: what was recorded until then is not part of it, as the data before a rollout are none of a new
/// version. A step without a sample is missing data.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The time from one sample to the next, a whole number of scrape intervals.
    pub step: SimDuration,
    /// The samples of the canary, or of everybody.
    pub canary: Arc<[Option<Sample>]>,
    /// The samples of the control; none where versions were not told apart, so that both populations
    /// show the same.
    pub control: Option<Arc<[Option<Sample>]>>,
    /// The step with which the rollout starts.
    pub start: usize,
    /// Whether denominators are numbers of samples. Where they are only weights, a gate that asks for a
    /// number of samples is taken to have enough.
    pub counted: bool,
}

impl Recording {
    /// Returns the same recording for a rollout that starts with another step.
    #[must_use]
    pub fn starting_at(&self, start: usize) -> Self {
        Self {
            start,
            ..self.clone()
        }
    }

    /// Returns how many scrape intervals a step has.
    pub(super) fn stride(&self, interval: SimDuration) -> u64 {
        (self.step.as_nanos() / interval.as_nanos()).max(1)
    }

    /// Returns what arrived for `population` at the end of interval `k`.
    pub(super) fn sample(
        &self,
        population: Population,
        k: u64,
        interval: SimDuration,
    ) -> Option<Sample> {
        let stride = self.stride(interval);
        let whole = k.is_multiple_of(stride);
        let place = self.start + (k / stride) as usize;
        let samples = match (population, &self.control) {
            (Population::Control, Some(control)) => control,
            _ => &self.canary,
        };
        samples.get(place).copied().flatten().filter(|_| whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: &[Option<f64>]) -> Arc<[Option<Sample>]> {
        let sample = |value: &Option<f64>| {
            value.map(|numerator| Sample {
                numerator,
                denominator: 10.0,
            })
        };
        values.iter().map(sample).collect()
    }

    #[test]
    fn a_sample_arrives_at_the_end_of_its_step_and_at_no_other_scrape() {
        let recording = Recording {
            step: SimDuration::from_mins(5),
            canary: samples(&[Some(0.0), Some(1.0), None, Some(3.0)]),
            control: None,
            start: 0,
            counted: true,
        };
        let minute = SimDuration::from_mins(1);
        let at = |recording: &Recording, k| {
            let sample = recording.sample(Population::Control, k, minute);
            sample.map(|sample| sample.numerator)
        };
        assert_eq!(
            [4, 5, 6, 10, 15, 20].map(|k| at(&recording, k)),
            [None, Some(1.0), None, None, Some(3.0), None]
        );
        assert_eq!(at(&recording.starting_at(2), 5), Some(3.0));
    }
}
