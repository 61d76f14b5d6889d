//! The whole judgement of a configuration.
//!
//! Source: `NetflixACAJudge.scala`, `ScoringHelper.scala` (a69573b).

use super::classify::{Classified, Test};
use super::form::{Analysis, CanaryConfig, Metric, ScoreThresholds};
use super::mode::{Mode, Repair};
use super::sample::prepared;
use super::score::{self, Counted, Score, Verdict};

/// Samples of one metric. NaN is a point that the store had no value for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair {
    /// Name of the metric.
    pub name: String,
    /// The baseline.
    pub control: Vec<f64>,
    /// The canary.
    pub experiment: Vec<f64>,
}

/// The judgement is not made: an exception ends it, and no score comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exception {
    /// Samples have a name that no metric of the configuration has.
    UnknownMetric(String),
    /// `outlierFactor` is not above 0.
    OutlierFactor(String),
}

/// A judgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// What each pair came to, in order.
    pub metrics: Vec<Classified>,
    /// The score of those that are not muted.
    pub score: Score,
    /// The verdict.
    pub verdict: Verdict,
}

/// A repair that alone changes a judgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Which one.
    pub repair: Repair,
    /// The judgement with it and nothing else.
    pub judgement: Judgement,
}

/// Standard normal numbers by their place in the order of use, from 0.
pub type Noise<'a> = &'a dyn Fn(usize) -> f64;

/// Judges pairs of samples. The score thresholds come with the request for an execution, or else from the configuration.
///
/// # Errors
///
/// [`Exception`], at which Kayenta gives no judgement at all.
pub fn judge(
    config: &CanaryConfig,
    thresholds: ScoreThresholds,
    pairs: &[Pair],
    mode: Mode,
    noise: Noise<'_>,
) -> Result<Judgement, Exception> {
    let mut drawn = 0;
    let mut draw = || {
        drawn += 1;
        noise(drawn - 1)
    };
    let mut metrics = Vec::new();
    let mut counted = Vec::new();
    for pair in pairs {
        let metric = metric(config, &pair.name)?;
        let classified = classify(metric, pair, mode, &mut draw)?;
        metrics.push(classified);
        if !metric.analysis_configurations.canary.muted {
            counted.push(count(metric, &classified));
        }
    }
    let score = score::score(&counted, &config.classifier.group_weights, mode);
    let verdict = score::verdict(score.value, thresholds);
    Ok(Judgement {
        metrics,
        score,
        verdict,
    })
}

/// What a metric counts for in the score.
fn count<'m>(metric: &'m Metric, classified: &Classified) -> Counted<'m> {
    Counted {
        groups: &metric.groups,
        label: classified.label,
        critical: classified.critical,
    }
}

/// The first metric of the name; a second of the same name is never looked at.
fn metric<'a>(config: &'a CanaryConfig, name: &str) -> Result<&'a Metric, Exception> {
    let found = config.metrics.iter().find(|metric| metric.name == name);
    found.ok_or_else(|| Exception::UnknownMetric(name.to_owned()))
}

fn classify(
    metric: &Metric,
    pair: &Pair,
    mode: Mode,
    noise: &mut dyn FnMut() -> f64,
) -> Result<Classified, Exception> {
    let analysis = &metric.analysis_configurations.canary;
    let side = |values: &[f64]| {
        let values = known(values, analysis, mode);
        prepared(values, analysis).ok_or_else(|| Exception::OutlierFactor(metric.name.clone()))
    };
    let (canary, baseline) = (side(&pair.experiment)?, side(&pair.control)?);
    Ok(Test::of(analysis).classify(&baseline, &canary, mode, noise))
}

/// A side that is NaN throughout has no point once that is repaired.
fn known<'a>(values: &'a [f64], analysis: &Analysis, mode: Mode) -> &'a [f64] {
    let nothing = analysis.replaces_nan() && values.iter().all(|value| value.is_nan());
    if nothing && mode.has(Repair::ReplacedNan) {
        &[]
    } else {
        values
    }
}

/// The repairs that alone change a judgement: label, criticality, score or verdict. Empty where a configuration rests
/// on no quirk with these samples.
///
/// # Errors
///
/// As [`judge`].
pub fn differences(
    config: &CanaryConfig,
    thresholds: ScoreThresholds,
    pairs: &[Pair],
    noise: Noise<'_>,
) -> Result<Vec<Difference>, Exception> {
    let real = judge(config, thresholds, pairs, Mode::COMPAT, noise)?;
    let mut found = Vec::new();
    for repair in Repair::ALL {
        let judgement = judge(config, thresholds, pairs, Mode::COMPAT.with(repair), noise)?;
        if !same(&real, &judgement) {
            found.push(Difference { repair, judgement });
        }
    }
    Ok(found)
}

fn same(one: &Judgement, other: &Judgement) -> bool {
    let labels = |judgement: &Judgement| -> Vec<_> {
        judgement
            .metrics
            .iter()
            .map(|metric| (metric.label, metric.critical))
            .collect()
    };
    labels(one) == labels(other)
        && one.verdict == other.verdict
        && one.score.value.total_cmp(&other.score.value).is_eq()
}
