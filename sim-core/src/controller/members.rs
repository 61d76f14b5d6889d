//! Members: policies that differ in the numbers of their gates, and share one world while they decide alike.

use crate::plan::Plan;
use crate::policy::Decision;

/// The members that share this world, and the gates that they need.
#[derive(Clone, Debug)]
pub(crate) struct Members {
    alive: Vec<usize>,
    /// For each place of the policy's list, the gates that stand there for some member, each once.
    gates: Vec<Vec<usize>>,
}

/// Members that decide alike.
pub(crate) struct Group {
    pub decision: Decision,
    pub members: Vec<usize>,
}

impl Members {
    /// All members of the plan.
    pub fn new(plan: &Plan) -> Self {
        Self::only(plan, (0..plan.members.len()).collect())
    }

    /// The members `alive`, by index.
    pub fn only(plan: &Plan, alive: Vec<usize>) -> Self {
        let at = |place: usize| {
            let mut gates: Vec<_> = alive.iter().map(|m| plan.members[*m][place]).collect();
            gates.sort_unstable();
            gates.dedup();
            gates
        };
        Self {
            gates: (0..plan.members[0].len()).map(at).collect(),
            alive,
        }
    }

    /// Returns the members, by index; there is at least one.
    pub fn alive(&self) -> &[usize] {
        &self.alive
    }

    /// Returns the gates that stand at `place` for some member.
    pub fn gates_at(&self, place: usize) -> &[usize] {
        &self.gates[place]
    }

    /// Sorts the members by what they decide: the largest group first, of equals the one of the first
    /// member.
    pub fn groups(&self, decide: impl Fn(usize) -> Decision) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for member in &self.alive {
            let decision = decide(*member);
            match groups
                .iter_mut()
                .find(|group| alike(&group.decision, &decision))
            {
                Some(group) => group.members.push(*member),
                None => groups.push(Group {
                    decision,
                    members: vec![*member],
                }),
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.members.len()));
        groups
    }
}

/// Whether two decisions change the world alike: which gate of a class fired makes no difference.
fn alike(one: &Decision, other: &Decision) -> bool {
    match (*one, *other) {
        (
            Decision::Act {
                action,
                class,
                gate,
            },
            Decision::Act {
                action: other_action,
                class: other_class,
                gate: other_gate,
            },
        ) => (action, class, gate.is_some()) == (other_action, other_class, other_gate.is_some()),
        (one, other) => one == other,
    }
}
