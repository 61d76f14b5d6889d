//! `INV-STAGED`: stages in order, none skipped.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::{Event, Experiment, Outcome};

use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::stage_name;

/// The invariant.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-STAGED",
    title: "stages are entered in their order and none is skipped; a step back goes to the stage \
            before; a fresh attempt begins with the first stage; none is left while the policy's calendar \
            is closed",
    source: "Rollout Wedge Policy, INV-RWG-STAGED; RaptorQ rollout policy, Staged Rollout Model; \
             optimize rollout runbook, Rollout Stages",
    unit: None,
    judge,
    untested: "no stage was entered",
};

/// Which stage may be entered next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    /// This one alone.
    Exactly(u16),
    /// This one or an earlier one.
    UpTo(u16),
}

/// The seconds of a day.
const DAY: f64 = 86_400.0;

/// Whether the policy's calendar keeps the rollout where it is at an instant.
fn closed(experiment: &Experiment, at: SimTime) -> bool {
    let Some(calendar) = &experiment.policy.calendar else {
        return false;
    };
    let start = experiment.telemetry.starts_in_week;
    let since_monday = at.as_secs_f64() + start.map_or(0.0, SimDuration::as_secs_f64);
    let day = (since_monday / DAY) as u64 % 7;
    let time = since_monday % DAY;
    let works = calendar.days.is_empty() || calendar.days.iter().any(|it| *it as u64 == day);
    let hours = calendar.from.as_secs_f64() <= time && time < calendar.to.as_secs_f64();
    let frozen = calendar.freezes.iter().any(|freeze| {
        let from = freeze.from.as_secs_f64();
        from <= at.as_secs_f64() && at.as_secs_f64() < from + freeze.lasts.as_secs_f64()
    });
    frozen || !works || !hours
}

/// Where a rollout is, and where it may go.
struct Order<'e> {
    experiment: &'e Experiment,
    here: Option<u16>,
    due: Due,
}

impl Order<'_> {
    fn entered(&mut self, stage: u16, at: SimTime, recorder: &mut CheckRecorder) {
        let fits = match self.due {
            Due::Exactly(only) => stage == only,
            Due::UpTo(last) => stage <= last,
        };
        if fits {
            recorder.holds();
        } else {
            let name = stage_name(self.experiment, stage);
            recorder.breaks(at, format!("{name} was entered out of order"));
        }
        // Entering the same stage again resumes it: nothing is skipped.
        (self.here, self.due) = (Some(stage), Due::Exactly(stage));
    }

    fn advanced(&mut self, (from, to): (u16, u16), at: SimTime, recorder: &mut CheckRecorder) {
        if closed(self.experiment, at) {
            let from = stage_name(self.experiment, from);
            recorder.breaks(at, format!("{from} was left while the calendar is closed"));
        }
        if self.here != Some(from) || to != from + 1 {
            let name = |stage| stage_name(self.experiment, stage);
            let what = format!("the rollout went on from {} to {}", name(from), name(to));
            recorder.breaks(at, what);
        }
        self.due = Due::Exactly(to);
    }

    fn stepped_back(&mut self, from: u16, at: SimTime, recorder: &mut CheckRecorder) {
        if self.here != Some(from) || from == 0 {
            let from = stage_name(self.experiment, from);
            recorder.breaks(at, format!("the rollout stepped back from {from}"));
        }
        self.due = Due::Exactly(from.saturating_sub(1));
    }

    fn completed(&self, at: SimTime, recorder: &mut CheckRecorder) {
        let last = self.experiment.policy.stages.len() as u16 - 1;
        if self.here == Some(last) && self.due == Due::Exactly(last) {
            recorder.holds();
        } else {
            recorder.breaks(at, "the rollout was completed before its last stage");
        }
    }
}

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let (here, due) = (None, Due::Exactly(0));
    let mut order = Order {
        experiment,
        here,
        due,
    };
    for &(at, event) in past {
        match event {
            Event::StageEntered { stage, .. } => order.entered(stage, at, recorder),
            Event::Advanced { from, to } => order.advanced((from, to), at, recorder),
            Event::SteppedBack { from } => order.stepped_back(from, at, recorder),
            Event::Recovered { fresh: true, .. } => order.due = Due::Exactly(0),
            Event::Recovered { .. } => order.due = Due::UpTo(order.here.unwrap_or(0)),
            Event::Ended {
                outcome: Outcome::Completed,
            } => order.completed(at, recorder),
            _ => {}
        }
    }
}
