//! Witnesses: the original's gates beside a mutant's, read at every beat and never acted upon.
//!
//! They are gates of a class that only records, so that the machine reads them like any others and does
//! nothing about them. What a mutant's own gates say of the data is no evidence; what the witnesses say is.

use sim_core::policy::{Action, Class, Gate, Policy};
use sim_core::{Event, Experiment, History};

/// The class of witnesses.
const CLASS: &str = "witness";

/// Adds the gates of `original` to the experiment as witnesses.
///
/// A stage is witnessed by the gates that the original's stage of the same name watches.
pub fn add_oracle_gates(experiment: &mut Experiment, original: &Policy) {
    let policy = &mut experiment.policy;
    policy.classes.push(Class {
        id: CLASS.to_owned(),
        action: Action::Record,
        sign_off: None,
        at_most: None,
        no_new_starts: false,
    });
    policy.gates.extend(original.gates.iter().map(|gate| Gate {
        id: id(&gate.id),
        class: Some(CLASS.to_owned()),
        ..gate.clone()
    }));
    for stage in &mut policy.stages {
        let Some(own) = original.stages.iter().find(|own| own.id == stage.id) else {
            continue;
        };
        let mut watched: Vec<&String> = own.triggers.iter().collect();
        watched.extend(own.criteria.iter().filter(|id| !own.triggers.contains(id)));
        stage
            .triggers
            .extend(watched.into_iter().map(|gate| id(gate)));
    }
}

fn id(gate: &str) -> String {
    format!("{CLASS} of {gate}")
}

/// Tells the history of `mutant`, which has witnesses, in the words of `original`, which has none: stages,
/// steps and rungs by their numbers in the original, and what gates said as the witnesses have it. Of
/// effects only the first `effects` are known to the original.
pub fn tell(history: &History, mutant: &Policy, original: &Policy, effects: usize) -> History {
    let own = mutant.gates.len() - original.gates.len();
    let words = Words { mutant, original };
    let mut told = History::new();
    for (at, event) in history {
        match *event {
            Event::Judged { gate, .. } if usize::from(gate) < own => {}
            Event::Triggered { gate, .. } if usize::from(gate) >= own => {}
            Event::EffectBegan { effect } | Event::EffectShowed { effect }
                if usize::from(effect) >= effects => {}
            mut event => {
                if let Event::Judged { gate, .. } = &mut event {
                    *gate -= own as u16;
                }
                told.push(*at, words.of(event));
            }
        }
    }
    told
}

/// Returns the hash of a history as the machine wrote it, without what is said about effects that the
/// original does not know and about what a controller forgot.
pub(super) fn plain_hash(history: &History, effects: usize) -> u64 {
    let mut plain = History::new();
    for (at, event) in history {
        let event = match *event {
            Event::EffectBegan { effect } | Event::EffectShowed { effect }
                if usize::from(effect) >= effects =>
            {
                continue;
            }
            Event::ControllerStarted { .. } => Event::ControllerStarted { forgot: 0 },
            other => other,
        };
        plain.push(*at, event);
    }
    plain.hash()
}

/// Numbers of the mutant's policy as numbers of the original's, by their names.
struct Words<'p> {
    mutant: &'p Policy,
    original: &'p Policy,
}

impl Words<'_> {
    fn stage(&self, number: u16) -> u16 {
        let here = self.mutant.stages.get(usize::from(number));
        let there = here.and_then(|here| self.original.stage_index(&here.id));
        there.map_or(number, |place| place as u16)
    }

    fn step(&self, number: u16) -> u16 {
        let here = self.mutant.rollback.steps.get(usize::from(number));
        let mut steps = self.original.rollback.steps.iter();
        let there = here.and_then(|here| steps.position(|step| step.id == here.id));
        there.map_or(number, |place| place as u16)
    }

    fn rung(&self, number: u16) -> u16 {
        let rungs = |policy: &Policy| {
            let ladder = policy.ladder.as_ref();
            ladder.map_or_else(Vec::new, |ladder| ladder.rungs.clone())
        };
        let here = rungs(self.mutant);
        let here = here.get(usize::from(number));
        let there = here.and_then(|here| {
            let rungs = rungs(self.original);
            rungs.iter().position(|rung| rung.id == here.id)
        });
        there.map_or(number, |place| place as u16)
    }

    fn of(&self, mut event: Event) -> Event {
        match &mut event {
            Event::StageEntered { stage, .. }
            | Event::Converged { stage }
            | Event::ObservationBegan { stage }
            | Event::Paused { stage, .. }
            | Event::SteppedBack { from: stage }
            | Event::Overruled { stage } => *stage = self.stage(*stage),
            Event::Advanced { from, to } => (*from, *to) = (self.stage(*from), self.stage(*to)),
            Event::StepBegan { step, .. } | Event::StepEnded { step, .. } => {
                *step = self.step(*step);
            }
            Event::RungTaken { rung } | Event::RungEffective { rung } => *rung = self.rung(*rung),
            // What was forgotten is no fact of the rollout before it shows.
            Event::ControllerStarted { forgot } => *forgot = 0,
            _ => {}
        }
        event
    }
}
