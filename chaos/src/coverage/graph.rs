//! The policy's graph: which situation may follow which, by what the policy itself says.
//!
//! Faults can do more (a promotion by word of mouth, a fix instead of a rollback); what they do beyond the
//! graph is counted and not asked for. The end of the simulation is no transition of the policy's.

use std::collections::BTreeSet;

use sim_core::policy::{Action, Class, ObservationStart, Policy, Stage};
use sim_core::{Experiment, Outcome};

use super::Situation;

/// A transition: from one situation to the next.
pub(super) type Edge = (Situation, Situation);

/// Returns every transition that can be reached from the start.
pub(super) fn edges(experiment: &Experiment) -> BTreeSet<Edge> {
    let mut graph = Graph {
        policy: &experiment.policy,
        has_role: &|role| experiment.operators.iter().any(|known| known.role == role),
        edges: BTreeSet::new(),
    };
    graph.start();
    for stage in 0..graph.policy.stages.len() as u16 {
        graph.forward(stage);
        graph.backward(stage);
    }
    graph.retreat();
    graph.ladder();
    from_the_start(graph.edges)
}

/// Keeps the transitions that some way from the start leads to.
fn from_the_start(edges: BTreeSet<Edge>) -> BTreeSet<Edge> {
    let mut known = BTreeSet::from([Situation::Before]);
    loop {
        let news: Vec<Situation> = edges
            .iter()
            .filter(|(from, to)| known.contains(from) && !known.contains(to))
            .map(|(_, to)| *to)
            .collect();
        if news.is_empty() {
            return edges
                .into_iter()
                .filter(|(from, _)| known.contains(from))
                .collect();
        }
        known.extend(news);
    }
}

struct Graph<'p> {
    policy: &'p Policy,
    has_role: &'p dyn Fn(&str) -> bool,
    edges: BTreeSet<Edge>,
}

impl<'p> Graph<'p> {
    fn edge(&mut self, from: Situation, to: Situation) {
        self.edges.insert((from, to));
    }

    fn stage(&self, stage: u16) -> &'p Stage {
        &self.policy.stages[usize::from(stage)]
    }

    fn start(&mut self) {
        self.edge(Situation::Before, Situation::Climbing(0));
        if !self.policy.prerequisites.is_empty() {
            self.edge(Situation::Before, Situation::Over(Outcome::Aborted));
        }
        if !self.stage(0).entry.is_empty() {
            self.edge(Situation::Before, Situation::Standing(0));
        }
    }

    /// The way through a stage to the next one, and the pauses on it.
    fn forward(&mut self, number: u16) {
        let (stage, next) = (self.stage(number), number + 1);
        let watching = Situation::Watching(number);
        self.edge(Situation::Climbing(number), watching);
        let mut watched = vec![watching];
        if stage.approval.as_deref().is_some_and(self.has_role) {
            let asking = Situation::Asking(number);
            self.edge(watching, asking);
            self.edge(asking, watching);
            watched.push(asking);
        }
        let standing = Situation::Standing(number);
        if stage.pause_after_windows.is_some() {
            for from in watched {
                self.edge(from, standing);
            }
            self.edge(standing, Situation::Over(Outcome::Paused));
        }
        if usize::from(next) == self.policy.stages.len() {
            self.edge(watching, Situation::Over(Outcome::Completed));
            return;
        }
        self.edge(watching, Situation::Climbing(next));
        if !self.stage(next).entry.is_empty() {
            self.edge(watching, standing);
            self.edge(standing, Situation::Over(Outcome::Paused));
        }
    }

    /// Where triggers, evidence and the blast radius lead to from a stage.
    fn backward(&mut self, number: u16) {
        let stage = self.stage(number);
        let mut from = vec![Situation::Watching(number)];
        if stage.observe_from == ObservationStart::Convergence {
            from.push(Situation::Climbing(number));
        }
        if stage.approval.as_deref().is_some_and(self.has_role) {
            from.push(Situation::Asking(number));
        }
        for class in classes(self.policy, stage) {
            self.action(number, class, &from);
        }
        let enforced = self.policy.blast_radius.is_some_and(|radius| {
            // Whoever is at the whole fleet already cannot exceed anything.
            radius.enforced && radius.max < sim_core::engine::Share::ONE
        });
        if enforced {
            self.edges
                .extend(from.iter().map(|from| (*from, Situation::Retreating)));
        }
    }

    fn action(&mut self, number: u16, class: &Class, from: &[Situation]) {
        let standing = Situation::Standing(number);
        let mut to = Vec::new();
        match class.action {
            Action::Record => {}
            Action::Rollback => to.push(Situation::Retreating),
            Action::Kill => to.push(Situation::Killing),
            Action::NextRung => to.push(Situation::Falling(0)),
            Action::Pause => {
                to.push(standing);
                self.resume(standing, class);
            }
            Action::StepBack if number == 0 => to.push(Situation::Retreating),
            Action::StepBack => {
                self.step_back(number, class, &mut to);
            }
        }
        for from in from {
            self.edges.extend(to.iter().map(|to| (*from, *to)));
        }
        if class.action == Action::Kill {
            self.edge(Situation::Killing, Situation::Over(Outcome::Killed));
        }
    }

    /// A step back leads to the stage below, where somebody may have to sign, or back at last.
    fn step_back(&mut self, number: u16, class: &Class, to: &mut Vec<Situation>) {
        let below = Situation::Climbing(number - 1);
        to.push(below);
        if class.at_most.is_some() {
            to.push(Situation::Retreating);
        }
        if class.sign_off.is_some() {
            let standing = Situation::Standing(number - 1);
            self.edge(below, standing);
            self.resume(standing, class);
        }
    }

    fn resume(&mut self, standing: Situation, class: &Class) {
        if let (Situation::Standing(stage), true) = (standing, class.sign_off.is_some()) {
            self.edge(standing, Situation::Watching(stage));
        }
        self.edge(standing, Situation::Over(Outcome::Paused));
    }

    fn retreat(&mut self) {
        self.edge(Situation::Retreating, Situation::Owing);
        let taken_back = |edge: &Edge| edge.1 == Situation::Retreating;
        if self.edges.iter().any(taken_back) {
            self.edge(Situation::Owing, Situation::Over(Outcome::RolledBack));
            self.edge(Situation::Owing, Situation::Over(Outcome::Aborted));
        }
        let recovery = self.policy.recovery.as_ref();
        if recovery.is_some_and(|recovery| recovery.attempts > 0) {
            self.edge(Situation::Owing, Situation::Climbing(0));
        }
    }

    fn ladder(&mut self) {
        let Some(ladder) = &self.policy.ladder else {
            return;
        };
        let acknowledged = self
            .policy
            .recovery
            .as_ref()
            .is_some_and(|recovery| recovery.acknowledge.is_some() && recovery.attempts > 0);
        let last = ladder.rungs.len() as u16 - 1;
        for rung in 0..=last {
            let settling = Situation::Settling(rung);
            self.edge(Situation::Falling(rung), settling);
            let mut live = vec![settling];
            if acknowledged {
                self.edge(settling, Situation::Owing);
                live.push(Situation::Owing);
            }
            let next = if rung < last {
                Situation::Falling(rung + 1)
            } else {
                Situation::Over(Outcome::FellBack)
            };
            self.edges.extend(live.iter().map(|from| (*from, next)));
            self.edge(settling, Situation::Over(Outcome::FellBack));
        }
    }
}

/// The classes that may act in a stage, through its triggers or through the evidence that it holds.
fn classes<'p>(policy: &'p Policy, stage: &'p Stage) -> impl Iterator<Item = &'p Class> {
    let gates = policy.gates.iter();
    let triggers = gates.filter(|gate| stage.triggers.contains(&gate.id));
    let held = policy.evidence.iter();
    let held = held.filter(|evidence| stage.hold.contains(&evidence.id));
    let named: BTreeSet<&str> = triggers
        .filter_map(|gate| gate.class.as_deref())
        .chain(held.filter_map(|evidence| evidence.class.as_deref()))
        .collect();
    let wanted = move |class: &&Class| named.contains(class.id.as_str());
    policy.classes.iter().filter(wanted)
}
