//! From what was played to the typed result of an operating characteristic.

use reports::{CurvePoint, CurveReport, Detectable, DetectablePlace, Inputs};
use scenarios::ScaledLevel;
use sim_core::Experiment;

use super::bracket::{Bracket, crossing, interval};
use super::fit::Fit;
use super::play::Curve;
use super::signal::in_units;
use super::strength::Strength;
use crate::study::profile_word;

/// The powers for which the minimum detectable effect is told.
pub const POWERS: [f64; 2] = [0.8, 0.9];

/// What a curve is about.
#[derive(Clone, Copy, Debug)]
pub struct CurveSubject<'a> {
    /// What the result was made from.
    pub inputs: &'a Inputs,
    /// What an effect of 1 is.
    pub scaled: &'a [String],
    /// What is not scaled.
    pub fixed: &'a [String],
    /// What an effect of 1 is, as numbers.
    pub levels: &'a [ScaledLevel],
    /// The effects that were asked for; the others bracket the minimum detectable ones.
    pub asked: &'a [f64],
}

/// Returns the typed result.
///
/// # Panics
/// If there are not as many results as strengths.
pub fn curve_report(
    curve: &Curve,
    strengths: &[Strength],
    subject: &CurveSubject<'_>,
) -> CurveReport {
    assert_eq!(curve.strengths.len(), strengths.len(), "one result each");
    let effects: Vec<f64> = curve.strengths.iter().map(|(effect, _)| *effect).collect();
    let (points, refined) = points(&effects, strengths, subject.asked);
    let case = &curve.strengths[0].1;
    let (experiment, levels) = (case.experiment(), subject.levels);
    let found = |power| detectable(&effects, strengths, power);
    let least = |power| in_signals(&found(power), levels, experiment);
    let policy = &experiment.policy;
    CurveReport {
        schema: CurveReport::SCHEMA.to_owned(),
        version: CurveReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        scenario: case.name.clone(),
        seed: curve.seed,
        runs: curve.runs,
        inputs: subject.inputs.clone(),
        scaled: subject.scaled.to_vec(),
        fixed: subject.fixed.to_vec(),
        points,
        refined,
        detectable: POWERS.map(least).to_vec(),
        complete: true,
    }
}

/// The points that were asked for, and those between them.
fn points(
    effects: &[f64],
    strengths: &[Strength],
    asked: &[f64],
) -> (Vec<CurvePoint>, Vec<CurvePoint>) {
    let rates = Fit::new(effects, strengths).rates();
    let points = effects.iter().zip(strengths).zip(rates);
    let points = points.map(|((effect, strength), fitted)| point(*effect, strength, fitted));
    points.partition(|point| asked.contains(&point.effect))
}

fn point(effect: f64, strength: &Strength, fitted: f64) -> CurvePoint {
    let interval = interval(strength);
    let delay = |percent| {
        let delay = strength.delay_ms.quantile(percent);
        delay.map(|millis| millis as f64 / 1e3)
    };
    CurvePoint {
        effect,
        acted: strength.rate(),
        low: interval.low,
        high: interval.high,
        events: strength.events(),
        among: Some(strength.runs()),
        ended_before_regression: strength.ended_before,
        stopped_by_chance: strength.by_chance,
        fitted,
        delay_p50_s: delay(50),
        delay_p95_s: delay(95),
    }
}

/// The minimum detectable effect, as a factor.
fn detectable(effects: &[f64], strengths: &[Strength], power: f64) -> Detectable {
    let bracket = Bracket::of(strengths, power);
    let [low, high] = [bracket.low, bracket.high].map(|place| place.map(|place| effects[place]));
    let crossing = crossing(effects, strengths, power);
    let untested = strengths.iter().all(|strength| strength.runs() == 0);
    let (place, effect) = match crossing {
        _ if untested => (DetectablePlace::Untested, None),
        None => (DetectablePlace::Above, None),
        Some(effect) if effect <= effects[0] => (DetectablePlace::Below, None),
        // A fit may be pooled across an end, which is played.
        Some(effect) => {
            let least = low.unwrap_or(effects[0]);
            let most = high.unwrap_or(effects[effects.len() - 1]);
            (DetectablePlace::Within, Some(effect.clamp(least, most)))
        }
    };
    Detectable {
        power,
        effect,
        low,
        high,
        place,
        signals: Vec::new(),
    }
}

fn in_signals(found: &Detectable, levels: &[ScaledLevel], experiment: &Experiment) -> Detectable {
    let factors = [found.effect, found.low, found.high];
    Detectable {
        signals: in_units(levels, experiment, factors),
        ..found.clone()
    }
}
