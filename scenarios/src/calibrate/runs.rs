//! The run-length check: fit on the first half, predict the second.

use sim_core::engine::{Key, SimDuration};
use sim_core::telemetry::Generator;

use super::dynamics::Dynamics;
use super::kind::Kind;
use super::memory;
use super::model::{Holding, model};
use super::series::Series;
use super::windows::Windows;

/// The lengths of runs that are looked for.
pub const RUNS: [usize; 3] = [2, 3, 5];
/// How often the second half is played.
pub const REPLICATIONS: usize = 200;
/// The quantile of the first half that a breach is above.
const QUANTILE: f64 = 0.98;

/// Windows with runs of breaches in the second half, as predicted from the first and as they were.
#[derive(Clone, Debug, PartialEq)]
pub struct RunCheck {
    /// The 98 % quantile of the first half.
    pub threshold: f64,
    /// The length of a window: a day, where the history is long enough.
    pub window: SimDuration,
    /// How many windows' worth of values the second half holds.
    pub windows: f64,
    /// The predictions: each with what holds its movement together.
    pub predictions: Vec<Prediction>,
    /// For each run length, how many windows saw such a run.
    pub observed: [usize; 3],
}

/// What one model predicts.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// What holds the movement together.
    pub holding: Holding,
    /// For each replication and run length, how many windows saw such a run.
    pub counts: Vec<[usize; 3]>,
}

impl Prediction {
    /// Returns the mean over the replications, for the run length at this place of [`RUNS`].
    pub fn mean(&self, run: usize) -> f64 {
        let sum: usize = self.counts.iter().map(|counts| counts[run]).sum();
        sum as f64 / self.counts.len() as f64
    }

    /// Returns the 2.5 % and 97.5 % quantiles over the replications.
    pub fn interval(&self, run: usize) -> [usize; 2] {
        let mut sorted: Vec<usize> = self.counts.iter().map(|counts| counts[run]).collect();
        sorted.sort_unstable();
        let n = sorted.len();
        [sorted[n / 40], sorted[n - 1 - n / 40]]
    }
}

/// Plays the second half of a series with models of the first.
pub(super) fn check(series: &Series, kind: Kind, windows: Windows, seed: u64) -> RunCheck {
    let half = series.len() / 2;
    let (first, second) = (series.part(0..half), series.part(half..series.len()));
    let threshold = quantile(&first.seen());
    let per_window = series.cells(windows.long);
    let seen = second.seen();
    let count = |values: &[f64]| runs(values, &seen, threshold, per_window);
    let of = Dynamics::of(&first, kind);
    let per_day = series.cells(SimDuration::from_hours(24));
    let memory = memory::fit(&of.residuals, &memory::filled(&of.residuals, per_day));
    let predict = |holding| {
        let (kind, noise) = model(&first, &of, &memory, holding, windows.block, 0.0);
        let generator = Generator::new(&kind, &noise, Some(second.time_of_week(0)));
        let play = |replication| {
            let key = Key::for_replication(seed, replication as u64);
            count(&play(&generator, key, &second, of.kind))
        };
        Prediction {
            holding,
            counts: (0..REPLICATIONS).map(play).collect(),
        }
    };
    RunCheck {
        threshold,
        window: windows.long,
        windows: second.present() as f64 / per_window as f64,
        predictions: [
            Holding::Blocks,
            Holding::Autoregressive,
            Holding::Independent,
        ]
        .map(predict)
        .into(),
        observed: count(&seen),
    }
}

/// Plays a stretch once and returns what a gate would see.
fn play(generator: &Generator, key: Key, series: &Series, kind: Kind) -> Vec<f64> {
    let hours = series.step.as_nanos() as f64 / 3.6e12;
    let exposure = |over: &f64| if kind == Kind::Count { hours } else { *over };
    let samples = generator.series(key, series.step, series.exposures.iter().map(exposure));
    let value = |sample: sim_core::telemetry::Sample| match kind {
        Kind::Count => sample.numerator,
        _ => sample.value(),
    };
    samples.into_iter().map(value).collect()
}

/// Returns the value that 98 % of the sample do not exceed.
fn quantile(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| !value.is_nan())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let rank = libm::ceil(QUANTILE * (sorted.len() as f64 - 1.0)) as usize;
    sorted.get(rank).copied().unwrap_or(f64::NAN)
}

/// Counts the windows in which a run of breaches reaches each length. What was not recorded ends a run.
fn runs(values: &[f64], recorded: &[f64], threshold: f64, per_window: usize) -> [usize; 3] {
    let mut found = [0; 3];
    let mut last = [usize::MAX; 3];
    let mut run = 0;
    for (place, (value, there)) in values.iter().zip(recorded).enumerate() {
        run = if !there.is_nan() && *value > threshold {
            run + 1
        } else {
            0
        };
        let window = place / per_window;
        for (at, length) in RUNS.into_iter().enumerate() {
            if run >= length && last[at] != window {
                last[at] = window;
                found[at] += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_with_runs_are_counted_once_and_gaps_end_a_run() {
        let values = [9.0, 9.0, 9.0, 0.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0];
        assert_eq!(runs(&values, &values, 1.0, 5), [2, 2, 1]);
        let mut gaps = values;
        gaps[1] = f64::NAN;
        gaps[6] = f64::NAN;
        assert_eq!(runs(&values, &gaps, 1.0, 5), [1, 1, 0]);
        assert_eq!(
            runs(&values, &values, 9.0, 5),
            [0, 0, 0],
            "equality is no breach"
        );
    }
}
