//! Scaled releases: the same release with stronger and weaker effects, for an operating
//! characteristic.

use sim_core::Experiment;
use sim_core::effect::{Change, Effect, SignalChange};

use crate::check::Problem;
use crate::load::located;
use crate::{Document, Report, Scenario};

/// What of a release can be scaled, and what cannot.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    /// The effects on the level of a signal, each in words at its declared strength.
    pub scaled: Vec<String>,
    /// The same effects as numbers, in the same order.
    pub levels: Vec<ScaledLevel>,
    /// The other effects, by name: they stay as they are, and are absent where the factor is 0.
    pub fixed: Vec<String>,
}

/// A change of a signal's level that is scaled.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaledLevel {
    /// The signal.
    pub signal: String,
    /// Whether the change is added to the level, in the signal's unit, or multiplies it.
    pub adds: bool,
    /// The change at factor 1.
    pub by: f64,
}

impl ScaledLevel {
    /// Returns the change at a factor: what is added, or what the level is multiplied with.
    pub fn at(&self, factor: f64) -> f64 {
        if self.adds {
            self.by * factor
        } else {
            1.0 + (self.by - 1.0) * factor
        }
    }

    fn of(effect: &Effect) -> Option<Self> {
        let (change, strength) = (level(effect)?, effect.course.strength);
        let adds = matches!(effect.change, Change::Add(_));
        Some(Self {
            signal: change.signal.clone(),
            adds,
            by: if adds {
                change.by * strength
            } else {
                1.0 + (change.by - 1.0) * strength
            },
        })
    }
}

impl Scaling {
    /// Finds out what of the release of a scenario can be scaled by factors up to `most`.
    ///
    /// # Errors
    /// When there is no effect on the level of a signal, or one of them would turn its sign.
    pub fn of(document: &Document<Scenario>, most: f64) -> Result<Self, Report> {
        let effects = &document.value.release.effects;
        let (scaled, fixed): (Vec<&Effect>, Vec<&Effect>) =
            effects.iter().partition(|effect| can_scale(effect));
        let problems: Vec<_> = if scaled.is_empty() {
            vec![nothing()]
        } else {
            effects
                .iter()
                .enumerate()
                .filter_map(|(place, effect)| too_far(place, effect, most))
                .collect()
        };
        if problems.is_empty() {
            Ok(Self {
                levels: scaled.iter().filter_map(|it| ScaledLevel::of(it)).collect(),
                scaled: scaled.into_iter().map(words).collect(),
                fixed: fixed.iter().map(|effect| effect.id.clone()).collect(),
            })
        } else {
            Err(located(document, problems))
        }
    }
}

/// Returns the experiment with `factor` times the effects of its release: a summand is `factor`
/// times as large, and so is what a factor adds to 1. At 0 the release does nothing that could be seen: what is
/// scaled is a millionth of a millionth, so that it still has a beginning, and the rollouts that end before it
/// are the same as at any other factor.
pub fn scaled(experiment: &Experiment, factor: f64) -> Experiment {
    let mut experiment = experiment.clone();
    for effect in &mut experiment.release {
        if can_scale(effect) {
            effect.course.strength *= factor.max(NOTHING);
        } else if factor == 0.0 {
            effect.course.strength = 0.0;
        }
    }
    experiment
}

/// The strength of an effect of which no number of samples shows anything.
const NOTHING: f64 = 1e-12;

/// The change of a signal's level that an effect makes, if that is what it does.
fn level(effect: &Effect) -> Option<&SignalChange> {
    match &effect.change {
        Change::Add(change) | Change::Multiply(change) | Change::Shock(change) => Some(change),
        _ => None,
    }
}

fn can_scale(effect: &Effect) -> bool {
    level(effect).is_some() && effect.course.strength > 0.0
}

fn words(effect: &Effect) -> String {
    let Some(change) = level(effect) else {
        return effect.id.clone();
    };
    let (signal, by) = (&change.signal, change.by);
    match effect.change {
        Change::Add(_) if by < 0.0 => format!("{}: {signal} {by}", effect.id),
        Change::Add(_) => format!("{}: {signal} +{by}", effect.id),
        _ => format!("{}: {signal} x {by}", effect.id),
    }
}

fn nothing() -> Problem {
    Problem::error(
        "CM170",
        "release.effects",
        "the release has no effect that could be scaled",
    )
    .reason("an operating characteristic needs an `add`, `multiply` or `shock` of a signal")
    .help("choose a scenario with a bad release, or declare such an effect under `release`")
}

/// A factor below 1 shrinks a level; scaled too far it would turn its sign.
fn too_far(place: usize, effect: &Effect, most: f64) -> Option<Problem> {
    let by = match &effect.change {
        Change::Multiply(change) | Change::Shock(change) => change.by,
        _ => return None,
    };
    let strength = effect.course.strength;
    let highest = 1.0 / ((1.0 - by) * strength);
    (strength > 0.0 && by < 1.0 && most > highest).then(|| {
        Problem::error(
            "CM171",
            format!("release.effects[{place}].change"),
            format!("{most} times this effect would turn the sign of the level"),
        )
        .help(format!("scale it to at most {highest}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load;

    fn document(effects: &str) -> Document<Scenario> {
        let text = format!(
            "version: 1\nname: x\nworld: {{library: wedge}}\nrelease:\n  is: bad\n  effects: \
             {effects}\nevidence: []\nfaults:\n  - {{id: dark, change: {{outage: {{}}}}}}\nhorizon: 9h\n"
        );
        load::scenario("x.yaml", text.as_bytes())
            .unwrap_or_else(|report| panic!("{:#?}", report.diagnostics))
    }

    #[track_caller]
    fn check(effects: &str, most: f64, expect: Result<&str, &str>) {
        let found = Scaling::of(&document(effects), most);
        match (found, expect) {
            (Ok(scaling), Ok(words)) => assert_eq!(scaling.scaled.join(", "), words),
            (Err(report), Err(code)) => assert_eq!(report.diagnostics[0].code, code),
            (found, expect) => panic!("{found:?} against {expect:?}"),
        }
    }

    /// Half of +0.08 is +0.04; half of a doubling is one and a half times.
    #[test]
    fn a_scaled_level_is_told_in_the_unit_of_its_signal() {
        let text = "[{id: a, change: {add: {signal: error_rate, by: 0.08}}},
           {id: m, change: {multiply: {signal: latency, by: 2}}}]";
        let scaling = Scaling::of(&document(text), 3.0).expect("both can be scaled");
        let at = |place: usize| (scaling.levels[place].adds, scaling.levels[place].at(0.5));
        assert_eq!([at(0), at(1)], [(true, 0.04), (false, 1.5)]);
    }

    #[test]
    fn effects_on_levels_can_be_scaled_unless_they_would_turn_a_sign() {
        let add = "[{id: a, change: {add: {signal: error_rate, by: 0.04}}}]";
        check(add, 3.0, Ok("a: error_rate +0.04"));
        let half = "[{id: m, change: {multiply: {signal: latency, by: 0.5}}}]";
        check(half, 2.0, Ok("m: latency x 0.5"));
        check(half, 2.5, Err("CM171"));
        check("[{id: o, change: {nan: {}}}]", 1.0, Err("CM170"));
        check("[]", 1.0, Err("CM170"));
    }
}
