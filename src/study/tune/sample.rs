//! What one rollout contributes to a search.

use scenarios::Verdict;
use sim_core::engine::SimDuration;
use sim_core::policy::Policy;
use sim_core::{Experiment, Figures, Outcome};

/// The facts of one rollout that a search looks at; none where the rollout has no such thing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// A good release was taken back.
    pub taken_back: Option<bool>,
    /// A good release stood still to the end.
    pub stalled: Option<bool>,
    /// A bad release was completed, or nothing was done about it.
    pub missed: Option<bool>,
    /// Minutes of full outage that a bad release cost.
    pub harm_min: Option<f64>,
    /// Seconds until a good release was completed, or until the end of the scenario.
    pub duration_s: Option<f64>,
    /// Seconds until a bad release was acted upon, or until the end of the scenario.
    pub detection_s: Option<f64>,
    /// A rollback that began ended within the policy's deadline.
    pub within_deadline: Option<bool>,
    /// The exposure stayed within the policy's blast radius.
    pub within_blast: Option<bool>,
}

impl Sample {
    /// Reads the figures of one rollout of a release of that kind.
    pub fn of(
        release: Verdict,
        experiment: &Experiment,
        policy: &Policy,
        figures: &Figures,
    ) -> Self {
        let horizon = experiment.horizon.as_secs_f64();
        let completed = figures.outcome == Outcome::Completed;
        let common = Self {
            within_deadline: policy
                .rollback
                .deadline
                .filter(|_| figures.rollback_began)
                .map(|deadline| figures.rollback.is_some_and(|took| took <= deadline)),
            within_blast: policy
                .blast_radius
                .map(|blast| figures.exposure.reached_max <= blast.max),
            ..Self::default()
        };
        match release {
            Verdict::Good => {
                let stalled = matches!(figures.outcome, Outcome::Paused | Outcome::Unfinished);
                Self {
                    taken_back: Some(!completed && !stalled),
                    stalled: Some(stalled),
                    duration_s: Some(if completed {
                        figures.ended.as_secs_f64()
                    } else {
                        horizon
                    }),
                    ..common
                }
            }
            Verdict::Bad => {
                let ignored = figures.outcome == Outcome::Unfinished && !figures.acted;
                let exposed = figures.exposure.reached_max.ppm() > 0;
                let detection = figures.detection.map_or(horizon, SimDuration::as_secs_f64);
                Self {
                    missed: Some(completed || ignored),
                    harm_min: Some(figures.harm.exposed_error_minutes),
                    detection_s: exposed.then_some(detection),
                    ..common
                }
            }
        }
    }
}
