//! Evaluation: gates are read and judged, windows remember, and the policy decides.

use crate::engine::SimTime;
use crate::history::{Event, Outcome, PauseReason};
use crate::plan::{Watch, intervals};
use crate::policy::gate::{Firing, Flaw, Gate, Judgement, Population, Reading, Tracker, Window};
use crate::policy::{Action, Decision, Observation, Phase, decide};
use crate::telemetry::Query;
use crate::world::World;

/// What is remembered of one gate.
#[derive(Clone, Debug)]
pub(crate) struct GateMemory {
    pub tracker: Tracker,
    pub reading: Reading,
    /// The last judgement, and the one that was last written to the history.
    pub judgement: Judgement,
    pub written: Option<(Judgement, Option<Flaw>)>,
    /// Whether the gate fired at its last evaluation.
    pub firing: bool,
    /// The reading of the canary when its first stage ended.
    pub baseline: Option<Reading>,
}

impl GateMemory {
    pub fn new(gate: &Gate) -> Self {
        Self {
            tracker: Tracker::new(gate.window),
            reading: Reading::flawed(Flaw::Missing),
            judgement: Judgement::Hold,
            written: None,
            firing: false,
            baseline: None,
        }
    }

    /// Forgets what led to an action, so that the next action needs new evidence.
    pub fn forget(&mut self) {
        self.tracker.reset();
        self.firing = false;
    }
}

impl World<'_> {
    /// Evaluates the stage on the controller's own beat.
    pub fn evaluate(&mut self) {
        if self.state.phase == Phase::Active {
            let seen = self.observe(true);
            self.decide(&seen);
        }
    }

    /// Looks again between two beats, because a window is over or somebody has answered. Windows do not
    /// count this look: they count the controller's beats.
    pub fn due(&mut self) {
        let beat = self.evaluations.next() == self.now;
        if self.state.phase == Phase::Active && !beat {
            let seen = self.observe(false);
            self.decide(&seen);
        }
    }

    fn observe(&mut self, beat: bool) -> Observation {
        let plan = self.plan;
        let stage = &plan.stages[self.state.stage];
        let window_over = self.window_over();
        let (mut criteria_met, mut fired) = (true, None::<(Action, usize, usize)>);
        for watch in &stage.watched {
            if !(watch.trigger && beat || watch.criterion && window_over) {
                continue;
            }
            self.look(watch.gate);
            criteria_met &= !watch.criterion || self.gates[watch.gate].judgement == Judgement::Pass;
            if watch.trigger && beat {
                fired = worse(fired, self.fires(*watch));
            }
        }
        Observation {
            now: self.now,
            fired: fired.map(|(_, class, gate)| (class, gate)),
            criteria_met,
            flaw: self.held_flaw(),
            exposure: self.reached(),
            converged: self.converged(),
            approved: self.people.approved,
        }
    }

    /// Whether the stage has been observed for as long as it must be.
    fn window_over(&self) -> bool {
        let stage = &self.plan.experiment.policy.stages[self.state.stage];
        let over = |since: SimTime| self.now.saturating_since(since) >= stage.observe;
        self.state.observed_since.is_some_and(over)
    }

    /// Reads and judges one gate, and writes it down when it says something new.
    fn look(&mut self, gate: usize) {
        let policy = &self.plan.experiment.policy;
        let declared = &policy.gates[gate];
        let reading = self.read(gate, declared.population);
        let reference = self.plan.gates[gate]
            .reference
            .map(|population| self.read(gate, population));
        let judgement = declared.judge(reading, reference);
        let memory = &mut self.gates[gate];
        (memory.reading, memory.judgement) = (reading, judgement);
        if memory.written != Some((judgement, reading.noted)) {
            self.write_judgement(gate);
        }
    }

    fn read(&mut self, gate: usize, population: Population) -> Reading {
        if population == Population::CanaryBaseline {
            return self.gates[gate]
                .baseline
                .unwrap_or(Reading::flawed(Flaw::Missing));
        }
        let declared = &self.plan.experiment.policy.gates[gate];
        let (signal, measure) = (self.plan.gates[gate].signal, declared.measure);
        let query = Query {
            signal,
            population,
            measure,
            back: self.plan.gates[gate].back,
        };
        self.store.read(&mut self.conditions, query, self.now)
    }

    /// Keeps what the canary showed over its whole first stage, for gates that refer to it.
    pub fn keep_baseline(&mut self) {
        let policy = &self.plan.experiment.policy;
        for gate in 0..policy.gates.len() {
            let declared = &policy.gates[gate];
            let refers = self.plan.gates[gate].reference == Some(Population::CanaryBaseline);
            if refers || declared.population == Population::CanaryBaseline {
                let query = Query {
                    signal: self.plan.gates[gate].signal,
                    population: Population::Canary,
                    measure: declared.measure,
                    back: intervals(
                        policy.stages[0].observe.max(declared.over),
                        self.plan.interval,
                    ),
                };
                let reading = self.store.read(&mut self.conditions, query, self.now);
                self.gates[gate].baseline = Some(reading);
            }
        }
    }

    fn write_judgement(&mut self, gate: usize) {
        let memory = &mut self.gates[gate];
        let flaw = memory.reading.noted;
        memory.written = Some((memory.judgement, flaw));
        let event = Event::Judged {
            gate: gate as u16,
            judgement: memory.judgement,
            flaw,
            value: memory.reading.value,
            samples: memory.reading.samples,
        };
        self.record(event);
    }

    /// Lets the gate's window count the judgement and says what its class would do.
    fn fires(&mut self, watch: Watch) -> Option<(Action, usize, usize)> {
        let policy = &self.plan.experiment.policy;
        let now = self.now;
        let memory = &mut self.gates[watch.gate];
        let breach = &policy.gates[watch.gate].breach;
        let firing = memory
            .tracker
            .observe(now, memory.judgement, memory.reading.value, breach);
        let fired = matches!(firing, Firing::Fired | Firing::Errored);
        let first = fired && !memory.firing;
        memory.firing = fired;
        let class = self.plan.gates[watch.gate].class?;
        let action = policy.classes[class].action;
        if first && action == Action::Record {
            self.write_judgement(watch.gate);
            let (gate, class) = (watch.gate as u16, class as u16);
            self.record(Event::Triggered {
                gate,
                class,
                action,
            });
        }
        fired.then_some((action, class, watch.gate))
    }

    fn decide(&mut self, seen: &Observation) {
        let policy = &self.plan.experiment.policy;
        let mut decision = decide(policy, &self.state, seen);
        if self.rungs > 0
            && matches!(
                decision,
                Decision::Advance | Decision::Complete | Decision::Ask
            )
        {
            // In a fallback nothing goes forward before the recovery that the policy asks for.
            decision = Decision::Hold;
        }
        if decision != Decision::Hold {
            self.write_snapshot();
        }
        match decision {
            Decision::Hold => {}
            Decision::Ask => self.ask_approval(),
            Decision::Advance => self.advance(),
            Decision::Complete => self.complete(),
            Decision::PauseOverdue => self.pause(PauseReason::Overdue),
            Decision::RollbackBlast => self.blast_exceeded(),
            Decision::Act {
                action,
                class,
                gate,
            } => self.act(action, class, gate, seen),
        }
    }

    /// Writes what every gate of the stage says at a decision: the metric snapshot of an audit.
    fn write_snapshot(&mut self) {
        let plan = self.plan;
        for watch in &plan.stages[self.state.stage].watched {
            self.look(watch.gate);
            self.write_judgement(watch.gate);
        }
    }

    fn act(&mut self, action: Action, class: usize, gate: Option<usize>, seen: &Observation) {
        if action != Action::Record && self.detected.is_none() {
            self.detected = Some(self.now);
        }
        if let Some(gate) = gate {
            self.record(Event::Triggered {
                gate: gate as u16,
                class: class as u16,
                action,
            });
        } else if let Some((evidence, flaw)) = seen.flaw {
            self.record(Event::EvidenceFlawed {
                evidence: evidence as u16,
                flaw,
            });
        }
        match action {
            Action::Record => {}
            Action::Pause => self.pause_for(class),
            Action::StepBack => self.step_back(class),
            Action::NextRung => self.next_rung(),
            Action::Kill => self.kill(),
            Action::Rollback => self.roll_back(Some(class)),
        }
    }

    fn blast_exceeded(&mut self) {
        self.record(Event::BlastExceeded {
            reached: self.reached(),
        });
        self.roll_back(None);
    }

    /// Stands still for good, unless somebody lets the rollout go on.
    pub fn pause(&mut self, why: PauseReason) {
        let stage = self.state.stage as u16;
        self.record(Event::Paused { stage, why });
        self.end(Outcome::Paused);
    }

    /// Forgets every window, as after an action; counting windows also at each stage.
    pub fn forget_windows(&mut self, all: bool) {
        for (memory, gate) in self
            .gates
            .iter_mut()
            .zip(&self.plan.experiment.policy.gates)
        {
            if all || matches!(gate.window, Window::Count(_)) {
                memory.forget();
            }
        }
    }
}

/// Keeps the more severe of two firings; of equals, the first.
fn worse(
    known: Option<(Action, usize, usize)>,
    new: Option<(Action, usize, usize)>,
) -> Option<(Action, usize, usize)> {
    match (known, new) {
        (Some(known), Some(new)) if new.0 > known.0 => Some(new),
        (known, new) => known.or(new),
    }
}
