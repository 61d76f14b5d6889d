//! The gates of a cohort: each distinct one is read once, for every member that has it.
//!
//! A rollout of one policy is a cohort of one member.

use std::sync::Arc;

use super::gate_memory::GateMemory;
use super::gate_reader::{Answers, GateReader};
use super::members::{EquivalentGates, Group, Members, Seen};
use crate::engine::SimTime;
use crate::faults::Conditions;
use crate::plan::{Plan, StageGate};
use crate::policy::gate::{Joined, Judged, Judgement};
use crate::policy::{Action, Decision};
use crate::telemetry::Store;

/// Which gates are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EvaluationKind {
    /// The stage whose gates they are.
    pub stage: usize,
    /// Whether it is the controller's own tick, which windows count.
    pub tick: bool,
    /// Whether the stage has been observed for as long as it must be.
    pub window_over: bool,
}

impl EvaluationKind {
    /// Whether windows count what the gate says.
    pub fn counts(self, watch: StageGate) -> bool {
        watch.trigger && self.tick
    }

    /// Whether the gate is looked at.
    pub fn takes_in(self, watch: StageGate) -> bool {
        self.counts(watch) || watch.criterion && self.window_over
    }
}

/// What the members of a cohort decide.
pub(crate) enum Verdicts {
    /// All of them the same.
    Unanimous(Decision),
    /// Different things: the largest group first.
    Split(Vec<Group>),
}

/// The gates of all members, what is remembered of each, and who has which.
#[derive(Clone)]
pub(crate) struct GateBank {
    members: Arc<Members>,
    /// Shared with those that have parted until either side looks again, which after a rollback it may
    /// never do.
    gates: Arc<Vec<GateMemory>>,
    /// For each gate that leads others, whether all of them are without a run and do not fire.
    idle: Vec<bool>,
    answers: Answers,
}

impl GateBank {
    pub fn new(plan: &Plan) -> Self {
        let gates = || plan.experiment.policy.gates.iter();
        let every = plan.experiment.policy.evaluate_every;
        let memories = gates().zip(&plan.gates);
        let memories = memories.map(|(gate, plan)| GateMemory::new(gate, plan, every));
        Self {
            members: Arc::new(Members::new(plan)),
            gates: Arc::new(memories.collect()),
            idle: gates().map(|gate| gate.window.counts_a_run()).collect(),
            answers: Answers::new(plan),
        }
    }

    /// The members that are played here, by index.
    pub fn members(&self) -> &[usize] {
        self.members.alive()
    }

    /// Who has which gates, for a look at several of them.
    pub fn who(&self) -> Arc<Members> {
        Arc::clone(&self.members)
    }

    /// What is remembered of a gate.
    pub fn memory(&self, gate: usize) -> &GateMemory {
        &self.gates[gate]
    }

    /// What is remembered of a gate, to be changed.
    pub fn memory_mut(&mut self, gate: usize) -> &mut GateMemory {
        &mut Arc::make_mut(&mut self.gates)[gate]
    }

    /// Forgets what the store has answered: whatever is asked next may be answered otherwise.
    pub fn forget_answers(&mut self) {
        self.answers.forget();
    }

    /// Reads and judges one gate.
    pub fn look(&mut self, gate: usize, ask: Asking<'_, '_>) {
        let (mut reader, gates) = self.reader(ask);
        let gates = Arc::make_mut(gates);
        gates[gate].look(gate, &mut reader);
        let plan = reader.plan;
        for (other, breach) in &plan.gates[gate].joined {
            gates[*other].look(*other, &mut reader);
            let (own, said) = (gates[gate].judgement, gates[*other].judgement);
            gates[gate].judgement = Joined::together(own, said, *breach);
        }
    }

    /// Finds the exact value that a gate has read just now, which a look need not have found.
    pub fn read_exactly(&mut self, gate: usize, ask: Asking<'_, '_>) {
        let (mut reader, gates) = self.reader(ask);
        let memory = &mut Arc::make_mut(gates)[gate];
        memory.reading = reader.exactly(gate, memory.reading);
    }

    /// Finds every value exactly from now on, for those who read more of it than what gates say.
    pub const fn always_read_exactly(&mut self) {
        self.answers.exact = true;
    }

    /// Draws what a look at a gate would draw.
    pub fn touch(&mut self, gate: usize, ask: Asking<'_, '_>) {
        self.reader(ask).0.touch(gate);
    }

    /// Keeps what the canary showed over its whole first stage, for gates that refer to it.
    pub fn keep_baseline(&mut self, ask: Asking<'_, '_>) {
        let (mut reader, gates) = self.reader(ask);
        for (gate, memory) in Arc::make_mut(gates).iter_mut().enumerate() {
            memory.baseline = reader.baseline(gate).or(memory.baseline);
        }
    }

    fn reader<'w, 'p>(
        &'w mut self,
        ask: Asking<'w, 'p>,
    ) -> (GateReader<'w, 'p>, &'w mut Arc<Vec<GateMemory>>) {
        let Asking {
            plan,
            now,
            store,
            conditions,
        } = ask;
        let reader = GateReader {
            plan,
            store,
            conditions,
            answers: &mut self.answers,
            now,
        };
        (reader, &mut self.gates)
    }

    /// Lets the windows of gates that judge alike count what their leader said. `first` is told each gate that
    /// fires now and did not before.
    pub fn count_all(
        &mut self,
        plan: &Plan,
        alike: &EquivalentGates,
        now: SimTime,
        first: &mut dyn FnMut(&mut Self, usize),
    ) {
        let leader = &self.gates[alike.leader];
        let (reading, limit) = (leader.reading, leader.limit);
        let judgement = leader.judgement;
        if self.idle[alike.leader] && judgement != Judgement::Breach {
            return;
        }
        let declared = &plan.experiment.policy.gates;
        for gate in &alike.gates {
            let memory = self.memory_mut(*gate);
            if *gate != alike.leader {
                memory.follow(reading, Judged { judgement, limit });
            }
            if memory.count(&declared[*gate], now) {
                first(self, *gate);
            }
        }
        let window = declared[alike.leader].window;
        self.idle[alike.leader] = judgement == Judgement::Pass && window.counts_a_run();
    }

    /// What the members decide by what each sees in its own gates.
    pub fn verdicts(
        &self,
        plan: &Plan,
        kind: EvaluationKind,
        decide: impl Fn(Seen) -> Decision,
    ) -> Verdicts {
        let sees = |member| self.seen_by(plan, member, kind);
        let alive = self.members.alive();
        if alive.len() == 1 || self.agree(plan, kind) {
            Verdicts::Unanimous(decide(sees(alive[0])))
        } else {
            let place = |gate| plan.place_of(gate as u16);
            Verdicts::Split(self.members.groups(sees, decide, place))
        }
    }

    /// Whether all members see the same: no two gates at one place say different things.
    fn agree(&self, plan: &Plan, kind: EvaluationKind) -> bool {
        let watched = plan.stages[kind.stage].watched.iter();
        let mut looked_at = watched.filter(|watch| kind.takes_in(**watch));
        looked_at.all(|watch| {
            let all = self.members.equivalent_at(*watch);
            let passes = |alike: &EquivalentGates| self.passes(alike.leader);
            let fires = |gate: &usize| self.gates[*gate].firing;
            let busy = |alike: &&EquivalentGates| !self.idle[alike.leader];
            let pass = !watch.criterion || all_equal(all.iter().map(passes));
            pass && (!kind.counts(*watch) || {
                let idle = all.iter().any(|alike| self.idle[alike.leader]);
                let busy = all.iter().filter(busy).flat_map(|alike| &alike.gates);
                all_equal(idle.then_some(false).into_iter().chain(busy.map(fires)))
            })
        })
    }

    fn passes(&self, leader: usize) -> bool {
        self.gates[leader].judgement == Judgement::Pass
    }

    /// Returns what one member sees in its own gates.
    fn seen_by(&self, plan: &Plan, member: usize, kind: EvaluationKind) -> Seen {
        let (mut criteria_met, mut fired) = (true, None);
        for watch in &plan.stages[kind.stage].watched {
            if kind.takes_in(*watch) {
                let gate = plan.members[member][watch.place];
                criteria_met &= !watch.criterion || self.passes(plan.gates[gate].leader);
                if kind.counts(*watch) && self.gates[gate].firing {
                    fired = worse(fired, plan.acts_on(gate));
                }
            }
        }
        Seen {
            criteria_met,
            fired,
        }
    }

    /// Goes on with these members alone.
    pub fn keep_only(&mut self, plan: &Plan, members: Vec<usize>) {
        self.members = Arc::new(Members::only(plan, members));
    }

    /// Lets some members go, with the gates that nobody else has.
    pub fn part_with(&mut self, plan: &Plan, leaving: &[usize]) {
        Arc::make_mut(&mut self.members).part_with(plan, leaving);
    }

    /// Forgets every window, as after an action, or those alone that begin with a stage: tests begin afresh after
    /// the intervals that have passed.
    pub fn forget_windows(&mut self, plan: &Plan, all: bool, (now, passed): (SimTime, u64)) {
        let gates = plan.experiment.policy.gates.iter().zip(&plan.gates);
        let memories = Arc::make_mut(&mut self.gates).iter_mut();
        for (memory, (gate, plan)) in memories.zip(gates) {
            if all || gate.window.begins_with_the_stage() {
                memory.forget(plan, now, passed);
            }
        }
    }

    /// Forgets what the canary showed in its first stage; returns whether anything was remembered.
    pub fn forget_baselines(&mut self) -> bool {
        let any = self.gates.iter().any(|gate| gate.baseline.is_some());
        for gate in Arc::make_mut(&mut self.gates) {
            gate.baseline = None;
        }
        any
    }
}

/// What is asked, and when.
pub(crate) struct Asking<'w, 'p> {
    pub plan: &'p Plan,
    pub store: &'w mut Store<'p>,
    pub conditions: &'w mut Conditions<'p>,
    pub now: SimTime,
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
