//! The instants at which a rollout is scraped, and what is read at them.

use sim_core::Watched;
use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::gate::Flaw;

use super::played::ExportInput;
use crate::cli::failure::Failure;
use crate::study::Probe;

/// The instants at which is scraped.
#[derive(Clone, Copy)]
pub struct ScrapeGrid {
    /// From one to the next.
    pub every: SimDuration,
    /// How many there are.
    pub length: usize,
}

impl ScrapeGrid {
    /// The last instant at a time or before.
    pub fn place(self, at: SimTime) -> usize {
        (at.as_nanos() / self.every.as_nanos()) as usize
    }

    /// Values that hold until the next one comes.
    pub fn steps(self, changes: &[(SimTime, f64)]) -> Vec<Option<f64>> {
        let value = |place: usize| {
            let at = SimTime::after(self.every.saturating_mul(place as u64));
            let before = changes.iter().take_while(|(when, _)| *when <= at);
            before.last().map(|(_, value)| *value)
        };
        (0..self.length).map(value).collect()
    }

    /// What was read at each instant. Nothing asked for is something that was read: there were no requests.
    pub fn readings(self, readings: &[Watched]) -> GridReadings {
        let mut found = vec![None; self.length];
        let arrived = |reading: &&Watched| {
            let flaw = reading.flaw;
            flaw.is_none_or(|flaw| flaw == Flaw::ZeroDenominator)
        };
        for reading in readings.iter().filter(arrived) {
            let on_the_grid = reading.at.as_nanos().is_multiple_of(self.every.as_nanos());
            if let Some(place) = found
                .get_mut(self.place(reading.at))
                .filter(|_| on_the_grid)
            {
                *place = Some(*reading);
            }
        }
        found
    }
}

/// What probes read at each instant.
pub fn read_on(
    input: &ExportInput,
    probes: &[Probe],
    grid: ScrapeGrid,
) -> Result<Vec<GridReadings>, Failure> {
    let probed = input.probe(probes)?;
    let readings = probed.readings.iter();
    Ok(readings.map(|readings| grid.readings(readings)).collect())
}

/// What was read at each instant; none where nothing arrived.
pub type GridReadings = Vec<Option<Watched>>;
