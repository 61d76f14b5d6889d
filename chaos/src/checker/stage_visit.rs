//! Visits: the history cut into the stretches between one entry into a stage and the next.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::{ObservationStart, Policy, Stage};
use sim_core::{Event, Experiment, Outcome};

use super::finding::Line;

/// One stay in a stage.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit<'a> {
    /// The stage, by index.
    pub stage: u16,
    /// When it was entered.
    pub entered: SimTime,
    /// What happened from the entry up to the next entry, the entry included.
    pub lines: &'a [Line],
}

/// Returns the visits of a history in order.
pub(super) fn visits(past: &[Line]) -> impl Iterator<Item = Visit<'_>> {
    past.chunk_by(|_, (_, next)| !matches!(next, Event::StageEntered { .. }))
        .filter_map(|lines| {
            let &(entered, Event::StageEntered { stage, .. }) = lines.first()? else {
                return None;
            };
            Some(Visit {
                stage,
                entered,
                lines,
            })
        })
}

impl<'a> Visit<'a> {
    /// Returns the policy's stage, or nothing where the history names one that does not exist.
    pub fn rules<'p>(&self, policy: &'p Policy) -> Option<&'p Stage> {
        policy.stages.get(usize::from(self.stage))
    }

    /// Returns when the stage was left for the next one, or as the last one completed, and what
    /// had happened in it until then.
    pub fn forward(&self) -> Option<(SimTime, &'a [Line])> {
        let goes_on = |(_, event): &Line| {
            matches!(
                event,
                Event::Advanced { .. }
                    | Event::Ended {
                        outcome: Outcome::Completed
                    }
            )
        };
        let place = self.lines.iter().position(goes_on)?;
        Some((self.lines[place].0, &self.lines[..place]))
    }

    /// Returns from when the observation counts: from the instant that the policy declares, or from
    /// a later one at which the controller itself began anew; nothing if it never began.
    pub fn observed_from(&self, rules: &Stage) -> Option<SimTime> {
        let declared = match rules.observe_from {
            ObservationStart::Entry => self.entered,
            ObservationStart::Convergence => {
                self.find(|event| matches!(event, Event::Converged { .. }))?
            }
        };
        let again =
            self.lines.iter().rev().find_map(|(at, event)| {
                matches!(event, Event::ObservationBegan { .. }).then_some(*at)
            });
        Some(again.map_or(declared, |again| again.max(declared)))
    }

    /// Returns when something happened first in this visit.
    pub fn find(&self, is_it: impl Fn(&Event) -> bool) -> Option<SimTime> {
        self.lines
            .iter()
            .find_map(|(at, event)| is_it(event).then_some(*at))
    }
}

/// Returns the name of a stage, or its number where the policy has no such stage.
pub(super) fn stage_name(experiment: &Experiment, stage: u16) -> String {
    let known = experiment.policy.stages.get(usize::from(stage));
    known.map_or_else(
        || format!("stage {stage} that does not exist"),
        |stage| format!("stage `{}`", stage.id),
    )
}

/// Says whether the people of `role` gave the answer.
pub(super) fn has_role(experiment: &Experiment, operator: u16, role: &str) -> bool {
    experiment
        .operators
        .get(usize::from(operator))
        .is_some_and(|known| known.role == role)
}

/// Returns `a - b` in seconds, negative where `a` is the shorter.
pub(super) fn margin(a: SimDuration, b: SimDuration) -> f64 {
    if a >= b {
        (a - b).as_secs_f64()
    } else {
        -(b - a).as_secs_f64()
    }
}

/// What takes the place of what a stage waits for: the stage is left, or something else is being done.
pub(super) const fn ends_the_wait(event: &Event) -> bool {
    matches!(
        event,
        Event::Advanced { .. }
            | Event::SteppedBack { .. }
            | Event::Paused { .. }
            | Event::RollbackBegan
            | Event::RungTaken { .. }
            | Event::LadderExhausted
            | Event::KillThrown
            | Event::Recovered { .. }
            | Event::Ended { .. }
    )
}
