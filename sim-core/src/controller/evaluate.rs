//! Evaluation: gates are read and judged, windows remember, and the policy decides.

use std::sync::Arc;

use super::members::{Group, Sign, Twins};
use super::{GateMemory, Members, Sight};
use crate::effect::{Anchor, State};
use crate::engine::SimTime;
use crate::history::{Event, Outcome, PauseReason};
use crate::plan::{Watch, counts_a_run};
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

impl<'p> World<'p> {
    /// Evaluates the stage on the controller's own beat.
    pub fn evaluate(&mut self) {
        if self.state.phase == Phase::Active {
            let masked = self.triggers_are_masked();
            self.look_and_decide(!masked);
        }
    }

    /// Looks again between two beats, because a window is over or somebody has answered. Windows do not
    /// count this look: they count the controller's beats. A controller that has not looked once while the
    /// stage was observed does not know that the window is over before its next beat.
    pub fn due(&mut self) {
        let beat = self.evaluations.next() == self.now;
        let unseen = self
            .state
            .observed_since
            .is_some_and(|since| self.last_beat() <= since);
        if self.state.phase == Phase::Active && !beat && !unseen {
            self.look_and_decide(false);
        }
    }

    /// When the controller's last beat was; the start where there was none.
    fn last_beat(&self) -> SimTime {
        let every = self.plan.experiment.policy.evaluate_every;
        self.evaluations.next().saturating_sub(every)
    }

    fn look_and_decide(&mut self, beat: bool) {
        let window_over = self.window_over();
        self.note_wrong_clock(window_over);
        let look = Look { beat, window_over };
        self.look_at_gates(look);
        let around = Observation {
            now: self.perceived(),
            fired: None,
            criteria_met: true,
            flaw: self.held_flaw(),
            exposure: self.reached(),
            converged: self.converged(),
            approved: self.people.approved,
        };
        let members = Arc::clone(&self.members);
        if self.agree(look) {
            let sign = self.seen_by(members.alive()[0], look);
            self.apply(self.decision(sign, &around), &around);
        } else {
            let sees = |member| self.seen_by(member, look);
            let groups = members.groups(sees, |sign| self.decision(sign, &around));
            drop(members);
            self.part(groups, &around);
        }
    }

    fn look_at_gates(&mut self, look: Look) {
        let plan = self.plan;
        let members = Arc::clone(&self.members);
        self.answers.forget();
        for watch in &plan.stages[self.state.stage].watched {
            if look.takes_in(*watch) {
                for twins in members.twins_at(*watch) {
                    self.look(twins.leader);
                    if look.counts(*watch) {
                        self.count_all(twins);
                    }
                }
            }
        }
    }

    /// Lets the windows of gates that judge alike count what their leader said.
    fn count_all(&mut self, twins: &Twins) {
        let leader = &self.gates[twins.leader];
        let (reading, judgement) = (leader.reading, leader.judgement);
        if self.quiet[twins.leader] && judgement != Judgement::Breach {
            return;
        }
        for gate in &twins.gates {
            if *gate != twins.leader {
                Arc::make_mut(&mut self.gates)[*gate].follow(reading, judgement);
            }
            self.count(*gate);
        }
        let window = self.plan.experiment.policy.gates[twins.leader].window;
        self.quiet[twins.leader] = judgement == Judgement::Pass && counts_a_run(window);
    }

    /// Whether all members see the same: no two gates at one place say different things.
    fn agree(&self, look: Look) -> bool {
        let watched = self.plan.stages[self.state.stage].watched.iter();
        let mut looked_at = watched.filter(|watch| look.takes_in(**watch));
        looked_at.all(|watch| {
            let all = self.members.twins_at(*watch);
            let passes = |twins: &Twins| self.passes(twins.leader);
            let fires = |gate: &usize| self.gates[*gate].firing;
            let loud = |twins: &&Twins| !self.quiet[twins.leader];
            let pass = !watch.criterion || all_equal(all.iter().map(passes));
            pass && (!look.counts(*watch) || {
                let quiet = all.iter().any(|twins| self.quiet[twins.leader]);
                let loud = all.iter().filter(loud).flat_map(|twins| &twins.gates);
                all_equal(quiet.then_some(false).into_iter().chain(loud.map(fires)))
            })
        })
    }

    fn passes(&self, leader: usize) -> bool {
        self.gates[leader].judgement == Judgement::Pass
    }

    /// Returns what one member sees in its own gates.
    fn seen_by(&self, member: usize, look: Look) -> Sign {
        let plan = self.plan;
        let (mut criteria_met, mut fired) = (true, None);
        for watch in &plan.stages[self.state.stage].watched {
            if look.takes_in(*watch) {
                let gate = plan.members[member][watch.place];
                criteria_met &= !watch.criterion || self.passes(plan.gates[gate].leader);
                if look.counts(*watch) && self.gates[gate].firing {
                    fired = worse(fired, self.fires(gate));
                }
            }
        }
        Sign {
            criteria_met,
            fired,
        }
    }

    /// Decides for a member that sees this in its gates and, as everybody, what is `around`.
    fn decision(&self, sign: Sign, around: &Observation) -> Decision {
        let seen = Observation {
            fired: sign.fired.map(|(_, class, gate)| (class, gate)),
            criteria_met: sign.criteria_met,
            ..*around
        };
        let decision = decide(&self.plan.experiment.policy, &self.state, &seen);
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
            let leaving = Members::only(self.plan, group.members);
            other.members = Arc::new(leaving);
            // Nobody else holds the members any more, so that those who stay are not copied.
            Arc::make_mut(&mut self.members).part_with(self.plan, other.members.alive());
            other.apply(group.decision, around);
            parted.push(other);
        }
        self.parted = parted;
        self.apply(first.decision, around);
    }

    /// Whether the stage has been observed for as long as it must be.
    fn window_over(&self) -> bool {
        let stage = &self.plan.experiment.policy.stages[self.state.stage];
        let over = |since: SimTime| self.perceived().saturating_since(since) >= stage.observe;
        self.state.observed_since.is_some_and(over)
    }

    fn sight(&mut self) -> (Sight<'_, 'p>, &mut Arc<Vec<GateMemory>>) {
        let sight = Sight {
            plan: self.plan,
            store: &mut self.store,
            conditions: &mut self.conditions,
            answers: &mut self.answers,
            now: self.now,
        };
        (sight, &mut self.gates)
    }

    /// Reads and judges one gate, and writes it down when it says something new.
    fn look(&mut self, gate: usize) {
        let (mut sight, gates) = self.sight();
        let memory = &mut Arc::make_mut(gates)[gate];
        memory.look(gate, &mut sight);
        self.pass_unasked(gate);
        if self.history.is_some() && self.gates[gate].is_news() {
            self.write_judgement(gate);
        }
    }

    /// Keeps what the canary showed over its whole first stage, for gates that refer to it.
    pub fn keep_baseline(&mut self) {
        let (mut sight, gates) = self.sight();
        for (gate, memory) in Arc::make_mut(gates).iter_mut().enumerate() {
            memory.baseline = sight.baseline(gate).or(memory.baseline);
        }
    }

    fn write_judgement(&mut self, gate: usize) {
        let kept = self.history.is_some();
        let (mut sight, gates) = self.sight();
        let memory = &mut Arc::make_mut(gates)[gate];
        if kept {
            memory.reading = sight.exactly(gate, memory.reading);
        }
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
        let memory = &mut Arc::make_mut(&mut self.gates)[gate];
        let first = memory.count(&policy.gates[gate], self.now);
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
            self.catch_up();
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
    ///
    /// Where no history is kept it only draws what it would have read, so that the same samples are kept;
    /// a test takes them all the same.
    fn write_snapshot(&mut self) {
        let plan = self.plan;
        let members = Arc::clone(&self.members);
        for watch in &plan.stages[self.state.stage].watched {
            for twins in members.twins_at(*watch) {
                let gate = twins.leader;
                if self.history.is_some() || plan.gates[gate].test.is_some() {
                    self.look(gate);
                    self.write_judgement(gate);
                } else {
                    self.sight().0.touch(gate);
                }
            }
        }
    }

    fn act(&mut self, action: Action, class: usize, gate: Option<usize>, seen: &Observation) {
        if action != Action::Record {
            self.note_action();
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

    /// Notes that something acted on the release. What acts before a regression has begun cannot have
    /// detected it.
    fn note_action(&mut self) {
        self.detected.get_or_insert(self.now);
        if self.noticed.is_none() && self.first_regression().is_some_and(|at| at <= self.now) {
            self.noticed = Some(self.now);
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
        self.anchor_first(Anchor::Paused, self.now);
        self.stands(State::Paused);
        self.end(Outcome::Paused);
    }

    /// Forgets every window, as after an action; those that begin with a stage also at each stage.
    pub fn forget_windows(&mut self, all: bool) {
        let passed = self.conditions.environment.passed();
        let gates = self
            .plan
            .experiment
            .policy
            .gates
            .iter()
            .zip(&self.plan.gates);
        let memories = Arc::make_mut(&mut self.gates).iter_mut();
        for (memory, (gate, plan)) in memories.zip(gates) {
            if all || gate.window.begins_with_the_stage() {
                memory.forget(plan, self.now, passed);
            }
        }
    }
}

fn all_equal(mut values: impl Iterator<Item = bool>) -> bool {
    let first = values.next();
    values.all(|value| Some(value) == first)
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
