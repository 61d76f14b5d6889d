//! Charts: the memory of a window that adds up readings.

use super::Window;
use super::test::{Cusum, EProcess, Ewma};

/// The memory of a window that adds up readings.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chart {
    Cusum(Cusum),
    Ewma(Ewma),
    EProcess(EProcess),
}

impl Chart {
    pub fn new(window: Window) -> Option<Self> {
        match window {
            Window::Cusum(window) => Some(Self::Cusum(Cusum::new(window.slack, window.limit))),
            Window::Ewma(window) => Some(Self::Ewma(Ewma::new(window.weight, window.width))),
            Window::EProcess(window) => {
                let process = EProcess::new(window.rate, window.bet, window.alpha);
                Some(Self::EProcess(process))
            }
            _ => None,
        }
    }

    /// Returns how near the chart is to its limit; for a bet, in the logarithm of its wealth.
    pub fn progress(&self, window: Window) -> f64 {
        match (self, window) {
            (Self::Cusum(sum), Window::Cusum(window)) => sum.sum() / window.limit,
            (Self::EProcess(process), Window::EProcess(window)) => {
                libm::log(process.wealth()) / -libm::log(window.alpha)
            }
            _ => 0.0,
        }
    }

    /// Takes a reading that can be compared and says whether the gate fires.
    pub fn observe(&mut self, breached: bool, excess: f64) -> bool {
        match self {
            Self::Cusum(sum) => sum.observe(excess).rejects(),
            // A reading that is better than the target is no reason to fire.
            Self::Ewma(average) => average.observe(excess).rejects() && average.average() > 0.0,
            Self::EProcess(process) => process.observe(breached).rejects(),
        }
    }
}
