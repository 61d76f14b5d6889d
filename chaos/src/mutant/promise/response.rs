//! `INV-HEED` and `INV-FOUNDED`: what a witness sees breach for a whole window is acted upon, and nothing
//! else is.

use sim_core::engine::{SimDuration, SimTime};
use sim_core::policy::{Action, Gate, Judgement, Policy};
use sim_core::{Event, Experiment, History};

use super::notes::Notes;
use crate::coverage::{Situation, Step, steps};

pub(super) const HEED: &str = "INV-HEED";
pub(super) const FOUNDED: &str = "INV-FOUNDED";

pub(super) fn judge(experiment: &Experiment, told: &History, notes: &mut Notes) {
    let policy = &experiment.policy;
    let mut watches: Vec<Watch<'_>> = (0..policy.gates.len())
        .filter_map(|place| Watch::of(policy, place))
        .collect();
    let mut scene = Scene::default();
    for step in steps(told) {
        for watch in &watches {
            if let Some(due) = watch.overdue(&scene, step.at, policy.evaluate_every) {
                let gate = &watch.gate.id;
                notes.breaks(HEED, due, format!("`{gate}` breached and nobody heeded it"));
            }
        }
        if let Event::Triggered { gate, action, .. } = *step.event
            && action > Action::Record
        {
            answers(
                &watches,
                &scene,
                (step.at, usize::from(gate), action),
                notes,
            );
        }
        scene.note(policy, &step);
        for watch in &mut watches {
            watch.note(&step);
        }
    }
}

/// A trigger that acts: it must have had its window full, and no more severe one may have been full too.
fn answers(
    watches: &[Watch<'_>],
    scene: &Scene,
    (at, gate, action): (SimTime, usize, Action),
    notes: &mut Notes,
) {
    for watch in watches {
        let name = &watch.gate.id;
        if watch.place == gate && !watch.blind && watch.full_at().is_none_or(|full| full > at) {
            notes.breaks(
                FOUNDED,
                at,
                format!("`{name}` acted before its window was full"),
            );
        }
        let waits = watch.due(scene).is_some_and(|due| due <= at);
        if waits && watch.action > action {
            notes.breaks(
                HEED,
                at,
                format!("`{name}` breached and less was done than it asks for"),
            );
        }
    }
}

/// Where the rollout stands, as far as triggers depend on it.
#[derive(Default)]
struct Scene {
    /// The stage that is played, while its triggers are looked at, and since when.
    live: Option<(u16, SimTime)>,
    stage: u16,
    down: bool,
    back: SimTime,
}

impl Scene {
    fn note(&mut self, policy: &Policy, step: &Step<'_>) {
        match step.event {
            Event::StageEntered { stage, .. } => {
                self.stage = *stage;
                self.live = None;
            }
            Event::ControllerStopped => self.down = true,
            Event::ControllerStarted { .. } => (self.down, self.back) = (false, step.at),
            _ => {}
        }
        let active = matches!(
            step.now,
            Situation::Climbing(_)
                | Situation::Watching(_)
                | Situation::Asking(_)
                | Situation::Settling(_)
        );
        let known = usize::from(self.stage) < policy.stages.len();
        self.live = match self.live {
            Some(live) if active => Some(live),
            None if active && known => Some((self.stage, step.at)),
            _ => None,
        };
    }
}

/// What a witness has said so far.
struct Watch<'p> {
    place: usize,
    gate: &'p Gate,
    action: Action,
    /// The stages in which it is a trigger.
    stages: Vec<u16>,
    /// How long it must breach from the first evaluation on.
    full: SimDuration,
    since: Option<SimTime>,
    word: Option<Judgement>,
    word_since: SimTime,
    /// Whether it breached when its window was forgotten, so that nobody knows when it began anew.
    blind: bool,
}

impl<'p> Watch<'p> {
    /// A gate that is a trigger somewhere, and whose window is a run of breaches.
    fn of(policy: &'p Policy, place: usize) -> Option<Self> {
        let gate = &policy.gates[place];
        let class = gate.class.as_ref()?;
        let class = policy.class(class)?;
        let full = gate.window.run_length(policy.evaluate_every);
        let full = full.filter(|_| gate.window.counts_a_run())?;
        let lists = |stage: &sim_core::policy::Stage| stage.triggers.contains(&gate.id);
        let stages = policy.stages.iter().enumerate();
        let stages = stages.filter(|(_, stage)| lists(stage));
        (class.action > Action::Record).then(|| Self {
            place,
            gate,
            action: class.action,
            stages: stages.map(|(place, _)| place as u16).collect(),
            full,
            since: None,
            word: None,
            word_since: SimTime::ZERO,
            blind: false,
        })
    }

    fn full_at(&self) -> Option<SimTime> {
        Some(self.since?.saturating_add(self.full))
    }

    /// When the trigger has to act, if it has to at all as things stand.
    fn due(&self, scene: &Scene) -> Option<SimTime> {
        let (stage, live_since) = scene.live.filter(|_| !scene.down)?;
        let breaches = self.word == Some(Judgement::Breach) && self.stages.contains(&stage);
        let due = self.full_at().filter(|_| breaches)?;
        Some(due.max(self.word_since).max(live_since).max(scene.back))
    }

    /// The controller evaluates at multiples of its interval: a trigger is overdue after the first of them
    /// at which it is due.
    fn overdue(&self, scene: &Scene, at: SimTime, every: SimDuration) -> Option<SimTime> {
        let due = self.due(scene)?;
        let beats = due.as_nanos().div_ceil(every.as_nanos().max(1));
        (at > SimTime::after(every.saturating_mul(beats))).then_some(due)
    }

    fn note(&mut self, step: &Step<'_>) {
        match *step.event {
            Event::Judged {
                gate, judgement, ..
            } if usize::from(gate) == self.place => {
                if self.word != Some(judgement) {
                    self.word_since = step.at;
                }
                self.word = Some(judgement);
                match judgement {
                    Judgement::Breach if !self.blind => {
                        self.since.get_or_insert(step.at);
                    }
                    Judgement::Breach => {}
                    Judgement::Pass => (self.since, self.blind) = (None, false),
                    Judgement::Hold | Judgement::Error => self.blind = false,
                }
            }
            _ if forgets(step.event) => {
                self.blind = self.word == Some(Judgement::Breach);
                self.since = None;
            }
            _ => {}
        }
    }
}

/// What makes windows begin anew.
fn forgets(event: &Event) -> bool {
    matches!(
        event,
        Event::SteppedBack { .. }
            | Event::Paused { .. }
            | Event::RollbackBegan
            | Event::RungTaken { .. }
            | Event::LadderExhausted
            | Event::KillThrown
            | Event::FixAwaited
            | Event::Recovered { .. }
    )
}
