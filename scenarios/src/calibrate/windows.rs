//! The lengths of time over which a history is looked at.

use sim_core::engine::SimDuration;

use super::refusal::Refusal;
use super::series::Series;

/// Lengths of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// A block of the bootstrap.
    pub block: SimDuration,
    /// A stretch over which autocorrelation has mostly gone: a quarter of a long one.
    pub short: SimDuration,
    /// A day, or twelve blocks where the history is shorter than five days.
    pub long: SimDuration,
}

/// The usual block.
const BLOCK: SimDuration = SimDuration::from_hours(2);
/// A block holds at least so many steps, so that a run of breaches fits in.
const STEPS_MIN: u64 = 12;
const BLOCKS_MIN: u64 = 30;
const VALUES_MIN: usize = 200;
const DAY: SimDuration = SimDuration::from_hours(24);

impl Windows {
    /// Chooses the lengths for a series, or refuses one that is too short.
    pub(super) fn of(series: &Series, block: Option<SimDuration>) -> Result<Self, Refusal> {
        let step = series.step.as_nanos();
        let wanted = block.unwrap_or_else(|| BLOCK.max(SimDuration::from_nanos(STEPS_MIN * step)));
        let steps = (wanted.as_nanos() / step).max(1);
        let block = SimDuration::from_nanos(steps * step);
        let (span, present) = (series.span(), series.present());
        if present < VALUES_MIN || span.as_nanos() / block.as_nanos() < BLOCKS_MIN {
            let message = format!(
                "the history holds {present} values over {span}; {VALUES_MIN} values over {BLOCKS_MIN} blocks of {block} are the least"
            );
            return Err(Refusal::new("CM321", message)
                .reason("rare runs of breaches are what decides, and a short history holds none")
                .help("export several days, or say --block 10m if the metric forgets so fast"));
        }
        let twelve = SimDuration::from_nanos(12 * block.as_nanos());
        let long = if span.as_nanos() >= 5 * DAY.as_nanos() {
            DAY
        } else {
            twelve.min(DAY)
        };
        Ok(Self {
            block,
            short: SimDuration::from_nanos((long.as_nanos() / 4).max(step)),
            long,
        })
    }
}
