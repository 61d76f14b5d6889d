//! The samples of one population, and their sums up to each.

use std::sync::Arc;

use super::sums::{Sample, Sums};

/// The samples of one population, step by step.
#[derive(Clone, Debug)]
pub struct Track {
    samples: Arc<[Option<Sample>]>,
    /// The sums and the numbers of values that are no numbers before each step.
    before: Arc<[(Sums, u32)]>,
}

impl PartialEq for Track {
    /// By the bits of the samples: what is no number is equal to itself.
    fn eq(&self, other: &Self) -> bool {
        let bits = |sample: &Option<Sample>| {
            sample.map(|it| [it.numerator.to_bits(), it.denominator.to_bits()])
        };
        Arc::ptr_eq(&self.samples, &other.samples)
            || self
                .samples
                .iter()
                .map(bits)
                .eq(other.samples.iter().map(bits))
    }
}

impl Track {
    /// Takes the samples of all steps. A numerator that is not finite says that a value was recorded which
    /// is no number.
    pub fn new(samples: Vec<Option<Sample>>) -> Self {
        let mut before = Vec::with_capacity(samples.len() + 1);
        let (mut sums, mut spoilt) = (Sums::default(), 0);
        before.push((sums, spoilt));
        for sample in &samples {
            spoilt += u32::from(sample.is_some_and(|sample| !sample.numerator.is_finite()));
            sums.add(finite(*sample));
            before.push((sums, spoilt));
        }
        Self {
            samples: samples.into(),
            before: before.into(),
        }
    }

    /// Returns how many steps there are.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Says whether there is no step.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Returns the sample of a step.
    pub fn at(&self, place: usize) -> Option<Sample> {
        self.samples.get(place).copied().flatten()
    }

    /// Sums and values that are no numbers over places, the second excluded.
    ///
    /// Few samples are added up one by one: a difference of sums has the rounding of all before it.
    pub(super) fn between(&self, from: usize, to: usize) -> (Sums, u32) {
        let to = to.min(self.samples.len());
        let from = from.min(to);
        let ((begin, before), (end, until)) = (self.before[from], self.before[to]);
        let spoilt = until - before;
        if to - from > FEW {
            return (end.less(begin), spoilt);
        }
        let mut sums = Sums::default();
        self.samples[from..to]
            .iter()
            .for_each(|sample| sums.add(finite(*sample)));
        (sums, spoilt)
    }
}

/// So many samples are few.
const FEW: usize = 60;

/// What counts of a sample: nothing, where it is no number.
pub(super) fn finite(sample: Option<Sample>) -> Sums {
    sample
        .filter(|sample| sample.numerator.is_finite())
        .map_or(Sums::default(), Sums::from)
}
