//! `INV-ASKED`: whoever has a say is asked.

use sim_core::history::Request;
use sim_core::policy::Action;
use sim_core::{Event, Experiment, Outcome};

use super::notes::{NotedEvent, Notes};

pub(super) const ASKED: &str = "INV-ASKED";

pub(super) fn judge(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    let policy = &experiment.policy;
    let exists = |role: &Option<String>| {
        let known = |role: &String| experiment.operators.iter().any(|known| known.role == *role);
        role.as_ref().is_some_and(known)
    };
    let recovery = policy.recovery.as_ref();
    let escalates = policy
        .ladder
        .as_ref()
        .is_some_and(|ladder| exists(&ladder.escalate_to));
    let (mut owed, mut asked, mut exhausted, mut attempt) = (false, false, false, 0);
    for (place, &(at, event)) in lines.iter().enumerate() {
        match event {
            Event::Triggered { class, action, .. } if action > Action::Record => {
                let class = policy.classes.get(usize::from(class));
                owed |= class.is_some_and(|class| exists(&class.sign_off));
            }
            Event::Asked {
                request: Request::SignOff,
                ..
            } => owed = false,
            Event::Asked {
                request: Request::Acknowledgement,
                ..
            } => asked = true,
            Event::RollbackBegan | Event::RungTaken { .. } => (asked, exhausted) = (false, false),
            Event::Recovered { attempt: now, .. } => attempt = u32::from(now),
            Event::LadderExhausted => {
                exhausted = true;
                let pages = |(then, event): &NotedEvent| {
                    let request = Request::Escalation;
                    *then == at
                        && matches!(event, Event::Asked { request: now, .. } if *now == request)
                };
                if escalates && !lines[place..].iter().any(pages) {
                    notes.breaks(ASKED, at, "no rung was left and nobody was told");
                }
            }
            Event::Ended { outcome } => {
                if owed && outcome != Outcome::Unfinished {
                    notes.breaks(ASKED, at, "it ended and nobody was asked to sign off");
                }
                let taken_back = matches!(outcome, Outcome::RolledBack | Outcome::FellBack);
                let may = recovery
                    .is_some_and(|rules| attempt < rules.attempts && exists(&rules.acknowledge));
                if taken_back && may && !asked && !exhausted {
                    notes.breaks(ASKED, at, "an attempt was left and nobody was asked");
                }
            }
            _ => {}
        }
    }
}
