//! `INV-PROMPT` and `INV-ONCE`: a stage that is satisfied is left, and nothing about it is begun twice.

use sim_core::engine::SimTime;
use sim_core::history::Request;
use sim_core::policy::{Judgement, ObservationStart, Stage};
use sim_core::{Event, Experiment, History};

use super::notes::Notes;
use crate::coverage::{Situation, Step, steps};

pub(super) const PROMPT: &str = "INV-PROMPT";
pub(super) const ONCE: &str = "INV-ONCE";

pub(super) fn judge(experiment: &Experiment, told: &History, notes: &mut Notes) {
    let mut visit = StageStay::new(experiment);
    for step in steps(told) {
        if let Some(since) = visit.overdue(step.at) {
            notes.breaks(PROMPT, since, "a stage was satisfied and was not left");
        }
        if let Some(what) = visit.again(step.event) {
            notes.breaks(ONCE, step.at, what);
        }
        visit.note(&step);
    }
}

/// The stage that is being played, as far as leaving it depends on it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one thing has been heard since the stage was entered"
)]
struct StageStay<'e> {
    experiment: &'e Experiment,
    stage: Option<&'e Stage>,
    situation: Situation,
    observed_since: Option<SimTime>,
    converged: Option<SimTime>,
    begun: bool,
    signed: bool,
    asked: bool,
    approved: Option<SimTime>,
    down: bool,
    back: SimTime,
    words: Vec<(Option<Judgement>, SimTime)>,
}

impl<'e> StageStay<'e> {
    fn new(experiment: &'e Experiment) -> Self {
        Self {
            experiment,
            stage: None,
            situation: Situation::Before,
            observed_since: None,
            converged: None,
            begun: false,
            signed: false,
            asked: false,
            approved: None,
            down: false,
            back: SimTime::ZERO,
            words: vec![(None, SimTime::ZERO); experiment.policy.gates.len()],
        }
    }

    /// The role whose approval the stage needs, where somebody has it.
    fn approver(&self) -> Option<&'e str> {
        let role = self.stage?.approval.as_deref()?;
        let mut people = self.experiment.operators.iter();
        people.any(|known| known.role == role).then_some(role)
    }

    /// Since when the stage has been satisfied; none while it is not, or nobody can know.
    fn satisfied_since(&self) -> Option<SimTime> {
        let stage = self.stage.filter(|_| !self.down)?;
        // Evidence that is not in order holds a stage back without a word.
        if !self.experiment.evidence.is_empty() {
            return None;
        }
        let over = self.observed_since?.saturating_add(stage.observe);
        let mut since = over.max(self.back).max(self.converged?);
        for id in &stage.criteria {
            let gates = &self.experiment.policy.gates;
            let place = gates.iter().position(|gate| gate.id == *id)?;
            let (word, at) = self.words[place];
            if word != Some(Judgement::Pass) {
                return None;
            }
            since = since.max(at);
        }
        Some(since)
    }

    /// Whether the stage should have been left, or somebody asked, two evaluations ago.
    fn overdue(&self, at: SimTime) -> Option<SimTime> {
        let Situation::Watching(_) = self.situation else {
            return None;
        };
        let mut since = self.satisfied_since()?;
        if self.approver().is_some() && self.asked {
            since = since.max(self.approved?);
        }
        let patience = self.experiment.policy.evaluate_every.saturating_mul(2);
        (at > since.saturating_add(patience)).then_some(since)
    }

    fn again(&self, event: &Event) -> Option<&'static str> {
        match event {
            Event::ObservationBegan { .. } if self.begun && !self.signed => {
                Some("the observation of a stage began anew")
            }
            Event::Asked {
                request: Request::Approval,
                ..
            } if self.asked => Some("somebody was asked for the same approval again"),
            _ => None,
        }
    }

    fn note(&mut self, step: &Step<'_>) {
        self.situation = step.now;
        match *step.event {
            Event::StageEntered { stage, .. } => self.enter(stage, step.at),
            // From the instant that the policy declares, whenever the controller begins to count.
            Event::Converged { .. } => {
                self.converged = Some(step.at);
                self.observed_since.get_or_insert(step.at);
            }
            Event::ObservationBegan { .. } => self.observe(step.at),
            Event::Asked { request, .. } => self.asked |= request == Request::Approval,
            Event::Answered { request, .. } => self.answered(request, step.at),
            Event::RungEffective { .. } => self.observed_since = None,
            Event::ControllerStopped => self.down = true,
            Event::ControllerStarted { .. } => (self.down, self.back) = (false, step.at),
            Event::Judged {
                gate, judgement, ..
            } => self.judge(gate, judgement, step.at),
            _ => {}
        }
    }

    fn enter(&mut self, stage: u16, at: SimTime) {
        self.stage = self.experiment.policy.stages.get(usize::from(stage));
        (self.converged, self.approved) = (None, None);
        (self.signed, self.asked, self.begun) = (false, false, false);
        let entry = |stage: &&Stage| stage.observe_from == ObservationStart::Entry;
        self.observed_since = self.stage.filter(entry).map(|_| at);
    }

    fn answered(&mut self, request: Request, at: SimTime) {
        match request {
            Request::Approval if self.asked => {
                self.approved.get_or_insert(at);
            }
            Request::SignOff => self.signed = true,
            _ => {}
        }
    }

    fn observe(&mut self, at: SimTime) {
        if self.begun {
            self.observed_since = Some(at);
        }
        self.begun = true;
        self.signed = false;
    }

    fn judge(&mut self, gate: u16, judgement: Judgement, at: SimTime) {
        if let Some(word) = self.words.get_mut(usize::from(gate))
            && word.0 != Some(judgement)
        {
            *word = (Some(judgement), at);
        }
    }
}
