//! From checked estimates to the typed result.

use reports::{Inputs, RareCheck, RareEstimate, RareReport, RareStatus};

use super::check::{Checked, Soundness};
use super::estimate::RareProbability;
use crate::study::{Case, Rate, profile_word};

/// Returns the typed result for the rollouts of `case`: checked, or what there was when somebody stopped it.
/// Beyond `relative_error` nothing is said.
pub fn rare_report(
    case: &Case,
    seed: u64,
    checked: &Result<Checked, Option<RareProbability>>,
    relative_error: f64,
    inputs: Inputs,
) -> RareReport {
    let policy = &case.experiment().policy;
    let so_far = checked.as_ref().err().copied();
    let found = checked.as_ref().ok();
    let status = found.map_or(RareStatus::Interrupted, |found| {
        status(found.soundness(relative_error))
    });
    let sound = found.filter(|_| status == RareStatus::Sound);
    RareReport {
        schema: RareReport::SCHEMA.to_owned(),
        version: RareReport::VERSION,
        policy: policy.name.clone(),
        profile: profile_word(policy.profile).to_owned(),
        scenario: case.name.clone(),
        event: Rate::FalseRollback.word().to_owned(),
        seed,
        inputs,
        status,
        answer: sound.map(|checked| figures(&checked.estimate)),
        so_far: so_far.flatten().map(|it| figures(&it)),
        checks: found.map_or(Vec::new(), checks),
    }
}

fn checks(checked: &Checked) -> Vec<RareCheck> {
    let levels = RareCheck {
        what: "other levels".to_owned(),
        levels: checked.ladder.0.clone(),
        one: figures(&checked.estimate),
        other: figures(&checked.second),
        z: checked.estimate.z(&checked.second),
    };
    let easier = checked.easier.map(|easier| {
        let below = checked.ladder.0.iter().filter(|it| **it <= easier.level);
        RareCheck {
            what: format!("counted at {:.3} of the way", easier.level),
            levels: below.copied().collect(),
            one: figures(&easier.split),
            other: figures(&easier.plain),
            z: easier.split.z(&easier.plain),
        }
    });
    std::iter::once(levels).chain(easier).collect()
}

fn figures(estimate: &RareProbability) -> RareEstimate {
    let [low, high] = estimate.interval();
    RareEstimate {
        probability: estimate.probability,
        error: estimate.error,
        low,
        high,
        estimates: estimate.estimates,
        rollouts: estimate.rollouts,
    }
}

const fn status(soundness: Soundness) -> RareStatus {
    match soundness {
        Soundness::Sound => RareStatus::Sound,
        Soundness::Unseen => RareStatus::Unseen,
        Soundness::LevelsDisagree => RareStatus::LevelsDisagree,
        Soundness::PlainDisagrees => RareStatus::PlainDisagrees,
        Soundness::Imprecise => RareStatus::Imprecise,
    }
}
