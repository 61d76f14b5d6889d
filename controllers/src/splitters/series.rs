//! A series of picks, as recordings sum it up.

use super::proxies::{Keys, Server, Turns};

/// The requests of a window whose counts are compared.
pub const WINDOW: usize = 100;

/// Which of the requests, in their order, reached the canary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickSeries(Vec<bool>);

impl PickSeries {
    /// The next `number` turns.
    pub fn turns(turns: &mut dyn Turns, number: usize) -> Self {
        Self(
            (0..number)
                .map(|_| turns.turn() == Server::Canary)
                .collect(),
        )
    }

    /// The picks for keys.
    pub fn keys(picks: &dyn Keys, all: impl Iterator<Item = String>) -> Self {
        Self(all.map(|key| picks.pick(&key) == Server::Canary).collect())
    }

    /// How many reached the canary.
    pub fn canary(&self) -> usize {
        self.0.iter().filter(|canary| **canary).count()
    }

    /// The numbers of those that reached the canary, from 1.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        let all = self.0.iter().enumerate();
        all.filter(|(_, canary)| **canary)
            .map(|(index, _)| index + 1)
    }

    /// The first picks as letters, S for stable and C for canary.
    pub fn letters(&self, number: usize) -> String {
        let first = self.0.iter().take(number);
        first
            .map(|canary| if *canary { 'C' } else { 'S' })
            .collect()
    }

    /// The variance of the canary's count in windows of 100 that follow each other (divided by their number less one).
    pub fn variance(&self) -> f64 {
        let count = |window: &[bool]| window.iter().filter(|canary| **canary).count() as f64;
        let counts: Vec<f64> = self.0.chunks(WINDOW).map(count).collect();
        let mean = counts.iter().sum::<f64>() / counts.len() as f64;
        let squares: f64 = counts.iter().map(|it| (it - mean) * (it - mean)).sum();
        squares / (counts.len() as f64 - 1.0)
    }
}
