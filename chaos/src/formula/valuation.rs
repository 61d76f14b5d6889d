//! Scenes: what a history comes to at each instant, for the quantities that formulas name.

use sim_core::history::Event;
use sim_core::policy::{Judgement, gate::Flaw};
use sim_core::{Experiment, Outcome};

use super::quantity::Quantity;

/// What a gate said last, and what was wrong with its data.
pub(super) type Reading = Option<(Judgement, Option<Flaw>)>;

/// Everything that a formula can ask about one instant.
#[derive(Clone, Debug)]
pub(super) struct Valuation {
    values: [f64; Quantity::ALL.len()],
    gates: Vec<Reading>,
}

impl Valuation {
    /// Before anything has happened.
    pub fn beginning(experiment: &Experiment) -> Self {
        let mut scene = Self {
            values: [0.0; Quantity::ALL.len()],
            gates: vec![None; experiment.policy.gates.len()],
        };
        scene.set(Quantity::Stage, f64::NAN);
        scene.set(Quantity::Outcome, f64::NAN);
        scene
    }

    /// Returns the value of a quantity; a NaN is none yet, and compares with nothing.
    pub fn value(&self, quantity: Quantity) -> f64 {
        self.values[quantity as usize]
    }

    /// Returns what the gate of this number said last.
    pub fn gate(&self, number: usize) -> Reading {
        self.gates[number]
    }

    /// Gives a quantity its value.
    pub fn set(&mut self, quantity: Quantity, value: f64) {
        self.values[quantity as usize] = value;
    }

    fn state(&mut self, word: &str) {
        let place = super::quantity::STATES
            .iter()
            .position(|known| *known == word);
        let place = place.expect("a state of the table");
        self.set(Quantity::State, place as f64);
    }

    /// Takes in what has happened.
    pub fn note(&mut self, experiment: &Experiment, event: &Event) {
        if let Some(word) = state_after(event) {
            self.state(word);
        }
        match *event {
            Event::Exposure { reached } => self.set(Quantity::ServingNew, reached.as_f64()),
            Event::StageEntered { stage, attempt, .. } => {
                self.set(Quantity::StageTarget, target(experiment, stage));
                self.set(Quantity::Stage, stage.into());
                self.set(Quantity::Attempt, attempt.into());
            }
            Event::Judged {
                gate,
                judgement,
                flaw,
                ..
            } => {
                if let Some(place) = self.gates.get_mut(usize::from(gate)) {
                    *place = Some((judgement, flaw));
                }
            }
            Event::RungTaken { .. } => {
                self.count_rung();
            }
            Event::Recovered { .. } => self.set(Quantity::Rungs, 0.0),
            Event::Ended { outcome } => self.end(outcome),
            _ => self.note_outage(event),
        }
    }

    fn count_rung(&mut self) {
        let taken = self.value(Quantity::Rungs) + 1.0;
        self.set(Quantity::Rungs, taken);
    }

    fn end(&mut self, outcome: Outcome) {
        let place = Outcome::ALL.iter().position(|known| *known == outcome);
        self.set(Quantity::Outcome, place.expect("an outcome of all") as f64);
    }

    /// Takes in what went down and what came back.
    fn note_outage(&mut self, event: &Event) {
        match *event {
            Event::HostsLost { hosts, .. } => self.hosts(f64::from(hosts)),
            Event::HostsReturned { hosts, .. } => self.hosts(-f64::from(hosts)),
            Event::ControllerStopped => self.set(Quantity::ControllerDown, 1.0),
            Event::ControllerStarted { .. } => self.set(Quantity::ControllerDown, 0.0),
            _ => {}
        }
    }

    fn hosts(&mut self, more: f64) {
        let down = self.value(Quantity::HostsDown) + more;
        self.set(Quantity::HostsDown, down.max(0.0));
    }
}

fn target(experiment: &Experiment, stage: u16) -> f64 {
    let rules = experiment.policy.stages.get(usize::from(stage));
    rules.map_or(0.0, |rules| rules.target.as_f64())
}

/// The state that an event leads to; none where the rollout stays in the one it is in.
const fn state_after(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::StageEntered { .. } | Event::Overruled { .. } => "staged",
        Event::RungTaken { .. } => "fallen_back",
        Event::Recovered { .. } => "waiting",
        Event::Paused { .. } => "paused",
        Event::RollbackBegan => "rolling_back",
        Event::RollbackEnded { .. } => "reverted",
        Event::KillThrown => "killed",
        Event::Ended { .. } => "over",
        _ => return None,
    })
}
