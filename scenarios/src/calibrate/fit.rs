//! The whole of a calibration: one history in, a fit or a refusal out.

use sim_core::engine::{Key, RunningHash, SimDuration};
use sim_core::policy::gate::test::Conformal;

use super::counts::{self, CountFit};
use super::drift::{self, Drift};
use super::dynamics::Dynamics;
use super::hosts::{self, HostFit};
use super::kind::Kind;
use super::latency::{self, LatencyFit};
use super::memory::{self, MemoryFit};
use super::model::{Holding, digits, model, shortened};
use super::ratios::{self, RatioFit};
use super::refusal::Refusal;
use super::runs::{self, RunCheck};
use super::series::Series;
use super::units;
use super::windows::Windows;
use crate::NoiseModel;
use crate::form::noise::FittedFrom;
use crate::recorded::RecordedSeries;

/// What the user says about a history.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The kind of the metric; none guesses.
    pub kind: Option<Kind>,
    /// The length of a block; none is two hours, or twelve steps if that is longer.
    pub block: Option<SimDuration>,
    /// What holds the written movement together.
    pub holding: Holding,
    /// How many hosts a count was added up over; none counts those that the history names.
    pub hosts: Option<u32>,
    /// The probabilities for which limits are suggested.
    pub alphas: Vec<f64>,
    /// The root of all random draws.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            kind: None,
            block: None,
            holding: Holding::Blocks,
            hosts: None,
            alphas: vec![0.05, 0.01, 0.001],
            seed: 1,
        }
    }
}

/// A fitted history.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The kind of the metric.
    pub kind: Kind,
    /// How many values there are, over how long.
    pub values: usize,
    /// The time from the first value to the last.
    pub span: SimDuration,
    /// The mean level over time: events in an interval, a fraction, a level.
    pub base: f64,
    /// What was found in a series of intervals; none for single requests.
    pub series: Option<SeriesFit>,
    /// What was found in single requests.
    pub latency: Option<LatencyFit>,
    /// What hosts have of their own, and what they share.
    pub hosts: Option<HostFit>,
    /// For each probability asked for, the limit that one value exceeds with at most that probability.
    pub limits: Vec<(f64, Option<f64>)>,
    /// The model, ready to be written.
    pub model: NoiseModel,
}

/// What was found in a series of intervals.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesFit {
    /// The lengths of time that were used.
    pub windows: Windows,
    /// The share of the variance of a day that the season of other days explains, if it does.
    pub season: Option<f64>,
    /// How counts scatter.
    pub counts: Option<CountFit>,
    /// How ratios scatter.
    pub ratio: Option<RatioFit>,
    /// What the movement remembers.
    pub memory: MemoryFit,
    /// How the second half differs from the first.
    pub drift: Drift,
    /// Predicted and observed runs of breaches.
    pub runs: RunCheck,
}

/// Fits a history.
///
/// # Errors
/// Why nothing is fitted.
pub fn fit(history: &RecordedSeries, settings: &Settings) -> Result<Fit, Refusal> {
    let mut values: Vec<f64> = history.points.iter().map(|point| point.value).collect();
    if values.iter().all(|value| *value == values[0]) {
        return Err(constant(values[0], values.len()));
    }
    let kind = Kind::of(history, settings.kind)?;
    units::check(&values)?;
    if kind == Kind::Latency {
        return of_requests(history, &values, settings);
    }
    let series = Series::of(history, kind)?;
    let windows = Windows::of(&series, settings.block)?;
    let of = Dynamics::of(&series, kind);
    let fitted = levels(&series, &of);
    let key = Key::for_replication(settings.seed, u64::MAX);
    if let Some(dispersion) = of.dispersion {
        ratios::enough_variance(kind, dispersion, series.present())?;
    }
    let ratio = ratio(kind, &series, of.dispersion)?;
    let per_day = series.cells(SimDuration::from_hours(24));
    let memory = memory::fit(&of.residuals, &memory::filled(&of.residuals, per_day));
    let hosts = hosts::fit(history, &series, &of.level);
    let drift = drift::check(&series, &of.residuals, windows)
        .map_err(|refusal| refusal.yet(hosts.as_ref().map(HostFit::said)))?;
    values = series.seen();
    let shared = hosts.as_ref().and_then(|found| found.shared).unwrap_or(0.0);
    let (signal, noise) = model(
        &series,
        &of,
        &memory,
        settings.holding,
        windows.block,
        digits(shared),
    );
    let (noise, dropped) = shortened(noise);
    Ok(Fit {
        kind,
        values: series.present(),
        span: series.span(),
        base: of.base,
        hosts,
        latency: None,
        limits: limits(&values, &settings.alphas),
        model: NoiseModel {
            kind: per_host(signal, history, settings),
            noise,
            description: shortening(dropped),
            ..named(history, &values)
        },
        series: Some(SeriesFit {
            windows,
            season: of.explained,
            counts: (kind == Kind::Count).then(|| counts::fit(&series, &fitted, key)),
            ratio,
            memory,
            drift,
            runs: runs::check(&series, kind, windows, settings.seed),
        }),
    })
}

fn ratio(
    kind: Kind,
    series: &Series,
    dispersion: Option<f64>,
) -> Result<Option<RatioFit>, Refusal> {
    match (kind, dispersion) {
        (Kind::Ratio, Some(dispersion)) => Ok(Some(ratios::fit(series, dispersion)?)),
        _ => Ok(None),
    }
}

fn shortening(dropped: usize) -> String {
    match dropped {
        0 => String::new(),
        _ => format!(
            "The movement is that of the end of the history: {dropped} earlier values were too many for a file. Export at the step at which the policy looks to keep them."
        ),
    }
}

fn of_requests(
    history: &RecordedSeries,
    values: &[f64],
    settings: &Settings,
) -> Result<Fit, Refusal> {
    let found = latency::fit(values)?;
    Ok(Fit {
        kind: Kind::Latency,
        values: values.len(),
        span: history.span(),
        base: values.iter().sum::<f64>() / values.len() as f64,
        series: None,
        hosts: hosts::of_requests(history),
        limits: limits(values, &settings.alphas),
        model: NoiseModel {
            kind: found.signal(),
            ..named(history, values)
        },
        latency: Some(found),
    })
}

fn constant(value: f64, count: usize) -> Refusal {
    Refusal::new("CM320", format!("the history is constant: {count} times {value}"))
        .reason("a model without noise would call every change a regression")
        .help("check the query and its unit; an error count that is always 0 supports only a limit: with n clean requests the error rate is below 3/n at 95 %")
}

/// Returns the levels that a series has without its movement, with exposures.
fn levels(series: &Series, of: &Dynamics) -> Vec<f64> {
    let levels = of.level.over(series).into_iter().zip(&series.exposures);
    levels
        .map(|(level, over)| libm::exp(level) * over)
        .collect()
}

fn limits(values: &[f64], alphas: &[f64]) -> Vec<(f64, Option<f64>)> {
    let limit = |alpha: &f64| (*alpha, Conformal::calibrate(values, *alpha).threshold());
    alphas.iter().map(limit).collect()
}

/// Shares a count out among the hosts that it was added up over.
fn per_host(
    kind: sim_core::telemetry::SignalKind,
    history: &RecordedSeries,
    settings: &Settings,
) -> sim_core::telemetry::SignalKind {
    use sim_core::telemetry::SignalKind;
    let hosts = settings.hosts.unwrap_or(history.hosts.len().max(1) as u32);
    match kind {
        SignalKind::Count {
            per_host_hour,
            size,
        } => SignalKind::Count {
            per_host_hour: digits(per_host_hour / f64::from(hosts.max(1))),
            size,
        },
        mut other => {
            if let SignalKind::Ratio { base, .. } | SignalKind::Gauge { base, .. } = &mut other {
                *base = digits(*base);
            }
            other
        }
    }
}

/// Returns a model with a name and nothing in it.
fn named(history: &RecordedSeries, values: &[f64]) -> NoiseModel {
    let file = history.name.rsplit(['/', '\\']).next().unwrap_or("history");
    let stem = file.split('.').next().filter(|stem| !stem.is_empty());
    let mut digest = RunningHash::new();
    values
        .iter()
        .for_each(|value| digest.text(&value.to_bits().to_string()));
    NoiseModel {
        version: 1,
        name: stem.unwrap_or("history").to_owned(),
        description: String::new(),
        kind: sim_core::telemetry::SignalKind::Gauge { base: 0.0, sd: 0.0 },
        noise: sim_core::telemetry::Noise::default(),
        fitted_from: Some(FittedFrom {
            source: history.name.clone(),
            begins: history.points[0].time.to_string(),
            span: history.span(),
            step: history.step,
            samples: values.iter().filter(|value| !value.is_nan()).count() as u64,
            digest: format!("{:016x}", digest.finish()),
        }),
    }
}
