//! Recordings: a signal whose samples are a recorded history, and no model at all.

use super::sums::Sums;
use super::track::{Track, finite};
use crate::address;
use crate::engine::{Key, SimDuration, sample};
use crate::policy::gate::Population;

/// A recorded history that takes the place of a signal's samples.
///
/// The sample of step `i` is known from the end of that step on. A rollout starts when the step `start`
/// ends, or `phase` later: what was recorded until then is none of a new version's, and all of everybody
/// else's. A step without a sample is missing data. Faults of the data's way do not touch a recording: what
/// happened to it has happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// The time from one sample to the next, a whole number of scrape intervals.
    pub step: SimDuration,
    /// The samples of the canary, or of everybody.
    pub canary: Track,
    /// The samples of the control; none where versions were not told apart.
    pub control: Option<Track>,
    /// The step with which the rollout starts.
    pub start: usize,
    /// How long before the start of the rollout that step ended; shorter than a step, and a whole number of
    /// scrape intervals.
    pub phase: SimDuration,
    /// Whether denominators are numbers of samples. Where they are only weights, a gate that asks for a
    /// number of samples is taken to have enough.
    pub counted: bool,
    /// What of everybody's samples each population has seen, where versions were not told apart.
    pub dealt: Dealt,
}

/// What of a sample that is everybody's each population has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dealt {
    /// All of it: both populations show what was recorded.
    #[default]
    Whole,
    /// Requests, each of which reached the canary with its share of the traffic, whether it failed or not;
    /// the control has seen the others.
    Requests,
    /// Levels, which both populations show, and the numbers of samples behind them, which they share.
    Levels,
    /// Events, each of which hit the canary with its share; and so its part of the host hours.
    Events,
}

/// Steps of a recording, both ends included, counted from the one with which the rollout starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Steps {
    pub oldest: i64,
    pub newest: i64,
}

impl Recording {
    /// Returns the same recording for a rollout that starts `phase` after the end of another step.
    #[must_use]
    pub fn starting_at(&self, start: usize, phase: SimDuration) -> Self {
        Self {
            start,
            phase,
            ..self.clone()
        }
    }

    /// Says whether canary and control need not show the same.
    pub const fn tells_populations_apart(&self) -> bool {
        !self.shows_all_to_all() && !matches!(self.dealt, Dealt::Levels)
    }

    /// Says whether both populations show all that was recorded.
    pub(super) const fn shows_all_to_all(&self) -> bool {
        self.control.is_none() && matches!(self.dealt, Dealt::Whole)
    }

    /// Returns how many scrape intervals a step has.
    pub(super) fn stride(&self, interval: SimDuration) -> u64 {
        (self.step.as_nanos() / interval.as_nanos()).max(1)
    }

    /// Returns the interval with which the step ends that is under way at the end of interval `k` or ends
    /// there; 0 where it ended before the start.
    pub(super) fn ended(&self, k: u64, interval: SimDuration) -> u64 {
        let into = (k + self.lead(interval)) % self.stride(interval);
        k.saturating_sub(into)
    }

    /// The intervals from the end of the first step to the start of the rollout.
    fn lead(&self, interval: SimDuration) -> u64 {
        self.phase.as_nanos() / interval.as_nanos()
    }

    /// Returns the number of the step that ends with interval `k`, if one does.
    pub(super) fn step_at(&self, k: u64, interval: SimDuration) -> Option<i64> {
        let (passed, stride) = (k + self.lead(interval), self.stride(interval));
        passed
            .is_multiple_of(stride)
            .then_some((passed / stride) as i64)
    }

    /// Returns the interval with which a step ends; 0 for those that end before the start.
    pub(super) fn end_of(&self, step: i64, interval: SimDuration) -> u64 {
        let end = step.max(0) as u64 * self.stride(interval);
        end.saturating_sub(self.lead(interval))
    }

    fn place(&self, step: i64) -> Option<usize> {
        usize::try_from(self.start as i64 + step).ok()
    }

    /// The tracks that `population` shows.
    fn tracks(&self, population: Population) -> impl Iterator<Item = &Track> {
        let own = match (population, &self.control) {
            (Population::Control, Some(control)) => [Some(control), None],
            (Population::Fleet, control) => [Some(&self.canary), control.as_ref()],
            _ => [Some(&self.canary), None],
        };
        own.into_iter().flatten()
    }

    /// Returns the first step that `population` can have: a new version has none before the start.
    pub(super) fn first(&self, population: Population) -> i64 {
        match population {
            Population::Canary | Population::CanaryBaseline => 1,
            Population::Control | Population::Fleet => -(self.start as i64),
        }
    }

    /// Says whether `population` has a sample of a step.
    pub(super) fn is_recorded(&self, population: Population, step: i64) -> bool {
        let Some(place) = self.place(step) else {
            return false;
        };
        let mut tracks = self.tracks(population);
        tracks.any(|track| track.at(place).is_some())
    }

    /// Says whether a value among `steps` is no number.
    pub(super) fn is_spoilt(&self, population: Population, steps: Steps) -> bool {
        let (from, to) = self.places(steps);
        let mut tracks = self.tracks(population);
        tracks.any(|track| track.between(from, to).1 > 0)
    }

    /// Returns the sums of what was recorded before the start, which nobody had to share.
    pub(super) fn before_start(&self, population: Population, steps: Steps) -> Sums {
        let newest = steps.newest.min(0);
        if newest < steps.oldest {
            return Sums::default();
        }
        self.whole(population, Steps { newest, ..steps })
    }

    /// Says whether a population has seen all of what its tracks show.
    pub(super) fn is_whole(&self, population: Population) -> bool {
        let all = self.control.is_some() || matches!(self.dealt, Dealt::Whole);
        all || population == Population::Fleet
    }

    /// Returns the sums of all that the tracks of a population show.
    pub(super) fn whole(&self, population: Population, steps: Steps) -> Sums {
        let (from, to) = self.places(steps);
        let mut all = Sums::default();
        for track in self.tracks(population) {
            all.add(track.between(from, to).0);
        }
        all
    }

    fn places(&self, steps: Steps) -> (usize, usize) {
        let from = self.place(steps.oldest).unwrap_or_default();
        (from, self.place(steps.newest + 1).unwrap_or_default())
    }

    /// Returns what `population` has seen of a step in which the canary had this part of the traffic.
    ///
    /// Each request reached the canary with that probability, whatever it came to: bad and good ones are
    /// thinned on their own (exact binomial thinning), and what the canary has not seen the control has.
    pub(super) fn seen(
        &self,
        (key, signal): (Key, usize),
        population: Population,
        step: i64,
        part: f64,
    ) -> Sums {
        let whole = |track: &Track| finite(self.place(step).and_then(|place| track.at(place)));
        match (population, &self.control) {
            (Population::Control, Some(control)) => return whole(control),
            (_, Some(_)) => return whole(&self.canary),
            _ => {}
        }
        let all = whole(&self.canary);
        let place = self.place(step).unwrap_or_default() as u32;
        let canary = self.canarys(key, (signal as u32, place), all, part);
        match (population, self.dealt) {
            (_, Dealt::Whole) => all,
            (Population::Control, _) => all.less(canary),
            _ => canary,
        }
    }

    fn canarys(&self, key: Key, (signal, place): (u32, u32), all: Sums, part: f64) -> Sums {
        let mut draws = key.draws(address::DEALT, signal, place);
        let mut thin = |count: f64| {
            let count = libm::round(count.max(0.0)) as u64;
            sample::binomial(&mut draws, count, part.clamp(0.0, 1.0)) as f64
        };
        match self.dealt {
            Dealt::Whole => all,
            Dealt::Requests if part >= 1.0 => all,
            Dealt::Requests => {
                let bad = thin(all.numerator);
                let good = thin(all.denominator - all.numerator);
                Sums {
                    numerator: bad,
                    denominator: bad + good,
                }
            }
            Dealt::Levels => all.of_samples(thin(all.denominator)),
            Dealt::Events => Sums {
                numerator: thin(all.numerator),
                denominator: all.denominator * part,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::Sample;

    fn track(values: &[Option<f64>]) -> Track {
        let sample = |value: &Option<f64>| {
            value.map(|numerator| Sample {
                numerator,
                denominator: 10.0,
            })
        };
        Track::new(values.iter().map(sample).collect())
    }

    fn recording() -> Recording {
        Recording {
            step: SimDuration::from_mins(5),
            canary: track(&[Some(0.0), Some(1.0), None, Some(3.0), Some(f64::NAN)]),
            control: None,
            start: 0,
            phase: SimDuration::ZERO,
            counted: true,
            dealt: Dealt::Whole,
        }
    }

    const MINUTE: SimDuration = SimDuration::from_mins(1);

    #[test]
    fn a_sample_arrives_at_the_end_of_its_step_and_at_no_other_scrape() {
        let ends = |recording: &Recording| {
            let step = |k| recording.step_at(k, MINUTE);
            [0, 1, 4, 5, 6, 9, 10].map(step)
        };
        let it = recording();
        let none = None;
        assert_eq!(
            ends(&it),
            [Some(0), none, none, Some(1), none, none, Some(2)]
        );
        // The rollout starts a minute after a sample: the next comes after four.
        let later = it.starting_at(1, MINUTE);
        assert_eq!(
            ends(&later),
            [none, none, Some(1), none, none, Some(2), none]
        );
        assert_eq!([0, 1, 2].map(|step| later.end_of(step, MINUTE)), [0, 4, 9]);
        assert_eq!([3, 4, 8, 9].map(|k| later.ended(k, MINUTE)), [0, 4, 4, 9]);
    }

    #[test]
    fn what_was_before_the_start_is_the_fleets_and_none_of_the_canarys() {
        let it = recording().starting_at(3, SimDuration::ZERO);
        assert_eq!(it.first(Population::Canary), 1);
        assert_eq!(it.first(Population::Fleet), -3);
        let steps = |oldest, newest| Steps { oldest, newest };
        let before = |steps| it.before_start(Population::Fleet, steps).numerator;
        assert_eq!(before(steps(-3, 0)), 4.0);
        assert_eq!(before(steps(-2, 5)), 4.0);
        assert_eq!(before(steps(1, 5)), 0.0);
        assert!(!it.is_recorded(Population::Fleet, -1));
        assert!(it.is_spoilt(Population::Fleet, steps(-3, 1)));
        assert!(!it.is_spoilt(Population::Fleet, steps(-3, 0)));
    }

    #[test]
    fn canary_and_control_share_out_what_everybody_did() {
        let thousand = Sample {
            numerator: 200.0,
            denominator: 1000.0,
        };
        let it = Recording {
            canary: Track::new(vec![Some(thousand); 400]),
            dealt: Dealt::Requests,
            ..recording()
        };
        let key = Key::for_replication(5, 0);
        let (mut bad, mut all, mut squares) = (0.0, 0.0, 0.0);
        for step in 1..400 {
            let of = |population| it.seen((key, 0), population, step, 0.1);
            let (canary, control) = (of(Population::Canary), of(Population::Control));
            assert_eq!(canary.numerator + control.numerator, 200.0);
            assert_eq!(canary.denominator + control.denominator, 1000.0);
            bad += canary.numerator;
            all += canary.denominator;
            squares += (canary.numerator - 20.0) * (canary.numerator - 20.0);
        }
        // Means 20 and 100 of a step; their errors over 399 steps are sqrt(18 / 399) and sqrt(90 / 399).
        // The variance is 200 * 0.1 * 0.9 = 18, and its error 18 * sqrt(2 / 399); four of each.
        assert!((bad / 399.0 - 20.0).abs() < 4.0 * 0.213, "{bad}");
        assert!((all / 399.0 - 100.0).abs() < 4.0 * 0.475, "{all}");
        assert!((squares / 399.0 - 18.0).abs() < 4.0 * 1.28, "{squares}");
        let everything = it.seen((key, 0), Population::Canary, 1, 1.0);
        assert_eq!(
            (everything.numerator, everything.denominator),
            (200.0, 1000.0)
        );
    }
}
