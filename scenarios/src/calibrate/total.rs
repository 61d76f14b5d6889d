//! The run-length check over several histories.

use super::model::Holding;
use super::predictive::Predictive;
use super::runs::{RUNS, RunCheck};

/// Sums over histories.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// How many windows there are.
    pub windows: f64,
    /// For each run length, how many windows saw such a run.
    pub observed: [usize; 3],
    /// For each run length, the mean prediction of blocks, of a slow movement, of independence.
    pub predicted: [[f64; 3]; 3],
    /// For each run length, where 95 % of such futures lie, the doubt of the fits included.
    pub intervals: [[usize; 2]; 3],
    /// The root mean square over histories of predicted minus observed windows with three breaches in a row,
    /// as parts of their windows.
    pub rmse: f64,
}

/// How far the prediction may be from what was observed without being wrong.
const NEAR: std::ops::RangeInclusive<f64> = 0.8..=1.25;

impl Total {
    /// Adds up checks; none without any.
    pub fn of(checks: &[&RunCheck]) -> Option<Self> {
        if checks.is_empty() {
            return None;
        }
        let three = RUNS
            .iter()
            .position(|run| *run == 3)
            .expect("three is looked for");
        let error = |check: &&RunCheck| {
            let [blocks, ..] = check.predictions.as_slice() else {
                return 0.0;
            };
            let miss = (blocks.mean(three) - check.observed[three] as f64) / check.windows;
            miss * miss
        };
        let squares: f64 = checks.iter().map(error).sum();
        Some(Self {
            windows: checks.iter().map(|check| check.windows).sum(),
            observed: std::array::from_fn(|run| {
                checks.iter().map(|check| check.observed[run]).sum()
            }),
            predicted: std::array::from_fn(|run| means(checks, run)),
            intervals: std::array::from_fn(|run| interval(checks, run)),
            rmse: libm::sqrt(squares / checks.len() as f64),
        })
    }

    /// Says whether what was observed for three in a row is what was predicted: inside the interval, or
    /// near the mean.
    pub fn is_consistent(&self) -> bool {
        let [low, high] = self.intervals[1];
        let near = NEAR.contains(&(self.predicted[1][0] / self.observed[1] as f64));
        near || (low..=high).contains(&self.observed[1])
    }
}

fn means(checks: &[&RunCheck], run: usize) -> [f64; 3] {
    let sum = |holding: Holding| {
        let of = checks.iter().flat_map(|check| &check.predictions);
        of.filter(|prediction| prediction.holding == holding)
            .map(|prediction| prediction.mean(run))
            .sum()
    };
    [
        Holding::Blocks,
        Holding::Autoregressive,
        Holding::Independent,
    ]
    .map(sum)
}

/// The interval of the sum: histories are independent, and so is what is not known of each.
fn interval(checks: &[&RunCheck], run: usize) -> [usize; 2] {
    let laws = checks.iter().map(|check| check.law(run));
    let sum = laws.reduce(|sum: Predictive, law| sum.and(&law));
    sum.map_or([0, 0], |law| law.interval())
}
