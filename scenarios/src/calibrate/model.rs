//! From a series taken apart to a noise model that can be played.

use sim_core::engine::SimDuration;
use sim_core::telemetry::{Autoregressive, Blocks, Dependence, Noise, Season, SignalKind};

use super::dynamics::Dynamics;
use super::kind::Kind;
use super::memory::{self, MemoryFit};
use super::series::Series;

/// How the movement of a model holds together in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holding {
    /// Blocks of the history as it was.
    #[default]
    Blocks,
    /// A slow movement and white noise, driven by the history's innovations.
    Autoregressive,
    /// Not at all: each value on its own. It serves comparison and is never written to a file.
    Independent,
}

impl Holding {
    /// Returns the word that names it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Blocks => "blocks",
            Self::Autoregressive => "autoregressive",
            Self::Independent => "independent",
        }
    }
}

/// Returns the kind and the noise of a series, for one host.
pub(super) fn model(
    series: &Series,
    of: &Dynamics,
    memory: &MemoryFit,
    holding: Holding,
    block: SimDuration,
    shared: f64,
) -> (SignalKind, Noise) {
    let season = match holding {
        Holding::Independent => Season::default(),
        _ => rounded_season(&of.level.season),
    };
    let still = of
        .residuals
        .iter()
        .all(|value| value.is_nan() || *value == 0.0);
    let noise = Noise {
        link: of.link,
        season,
        dependence: (!still).then(|| dependence(series, of, memory, holding, block, shared)),
        ..Noise::default()
    };
    (kind(series, of), noise)
}

fn kind(series: &Series, of: &Dynamics) -> SignalKind {
    let hours = series.step.as_nanos() as f64 / 3.6e12;
    match of.kind {
        Kind::Count => SignalKind::Count {
            per_host_hour: of.base / hours,
            size: None,
        },
        Kind::Ratio => SignalKind::Ratio {
            base: of.base.min(1.0),
            correlation: 0.0,
            of: sim_core::telemetry::Counted::Requests,
            unheard: 0.0,
        },
        Kind::Gauge | Kind::Latency => SignalKind::Gauge {
            base: of.base,
            sd: 0.0,
        },
    }
}

fn dependence(
    series: &Series,
    of: &Dynamics,
    memory: &MemoryFit,
    holding: Holding,
    block: SimDuration,
    shared: f64,
) -> Dependence {
    let per_day = series.cells(SimDuration::from_hours(24));
    let filled = memory::filled(&of.residuals, per_day);
    let rounded = |values: Vec<f64>| -> Vec<f64> { values.into_iter().map(digits).collect() };
    let step = series.step;
    let (phi, slow) = (memory.memory, memory.slow);
    match holding {
        Holding::Autoregressive => Dependence::Autoregressive(Autoregressive {
            step,
            memory: phi,
            slow,
            shared,
            innovations: rounded(Autoregressive::innovations_of(&filled, phi, slow)),
        }),
        Holding::Blocks => Dependence::Blocks(Blocks {
            step,
            block,
            shared,
            begins: of.explained.map(|_| series.time_of_week(0)),
            residuals: rounded(filled),
        }),
        Holding::Independent => Dependence::Blocks(Blocks {
            step,
            block: step,
            shared,
            begins: None,
            residuals: rounded(whole(series, of)),
        }),
    }
}

/// The most values of a movement that a file holds: with ten letters each they stay below the mebibyte that
/// is read of a document.
const WRITTEN_MAX: usize = 80_000;

/// Keeps the latest values of a movement that is too long for a file, and says how many were dropped.
pub(super) fn shortened(mut noise: Noise) -> (Noise, usize) {
    let dropped = match &mut noise.dependence {
        None => 0,
        Some(Dependence::Blocks(blocks)) => {
            let dropped = drop_front(&mut blocks.residuals);
            let passed = blocks.step.as_nanos() * dropped as u64;
            let week = SimDuration::from_hours(7 * 24).as_nanos();
            let later =
                |begins: SimDuration| SimDuration::from_nanos((begins.as_nanos() + passed) % week);
            blocks.begins = blocks.begins.map(later);
            dropped
        }
        Some(Dependence::Autoregressive(process)) => drop_front(&mut process.innovations),
    };
    (noise, dropped)
}

fn drop_front(values: &mut Vec<f64>) -> usize {
    let dropped = values.len().saturating_sub(WRITTEN_MAX);
    values.drain(..dropped);
    dropped
}

/// Returns season and residual together: what a value is drawn from when nothing else is known.
fn whole(series: &Series, of: &Dynamics) -> Vec<f64> {
    let levels = of.level.over(series);
    let pairs = levels.iter().zip(&of.residuals);
    pairs
        .map(|(level, residual)| level - of.level.intercept + residual)
        .filter(|value| !value.is_nan())
        .collect()
}

fn rounded_season(season: &Season) -> Season {
    let mut season = season.clone();
    for harmonic in season.daily.iter_mut().chain(&mut season.weekly) {
        (harmonic.cos, harmonic.sin) = (digits(harmonic.cos), digits(harmonic.sin));
    }
    season
}

/// Rounds to five significant digits: far below any error of a fit, and a file that stays small.
pub(super) fn digits(value: f64) -> f64 {
    let text = format!("{value:.4e}");
    text.parse().expect("a number that was just written is one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_movement_too_long_for_a_file_keeps_its_latest_values_and_their_time() {
        let noise = Noise {
            dependence: Some(Dependence::Blocks(Blocks {
                step: SimDuration::from_secs(60),
                block: SimDuration::from_hours(2),
                shared: 0.0,
                begins: Some(SimDuration::from_hours(167)),
                residuals: (0..80_120).map(f64::from).collect(),
            })),
            ..Noise::default()
        };
        let (noise, dropped) = shortened(noise);
        let Some(Dependence::Blocks(blocks)) = noise.dependence else {
            panic!("they are still blocks")
        };
        assert_eq!(
            (dropped, blocks.residuals.len(), blocks.residuals[0]),
            (120, 80_000, 120.0)
        );
        assert_eq!(
            blocks.begins,
            Some(SimDuration::from_hours(1)),
            "Sunday 23:00 and two hours"
        );
    }
}
