//! Evaluation: gates are read and judged, windows remember, and the policy decides.

use super::Sight;
use super::members::{Group, Members};
use crate::engine::SimTime;
use crate::history::{Event, Outcome, PauseReason};
use crate::plan::Watch;
use crate::policy::gate::Judgement;
use crate::policy::{Action, Decision, Observation, Phase, decide};
use crate::world::World;

/// Which gates are looked at.
#[derive(Clone, Copy, Debug)]
struct Look {
    /// Whether it is the controller's own beat, which windows count.
    beat: bool,
    /// Whether the stage has been observed for as long as it must be.
    window_over: bool,
}

impl Look {
    fn counts(self, watch: Watch) -> bool {
        watch.trigger && self.beat
    }

    fn takes_in(self, watch: Watch) -> bool {
        self.counts(watch) || watch.criterion && self.window_over
    }
}

impl World<'_> {
    /// Evaluates the stage on the controller's own beat.
    pub fn evaluate(&mut self) {
        if self.state.phase == Phase::Active {
            self.look_and_decide(true);
        }
    }

    /// Looks again between two beats, because a window is over or somebody has answered. Windows do not
    /// count this look: they count the controller's beats.
    pub fn due(&mut self) {
        let beat = self.evaluations.next() == self.now;
        if self.state.phase == Phase::Active && !beat {
            self.look_and_decide(false);
        }
    }

    fn look_and_decide(&mut self, beat: bool) {
        let window_over = self.window_over();
        let look = Look { beat, window_over };
        self.look_at_gates(look);
        let around = Observation {
            now: self.now,
            fired: None,
            criteria_met: true,
            flaw: self.held_flaw(),
            exposure: self.reached(),
            converged: self.converged(),
            approved: self.people.approved,
        };
        if self.agree(look) {
            let decision = self.decision_of(self.members.alive()[0], look, &around);
            self.apply(decision, &around);
        } else {
            let groups = self
                .members
                .groups(|member| self.decision_of(member, look, &around));
            self.part(groups, &around);
        }
    }

    fn look_at_gates(&mut self, look: Look) {
        let plan = self.plan;
        self.answers.forget();
        for watch in &plan.stages[self.state.stage].watched {
            if !look.takes_in(*watch) {
                continue;
            }
            for index in 0..self.members.gates_at(watch.place).len() {
                let gate = self.members.gates_at(watch.place)[index];
                self.look(gate);
                if look.counts(*watch) {
                    self.count(gate);
                }
            }
        }
    }

    /// Whether all members see the same: no two gates at one place say different things.
    fn agree(&self, look: Look) -> bool {
        let says = |watch: &Watch, gate: usize| {
            let memory = &self.gates[gate];
            let passes = watch.criterion && memory.judgement == Judgement::Pass;
            (passes, look.counts(*watch) && memory.firing)
        };
        let watched = self.plan.stages[self.state.stage].watched.iter();
        let mut looked_at = watched.filter(|watch| look.takes_in(**watch));
        looked_at.all(|watch| {
            let mut said = self
                .members
                .gates_at(watch.place)
                .iter()
                .map(|gate| says(watch, *gate));
            let first = said.next();
            said.all(|other| Some(other) == first)
        })
    }

    /// Decides for one member, which sees its own gates and, as everybody, what is `around`.
    fn decision_of(&self, member: usize, look: Look, around: &Observation) -> Decision {
        let plan = self.plan;
        let mut seen = *around;
        let mut fired = None;
        for watch in &plan.stages[self.state.stage].watched {
            if look.takes_in(*watch) {
                let gate = plan.members[member][watch.place];
                let passes = self.gates[gate].judgement == Judgement::Pass;
                seen.criteria_met &= !watch.criterion || passes;
                if look.counts(*watch) && self.gates[gate].firing {
                    fired = worse(fired, self.fires(gate));
                }
            }
        }
        seen.fired = fired.map(|(_, class, gate)| (class, gate));
        let decision = decide(&plan.experiment.policy, &self.state, &seen);
        let forward = [Decision::Advance, Decision::Complete, Decision::Ask].contains(&decision);
        if self.rungs > 0 && forward {
            // In a fallback nothing goes forward before the recovery that the policy asks for.
            return Decision::Hold;
        }
        decision
    }

    /// Applies what each group decides. The first keeps this world, the others go on in worlds of their
    /// own.
    fn part(&mut self, groups: Vec<Group>, around: &Observation) {
        let mut parted = std::mem::take(&mut self.parted);
        let mut groups = groups.into_iter();
        let first = groups.next().expect("there is at least one member");
        for group in groups {
            let mut other = self.clone();
            other.members = Members::only(self.plan, group.members);
            other.apply(group.decision, around);
            parted.push(other);
        }
        self.parted = parted;
        self.members = Members::only(self.plan, first.members);
        self.apply(first.decision, around);
    }

    /// Whether the stage has been observed for as long as it must be.
    fn window_over(&self) -> bool {
        let stage = &self.plan.experiment.policy.stages[self.state.stage];
        let over = |since: SimTime| self.now.saturating_since(since) >= stage.observe;
        self.state.observed_since.is_some_and(over)
    }

    /// Reads and judges one gate, and writes it down when it says something new.
    fn look(&mut self, gate: usize) {
        let mut sight = Sight {
            plan: self.plan,
            store: &mut self.store,
            conditions: &mut self.conditions,
            answers: &mut self.answers,
            now: self.now,
        };
        self.gates[gate].look(gate, &mut sight);
        if self.gates[gate].is_news() {
            self.write_judgement(gate);
        }
    }

    /// Keeps what the canary showed over its whole first stage, for gates that refer to it.
    pub fn keep_baseline(&mut self) {
        let mut sight = Sight {
            plan: self.plan,
            store: &mut self.store,
            conditions: &mut self.conditions,
            answers: &mut self.answers,
            now: self.now,
        };
        for (gate, memory) in self.gates.iter_mut().enumerate() {
            memory.baseline = sight.baseline(gate).or(memory.baseline);
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

    /// Lets the gate's window count the judgement; a firing that nobody acts on is written down.
    fn count(&mut self, gate: usize) {
        let policy = &self.plan.experiment.policy;
        let first = self.gates[gate].count(&policy.gates[gate], self.now);
        if let Some((action, class, _)) = self.fires(gate)
            && first
            && action == Action::Record
        {
            self.write_judgement(gate);
            let (gate, class) = (gate as u16, class as u16);
            self.record(Event::Triggered {
                gate,
                class,
                action,
            });
        }
    }

    /// Returns what a firing gate's class would do, its class and the gate.
    fn fires(&self, gate: usize) -> Option<(Action, usize, usize)> {
        let class = self.plan.gates[gate].class?;
        let action = self.plan.experiment.policy.classes[class].action;
        Some((action, class, gate))
    }

    fn apply(&mut self, decision: Decision, seen: &Observation) {
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
            for index in 0..self.members.gates_at(watch.place).len() {
                let gate = self.members.gates_at(watch.place)[index];
                self.look(gate);
                self.write_judgement(gate);
            }
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

    /// Forgets every window, as after an action; those that begin with a stage also at each stage.
    pub fn forget_windows(&mut self, all: bool) {
        let passed = self.conditions.passed();
        let gates = self
            .plan
            .experiment
            .policy
            .gates
            .iter()
            .zip(&self.plan.gates);
        for (memory, (gate, plan)) in self.gates.iter_mut().zip(gates) {
            if all || gate.window.begins_with_the_stage() {
                memory.forget(plan, self.now, passed);
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
