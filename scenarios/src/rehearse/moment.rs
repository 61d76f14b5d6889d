//! From the three forms of a moment to the machine's one.

use sim_core::effect::{Anchor, Course, Standing, State};
use sim_core::engine::SimDuration;

use super::predicate::{self, Predicate};
use super::stages::{Placed, Stages};
use super::{After, Milestone, StartCondition};
use crate::check::Problem;

/// When something begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    pub from: Anchor,
    pub after: SimDuration,
    pub within: Option<SimDuration>,
}

impl Moment {
    /// Returns the course that begins at this moment.
    pub fn of(self, course: Course) -> Course {
        Course {
            from: self.from,
            after: self.after,
            within: self.within,
            ..course
        }
    }

    /// The moment at which a course begins.
    pub const fn begins(course: &Course) -> Self {
        Self {
            from: course.from,
            after: course.after,
            within: course.within,
        }
    }
}

impl StartCondition {
    /// Whether it says itself when it begins.
    pub(super) const fn has_moment(&self) -> bool {
        self.time.is_some()
            || self.after.is_some()
            || self.when.is_some()
            || self.from.is_some()
            || self.stage.is_some()
    }

    /// Whether it says how something goes on once it has begun.
    pub(super) const fn goes_on(&self) -> bool {
        self.ramp.is_some()
            || self.lasts.is_some()
            || self.until.is_some()
            || self.cycle.is_some()
            || self.strength.is_some()
    }

    /// Returns how it goes on; the moment is the start of the rollout.
    pub(super) fn course(&self) -> Course {
        Course {
            ramp: self.ramp.unwrap_or_default(),
            lasts: self.lasts,
            until: self.until,
            cycle: self.cycle,
            strength: self.strength.unwrap_or(1.0),
            ..Course::default()
        }
    }

    /// Returns when it begins.
    ///
    /// # Errors
    /// More than one form, what does not go with the form, and stages that the policy does not have.
    pub(super) fn moment(&self, path: &str, stages: Stages<'_>) -> Placed<Moment> {
        self.one_form(path)?;
        let event = match self.after {
            Some(After::Event(event)) => Some(event),
            _ => None,
        };
        let counted = self.time.or(match self.after {
            Some(After::Time(after)) => Some(after),
            _ => self.delay,
        });
        let from = match (event, &self.when) {
            (Some(event), _) => self.at_event(event, path, stages)?,
            (None, Some(when)) => in_state(when, path, stages)?,
            (None, None) => self.from.unwrap_or_default(),
        };
        Ok(Moment {
            from,
            after: counted.unwrap_or_default(),
            within: self.within.filter(|within| !within.is_zero()),
        })
    }

    fn one_form(&self, path: &str) -> Placed<()> {
        let event = matches!(self.after, Some(After::Event(_)));
        let resolved = self.from.is_some() || matches!(self.after, Some(After::Time(_)));
        let forms = [self.time.is_some(), event, self.when.is_some(), resolved];
        let said = forms.into_iter().filter(|form| *form).count();
        let refuse = |word: &str, message: String, help: &str| {
            let path = format!("{path}{word}");
            Err(Problem::error("CM173", path, message).help(help).into())
        };
        if said > 1 {
            let message = format!("{said} moments are said at once");
            let help =
                "keep one of `time: 3h`, `after: rollback-decided` and `when: \"state == paused\"`";
            return refuse("", message, help);
        }
        if self.stage.is_some() && !event {
            let message = "`stage` belongs to an event".to_owned();
            let help = "add `after: stage-entered`, or write `when: \"stage == ...\"`";
            return refuse(".stage", message, help);
        }
        if self.delay.is_some() && (self.time.is_some() || resolved) {
            let message = "`delay` belongs to an event or a state".to_owned();
            return refuse(".delay", message, "add it to the time instead");
        }
        Ok(())
    }

    fn at_event(&self, event: Milestone, path: &str, stages: Stages<'_>) -> Placed<Anchor> {
        let at_stage = format!("{path}.stage");
        let stage = self.stage.as_deref();
        let number = stage.map(|id| stages.number(&at_stage, id)).transpose()?;
        let state = |is, any| number.map_or(any, |_| Anchor::State(Standing { is, stage: number }));
        let word = event.word();
        match (event, number) {
            (Milestone::StageEntered, Some(number)) => Ok(Anchor::StageEntered(number)),
            (Milestone::WindowOver, Some(number)) => Ok(Anchor::WindowOver(number)),
            (Milestone::StageEntered | Milestone::WindowOver, None) => {
                let message = format!("`{word}` does not say which stage");
                let problem = Problem::error("CM173", format!("{path}.after"), message);
                Err(problem.help("add `stage:` and its id").into())
            }
            (Milestone::Paused, _) => Ok(state(State::Paused, Anchor::Paused)),
            (Milestone::RollbackDecided, _) => Ok(state(State::RollingBack, Anchor::Rollback)),
            (Milestone::KillThrown, _) => Ok(state(State::Killed, Anchor::KillThrown)),
            (_, Some(_)) => {
                let message = format!("`{word}` does not happen in a stage");
                let problem = Problem::error("CM173", at_stage, message);
                Err(problem.help("leave `stage` out").into())
            }
            (Milestone::Start, None) => Ok(Anchor::Start),
            (Milestone::FirstExposure, None) => Ok(Anchor::FirstExposure),
            (Milestone::Reverted, None) => Ok(Anchor::Reverted),
            (Milestone::Recovered, None) => Ok(Anchor::Recovered),
            (Milestone::ControllerBack, None) => Ok(Anchor::ControllerBack),
        }
    }
}

/// Returns the instant at which the rollout is first as `when` says.
fn in_state(when: &str, path: &str, stages: Stages<'_>) -> Placed<Anchor> {
    let path = format!("{path}.when");
    let Predicate { state, stage } = predicate::read(when).map_err(|misread| {
        let message = format!("the state means nothing: {}", misread.what);
        let place = when[..misread.at.start].chars().count() + 1;
        let label = format!("character {place}: `{}`", &when[misread.at]);
        let problem = Problem::error("CM174", path.clone(), message).label(label);
        Box::new(problem.help(misread.help))
    })?;
    let stage = stage.map(|id| stages.number(&path, id)).transpose()?;
    Ok(match (state, stage) {
        (None | Some(State::Staged), Some(stage)) => Anchor::StageEntered(stage),
        (Some(State::Paused), None) => Anchor::Paused,
        (Some(State::RollingBack), None) => Anchor::Rollback,
        (Some(State::Killed), None) => Anchor::KillThrown,
        (Some(is), stage) => Anchor::State(Standing { is, stage }),
        (None, None) => unreachable!("a predicate asks for a state or a stage"),
    })
}
