//! From a recording to the samples of a signal.

use scenarios::recorded::{Point, RecordedSeries, Timestamp};
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;
use sim_core::policy::gate::Measure;
use sim_core::telemetry::{Dealt, Recording, Sample, Track};

use super::written::{NO_COUNTS, NO_SPREAD, Written, are_parts, whole, written};

/// A recording and the signal that it is about.
#[derive(Clone, Debug)]
pub struct SignalMetric {
    /// The signal, as the policy's gates call it.
    pub signal: String,
    /// What was recorded.
    pub history: RecordedSeries,
}

/// Which version of a recording is whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versions {
    /// Versions were not told apart: everybody shows the same.
    Same,
    /// The canary is the version at this place of [`RecordedSeries::versions`], the control all others.
    Canary(u32),
}

/// Whose requests a recording counts that does not tell versions apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's: a canary has seen its share of them.
    #[default]
    Fleet,
    /// The canary's own.
    Canary,
}

/// What a value of a recording is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Bad ones among `n`, or their fraction.
    Ratio,
    /// Events.
    Count,
    /// A level, or a number that stands for a distribution.
    Level,
}

/// Returns what the values of `signal` must be for the gates that read it; none where no gate does.
pub(super) fn use_of(policy: &Policy, signal: &str) -> Option<Use> {
    let gates = policy.gates.iter().filter(|gate| gate.signal == signal);
    let of = |measure: Measure| match measure {
        Measure::Ratio => (0, Use::Ratio),
        Measure::Count | Measure::RatePerHostHour => (1, Use::Count),
        Measure::Mean | Measure::Last | Measure::Quantile(_) => (2, Use::Level),
        // A trend alone is that of any level.
        Measure::Trend => (3, Use::Level),
    };
    let uses = gates.map(|gate| of(gate.measure));
    uses.min_by_key(|(rank, _)| *rank).map(|(_, found)| found)
}

/// A metric on the grid of its steps.
#[derive(Clone, Debug)]
pub(super) struct RecordedSignal {
    pub signal: String,
    pub file: String,
    pub recording: Recording,
    /// How many steps have a sample, and how many have none.
    pub filled: [u64; 2],
    /// Why the canary is shown what everybody has seen, where it is.
    pub unthinned: Option<&'static str>,
}

/// What a recording is taken for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub wanted: Use,
    pub versions: Versions,
    pub whose: Whose,
    pub hosts: Option<u32>,
}

impl RecordedSignal {
    /// Puts the samples between `origin` and `end` on steps; a sample belongs to the nearest one.
    ///
    /// # Errors
    ///
    /// When the values are not what the gates read.
    pub fn new(
        metric: &SignalMetric,
        taken: Taken,
        [origin, end]: [Timestamp; 2],
    ) -> Result<Self, String> {
        let history = &metric.history;
        let (wanted, versions, hosts) = (taken.wanted, taken.versions, taken.hosts);
        let written = match wanted {
            Use::Ratio => Some(written(history)?),
            Use::Level if are_parts(history) => Some(Written::Fractions),
            _ => None,
        };
        let (dealt, unthinned) = dealt(history, taken, written);
        let grid = Grid {
            origin,
            end,
            step: history.step,
            exposure: f64::from(hosts.unwrap_or(1)) * history.step.as_secs_f64() / 3600.0,
        };
        let of = |keep: &dyn Fn(&Point) -> bool| grid.samples(history, keep, wanted, written);
        let (canary, control) = match versions {
            Versions::Same => (of(&|_| true), None),
            Versions::Canary(canary) => (
                of(&|point| point.version == Some(canary)),
                Some(of(&|point| point.version != Some(canary))),
            ),
        };
        let filled = filled(&canary, control.as_deref());
        Ok(Self {
            signal: metric.signal.clone(),
            file: history.name.clone(),
            recording: Recording {
                step: history.step,
                counted: wanted == Use::Count || history.has_denominators(),
                canary: Track::new(canary),
                control: control.map(Track::new),
                start: 0,
                phase: SimDuration::ZERO,
                dealt,
            },
            filled,
            unthinned,
        })
    }
}

/// The steps of a recording.
struct Grid {
    origin: Timestamp,
    end: Timestamp,
    step: SimDuration,
    /// The host hours of a step.
    exposure: f64,
}

impl Grid {
    fn place(&self, at: Timestamp) -> Option<usize> {
        let step = self.step.as_nanos() as f64 / 1e6;
        let place = ((at.millis() - self.origin.millis()) as f64 / step).round();
        (place >= 0.0 && at <= self.end).then_some(place as usize)
    }

    fn samples(
        &self,
        history: &RecordedSeries,
        keep: &dyn Fn(&Point) -> bool,
        wanted: Use,
        written: Option<Written>,
    ) -> Vec<Option<Sample>> {
        let last = self.place(self.end).unwrap_or_default();
        let mut samples = vec![None; last + 1];
        let rows = history.points.iter().chain(&history.spoilt);
        for point in rows.filter(|point| keep(point)) {
            let Some(place) = self.place(point.time).filter(|place| *place <= last) else {
                continue;
            };
            let more = self.sample(point, wanted, written);
            let known: &mut Option<Sample> = &mut samples[place];
            *known = Some(match known {
                // The hosts of a step add up; they share the host hours of it.
                Some(known) => Sample {
                    numerator: known.numerator + more.numerator,
                    denominator: match wanted {
                        Use::Count => known.denominator.max(more.denominator),
                        Use::Ratio | Use::Level => known.denominator + more.denominator,
                    },
                },
                None => more,
            });
        }
        samples
    }

    fn sample(&self, point: &Point, wanted: Use, written: Option<Written>) -> Sample {
        let n = point.n.unwrap_or(1.0);
        if !point.value.is_finite() {
            // Nothing among nothing is no traffic; among something it is a broken value.
            let numerator = if n == 0.0 { 0.0 } else { f64::NAN };
            return Sample {
                numerator,
                denominator: n,
            };
        }
        let (numerator, denominator) = match (wanted, written) {
            (Use::Count, _) => (point.value, self.exposure),
            (Use::Ratio, Some(Written::Numerators)) => (point.value, n),
            (_, Some(Written::Fractions)) => (whole(point.value * n), n),
            _ => (point.value * n, n),
        };
        Sample {
            numerator,
            denominator,
        }
    }
}

/// Says what of the samples each version has seen, and why the canary has seen all of it where it has not.
fn dealt(
    history: &RecordedSeries,
    taken: Taken,
    written: Option<Written>,
) -> (Dealt, Option<&'static str>) {
    let own = taken.versions != Versions::Same || taken.whose == Whose::Canary;
    match (taken.wanted, written) {
        _ if own => (Dealt::Whole, None),
        (Use::Count, _) => (Dealt::Events, None),
        (_, Some(Written::Numerators | Written::Fractions)) => (Dealt::Requests, None),
        (Use::Level, _) if history.has_denominators() => (Dealt::Levels, Some(NO_SPREAD)),
        (Use::Level, _) => (Dealt::Whole, Some(NO_SPREAD)),
        (Use::Ratio, _) => (Dealt::Whole, Some(NO_COUNTS)),
    }
}

/// How many steps have a sample of anybody, and how many have none.
fn filled(canary: &[Option<Sample>], control: Option<&[Option<Sample>]>) -> [u64; 2] {
    let some =
        |place: &usize| canary[*place].is_some() || control.is_some_and(|it| it[*place].is_some());
    let filled = (0..canary.len()).filter(some).count();
    [filled as u64, (canary.len() - filled) as u64]
}
