//! From labels to a score and a verdict.
//!
//! Source: `WeightedSumScorer.scala`, `ScoringHelper.scala`, `ThresholdScoreClassifier.scala` (a69573b).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::classify::Label;
use super::form::ScoreThresholds;
use super::mode::{Mode, Repair};
use super::order::scala_order;
use super::sample::count;

/// Share of metrics without data that fails the canary, %.
const TOO_MUCH_MISSING: f64 = 50.0;

/// The verdict on a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Good enough.
    Pass,
    /// Neither.
    Marginal,
    /// Not good enough.
    Fail,
}

/// What counts of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted<'a> {
    /// Its groups.
    pub groups: &'a [String],
    /// Its label.
    pub label: Label,
    /// Whether it fails the canary.
    pub critical: bool,
}

/// One group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GroupScore {
    /// Share of its metrics that pass, %; 0 without data.
    pub score: f64,
    /// None of its metrics is Pass, High, Low or NodataFailMetric.
    pub no_data: bool,
    /// Its weight in the sum, %.
    pub weight: f64,
}

/// Why a score is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The sum over the groups.
    Sum,
    /// A critical metric is not Pass.
    CriticalFailure,
    /// Half of the metrics or more are Nodata.
    TooMuchMissing,
}

/// A score.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// 0 to 100 with weights that make sense, in hundredths.
    pub value: f64,
    /// Where it comes from.
    pub reason: Reason,
    /// The groups.
    pub groups: BTreeMap<String, GroupScore>,
}

/// The score of metrics that are not muted.
#[must_use]
pub fn score(metrics: &[Counted<'_>], weights: &BTreeMap<String, f64>, mode: Mode) -> Score {
    let groups = groups(metrics, weights, mode);
    let failed = metrics
        .iter()
        .any(|metric| metric.critical && metric.label != Label::Pass);
    let missing = metrics
        .iter()
        .filter(|metric| metric.label == Label::Nodata)
        .count();
    let (value, reason) = if failed {
        (0.0, Reason::CriticalFailure)
    } else if count(missing) / count(metrics.len()) * 100.0 >= TOO_MUCH_MISSING {
        (0.0, Reason::TooMuchMissing)
    } else {
        (rounded(sum(metrics, &groups)), Reason::Sum)
    };
    Score {
        value,
        reason,
        groups,
    }
}

/// The verdict on a score.
#[must_use]
pub fn verdict(score: f64, thresholds: ScoreThresholds) -> Verdict {
    if score >= thresholds.pass {
        Verdict::Pass
    } else if score >= thresholds.marginal {
        Verdict::Marginal
    } else {
        Verdict::Fail
    }
}

fn groups(
    metrics: &[Counted<'_>],
    weights: &BTreeMap<String, f64>,
    mode: Mode,
) -> BTreeMap<String, GroupScore> {
    let mut labels: BTreeMap<String, Vec<Label>> = BTreeMap::new();
    for metric in metrics {
        for group in metric.groups {
            labels.entry(group.clone()).or_default().push(metric.label);
        }
    }
    let shared = shared_weight(&labels, weights);
    let weight = |name: &String| weights.get(name).copied().unwrap_or(shared);
    let groups = labels
        .iter()
        .map(|(name, labels)| (name.clone(), group(labels, weight(name))));
    let mut groups: BTreeMap<String, GroupScore> = groups.collect();
    repair_weights(&mut groups, mode);
    groups
}

/// What each group without a weight gets: groups with one leave so much of 100 to share.
fn shared_weight(labels: &BTreeMap<String, Vec<Label>>, weights: &BTreeMap<String, f64>) -> f64 {
    let without = labels
        .keys()
        .filter(|name| !weights.contains_key(*name))
        .count();
    if without == 0 {
        return 0.0;
    }
    let said: Vec<(&str, f64)> = weights
        .iter()
        .map(|(name, weight)| (name.as_str(), *weight))
        .collect();
    let names: Vec<&str> = said.iter().map(|(name, _)| *name).collect();
    let sum = scala_order(&names)
        .into_iter()
        .fold(0.0, |sum, at| sum + said[at].1);
    (100.0 - sum) / count(without)
}

fn group(labels: &[Label], weight: f64) -> GroupScore {
    let of = |wanted: Label| labels.iter().filter(|label| **label == wanted).count();
    let passed = of(Label::Pass);
    let total = passed + of(Label::High) + of(Label::Low) + of(Label::NodataFailMetric);
    let score = if total == 0 {
        0.0
    } else {
        count(passed) / count(total) * 100.0
    };
    GroupScore {
        score,
        no_data: total == 0,
        weight,
    }
}

/// What the repairs make of the weights.
fn repair_weights(groups: &mut BTreeMap<String, GroupScore>, mode: Mode) {
    let total =
        |groups: &BTreeMap<String, GroupScore>| groups.values().map(|group| group.weight).sum();
    let mut whole: f64 = total(groups);
    if mode.has(Repair::LostWeight) {
        groups
            .values_mut()
            .for_each(|group| group.weight = group.weight.max(0.0));
        whole = 100.0;
    }
    if mode.has(Repair::EmptyGroup) {
        groups
            .values_mut()
            .filter(|group| group.no_data)
            .for_each(|group| group.weight = 0.0);
    }
    let left: f64 = total(groups);
    if mode.has(Repair::LostWeight) || mode.has(Repair::EmptyGroup) {
        let scale = if left == 0.0 { 0.0 } else { whole / left };
        groups.values_mut().for_each(|group| group.weight *= scale);
    }
}

/// The sum over the groups, added up in the order of the real judge.
fn sum(metrics: &[Counted<'_>], groups: &BTreeMap<String, GroupScore>) -> f64 {
    let effective = |group: &GroupScore| if group.no_data { 100.0 } else { group.score };
    let mut names: Vec<&str> = Vec::new();
    for name in metrics.iter().flat_map(|metric| metric.groups) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let order = scala_order(&names);
    let parts = order.iter().filter_map(|at| groups.get(names[*at]));
    parts.fold(0.0, |sum, group| {
        sum + effective(group) * (group.weight / 100.0)
    })
}

/// The score that a configuration can reach at best: the sum of the weights of groups that have a metric.
#[must_use]
pub fn best(metrics: &[Counted<'_>], weights: &BTreeMap<String, f64>) -> f64 {
    let passing: Vec<Counted<'_>> = metrics
        .iter()
        .map(|metric| Counted {
            label: Label::Pass,
            critical: false,
            groups: metric.groups,
        })
        .collect();
    score(&passing, weights, Mode::COMPAT).value
}

/// Two places, half away from zero, of the shortest decimal text of the value, as `Precision.round` of Commons Math.
#[must_use]
pub fn rounded(value: f64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    let text = format!("{}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let Some(third) = fraction.as_bytes().get(2) else {
        return value;
    };
    let kept = format!("{whole}{}", &fraction[..2]);
    let up = u128::from(*third >= b'5');
    let hundredths = kept.parse::<u128>().map_or(0, |hundredths| hundredths + up);
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.parse::<f64>()
        .map_or(value, |rounded| rounded.copysign(value))
}
