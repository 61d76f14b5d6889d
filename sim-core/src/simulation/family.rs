//! Families: many settings of a policy's gates, played in one world for as long as they decide alike.

use super::Simulation;
use crate::cohort::family_key;
use crate::experiment::Experiment;
use crate::grid::Grid;
use crate::plan::{Plan, Seed};
use crate::policy::Gate;
use crate::run::Figures;

/// Experiments that differ in the numbers of their policies' gates and in nothing else.
///
/// They are played together: one world, one sample of everything, each distinct gate looked at once.
/// Where members decide differently the world parts, and each part goes on alone. What comes out is for
/// every member, bit for bit, what [`Plan::on`] the same grid plays for it alone.
#[derive(Clone, Debug)]
pub struct Family {
    plan: Plan,
}

impl Family {
    /// Makes a family of `members`.
    ///
    /// # Panics
    /// When there is no member, when two differ in more than the numbers of gates (see
    /// [`Family::same_family`]), or when a name does not resolve, as in [`Plan::new`].
    pub fn new(members: &[Experiment]) -> Self {
        let all: Vec<&Experiment> = members.iter().collect();
        Self::on(&all, &Grid::common(&all))
    }

    /// Makes a family of `members` on a grid that they may have in common with others, so that a part of
    /// a family can be played on the samples of the whole.
    ///
    /// # Panics
    /// As in [`Family::new`].
    pub fn on(members: &[&Experiment], grid: &Grid) -> Self {
        let first = members.first().expect("a family has a member");
        let kin = members.iter().all(|other| Self::same_family(first, other));
        assert!(kin, "a family differs in the numbers of its gates alone");
        let (union, of_members) = union(members);
        let plan = Plan::of_members(&union, of_members, grid);
        Self { plan }
    }

    /// Whether two experiments can be of one family: their policies decide themselves and have one [`family_key`], and
    /// all else is equal.
    pub fn same_family(one: &Experiment, other: &Experiment) -> bool {
        // Every field is named, so that a new one is not forgotten here.
        let Experiment {
            policy,
            decider,
            fleet,
            traffic,
            telemetry,
            release,
            faults,
            operators,
            evidence,
            horizon,
        } = one;
        (fleet, traffic, telemetry) == (&other.fleet, &other.traffic, &other.telemetry)
            && (release, faults) == (&other.release, &other.faults)
            && (operators, evidence) == (&other.operators, &other.evidence)
            && *horizon == other.horizon
            && decider.is_native()
            && other.decider.is_native()
            && family_key(policy) == family_key(&other.policy)
    }

    /// Plays all members once and returns their figures, in their order.
    pub fn play(&self, seed: Seed) -> Vec<Figures> {
        let mut figures = vec![None; self.plan.members.len()];
        Simulation::new(&self.plan, seed).play_all(&mut |played| {
            let ended = played.figures();
            for member in played.controller().bank().members() {
                figures[*member] = Some(ended);
            }
        });
        let played = |member: Option<Figures>| member.expect("every member is played to its end");
        figures.into_iter().map(played).collect()
    }
}

/// Returns an experiment with every distinct gate of the members, those for the same place next to each
/// other, and for each member which of them is its own at each place.
fn union(members: &[&Experiment]) -> (Experiment, Vec<Vec<usize>>) {
    let mut gates: Vec<Gate> = Vec::new();
    let mut of_members = vec![Vec::new(); members.len()];
    for place in 0..members[0].policy.gates.len() {
        let first = gates.len();
        for (member, own) in members.iter().zip(&mut of_members) {
            let gate = &member.policy.gates[place];
            let known = gates[first..].iter().position(|known| known == gate);
            own.push(first + known.unwrap_or(gates.len() - first));
            if known.is_none() {
                gates.push(gate.clone());
            }
        }
    }
    let mut union = (*members[0]).clone();
    union.policy.gates = gates;
    (union, of_members)
}
