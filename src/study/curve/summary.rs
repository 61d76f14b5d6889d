//! From what was played to the typed result of an operating characteristic.

use reports::{CurvePoint, CurveReport, Detectable, Inputs};

use super::fit::Fit;
use super::play::{Curve, Strength};
use crate::study::interval::wilson;
use crate::study::profile_word;

/// The powers for which the least effect is told.
const POWERS: [f64; 2] = [0.8, 0.9];

/// What a curve is about.
#[derive(Clone, Copy, Debug)]
pub struct CurveSubject<'a> {
    /// What the result was made from.
    pub inputs: &'a Inputs,
    /// What an effect of 1 is.
    pub scaled: &'a [String],
    /// What is not scaled.
    pub fixed: &'a [String],
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
    let effects: Vec<f64> = curve.strengths.iter().map(|(effect, _)| *effect).collect();
    let fit = Fit::new(&effects, strengths, curve.seed);
    let points = effects.iter().zip(strengths).zip(fit.rates());
    let case = &curve.strengths[0].1;
    let policy = &case.experiment().policy;
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
        points: points
            .map(|((effect, strength), fitted)| point(*effect, strength, fitted))
            .collect(),
        detectable: POWERS.map(|power| detectable(&fit, power)).to_vec(),
    }
}

fn point(effect: f64, strength: &Strength, fitted: f64) -> CurvePoint {
    let (events, runs) = (strength.events(), strength.acted.len() as u64);
    let interval = wilson(events, runs);
    let delay = |percent| {
        let delay = strength.delay_ms.quantile(percent);
        delay.map(|millis| millis as f64 / 1e3)
    };
    CurvePoint {
        effect,
        acted: events as f64 / runs as f64,
        low: interval.low,
        high: interval.high,
        events,
        fitted,
        delay_p50_s: delay(50),
        delay_p95_s: delay(95),
    }
}

fn detectable(fit: &Fit<'_>, power: f64) -> Detectable {
    let [low, high] = fit.interval(power);
    Detectable {
        power,
        effect: fit.reaches(power),
        low,
        high,
    }
}
