//! Who did it: which gate, in which stage, on how many samples.
//!
//! After a miss the first question is what led to it. The answer is found in the history: what acted
//! last, what the rollout waited for, or, where nothing acted, which trigger came closest. It is kept
//! as a tally by gate, stage and size of sample, and told of one rollout as a sentence.

use sim_core::history::PauseReason;
use sim_core::policy::gate::{Gate, Judgement, Reading};
use sim_core::policy::{Action, GuardDecision, GuardFault, Stage};
use sim_core::{Event, Experiment, History};

use super::causes::{Cause, Culprit, SampleSize};
use super::said_cause::{SaidCause, fired, held, missed};

/// What is known at some instant of a history.
struct Scene<'a> {
    experiment: &'a Experiment,
    stage: Option<u16>,
    said: Vec<Option<SaidCause>>,
    /// Who was asked last and has not answered.
    asked: Option<u16>,
}

impl<'a> Scene<'a> {
    fn new(experiment: &'a Experiment) -> Self {
        Self {
            experiment,
            stage: None,
            said: vec![None; experiment.policy.gates.len()],
            asked: None,
        }
    }

    fn note(&mut self, event: &Event) {
        match *event {
            Event::StageEntered { stage, .. } => self.stage = Some(stage),
            Event::Judged { gate, .. } => self.note_reading(usize::from(gate), event),
            Event::Asked { operator, .. } => self.asked = Some(operator),
            Event::Answered { operator, .. } if self.asked == Some(operator) => self.asked = None,
            _ => {}
        }
    }

    fn note_reading(&mut self, index: usize, event: &Event) {
        let Event::Judged {
            judgement,
            flaw,
            value,
            samples,
            ..
        } = *event
        else {
            return;
        };
        let noted = flaw;
        let reading = Reading {
            value,
            samples,
            noted,
        };
        let needed = self.experiment.policy.gates[index].min_samples;
        self.said[index] = Some(SaidCause {
            judgement,
            flaw: reading.flaw(needed),
            value,
            samples,
            stage: self.stage,
        });
    }

    fn rules(&self) -> Option<&'a Stage> {
        self.experiment.policy.stages.get(usize::from(self.stage?))
    }

    fn place(&self) -> String {
        self.rules()
            .map_or("before the first stage".to_owned(), |stage| {
                format!("in stage `{}`", stage.id)
            })
    }

    fn gate(&self, id: &str) -> Option<usize> {
        let mut gates = self.experiment.policy.gates.iter();
        gates.position(|gate| gate.id == id)
    }

    fn culprit(&self, who: &str, samples: Option<u64>, sentence: String) -> Culprit {
        Culprit {
            cause: Cause {
                who: who.to_owned(),
                stage: self.rules().map(|stage| stage.id.clone()),
                samples: samples.map(SampleSize::of),
            },
            samples,
            sentence,
            enough: String::new(),
        }
    }

    /// A gate that fired.
    fn fired(&self, index: usize) -> Culprit {
        let gate = &self.experiment.policy.gates[index];
        let said = self.said[index];
        let (what, enough) = said.map_or(("fired".to_owned(), String::new()), |said| {
            fired(gate, said)
        });
        let sentence = format!("`{}` {} {what}", gate.id, self.place());
        let culprit = self.culprit(&gate.id, said.map(|said| said.samples), sentence);
        Culprit { enough, ..culprit }
    }

    /// The criterion that does not let the stage be left, if there is one.
    fn waits_for_criterion(&self) -> Option<Culprit> {
        let rules = self.rules()?;
        let open = |id: &&String| {
            let said = self.gate(id).and_then(|gate| self.said[gate]);
            said.is_none_or(|said| said.judgement != Judgement::Pass)
        };
        let id = rules.criteria.iter().find(open)?;
        let index = self.gate(id)?;
        let gate = &self.experiment.policy.gates[index];
        let said = self.said[index];
        let why = said.map_or("was never read".to_owned(), |said| held(gate, said));
        let sentence = format!("criterion `{id}` {} {why}", self.place());
        Some(self.culprit(id, said.map(|said| said.samples), sentence))
    }

    fn waits_for_answer(&self) -> Option<Culprit> {
        let operator = self.experiment.operators.get(usize::from(self.asked?))?;
        let who = format!("no answer of `{}`", operator.role);
        let sentence = format!(
            "it waited {} for an answer of `{}` to the end",
            self.place(),
            operator.role
        );
        Some(self.culprit(&who, None, sentence))
    }

    fn evidence(&self, index: u16) -> Culprit {
        let all = &self.experiment.policy.evidence;
        let id = all.get(usize::from(index)).map_or("", |known| &known.id);
        let sentence = format!("evidence `{id}` was flawed {}", self.place());
        self.culprit(id, None, sentence)
    }

    /// A guard that decides in the place of the gates.
    fn guard(&self, decision: GuardDecision, fault: Option<GuardFault>) -> Culprit {
        let did = fault.map_or("said", GuardFault::words);
        let means = match fault {
            None => decision.word().to_owned(),
            Some(_) => format!("(the policy: {})", decision.word()),
        };
        let sentence = format!("the guard {did} {means} {}", self.place());
        let who = fault.map_or("the guard".to_owned(), |fault| {
            format!("the guard, which {}", fault.words())
        });
        self.culprit(&who, None, sentence)
    }

    fn paused(&self, why: PauseReason) -> Option<Culprit> {
        match why {
            PauseReason::Overdue => self.waits_for_criterion().or_else(|| {
                let sentence = format!("the time to leave was over {}", self.place());
                Some(self.culprit("an overdue stage", None, sentence))
            }),
            // What triggered, or which evidence was flawed, is known already.
            _ => None,
        }
    }
}

/// Returns what stopped the rollout: the last gate, evidence, limit or wait that something was done
/// for; none where nothing was done.
pub fn stopped_by(experiment: &Experiment, history: &History) -> Option<Culprit> {
    let mut scene = Scene::new(experiment);
    let mut found = None;
    for (_, event) in history {
        scene.note(event);
        let now = match *event {
            Event::Triggered { gate, action, .. } if action != Action::Record => {
                Some(scene.fired(usize::from(gate)))
            }
            Event::EvidenceFlawed { evidence, .. } | Event::Refused { evidence, .. } => {
                Some(scene.evidence(evidence))
            }
            Event::GuardAnswered { decision, fault } if decision > GuardDecision::Hold => {
                Some(scene.guard(decision, fault))
            }
            Event::BlastExceeded { reached } => {
                let sentence = format!("{reached} was reached {}", scene.place());
                Some(scene.culprit("the blast radius", None, sentence))
            }
            Event::Paused { why, .. } => scene.paused(why),
            _ => None,
        };
        found = now.or(found);
    }
    found
}

/// Returns what a rollout waited for that came to no end; what last stopped it where it waited for
/// nothing.
pub fn waited_for(experiment: &Experiment, history: &History) -> Culprit {
    let mut scene = Scene::new(experiment);
    history.iter().for_each(|(_, event)| scene.note(event));
    let waits = scene
        .waits_for_answer()
        .or_else(|| stopped_by(experiment, history))
        .or_else(|| scene.waits_for_criterion());
    waits.unwrap_or_else(|| {
        let sentence = format!("the simulation ended {}", scene.place());
        scene.culprit("the horizon", None, sentence)
    })
}

/// Returns why nothing stopped the rollout: the trigger that came closest, the one that had too few
/// data, or that none was watching.
pub fn let_through_by(experiment: &Experiment, history: &History) -> Culprit {
    let mut scene = Scene::new(experiment);
    history.iter().for_each(|(_, event)| scene.note(event));
    let policy = &experiment.policy;
    let acts = |gate: &Gate| {
        let mut classes = policy.classes.iter();
        let class = classes.find(|class| Some(&class.id) == gate.class.as_ref());
        class.is_some_and(|class| class.action != Action::Record)
    };
    let all = policy.gates.iter().zip(&scene.said);
    let read = all.filter(|(gate, _)| acts(gate));
    let read: Vec<_> = read
        .filter_map(|(gate, said)| Some((gate, (*said)?)))
        .collect();
    let near = |(gate, said): &(&Gate, SaidCause)| match said.flaw {
        // What saw data came closer than what saw none.
        Some(_) => -1.0,
        None => gate.breach.nearness(said.value),
    };
    let Some((gate, said)) = read.iter().max_by(|a, b| near(a).total_cmp(&near(b))) else {
        let sentence = "no trigger read anything".to_owned();
        return scene.culprit("no trigger", None, sentence);
    };
    scene.stage = said.stage;
    let (what, enough) = missed(gate, *said);
    let sentence = format!("`{}` {} {what}", gate.id, scene.place());
    let culprit = scene.culprit(&gate.id, Some(said.samples), sentence);
    Culprit { enough, ..culprit }
}
