//! Movements: how far the level of a signal is from its normal value, apart from effects.

use std::sync::Arc;

use super::Noise;
use super::link::Link;
use super::noise::Walk;
use super::resample::{Place, Position, Resampler, When};
use super::season::{since_monday, week};
use crate::address;
use crate::engine::{Key, SimDuration, SimTime};
use crate::policy::gate::Population;

/// A noise model made ready to be played, once for all replications.
///
/// It is centred: over time a factor has the mean 1 and a summand the mean 0, so that a signal's normal
/// value is its arithmetic mean whatever moves it.
#[derive(Clone, Debug)]
pub struct Motion {
    noise: Noise,
    starts: Option<SimDuration>,
    /// What is taken from the season.
    centre: f64,
    resampler: Option<Resampler>,
}

impl Motion {
    /// Prepares `noise` for a rollout that starts at this time of the week, counted from Monday 00:00
    /// UTC; none draws any time of the week for each replication.
    ///
    /// # Panics
    /// When a history without any residuals or a step of zero is to be resampled; files are checked.
    pub fn new(noise: &Noise, starts_in_week: Option<SimDuration>) -> Self {
        let moving = noise.dependence.as_ref().filter(|it| !it.is_still());
        Self {
            starts: starts_in_week,
            centre: noise.season.centre(noise.link),
            resampler: moving.map(|dependence| Resampler::new(dependence, noise.link)),
            // What is resampled lies centred in the resampler.
            noise: Noise {
                dependence: None,
                season: noise.season.clone(),
                ..*noise
            },
        }
    }

    fn is_still(&self) -> bool {
        self.noise.is_still() && self.resampler.is_none()
    }
}

/// How far a level is from its normal value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelShift {
    /// By what factor; 1 for a link of identity.
    pub factor: f64,
    /// By what summand, in the signal's unit; 0 for a logarithmic link.
    pub summand: f64,
}

impl LevelShift {
    const NONE: Self = Self {
        factor: 1.0,
        summand: 0.0,
    };

    /// Returns the level that stands so far from `normal`.
    pub fn of(self, normal: f64) -> f64 {
        (normal + self.summand) * self.factor
    }
}

/// The movement of one signal in one population of one replication.
#[derive(Clone, Debug)]
pub struct Movement {
    motion: Arc<Motion>,
    place: Place,
    /// When in the week the rollout started.
    starts: Option<SimDuration>,
    own: Walk,
    shared: Walk,
    position: Position,
}

impl Movement {
    /// Makes the movement of the signal with this number in `population`.
    ///
    /// What populations share is drawn at the signal's address, so that it is the same for all of them.
    pub fn new(motion: Arc<Motion>, key: Key, signal: u32, population: Population) -> Self {
        let draw = || {
            let at = key.draws(address::CALENDAR, 0, 0).below(week().as_nanos());
            SimDuration::from_nanos(at)
        };
        let resampler = motion.resampler.as_ref();
        let seasonal =
            !motion.noise.season.is_still() || resampler.is_some_and(Resampler::is_seasonal);
        Self {
            starts: seasonal.then(|| motion.starts.unwrap_or_else(draw)),
            motion,
            place: Place {
                key,
                signal,
                population: population as u32,
            },
            own: Walk::default(),
            shared: Walk::default(),
            position: Position::default(),
        }
    }

    /// Draws from another key what is not drawn yet.
    pub fn reseed(&mut self, key: Key) {
        self.place.key = key;
    }

    /// Returns the shift in interval `k`, counted from 1, whose middle is `middle`.
    ///
    /// Intervals must not go backwards. A history is read at the middle of the interval, so that its
    /// step may be longer or shorter than the interval is.
    pub fn at(&mut self, k: u64, middle: SimTime) -> LevelShift {
        if self.motion.is_still() {
            return LevelShift::NONE;
        }
        let mut sum = self.gaussian(k);
        let motion = &self.motion;
        if let Some(starts) = self.starts {
            sum += motion.noise.season.at(since_monday(starts, middle)) - motion.centre;
        }
        if let Some(resampler) = &motion.resampler {
            let when = When {
                at: middle,
                starts: self.starts,
            };
            sum += resampler.value_at(self.place, &mut self.position, when);
        }
        match motion.noise.link {
            Link::Log => LevelShift {
                factor: libm::exp(sum),
                ..LevelShift::NONE
            },
            Link::Identity => LevelShift {
                summand: sum,
                ..LevelShift::NONE
            },
        }
    }

    /// Returns the number of the block of a history that is played at `at`; none where no blocks are.
    pub fn block(&mut self, at: SimTime) -> Option<u64> {
        let resampler = self.motion.resampler.as_ref()?;
        resampler.block_at(self.place, &mut self.position, at)
    }

    fn gaussian(&mut self, k: u64) -> f64 {
        let noise = &self.motion.noise;
        let (own, shared, memory) = (noise.own, noise.shared, noise.memory);
        let Place {
            key,
            signal,
            population,
        } = self.place;
        // A lognormal factor of this centre has the mean 1.
        let mut sum = match noise.link {
            Link::Log => -(own * own + shared * shared) / 2.0,
            Link::Identity => 0.0,
        };
        if own > 0.0 {
            let entity = signal * 4 + population;
            let draws = |tick| key.draws(address::OWN_NOISE, entity, tick);
            sum += own * self.own.step_to(k, memory, draws);
        }
        if shared > 0.0 {
            let draws = |tick| key.draws(address::SHARED_NOISE, signal, tick);
            sum += shared * self.shared.step_to(k, memory, draws);
        }
        sum
    }
}
