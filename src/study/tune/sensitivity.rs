//! Sensitivity: would another model of the noise choose otherwise?

use sim_core::Steering;
use sim_core::telemetry::Noise;

use super::confirm::{interval, play_all};
use super::constraint::Constraint;
use super::evaluator::Evaluator;
use super::metric::Metric;
use super::part::Part;
use super::perturb;
use super::samples::{Estimate, Record};
use crate::study::shards::Hands;

/// A model of the noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// What the world says.
    Declared,
    /// Nothing but the chance of counting.
    Independent,
    /// Slow movements that all populations share: AR(1) in logarithms with a standard deviation of 0.2
    /// and a memory of ten minutes.
    Autoregressive,
    /// Hosts differ for good, by a standard deviation of 0.2.
    HostEffect,
}

/// All models, in the order of reports.
pub const MODELS: [Model; 4] = [
    Model::Declared,
    Model::Independent,
    Model::Autoregressive,
    Model::HostEffect,
];

/// The standard deviation of the movements and of the differences between hosts.
const SPREAD: f64 = 0.2;
/// The memory of the movements.
const MEMORY_S: f64 = 600.0;

impl Model {
    /// Returns what reports call the model. A world whose signals are resampled from a history declares a
    /// block bootstrap.
    pub fn word(self, parts: &[Part]) -> &'static str {
        match self {
            Self::Declared if is_resampled(parts) => "as declared (history, resampled)",
            Self::Declared => "as declared",
            Self::Independent => "independent",
            Self::Autoregressive => "AR(1), sd 0.2, 10 min",
            Self::HostEffect => "host effect, sd 0.2",
        }
    }

    /// Returns a scenario under the model.
    pub fn apply(self, part: &Part) -> Part {
        let scrape = part.experiment.telemetry.scrape_every.as_secs_f64();
        let still = |noise: &mut Noise| {
            (noise.own, noise.shared, noise.memory, noise.dependence) = (0.0, 0.0, 0.0, None);
        };
        match self {
            Self::Declared => part.clone(),
            Self::Independent => perturb::noise(part, still, |_| 0.0),
            Self::Autoregressive => perturb::noise(
                part,
                |noise| {
                    still(noise);
                    (noise.shared, noise.memory) = (SPREAD, libm::exp(-scrape / MEMORY_S));
                },
                |declared| declared,
            ),
            Self::HostEffect => perturb::noise(part, |_| {}, |declared| f64::max(declared, SPREAD)),
        }
    }
}

fn is_resampled(parts: &[Part]) -> bool {
    let mut signals = parts
        .iter()
        .flat_map(|part| &part.experiment.telemetry.signals);
    signals.any(|signal| signal.noise.dependence.is_some())
}

/// What a model would choose among the finalists.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    /// The model.
    pub model: Model,
    /// The finalist that it chooses; none where none seems to keep the constraints.
    pub choice: Option<usize>,
    /// The winner's figures that the question is about: those of the constraints, then the one that is
    /// minimised.
    pub winner: Vec<(Metric, Option<Estimate>)>,
    /// The winner's objective less that of the choice, where they are not the same.
    pub regret: Option<Estimate>,
    /// Whether what was seen of the winner is within the constraints.
    pub winner_fits: bool,
}

/// Plays the finalists under `model`; `winner` is one of them. Nothing when stopped.
pub fn sensitivity(
    model: Model,
    finalists: &[&Steering],
    winner: usize,
    parts: &[Part],
    question: (&[Constraint], Metric),
    luck: (u64, u64, u64),
    hands: Hands<'_>,
) -> Option<Sensitivity> {
    let (constraints, minimize) = question;
    let (seed, first, runs) = luck;
    let parts: Vec<Part> = parts.iter().map(|part| model.apply(part)).collect();
    let policies = finalists.iter().map(|&policy| policy.clone()).collect();
    let evaluator = Evaluator::new(policies, parts, seed, first);
    let record = play_all(&evaluator, runs, hands)?;
    let fits = |finalist: usize| {
        let kept = |constraint: &Constraint| is_kept(&record, finalist, constraint, runs);
        constraints.iter().all(kept)
    };
    let objective = |finalist: usize| {
        let mean = record.mean(finalist, minimize, runs);
        mean.map_or(f64::INFINITY, |mean| mean.value)
    };
    let fitting = (0..finalists.len()).filter(|&finalist| fits(finalist));
    let least = fitting.min_by(|&one, &other| objective(one).total_cmp(&objective(other)));
    let choice = least.map(|least| {
        let same = fits(winner) && objective(winner) <= objective(least);
        if same { winner } else { least }
    });
    let asked = constraints.iter().map(|constraint| constraint.metric);
    let asked = asked.chain([minimize]);
    let estimate = |metric| (metric, record.estimate(winner, metric, runs));
    let worse = |choice| record.difference(winner, choice, minimize, false);
    let regret = choice.filter(|&choice| choice != winner);
    Some(Sensitivity {
        model,
        choice,
        winner: asked.map(estimate).collect(),
        regret: regret.and_then(worse).map(interval),
        winner_fits: fits(winner),
    })
}

/// Whether a finalist keeps a constraint, as far as its samples say.
fn is_kept(record: &Record, finalist: usize, constraint: &Constraint, runs: u64) -> bool {
    let metric = constraint.metric;
    if let Some(limit) = constraint.bad_share() {
        let is_bad = |value| constraint.is_bad(value);
        let (bad, all) = record.count(finalist, metric, runs, is_bad);
        return bad as f64 <= limit * all as f64;
    }
    let mean = record.mean(finalist, metric, runs);
    mean.is_none_or(|mean| mean.value <= constraint.limit)
}
