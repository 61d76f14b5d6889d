//! Evaluation: gates are read, windows count, the policy decides, and the decision is applied.

use super::stage::calendar_opens;
use super::{NativeController, SplitDecision};
use crate::cohort::{Asking, EvaluationKind, GateBank, Seen, Verdicts};
use crate::engine::SimTime;
use crate::history::{Event, PauseReason};
use crate::plan::Engine;
use crate::plant::Plant;
use crate::policy::{Action, Advances, Decision, Observation, RolloutPhase, decide};

impl NativeController {
    /// Evaluates the stage on the controller's own tick.
    pub(super) fn evaluate(&mut self, plant: &mut Plant<'_>) -> Option<SplitDecision> {
        if self.state.phase != RolloutPhase::Active {
            return None;
        }
        let masked = self.triggers_are_masked(plant);
        let mut stage = self.state.stage;
        let mut parts = self.look_and_decide(plant, !masked);
        // A controller that goes by the clock leaves every stage whose time is over.
        while parts.is_none() && self.catches_up(plant) && self.state.stage > stage {
            stage = self.state.stage;
            parts = self.look_and_decide(plant, false);
        }
        parts
    }

    fn catches_up(&self, plant: &Plant<'_>) -> bool {
        let advances = plant.plan.experiment.policy.advances;
        advances == Advances::CatchUp && self.state.phase == RolloutPhase::Active
    }

    /// Looks again between two ticks, because a window is over or somebody has answered. Windows do not
    /// count this look: they count the controller's ticks. A controller that has not looked once while the
    /// stage was observed does not know that the window is over before its next tick.
    pub(super) fn due(&mut self, plant: &mut Plant<'_>) -> Option<SplitDecision> {
        if plant.plan.experiment.policy.advances != Advances::AtOnce {
            return None;
        }
        let tick = self.ticks.next() == plant.now();
        let unseen = self
            .state
            .observed_since
            .is_some_and(|since| self.last_tick() <= since);
        if self.state.phase == RolloutPhase::Active && !tick && !unseen {
            return self.look_and_decide(plant, false);
        }
        None
    }

    /// When the controller's last tick was; the start where there was none.
    fn last_tick(&self) -> SimTime {
        self.ticks.next().saturating_sub(self.ticks.period())
    }

    /// Reads the gates of the stage and decides. A cohort whose members decide differently is handed back, before
    /// anything is done.
    fn look_and_decide(&mut self, plant: &mut Plant<'_>, tick: bool) -> Option<SplitDecision> {
        let window_over = self.window_over(plant);
        self.note_wrong_clock(plant, window_over);
        let kind = EvaluationKind {
            stage: self.state.stage,
            tick,
            window_over,
        };
        self.look_at_gates(plant, kind);
        let opens = calendar_opens(plant);
        if let Some(at) = opens.filter(|_| window_over) {
            self.wake_at(plant, at);
        }
        let around = Observation {
            now: self.perceived(plant),
            fired: None,
            criteria_met: true,
            flaw: plant.held_flaw(self.state.stage),
            exposure: plant.reached(),
            converged: self.converged(plant),
            approved: self.approved,
            open: opens.is_none(),
        };
        if let Engine::Guard(guard) = &plant.plan.engine {
            if Self::asks_guard(kind) {
                self.decide_by(plant, guard, &around);
            }
            return None;
        }
        let decide = |seen| self.decision(plant, seen, &around);
        match self.bank.verdicts(plant.plan, kind, decide) {
            Verdicts::Unanimous(decision) => {
                self.apply(plant, decision, &around);
                None
            }
            Verdicts::Split(groups) => Some(SplitDecision { groups, around }),
        }
    }

    fn look_at_gates(&mut self, plant: &mut Plant<'_>, kind: EvaluationKind) {
        let plan = plant.plan;
        let who = self.bank.who();
        self.bank.forget_answers();
        // A guard is told what every gate of the stage reads.
        let guarded = matches!(plan.engine, Engine::Guard(_)) && Self::asks_guard(kind);
        for watch in &plan.stages[kind.stage].watched {
            if kind.takes_in(*watch) || guarded {
                for alike in who.equivalent_at(*watch) {
                    self.look(plant, alike.leader);
                    if kind.counts(*watch) {
                        let now = plant.now();
                        let first = &mut |bank: &mut _, gate| write_firing(bank, plant, gate);
                        self.bank.count_all(plan, alike, now, first);
                    }
                }
            }
        }
    }

    /// Decides for a member that sees this in its gates and, as everybody, what is `around`.
    pub(super) fn decision(&self, plant: &Plant<'_>, seen: Seen, around: &Observation) -> Decision {
        let observed = Observation {
            fired: seen.fired.map(|(_, class, gate)| (class, gate)),
            criteria_met: seen.criteria_met,
            ..*around
        };
        let decision = decide(&plant.plan.experiment.policy, &self.state, &observed);
        let forward = matches!(
            decision,
            Decision::Advance | Decision::Complete | Decision::Ask
        );
        if self.rungs > 0 && forward {
            // In a fallback nothing goes forward before the recovery that the policy asks for.
            return Decision::Hold;
        }
        decision
    }

    /// Whether the stage has been observed for as long as it must be.
    fn window_over(&self, plant: &Plant<'_>) -> bool {
        let stage = &plant.plan.experiment.policy.stages[self.state.stage];
        let over = |since: SimTime| self.perceived(plant).saturating_since(since) >= stage.observe;
        self.state.observed_since.is_some_and(over)
    }

    /// Reads and judges one gate, and writes it down when it says something new.
    fn look(&mut self, plant: &mut Plant<'_>, gate: usize) {
        self.bank.look(gate, asking(plant));
        self.pass_unasked(plant, gate);
        if plant.recorder.keeps_history() && self.bank.memory(gate).is_news() {
            write_judgement(&mut self.bank, plant, gate);
        }
    }

    /// Keeps what the canary showed over its whole first stage, for gates that refer to it.
    pub(super) fn keep_baseline(&mut self, plant: &mut Plant<'_>) {
        self.bank.keep_baseline(asking(plant));
    }

    /// Applies a decision: what was seen is written down, and the action taken.
    pub(super) fn apply(&mut self, plant: &mut Plant<'_>, decision: Decision, seen: &Observation) {
        if decision != Decision::Hold {
            plant.catch_up();
            self.write_snapshot(plant);
        }
        match decision {
            Decision::Hold => {}
            Decision::Ask => self.ask_approval(plant),
            Decision::Advance => self.advance(plant),
            Decision::Complete => self.complete(plant),
            Decision::Unanswered(then) => self.unanswered(plant, then),
            Decision::PauseOverdue => self.pause(plant, PauseReason::Overdue),
            Decision::RollbackBlast => self.blast_exceeded(plant),
            Decision::Act {
                action,
                class,
                gate,
            } => self.act(plant, (action, class, gate), seen),
        }
    }

    /// Writes what every gate of the stage says at a decision: the metric snapshot of an audit.
    ///
    /// Where no history is kept it only draws what it would have read, so that the same samples are kept;
    /// a test takes them all the same.
    pub(super) fn write_snapshot(&mut self, plant: &mut Plant<'_>) {
        let plan = plant.plan;
        let who = self.bank.who();
        for watch in &plan.stages[self.state.stage].watched {
            for alike in who.equivalent_at(*watch) {
                let gate = alike.leader;
                if plant.recorder.keeps_history() || plan.gates[gate].test.is_some() {
                    self.look(plant, gate);
                    write_judgement(&mut self.bank, plant, gate);
                } else {
                    self.bank.touch(gate, asking(plant));
                }
            }
        }
    }

    fn act(
        &mut self,
        plant: &mut Plant<'_>,
        (action, class, gate): (Action, usize, Option<usize>),
        seen: &Observation,
    ) {
        if action != Action::Record {
            plant.note_action();
        }
        if let Some(gate) = gate {
            plant.record(Event::Triggered {
                gate: gate as u16,
                class: class as u16,
                action,
            });
        } else if let Some((evidence, flaw)) = seen.flaw {
            plant.record(Event::EvidenceFlawed {
                evidence: evidence as u16,
                flaw,
            });
        }
        if plant.plan.experiment.policy.classes[class].no_new_starts {
            plant.break_off();
        }
        match action {
            Action::Record => {}
            Action::Pause => self.pause_for(plant, class),
            Action::StepBack => self.step_back(plant, class),
            Action::NextRung => self.next_rung(plant),
            Action::Kill => self.kill(plant),
            Action::Rollback => self.roll_back(plant, Some(class)),
        }
    }

    fn blast_exceeded(&mut self, plant: &mut Plant<'_>) {
        let reached = plant.reached();
        plant.record(Event::BlastExceeded { reached });
        self.roll_back(plant, None);
    }

    /// Forgets every window, as after an action; those that begin with a stage also at each stage.
    pub(super) fn forget_windows(&mut self, plant: &Plant<'_>, all: bool) {
        let passed = plant.conditions.environment.passed();
        self.bank
            .forget_windows(plant.plan, all, (plant.now(), passed));
    }
}

/// What a gate asks, right now.
fn asking<'w, 'p>(plant: &'w mut Plant<'p>) -> Asking<'w, 'p> {
    Asking {
        plan: plant.plan,
        now: plant.now(),
        store: &mut plant.store,
        conditions: &mut plant.conditions,
    }
}

fn write_judgement(bank: &mut GateBank, plant: &mut Plant<'_>, gate: usize) {
    if plant.recorder.keeps_values() {
        bank.read_exactly(gate, asking(plant));
    }
    let memory = bank.memory_mut(gate);
    let (reading, judged) = memory.stated(&plant.plan.experiment.policy.gates[gate]);
    memory.written = Some((judged.judgement, reading.noted));
    plant.record(Event::Judged {
        gate: gate as u16,
        judgement: judged.judgement,
        flaw: reading.noted,
        value: reading.value,
        samples: reading.samples,
        limit: judged.limit.unwrap_or(f64::NAN),
    });
}

/// Writes down a gate that fires and that nobody acts on.
fn write_firing(bank: &mut GateBank, plant: &mut Plant<'_>, gate: usize) {
    if let Some((action, class, _)) = plant.plan.acts_on(gate)
        && action == Action::Record
    {
        write_judgement(bank, plant, gate);
        plant.record(Event::Triggered {
            gate: gate as u16,
            class: class as u16,
            action,
        });
    }
}
