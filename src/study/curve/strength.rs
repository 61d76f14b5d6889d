//! One strength of a release and what it came to.

use serde::{Deserialize, Serialize};
use sim_core::Figures;

use crate::study::Case;
use crate::study::histogram::Histogram;
use crate::study::onset::PlayedFigures;

/// What the rollouts of one strength came to. Those that ended before the regression began, or were stopped by
/// a signal that it does not change, say nothing about it and are counted apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Strength {
    /// How many rollouts there are, those that are counted apart among them.
    pub played: u64,
    /// How many of them say something about the release.
    pub told: u64,
    /// In how many of those the release was acted upon in the end.
    pub acted: u64,
    /// Milliseconds from the regression until it was.
    pub delay_ms: Histogram,
    /// How many rollouts ended before the regression began.
    pub ended_before: u64,
    /// How many were stopped by a signal that the regression does not change.
    pub by_chance: u64,
}

impl Strength {
    /// Adds a replication. The release is acted upon where it is not missed.
    pub fn add(&mut self, case: &Case, figures: &Figures) {
        let experiment = case.experiment();
        let played = PlayedFigures {
            release: case.release,
            experiment,
            policy: &experiment.policy,
            figures,
        };
        let truth = played.truth(case.expect.as_ref().map(|expect| expect.outcome));
        let acted = truth.missed.map(|missed| !missed);
        self.played += 1;
        self.ended_before += u64::from(truth.ended_before == Some(true));
        self.by_chance += u64::from(truth.by_chance == Some(true));
        if let Some(acted) = acted {
            self.told += 1;
            self.acted += u64::from(acted);
            let delay = figures.detection.filter(|_| acted);
            self.delay_ms
                .add(delay.map(|delay| delay.as_nanos() / 1_000_000));
        }
    }

    /// Adds other replications.
    pub fn merge(&mut self, next: &Self) {
        self.played += next.played;
        self.told += next.told;
        self.acted += next.acted;
        self.delay_ms.merge(&next.delay_ms);
        self.ended_before += next.ended_before;
        self.by_chance += next.by_chance;
    }

    /// Returns how many rollouts say something about the release.
    pub const fn runs(&self) -> u64 {
        self.told
    }

    /// Returns the share of these rollouts in which the release was acted upon; 0 of none.
    pub fn rate(&self) -> f64 {
        self.events() as f64 / self.runs().max(1) as f64
    }

    /// Returns in how many rollouts the release was acted upon.
    pub const fn events(&self) -> u64 {
        self.acted
    }
}
