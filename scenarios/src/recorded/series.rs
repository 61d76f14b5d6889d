//! A recording that can be used.

use sim_core::engine::SimDuration;

use super::timestamp::{Stretch, Timestamp};
use super::unit::Unit;
use crate::Report;

/// One recorded value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When it was recorded.
    pub time: Timestamp,
    /// What was recorded; finite but in [`RecordedSeries::spoilt`].
    pub value: f64,
    /// How many requests (or runs, or samples) it stands for, where the recording says so; finite
    /// and not negative.
    pub n: Option<f64>,
    /// The host, as a place in [`RecordedSeries::hosts`].
    pub host: Option<u32>,
    /// The version, as a place in [`RecordedSeries::versions`].
    pub version: Option<u32>,
}

/// A stretch in which samples are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordingGap {
    /// The last sample before it.
    pub from: Timestamp,
    /// The first sample after it.
    pub to: Timestamp,
    /// How many samples are missing.
    pub missing: u64,
}

/// The recorded history of one metric, in the order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedSeries {
    /// The name of the file as the user gave it.
    pub name: String,
    /// The unit, where each value carries it.
    pub unit: Option<String>,
    /// Whether the values count errors, as the form, a name or somebody says.
    pub are_errors: bool,
    /// Whether a name says percent.
    pub says_percent: bool,
    /// The unit that somebody has said; values in percent have been divided by 100.
    pub unit_said: Option<Unit>,
    /// The usual time between two samples of one host. Zero when each point is a request of its own.
    pub step: SimDuration,
    /// Whether the samples lie on a grid of that step.
    pub is_regular: bool,
    /// The samples, by time, then in the order of the file.
    pub points: Vec<Point>,
    /// What was recorded and is no number, by time: NaN, as of no errors among no requests, or infinite.
    pub spoilt: Vec<Point>,
    /// Where samples are missing.
    pub gaps: Vec<RecordingGap>,
    /// The names of hosts.
    pub hosts: Vec<String>,
    /// The names of versions.
    pub versions: Vec<String>,
    /// What was left out on request.
    pub excluded: Vec<Stretch>,
    /// What is wrong and does no harm: warnings, with the places that they point to.
    pub warnings: Report,
}

impl RecordedSeries {
    /// Returns the time from the first sample to the last, and one step more.
    pub fn span(&self) -> SimDuration {
        let ends = self.points.first().zip(self.points.last());
        let millis = ends.map_or(0, |(first, last)| last.time.millis() - first.time.millis());
        SimDuration::from_millis(millis.unsigned_abs()) + self.step
    }

    /// Returns the times of the first and the last row, whether they hold numbers or not.
    pub fn ends(&self) -> Option<[Timestamp; 2]> {
        let first = [self.points.first(), self.spoilt.first()];
        let last = [self.points.last(), self.spoilt.last()];
        let time = |point: &Point| point.time;
        Some([
            first.into_iter().flatten().map(time).min()?,
            last.into_iter().flatten().map(time).max()?,
        ])
    }

    /// Takes the values for what somebody says.
    pub(super) fn in_unit(&mut self, unit: Unit) {
        self.unit_said = Some(unit);
        self.are_errors = unit == Unit::Errors;
        if unit == Unit::Percent {
            self.points
                .iter_mut()
                .for_each(|point| point.value /= 100.0);
        }
    }

    /// Says whether every sample says how many requests it stands for.
    pub fn has_denominators(&self) -> bool {
        !self.points.is_empty() && self.points.iter().all(|point| point.n.is_some())
    }
}
