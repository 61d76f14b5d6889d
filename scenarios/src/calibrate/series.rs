//! One series on a grid of equal steps, pooled over hosts.

use sim_core::engine::SimDuration;
use sim_core::telemetry::time_of_week;

use super::kind::Kind;
use super::refusal::Refusal;
use crate::recorded::{RecordedSeries, Timestamp};

/// A series on a grid. What is missing is not a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Series {
    /// The instant of the first cell.
    pub start: Timestamp,
    /// The width of a cell.
    pub step: SimDuration,
    /// Counts or levels; of a ratio the bad requests.
    pub values: Vec<f64>,
    /// What they are counted over: requests of a ratio, else 1.
    pub exposures: Vec<f64>,
}

/// The most cells of a grid.
const CELLS_MAX: i64 = 10_000_000;

impl Series {
    /// Pools the hosts of a history: counts and ratios are added up, levels are averaged after the hosts'
    /// own levels have been made equal.
    pub fn of(history: &RecordedSeries, kind: Kind) -> Result<Self, Refusal> {
        let start = history.points.first().expect("a history has points").time;
        let step = (history.step.as_nanos() / 1_000_000) as i64;
        let last = history.points.last().expect("a history has points").time;
        let cells = (last.millis() - start.millis()) / step + 1;
        if cells > CELLS_MAX {
            return Err(too_thin());
        }
        let cells = cells as usize + 1;
        let shifts = own_levels(history, kind);
        let (mut sums, mut over, mut present) =
            (vec![0.0; cells], vec![0.0; cells], vec![0_u32; cells]);
        for point in &history.points {
            let place =
                ((point.time.millis() - start.millis()) as f64 / step as f64).round() as usize;
            let n = point.n.unwrap_or(1.0);
            let value = match kind {
                Kind::Ratio if fractions(history) => (point.value * n).round(),
                _ => point.value - shifts[point.host.map_or(0, |host| host as usize + 1)],
            };
            sums[place] += value;
            over[place] += n;
            present[place] += 1;
        }
        let most = present.iter().copied().max().unwrap_or(1);
        let value = |place: usize| match (present[place], kind) {
            (0, _) => f64::NAN,
            (hosts, Kind::Count) if hosts < most => f64::NAN,
            (_, Kind::Ratio | Kind::Count) => sums[place],
            (hosts, _) => sums[place] / f64::from(hosts),
        };
        let values: Vec<f64> = (0..cells).map(value).collect();
        // The last cell takes what rounding pushed out of the others, which is seldom anything.
        let last = values.iter().rposition(|value| !value.is_nan());
        let cells = last.map_or(0, |last| last + 1);
        Ok(Self {
            start,
            step: history.step,
            exposures: match kind {
                Kind::Ratio => over[..cells].to_vec(),
                _ => vec![1.0; cells],
            },
            values: values[..cells].to_vec(),
        })
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// How many values there are.
    pub fn present(&self) -> usize {
        self.values.iter().filter(|value| !value.is_nan()).count()
    }

    /// The cells of a stretch of time, at least one.
    pub fn cells(&self, stretch: SimDuration) -> usize {
        ((stretch.as_nanos() as f64 / self.step.as_nanos() as f64).round() as usize).max(1)
    }

    pub fn span(&self) -> SimDuration {
        SimDuration::from_nanos(self.step.as_nanos() * self.len() as u64)
    }

    /// The time of the week at which the cell at `place` begins, counted from Monday 00:00 UTC.
    pub fn time_of_week(&self, place: usize) -> SimDuration {
        let millis =
            self.start.millis() + ((self.step.as_nanos() / 1_000_000) * place as u64) as i64;
        time_of_week(millis.div_euclid(1000))
    }

    /// Returns the values as a gate sees them: counts, fractions, levels.
    pub fn seen(&self) -> Vec<f64> {
        let seen = |(value, over): (&f64, &f64)| if *over > 0.0 { value / over } else { f64::NAN };
        self.values.iter().zip(&self.exposures).map(seen).collect()
    }

    /// Returns the cells in `range` as a series of their own.
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        let millis = (self.step.as_nanos() / 1_000_000) * range.start as u64;
        Self {
            start: Timestamp::from_millis(self.start.millis() + millis as i64),
            step: self.step,
            values: self.values[range.clone()].to_vec(),
            exposures: self.exposures[range].to_vec(),
        }
    }
}

fn too_thin() -> Refusal {
    Refusal::new("CM321", "the values are spread too thin over time")
        .reason("a series needs about one value in each step")
        .help("export a shorter stretch at a constant step")
}

/// Says whether a ratio is written as fractions and not as numerators.
fn fractions(history: &RecordedSeries) -> bool {
    if history.are_errors {
        return false;
    }
    let mut points = history.points.iter();
    points.all(|point| point.value <= 1.0)
        && history
            .points
            .iter()
            .any(|point| point.value.fract() != 0.0)
}

/// Returns how far each host's mean level is from that of all; the first is for values without a host.
fn own_levels(history: &RecordedSeries, kind: Kind) -> Vec<f64> {
    let hosts = history.hosts.len() + 1;
    let (mut sums, mut counts) = (vec![0.0; hosts], vec![0.0_f64; hosts]);
    if hosts < 3 || kind != Kind::Gauge {
        return sums;
    }
    for point in &history.points {
        let host = point.host.map_or(0, |host| host as usize + 1);
        sums[host] += point.value;
        counts[host] += 1.0;
    }
    let mean = sums.iter().sum::<f64>() / counts.iter().sum::<f64>();
    let shift = |(sum, count): (&f64, &f64)| {
        if *count > 0.0 {
            sum / count - mean
        } else {
            0.0
        }
    };
    sums.iter().zip(&counts).map(shift).collect()
}
