//! `INV-ASKED`: whoever has a say is asked.

use sim_core::engine::SimTime;
use sim_core::history::Request;
use sim_core::policy::Action;
use sim_core::{Event, Experiment, Outcome};

use super::notes::{NotedEvent, Notes};

pub(super) const ASKED: &str = "INV-ASKED";

pub(super) fn judge(experiment: &Experiment, lines: &[NotedEvent], notes: &mut Notes) {
    let mut asked = Asked::of(experiment);
    for (place, &(at, event)) in lines.iter().enumerate() {
        match event {
            Event::LadderExhausted => asked.exhausted(at, &lines[place..], notes),
            Event::Ended { outcome } => asked.ended(at, outcome, notes),
            _ => asked.note(event),
        }
    }
}

/// Who is owed a question, and what was asked in the attempt.
struct Asked<'e> {
    experiment: &'e Experiment,
    owed: bool,
    acknowledgement: bool,
    exhausted: bool,
    attempt: u32,
}

impl<'e> Asked<'e> {
    const fn of(experiment: &'e Experiment) -> Self {
        Self {
            experiment,
            owed: false,
            acknowledgement: false,
            exhausted: false,
            attempt: 0,
        }
    }

    /// Whether somebody has a role.
    fn exists(&self, role: Option<&String>) -> bool {
        let mut known = self.experiment.operators.iter();
        role.is_some_and(|role| known.any(|known| known.role == *role))
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::Triggered { class, action, .. } if action > Action::Record => {
                let class = self.experiment.policy.classes.get(usize::from(class));
                self.owed |= class.is_some_and(|class| self.exists(class.sign_off.as_ref()));
            }
            Event::Asked {
                request: Request::SignOff,
                ..
            } => self.owed = false,
            Event::Asked {
                request: Request::Acknowledgement,
                ..
            } => self.acknowledgement = true,
            Event::RollbackBegan | Event::RungTaken { .. } => {
                (self.acknowledgement, self.exhausted) = (false, false);
            }
            Event::Recovered { attempt, .. } => self.attempt = u32::from(attempt),
            _ => {}
        }
    }

    /// Somebody is told in the same instant that no rung is left.
    fn exhausted(&mut self, at: SimTime, from_here: &[NotedEvent], notes: &mut Notes) {
        self.exhausted = true;
        let pages = |(then, event): &NotedEvent| {
            let request = Request::Escalation;
            *then == at && matches!(event, Event::Asked { request: now, .. } if *now == request)
        };
        let ladder = self.experiment.policy.ladder.as_ref();
        let escalates = ladder.is_some_and(|ladder| self.exists(ladder.escalate_to.as_ref()));
        if escalates && !from_here.iter().any(pages) {
            notes.breaks(ASKED, at, "no rung was left and nobody was told");
        }
    }

    fn ended(&self, at: SimTime, outcome: Outcome, notes: &mut Notes) {
        if self.owed && outcome != Outcome::Unfinished {
            notes.breaks(ASKED, at, "it ended and nobody was asked to sign off");
        }
        let taken_back = matches!(outcome, Outcome::RolledBack | Outcome::FellBack);
        let may = self
            .experiment
            .policy
            .recovery
            .as_ref()
            .is_some_and(|rules| {
                self.attempt < rules.attempts && self.exists(rules.acknowledge.as_ref())
            });
        if taken_back && may && !self.acknowledgement && !self.exhausted {
            notes.breaks(ASKED, at, "an attempt was left and nobody was asked");
        }
    }
}
