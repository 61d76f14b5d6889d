//! The grid: what samples are drawn on, for one experiment or for several that share their luck.

use std::sync::Arc;

use crate::engine::SimDuration;
use crate::experiment::Experiment;
use crate::policy::Gate;
use crate::policy::gate::{Measure, Population};
use crate::telemetry::{LatencyLaw, Signal, SignalKind};
use crate::traffic::Arrivals;

/// What samples are drawn on: the interval, the laws of latencies, and how far back anybody looks.
///
/// They depend on the gates, because what no gate can tell apart is drawn at once. Experiments
/// that are played on one common grid draw the very same samples from the same seed, wherever their
/// worlds are alike; on grids of their own they draw others of the same distribution.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The interval in which samples are drawn: a scrape interval, or several where no gate can tell.
    pub(crate) interval: SimDuration,
    /// The longest look-back of any gate on each signal, in intervals.
    pub(crate) reach: Vec<u64>,
    /// The law of each latency of which a gate reads quantiles.
    pub(crate) laws: Vec<Option<Arc<LatencyLaw>>>,
}

impl Grid {
    /// The coarsest grid that no gate of `experiment` can look inside of.
    pub fn of(experiment: &Experiment) -> Self {
        Self::common(&[experiment])
    }

    /// The coarsest grid that no gate of any of `experiments` can look inside of.
    ///
    /// # Panics
    /// When there is no experiment, or their telemetry or arrivals differ: they would not be played
    /// in one world.
    pub fn common(experiments: &[&Experiment]) -> Self {
        Self::knowing(experiments, &[])
    }

    fn knowing(experiments: &[&Experiment], known: &[Option<Arc<LatencyLaw>>]) -> Self {
        let first = experiments.first().expect("a grid is for some experiment");
        for other in experiments {
            let alike = other.telemetry == first.telemetry;
            assert!(alike, "one grid is for one telemetry");
            let alike = other.traffic.arrivals == first.traffic.arrivals;
            assert!(alike, "one grid is for one kind of arrivals");
        }
        let interval = interval(experiments);
        let signals = || first.telemetry.signals.iter();
        Self {
            interval,
            reach: signals()
                .map(|signal| reach(experiments, signal, interval))
                .collect(),
            laws: signals()
                .map(|signal| law(experiments, signal, known))
                .collect(),
        }
    }

    /// The grid of `other`, as [`Grid::of`] makes it. It takes over what this one knows of equal latencies,
    /// which is what takes time to make.
    #[must_use]
    pub fn of_another(&self, other: &Experiment) -> Self {
        Self::knowing(&[other], &self.laws)
    }

    /// The same grid, made to last for the gates of `other` too.
    ///
    /// What was drawn on this grid is drawn again, sample by sample; the gates of `other` can look as far
    /// back as they ask, but see no finer than this grid does. A latency that nobody read quantiles of is made ready.
    #[must_use]
    pub fn reaching(mut self, other: &Experiment) -> Self {
        let signals = other.telemetry.signals.iter();
        let places = self.reach.iter_mut().zip(&mut self.laws);
        for (signal, (back, kept)) in signals.zip(places) {
            *back = (*back).max(reach(&[other], signal, self.interval));
            if kept.is_none() {
                *kept = law(&[other], signal, &[]);
            }
        }
        self
    }

    /// Returns the latency below which quantiles of a signal are guessed at, in milliseconds: the end of
    /// the first bucket of its histogram. None where it has none, or nobody reads quantiles of it.
    pub fn finest(&self, signal: usize) -> Option<f64> {
        self.laws.get(signal)?.as_ref()?.bounds().first().copied()
    }
}

/// Returns the gates that look at `signal`.
fn gates<'e>(experiment: &'e Experiment, signal: &'e Signal) -> impl Iterator<Item = &'e Gate> {
    let all = experiment.policy.gates.iter();
    all.filter(|gate| gate.signal == signal.id)
}

fn reach(experiments: &[&Experiment], signal: &Signal, interval: SimDuration) -> u64 {
    let longest = |experiment: &&Experiment| {
        let first = experiment.policy.stages[0].observe;
        let back = |gate: &Gate| {
            let canary = [Some(gate.population), gate.breach.limit.refers_to()];
            let baseline = canary.contains(&Some(Population::CanaryBaseline));
            if gate.window.takes_every_request() {
                // A test may have to catch up with everything since its stage began.
                return u64::MAX;
            }
            let over = if baseline {
                gate.over.max(first)
            } else {
                gate.over
            };
            intervals(over, interval)
        };
        gates(experiment, signal).map(back).max()
    };
    let longest = experiments.iter().filter_map(longest).max();
    let longest = longest.unwrap_or_default();
    match &signal.recording {
        // A look-back is rounded up to a step, and its end down to one.
        Some(recording) => longest + 2 * intervals(recording.step, interval),
        None => longest,
    }
}

/// Returns the law of `signal`, if it is a latency of which quantiles are read: one of those that are `known`
/// or a new one.
fn law(
    experiments: &[&Experiment],
    signal: &Signal,
    known: &[Option<Arc<LatencyLaw>>],
) -> Option<Arc<LatencyLaw>> {
    let SignalKind::Latency {
        parts,
        cap,
        buckets,
    } = &signal.kind
    else {
        return None;
    };
    let mut gates = experiments
        .iter()
        .flat_map(|experiment| gates(experiment, signal));
    if !gates.any(|gate| matches!(gate.measure, Measure::Quantile(_))) {
        return None;
    }
    let mut known = known.iter().flatten();
    let same = known.find(|law| law.is_of(parts, *cap, buckets));
    Some(same.map_or_else(
        || Arc::new(LatencyLaw::new(parts, *cap, buckets)),
        Arc::clone,
    ))
}

/// The longest interval, up to a minute, that no gate of the experiments can look inside of.
///
/// Evaluations, look-back times and the lag must be whole multiples of it, and what is drawn must
/// add up: sums of binomial, Poisson and normal samples are of the same kind, whereas bursts,
/// intra-class correlation and slow movements would change with the length of the interval. Effects on
/// the data's way may begin at any scrape.
fn interval(experiments: &[&Experiment]) -> SimDuration {
    let (telemetry, traffic) = (&experiments[0].telemetry, &experiments[0].traffic);
    let scrape = telemetry.scrape_every;
    let gates = || {
        experiments
            .iter()
            .flat_map(|experiment| &experiment.policy.gates)
    };
    let newest_alone = gates().any(|gate| {
        let newest = gate.over.is_zero() || gate.measure == Measure::Last;
        newest && !gate.window.takes_every_request()
    });
    let bursts = matches!(traffic.arrivals, Arrivals::NegativeBinomial { .. });
    let mut effects = experiments
        .iter()
        .flat_map(|experiment| experiment.release.iter().chain(&experiment.faults));
    let on_the_way = effects.any(|effect| effect.change.is_about_data() && !effect.is_inert());
    // Other products measure when their own clocks say so.
    let foreign = experiments
        .iter()
        .any(|experiment| experiment.product().is_some());
    if foreign || on_the_way || newest_alone || bursts || !telemetry.signals.iter().all(adds_up) {
        return scrape;
    }
    let beats = experiments
        .iter()
        .map(|experiment| experiment.policy.evaluate_every);
    let common = gates()
        .map(|gate| gate.over)
        .chain(gates().filter_map(|gate| gate.window.inner_look_back()))
        .chain(beats)
        .map(SimDuration::as_nanos)
        .fold(telemetry.lag.as_nanos(), gcd);
    let longest = SimDuration::from_nanos(common);
    let fits = longest <= SimDuration::from_mins(1) && common % scrape.as_nanos() == 0;
    if fits { longest } else { scrape }
}

fn adds_up(signal: &Signal) -> bool {
    let steady = signal.recording.is_none() && signal.noise.is_still();
    steady
        && match signal.kind {
            SignalKind::Ratio { correlation, .. } | SignalKind::RatioOfRuns { correlation, .. } => {
                correlation == 0.0
            }
            SignalKind::Count { size, .. } => size.is_none(),
            SignalKind::Gauge { .. }
            | SignalKind::Latency { .. }
            | SignalKind::Heartbeat { .. }
            | SignalKind::Updates => true,
        }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Returns how many intervals a look-back time covers: the newest sample alone where it is zero, and
/// nothing where it is shorter than an interval.
pub(crate) fn intervals(over: SimDuration, interval: SimDuration) -> u64 {
    if over.is_zero() {
        1
    } else {
        over.as_nanos() / interval.as_nanos()
    }
}
