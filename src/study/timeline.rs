//! One rollout of a study, told in full.

use reports::Timeline;
use sim_core::{Run, Seed, Watched};

use super::case::Case;
use super::judge::{Judgement, judge};

/// Plays a rollout of `case` again, watches its gates, and returns its story with the command `replay`.
pub fn timeline(case: &Case, seed: Seed, replay: String) -> Timeline {
    let (run, readings) = case.plan.watch(seed);
    let judgement = judge(case, &run);
    told(case, seed, &run, &readings, judgement, replay)
}

/// Returns the story of a rollout that was watched.
pub fn told(
    case: &Case,
    seed: Seed,
    run: &Run,
    readings: &[Watched],
    judgement: Judgement,
    replay: String,
) -> Timeline {
    Timeline {
        scenario: case.name.clone(),
        seed: seed.root,
        replication: seed.replication,
        verdict: judgement.facts.verdict,
        reasons: judgement.reasons,
        replay,
        ..reports::timeline_of(case.experiment(), run, readings)
    }
}
