//! What one rollout contributes to a search.

use scenarios::Verdict;
use serde::{Deserialize, Serialize};
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::Policy;
use sim_core::{Figures, Outcome};

use super::part::Part;
use crate::study::onset::{Onset, PlayedFigures, Truth};

/// The facts of one rollout that a search looks at; none where the rollout has no such thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Kept", into = "Kept")]
pub struct Sample {
    /// A good release was taken back.
    pub taken_back: Option<bool>,
    /// A good release stood still to the end.
    pub stalled: Option<bool>,
    /// A bad release was completed, nothing was done about it, or users were left on it.
    pub missed: Option<bool>,
    /// The rollout of a bad release ended before the regression began, and says nothing about it.
    pub ended_before: Option<bool>,
    /// It was stopped by a gate on a signal that the regression does not change, and says as little.
    pub by_chance: Option<bool>,
    /// Minutes of full outage that a bad release cost.
    pub harm_min: Option<f64>,
    /// Seconds until a good release was completed, or until the end of the scenario.
    pub duration_s: Option<f64>,
    /// Seconds from the regression until it was acted upon, or as long as the scenario is.
    pub detection_s: Option<f64>,
    /// A rollback that began ended within the policy's deadline.
    pub within_deadline: Option<bool>,
    /// The exposure stayed within the policy's blast radius.
    pub within_blast: Option<bool>,
}

/// A sample as a file has it: its yes and no as the digits of one number to the base of 3, where 0 is none, 1 no and 2
/// yes, the first one last; its harm, duration and detection.
type Kept = (u16, [Option<f64>; 3]);

impl From<Sample> for Kept {
    fn from(sample: Sample) -> Self {
        let digits = [
            sample.taken_back,
            sample.stalled,
            sample.missed,
            sample.ended_before,
            sample.by_chance,
            sample.within_deadline,
            sample.within_blast,
        ];
        let digit = |it: Option<bool>| it.map_or(0, |it| 1 + u16::from(it));
        let number = digits
            .into_iter()
            .rev()
            .fold(0, |sum, it| sum * 3 + digit(it));
        (
            number,
            [sample.harm_min, sample.duration_s, sample.detection_s],
        )
    }
}

impl From<Kept> for Sample {
    fn from((number, [harm_min, duration_s, detection_s]): Kept) -> Self {
        let digit = |place: u32| match number / 3_u16.pow(place) % 3 {
            0 => None,
            digit => Some(digit == 2),
        };
        Self {
            taken_back: digit(0),
            stalled: digit(1),
            missed: digit(2),
            ended_before: digit(3),
            by_chance: digit(4),
            harm_min,
            duration_s,
            detection_s,
            within_deadline: digit(5),
            within_blast: digit(6),
        }
    }
}

impl Sample {
    /// Reads the figures of one rollout of `part` under `policy`.
    pub fn of(part: &Part, policy: &Policy, figures: &Figures) -> Self {
        let played = PlayedFigures {
            release: part.release,
            experiment: &part.experiment,
            policy,
            figures,
        };
        let truth = played.truth(part.expected);
        let horizon = part.experiment.horizon.as_secs_f64();
        let bad = part.release == Verdict::Bad;
        let completed = figures.outcome == Outcome::Completed;
        let ended = figures.ended.as_secs_f64();
        Self {
            taken_back: truth.false_rollback,
            stalled: truth.stalled,
            missed: truth.missed,
            ended_before: truth.ended_before,
            by_chance: truth.by_chance,
            harm_min: (bad && truth.tells()).then_some(figures.harm.exposed_error_minutes),
            duration_s: (!bad).then_some(if completed { ended } else { horizon }),
            detection_s: detection(part.release, truth, figures, horizon),
            within_deadline: within_deadline(policy, figures),
            within_blast: within_blast(policy, figures),
        }
    }
}

/// A regression that is never acted upon counts until the end, so that who misses the slow ones is not fast.
fn detection(release: Verdict, truth: Truth, figures: &Figures, horizon: f64) -> Option<f64> {
    let met = release == Verdict::Bad && truth.onset == Onset::Met;
    met.then(|| figures.detection.map_or(horizon, SimDuration::as_secs_f64))
}

fn within_deadline(policy: &Policy, figures: &Figures) -> Option<bool> {
    let deadline = policy.rollback.deadline?;
    let within = figures.rollback.is_some_and(|took| took <= deadline);
    figures.rollback_began.then_some(within)
}

/// A radius of the whole fleet cannot be exceeded.
fn within_blast(policy: &Policy, figures: &Figures) -> Option<bool> {
    let radius = policy.blast_radius.filter(|it| it.max < Share::ONE)?;
    Some(figures.exposure.reached_max <= radius.max)
}
