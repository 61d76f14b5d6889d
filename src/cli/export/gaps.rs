//! What counters went on counting while nobody read them.
//!
//! After an outage a counter stands where it stands: the first value that arrives holds what came in the meantime. A
//! reading of one interval needs both of its ends, so that the end of a gap is read over the whole of it.

use std::collections::BTreeSet;

use sim_core::engine::SimDuration;

use super::grid::{GridReadings, ScrapeGrid, read_on};
use super::played::ExportInput;
use crate::cli::failure::Failure;
use crate::study::Probe;

/// Gaps of more lengths than these lose what came in them: each length is played once more.
const LENGTHS: usize = 32;

/// Puts what came in each gap into the last instant of it at which a value arrived.
///
/// # Errors
///
/// Those of a probe.
pub fn bridge(
    input: &ExportInput,
    probes: &[Probe],
    grid: ScrapeGrid,
    readings: &mut [GridReadings],
) -> Result<(), Failure> {
    let gaps = gaps(&readings[0]);
    let lengths: BTreeSet<usize> = gaps.iter().map(|gap| gap.length).collect();
    for length in lengths.into_iter().take(LENGTHS) {
        let over = SimDuration::from_nanos(grid.every.as_nanos() * length as u64);
        let longer = |probe: &Probe| Probe {
            over,
            ..probe.clone()
        };
        let probes: Vec<_> = probes.iter().map(longer).collect();
        let bridging = read_on(input, &probes, grid)?;
        for gap in gaps.iter().filter(|gap| gap.length == length) {
            for (points, bridging) in readings.iter_mut().zip(&bridging) {
                points[gap.last] = bridging[gap.last];
            }
        }
    }
    Ok(())
}

/// Instants in a row without a reading, between two that have one.
struct UnreadGap {
    length: usize,
    last: usize,
}

fn gaps(points: &GridReadings) -> Vec<UnreadGap> {
    let mut read = (0..points.len()).filter(|at| points[*at].is_some());
    let Some(mut before) = read.next() else {
        return Vec::new();
    };
    let mut gaps = Vec::new();
    for at in read {
        if at > before + 1 {
            gaps.push(UnreadGap {
                length: at - before - 1,
                last: at - 1,
            });
        }
        before = at;
    }
    gaps
}
