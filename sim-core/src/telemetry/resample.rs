//! Movements that are resampled from a history, value by value.

use super::link::Link;
use super::{Autoregressive, Blocks, Dependence};
use crate::address;
use crate::engine::{Draws, Key, SimDuration, SimTime};

/// The weight of what came before the first step that is played, at most: what a start from nothing
/// instead of from the stationary law may cost.
const FORGOTTEN: f64 = 1e-3;

/// A dependence made ready to be played: its values are centred.
#[derive(Clone, Debug)]
pub(super) enum Resampler {
    Blocks(Blocks),
    Process {
        process: Autoregressive,
        theta: f64,
        /// The steps that are played before the first that counts.
        burn: u64,
        /// The logarithm of the mean factor; 0 for a summand.
        centre: f64,
    },
}

/// The place of a movement: which signal, and which population of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub key: Key,
    pub signal: u32,
    pub population: u32,
}

/// An instant of a rollout, and when in the week the rollout started, where that matters.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    pub at: SimTime,
    pub starts: Option<SimDuration>,
}

/// What a resampled movement remembers of where it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Position {
    /// The time from the start of the grid of blocks or steps to the start of the rollout.
    phase: Option<u64>,
    /// The block or step that is being played.
    at: u32,
    /// Where the block begins in the history.
    start: u64,
    value: f64,
    error: f64,
}

impl Resampler {
    pub fn new(dependence: &Dependence, link: Link) -> Self {
        match dependence {
            Dependence::Blocks(blocks) => Self::blocks(blocks.clone(), link),
            Dependence::Autoregressive(process) => Self::process(process.clone(), link),
        }
    }

    /// Every residual is as likely as any other at any time, so that the mean over the history is the
    /// mean over time.
    fn blocks(mut blocks: Blocks, link: Link) -> Self {
        let n = blocks.residuals.len() as f64;
        let mean = match link {
            Link::Identity => blocks.residuals.iter().sum::<f64>() / n,
            Link::Log => libm::log(blocks.residuals.iter().map(|r| libm::exp(*r)).sum::<f64>() / n),
        };
        blocks.residuals.iter_mut().for_each(|it| *it -= mean);
        Self::Blocks(blocks)
    }

    fn process(mut process: Autoregressive, link: Link) -> Self {
        let mean = process.innovations.iter().sum::<f64>() / process.innovations.len() as f64;
        process.innovations.iter_mut().for_each(|it| *it -= mean);
        let theta = process.theta();
        let centre = match link {
            Link::Identity => 0.0,
            Link::Log => log_mean(&process, theta),
        };
        let burn = libm::ceil(libm::log(FORGOTTEN) / libm::log(process.memory));
        Self::Process {
            theta,
            burn: burn.max(1.0) as u64,
            centre,
            process,
        }
    }

    /// Says whether the time of the week matters.
    pub fn is_seasonal(&self) -> bool {
        matches!(self, Self::Blocks(blocks) if blocks.begins.is_some())
    }

    /// Returns the number of the block that is played at `at`; none for a process.
    pub fn block_at(&self, place: Place, position: &mut Position, at: SimTime) -> Option<u64> {
        match self {
            Self::Blocks(blocks) => {
                let block = blocks.block.as_nanos();
                Some(passed(place, position, at, block) / block)
            }
            Self::Process { .. } => None,
        }
    }

    /// Returns the movement at `when`, on the scale of the link; `when` must not go backwards.
    pub fn value_at(&self, place: Place, position: &mut Position, when: When) -> f64 {
        let at = when.at;
        match self {
            Self::Blocks(blocks) => of_block(blocks, place, position, when),
            Self::Process {
                process,
                theta,
                burn,
                centre,
            } => {
                let step = process.step.as_nanos();
                let passed = passed(place, position, at, step);
                let tick = (passed / step + burn) as u32;
                walk(process, *theta, place, position, tick) - centre
            }
        }
    }
}

/// The time since the start of the grid, which lies at a random phase of its spacing.
fn passed(place: Place, position: &mut Position, at: SimTime, spacing: u64) -> u64 {
    let draw = || {
        place
            .key
            .draws(address::RESAMPLE_PHASE, place.signal, 0)
            .below(spacing)
    };
    at.as_nanos() + *position.phase.get_or_insert_with(draw)
}

fn of_block(blocks: &Blocks, place: Place, position: &mut Position, when: When) -> f64 {
    let block = blocks.block.as_nanos();
    let passed = passed(place, position, when.at, block);
    let n = blocks.residuals.len() as u64;
    // Block 0 stands for none.
    let number = (passed / block + 1) as u32;
    let inside = passed % block;
    if position.at != number {
        position.at = number;
        let mut draws = whose(place, number, blocks.shared);
        let aligned = blocks.begins.zip(when.starts).and_then(|(begins, starts)| {
            // The block may have begun before the rollout did.
            let days = (block / DAY + 1) * DAY;
            let begun = starts.as_nanos() + days + when.at.as_nanos() - inside;
            let turned = (begun % DAY + DAY - begins.as_nanos() % DAY) % DAY;
            aligned(blocks, &mut draws, turned)
        });
        position.start = aligned.unwrap_or_else(|| draws.below(n));
    }
    let inside = inside / blocks.step.as_nanos();
    blocks.residuals[((position.start + inside) % n) as usize]
}

/// The nanoseconds of a day.
const DAY: u64 = 86_400_000_000_000;
/// How far from its time of day a block may come from.
const AROUND: u64 = 1_800_000_000_000;
/// How many places are tried. In a history of a day and more at least every second one is inside.
const TRIES: usize = 64;

/// Draws a place of the history whose time of day lies `turned` behind that of its first residual.
fn aligned(blocks: &Blocks, draws: &mut Draws, turned: u64) -> Option<u64> {
    let (step, n) = (blocks.step.as_nanos(), blocks.residuals.len() as u64);
    let days = (n * step).div_ceil(DAY) + 1;
    let mut place = || {
        let day = draws.below(days) * DAY;
        let around = draws.below(2 * AROUND);
        let time = (day + turned + around).checked_sub(AROUND)?;
        Some(time / step).filter(|place| *place < n)
    };
    (0..TRIES).find_map(|_| place())
}

fn walk(
    process: &Autoregressive,
    theta: f64,
    place: Place,
    position: &mut Position,
    tick: u32,
) -> f64 {
    assert!(
        tick >= position.at,
        "a process with memory only goes forwards"
    );
    let n = process.innovations.len() as u64;
    while position.at < tick {
        position.at += 1;
        let index = whose(place, position.at, process.shared).below(n);
        let innovation = process.innovations[index as usize];
        position.value = process.memory * position.value + innovation - theta * position.error;
        position.error = innovation;
    }
    position.value
}

/// Returns the draws of block or step `number`: with probability `shared` those of the signal, which all
/// its populations see, and otherwise the population's own. So each population's movement follows
/// the same law whatever is shared.
fn whose(place: Place, number: u32, shared: f64) -> Draws {
    let Place {
        key,
        signal,
        population,
    } = place;
    let mut common = key.draws(address::SHARED_RESAMPLE, signal, number);
    if common.chance(shared) {
        common
    } else {
        key.draws(address::OWN_RESAMPLE, signal * 4 + population, number)
    }
}

/// Returns the logarithm of the mean of `exp(r)` for the stationary process `r`, a sum of independent
/// innovations with the weights `1, memory - theta, (memory - theta) memory, ...`: the sum of the
/// innovations' cumulant generating function over these weights.
fn log_mean(process: &Autoregressive, theta: f64) -> f64 {
    let table = Cumulants::new(&process.innovations);
    let mut sum = table.at(1.0);
    let mut weight = process.memory - theta;
    while weight > 1e-6 {
        sum += table.at(weight);
        weight *= process.memory;
    }
    sum
}

/// The cumulant generating function `c(w)` of a sample between the weights 0 and 1, as a table of
/// `c(w) / w^2`, which is smooth: it goes to half the variance as `w` goes to 0.
struct Cumulants([f64; Self::POINTS]);

impl Cumulants {
    /// Weights of the table from 1 down, each the 2^(-1/4)th part of the one before.
    const POINTS: usize = 33;

    fn new(sample: &[f64]) -> Self {
        let n = sample.len() as f64;
        let point = |index: usize| {
            let weight = libm::exp2(-(index as f64) / 4.0);
            let mean = sample.iter().map(|x| libm::exp(weight * x)).sum::<f64>() / n;
            libm::log(mean) / (weight * weight)
        };
        Self(std::array::from_fn(point))
    }

    fn at(&self, weight: f64) -> f64 {
        let place = (-4.0 * libm::log2(weight)).clamp(0.0, (Self::POINTS - 1) as f64);
        let low = (place as usize).min(Self::POINTS - 2);
        let part = place - low as f64;
        let value = self.0[low] * (1.0 - part) + self.0[low + 1] * part;
        value * weight * weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SimDuration;

    #[test]
    fn the_mean_factor_of_a_process_is_that_of_its_gaussian_limit() {
        // 2001 quantiles of a normal law of standard deviation 0.2: for Gaussian innovations the logarithm of
        // the mean is half the variance of the process, s^2 / (1 - f^2) for a pure AR(1).
        let innovations = statistics(0.2);
        let variance = innovations.iter().map(|x| x * x).sum::<f64>() / innovations.len() as f64;
        let process = Autoregressive {
            step: SimDuration::from_mins(5),
            memory: 0.9,
            slow: 1.0,
            shared: 0.0,
            innovations,
        };
        let expect = variance / (1.0 - 0.81) / 2.0;
        let found = log_mean(&process, 0.0);
        assert!(
            (found / expect - 1.0).abs() < 2e-3,
            "{found} against {expect}"
        );
    }

    fn statistics(sd: f64) -> Vec<f64> {
        // A sum of twelve equal steps of a fine grid is close enough to a normal law in its first
        // four moments; only its variance enters the expectation.
        let key = Key::for_replication(11, 0);
        let draw = |index: u32| {
            let mut draws = key.draws(0, 0, index);
            sd * ((0..12).map(|_| draws.uniform()).sum::<f64>() - 6.0)
        };
        let values: Vec<f64> = (0..4000).map(draw).collect();
        let mean = values.iter().sum::<f64>() / 4000.0;
        values.into_iter().map(|value| value - mean).collect()
    }
}
