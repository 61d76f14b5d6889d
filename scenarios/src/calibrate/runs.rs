//! The run-length check: fit on the first half, predict the second.

use sim_core::engine::{Key, SimDuration};
use sim_core::telemetry::Generator;

use super::dynamics::Dynamics;
use super::kind::Kind;
use super::memory;
use super::model::{Holding, model};
use super::predictive::Predictive;
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
    /// How many windows the first half has, and how many the second, whole or not.
    pub halves: [usize; 2],
}

impl RunCheck {
    /// Returns what blocks predict for the run length at this place of [`RUNS`], with the doubt of it.
    pub(super) fn law(&self, run: usize) -> Predictive {
        let [known, windows] = self.halves;
        Predictive::new(self.predictions[0].mean(run), windows, known)
    }

    /// Returns where 95 % of such futures lie: what blocks play, and what a past of this length cannot rule
    /// out.
    pub fn interval(&self, run: usize) -> [usize; 2] {
        let [low, high] = self.law(run).interval();
        let [least, most] = self.predictions[0].interval(run);
        [low.min(least), high.max(most)]
    }

    /// Says whether every run length was seen as often as predicted.
    pub fn is_as_predicted(&self) -> bool {
        let inside = |run: usize| {
            let [low, high] = self.interval(run);
            (low..=high).contains(&self.observed[run])
        };
        (0..RUNS.len()).all(inside)
    }
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
    let (half, end) = (series.len() / 2, series.len());
    let (first, second) = (series.part(0..half), series.part(half..end));
    let threshold = quantile(&first.seen());
    let per_window = series.cells(windows.long);
    let seen = second.seen();
    // Where two blocks meet, two runs may become one that is longer than any of the history.
    let longest = longest(&first.seen(), threshold);
    let of = Dynamics::of(&first, kind);
    let filled = memory::filled(&of.residuals, series.cells(SimDuration::from_hours(24)));
    let memory = memory::fit(&of.residuals, &filled);
    let predict = |holding| {
        let (kind, noise) = model(&first, &of, &memory, holding, windows.block, 0.0);
        let generator = Generator::new(&kind, &noise, Some(second.time_of_week(0)));
        let play = |replication| {
            let key = Key::for_replication(seed, replication as u64);
            let values = play(&generator, key, &second, of.kind);
            let borders = generator.block_begins(key, second.step, second.len());
            runs((&values, &seen), threshold, per_window, (&borders, longest))
        };
        let counts = (0..REPLICATIONS).map(play).collect();
        Prediction { holding, counts }
    };
    RunCheck {
        threshold,
        window: windows.long,
        windows: second.present() as f64 / per_window as f64,
        predictions: HOLDINGS.map(predict).into(),
        observed: runs((&seen, &seen), threshold, per_window, (&[], usize::MAX)),
        halves: [first.len(), second.len()].map(|cells| cells.div_ceil(per_window)),
    }
}

const HOLDINGS: [Holding; 3] = [
    Holding::Blocks,
    Holding::Autoregressive,
    Holding::Independent,
];

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

/// Returns the longest run of breaches.
fn longest(values: &[f64], threshold: f64) -> usize {
    let (mut longest, mut run) = (0, 0);
    for value in values {
        run = if *value > threshold { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Counts the windows in which a run of breaches reaches each length. What was not recorded ends a run, and
/// so does the border of two blocks where it would be longer than the `longest` of the history.
fn runs(
    (values, recorded): (&[f64], &[f64]),
    threshold: f64,
    per_window: usize,
    (borders, longest): (&[usize], usize),
) -> [usize; 3] {
    let mut found = [0; 3];
    let mut last = [usize::MAX; 3];
    let mut run = 0;
    let mut borders = borders.iter().copied().peekable();
    let mut block = 0;
    for (place, (value, there)) in values.iter().zip(recorded).enumerate() {
        block = borders.next_if_eq(&place).unwrap_or(block);
        let breaches = !there.is_nan() && *value > threshold;
        run = if breaches { run + 1 } else { 0 };
        if run > longest {
            run = run.min(place - block + 1);
        }
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
        let runs = |values: &[f64], there: &[f64], threshold| {
            super::runs((values, there), threshold, 5, (&[], usize::MAX))
        };
        assert_eq!(runs(&values, &values, 1.0), [2, 2, 1]);
        let mut gaps = values;
        gaps[1] = f64::NAN;
        gaps[6] = f64::NAN;
        assert_eq!(runs(&values, &gaps, 1.0), [1, 1, 0]);
        assert_eq!(
            runs(&values, &values, 9.0),
            [0, 0, 0],
            "equality is no breach"
        );
    }

    #[test]
    fn the_border_of_two_blocks_makes_no_run_that_the_history_has_not() {
        // Two runs of three meet at place 3: the history has none of more than three.
        let values = [9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 0.0];
        let count =
            |borders: &[usize], longest| runs((&values, &values), 1.0, 7, (borders, longest));
        assert_eq!(count(&[3], 3), [1, 1, 0]);
        // Without a border, and where the history has such runs, it is one run of six.
        assert_eq!(count(&[0], 3), [1, 1, 1]);
        assert_eq!(count(&[3], 6), [1, 1, 1]);
    }
}
