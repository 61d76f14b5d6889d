//! `INV-LIVE`: a rollout comes to an end.

use sim_core::engine::SimTime;
use sim_core::policy::{Action, Judgement};
use sim_core::{Event, Experiment, Outcome};

use super::artifact;
use super::check_recorder::CheckRecorder;
use super::finding::{Invariant, Line};
use super::stage_visit::{Visit, margin, visits};

/// The invariant. Standing still is no breach while the policy itself asks to wait.
pub(super) const INVARIANT: Invariant = Invariant {
    id: "INV-LIVE",
    title: "the rollout comes to an outcome before the simulation ends, unless it must wait for a \
            criterion, for evidence or for an answer; going back and forth is no outcome",
    source: "Rollout Wedge Policy, wedge_state (complete, rolled back or paused)",
    unit: Some("s"),
    judge,
    untested: "the rollout was never asked to start",
};

fn judge(experiment: &Experiment, past: &[Line], recorder: &mut CheckRecorder) {
    let Some(&(last, event)) = past.last() else {
        return;
    };
    let Event::Ended { outcome } = event else {
        return recorder.breaks(last, "the history breaks off without an outcome");
    };
    let slack = margin(experiment.horizon, last.elapsed());
    if slack < 0.0 {
        recorder.breaks_by(last, slack, "the rollout ended after the horizon");
    } else if outcome != Outcome::Unfinished {
        recorder.holds_by(slack);
    } else if let Some(why) = goes_back_and_forth(experiment, past) {
        recorder.breaks(last, why);
    } else if let Some(why) = waits_for(experiment, past, last) {
        recorder.untested(why);
    } else {
        recorder.breaks(last, "nothing kept the rollout, and it came to no outcome");
    }
}

/// Returns how often the release was stepped back by a class that bounds nothing, where that was more than once and
/// nobody was asked for anything since the last time: such a rollout moves and comes to nothing.
fn goes_back_and_forth(experiment: &Experiment, past: &[Line]) -> Option<String> {
    let policy = &experiment.policy;
    let mut cause = None;
    let (mut times, mut last_gate) = (0, None);
    for (_, event) in past {
        match event {
            Event::Triggered {
                gate,
                class,
                action: Action::StepBack,
            } => cause = Some((*gate, *class)),
            Event::SteppedBack { .. } => {
                let by = cause.take();
                let class = by.and_then(|(_, class)| policy.classes.get(usize::from(class)));
                if class.is_none_or(|class| class.at_most.is_none()) {
                    times += 1;
                }
                last_gate = by.and_then(|(gate, _)| policy.gates.get(usize::from(gate)));
            }
            Event::Asked { .. } => times = 0,
            _ => {}
        }
    }
    let by = last_gate.map_or(String::new(), |gate| format!(" by gate `{}`", gate.id));
    (times > 1).then(|| {
        format!("the release was stepped back {times} times{by}, climbed again each time and came to no outcome")
    })
}

/// Returns what the rollout must wait for at the end, by the policy's own words.
fn waits_for(experiment: &Experiment, past: &[Line], end: SimTime) -> Option<String> {
    let visit = visits(past).last()?;
    if visit.find(is_retreat).is_some() {
        return None;
    }
    let rules = visit.rules(&experiment.policy)?;
    let from = visit.observed_from(rules)?;
    if end < from.saturating_add(rules.observe) {
        return Some("the simulation ended inside an observation window".to_owned());
    }
    if let Some(role) = unanswered(experiment, &visit) {
        return Some(format!(
            "stuck: the simulation ended while `{role}` had not answered"
        ));
    }
    if let Some(id) = rules
        .hold
        .iter()
        .find(|id| artifact::flaw(experiment, past, id, end).is_some())
    {
        return Some(format!("the simulation ended while `{id}` was flawed"));
    }
    let blocks = |id: &&String| last_word(experiment, past, id) != Some(Judgement::Pass);
    let criterion = rules.criteria.iter().find(blocks)?;
    Some(format!(
        "the simulation ended while criterion `{criterion}` did not pass"
    ))
}

/// What begins and must end by itself.
fn is_retreat(event: &Event) -> bool {
    matches!(
        event,
        Event::RollbackBegan | Event::KillThrown | Event::RungTaken { .. }
    )
}

/// Returns the role that was asked last and did not answer.
fn unanswered<'e>(experiment: &'e Experiment, visit: &Visit<'_>) -> Option<&'e str> {
    let mut open = None;
    for (_, event) in visit.lines {
        match *event {
            Event::Asked { operator, request } => open = Some((operator, request)),
            Event::Answered { operator, request } if open == Some((operator, request)) => {
                open = None;
            }
            _ => {}
        }
    }
    let operator = experiment.operators.get(usize::from(open?.0))?;
    Some(&operator.role)
}

/// Returns what a gate said last.
fn last_word(experiment: &Experiment, past: &[Line], id: &str) -> Option<Judgement> {
    let index = experiment
        .policy
        .gates
        .iter()
        .position(|gate| gate.id == *id)?;
    past.iter().rev().find_map(|(_, event)| match event {
        Event::Judged {
            gate, judgement, ..
        } if usize::from(*gate) == index => Some(*judgement),
        _ => None,
    })
}
