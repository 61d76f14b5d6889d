//! Members: policies that differ in the numbers of their gates, and share one world while they decide alike.

use crate::plan::{Plan, StageGate};
use crate::policy::{Action, Decision};

/// The members that share this world, and the gates that they need.
#[derive(Clone, Debug)]
pub(crate) struct Members {
    /// The members by index, in order.
    alive: Vec<usize>,
    /// For each place of the policy's list, the gates that stand there for some member.
    alike: Vec<Vec<EquivalentGates>>,
    /// For each gate how many members have it.
    uses: Vec<u32>,
}

/// Gates of some members that judge alike, and differ at the most in how their windows count.
#[derive(Clone, Debug)]
pub(crate) struct EquivalentGates {
    /// The gate that is looked at for all of them.
    pub leader: usize,
    pub gates: Vec<usize>,
}

/// What one member sees in its gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub criteria_met: bool,
    /// The most severe firing: what its class does, the class, and the gate.
    pub fired: Option<(Action, usize, usize)>,
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

    /// The members `alive`, by index and in order.
    pub fn only(plan: &Plan, alive: Vec<usize>) -> Self {
        let mut uses = vec![0; plan.gates.len()];
        let mut alike = vec![Vec::new(); plan.members[0].len()];
        for member in &alive {
            for (place, gate) in plan.members[*member].iter().enumerate() {
                uses[*gate] += 1;
                if uses[*gate] == 1 {
                    join(&mut alike[place], plan.gates[*gate].leader, *gate);
                }
            }
        }
        Self { alive, alike, uses }
    }

    /// Returns the members, by index; there is at least one.
    pub fn alive(&self) -> &[usize] {
        &self.alive
    }

    /// Returns the gates that stand at the watched place for some member.
    pub fn equivalent_at(&self, watch: StageGate) -> &[EquivalentGates] {
        &self.alike[watch.place]
    }

    /// Lets some members go, with the gates that nobody else has.
    pub fn part_with(&mut self, plan: &Plan, leaving: &[usize]) {
        self.alive
            .retain(|member| leaving.binary_search(member).is_err());
        for member in leaving {
            for (place, gate) in plan.members[*member].iter().enumerate() {
                self.uses[*gate] -= 1;
                if self.uses[*gate] == 0 {
                    let leader = plan.gates[*gate].leader;
                    let all = &mut self.alike[place];
                    let at = all.iter().position(|alike| alike.leader == leader);
                    let at = at.expect("it joined when its first member came");
                    all[at].gates.retain(|known| known != gate);
                    if all[at].gates.is_empty() {
                        all.remove(at);
                    }
                }
            }
        }
    }

    /// Sorts the members by what they decide: the largest group first, of equals the one of the first
    /// member.
    pub fn groups(
        &self,
        sees: impl Fn(usize) -> Seen,
        decide: impl Fn(Seen) -> Decision,
        place: impl Fn(usize) -> u16,
    ) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut known: Vec<(Seen, usize)> = Vec::new();
        for member in &self.alive {
            let seen = sees(*member);
            let alike = known
                .iter()
                .find(|(other, _)| same_seen(*other, seen, &place));
            let group = if let Some((_, group)) = alike {
                *group
            } else {
                let group = group_of(&mut groups, decide(seen), &place);
                known.push((seen, group));
                group
            };
            groups[group].members.push(*member);
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.members.len()));
        groups
    }
}

fn join(all: &mut Vec<EquivalentGates>, leader: usize, gate: usize) {
    match all.iter_mut().find(|alike| alike.leader == leader) {
        Some(alike) => alike.gates.push(gate),
        None => all.push(EquivalentGates {
            leader,
            gates: vec![gate],
        }),
    }
}

/// Returns the place of the group that takes `decision`.
fn group_of(groups: &mut Vec<Group>, decision: Decision, place: &impl Fn(usize) -> u16) -> usize {
    let known = groups
        .iter()
        .position(|group| changes_alike(&group.decision, &decision, place));
    known.unwrap_or_else(|| {
        groups.push(Group {
            decision,
            members: Vec::new(),
        });
        groups.len() - 1
    })
}

/// Members have gates of their own at the same place of their policies: it is the place that is told.
fn same_seen(one: Seen, other: Seen, place: &impl Fn(usize) -> u16) -> bool {
    let fired = |seen: Seen| {
        let fired = seen.fired;
        fired.map(|(action, class, gate)| (action, class, place(gate)))
    };
    one.criteria_met == other.criteria_met && fired(one) == fired(other)
}

/// Whether two decisions change the world alike, by the gate at the same place of each policy.
fn changes_alike(one: &Decision, other: &Decision, place: &impl Fn(usize) -> u16) -> bool {
    let plain = |decision: &Decision| match *decision {
        Decision::Act {
            action,
            class,
            gate,
        } => Decision::Act {
            action,
            class,
            gate: gate.map(|gate| usize::from(place(gate))),
        },
        other => other,
    };
    plain(one) == plain(other)
}
