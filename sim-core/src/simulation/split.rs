//! Members that part: each group goes on in a simulation of its own.

use super::Simulation;
use crate::controller::Split;

impl Simulation<'_> {
    /// Plays all members to their ends. `ended` is shown each simulation in which some of them have ended.
    pub fn play_all(mut self, ended: &mut dyn FnMut(&Self)) {
        self.begin();
        self.go_on(ended);
    }

    /// Goes on to the end. Who parts on the way is played first: fewer than half of the members part at
    /// once, so the recursion is no deeper than the logarithm of their number.
    fn go_on(mut self, ended: &mut dyn FnMut(&Self)) {
        while !self.is_over() {
            let mut parted = self.step();
            while let Some(other) = parted.pop() {
                other.go_on(ended);
            }
        }
        ended(&self);
    }

    /// Applies what each group decides. The first stays here, the others go on in simulations of their own.
    pub(super) fn part(&mut self, split: Split) -> Vec<Self> {
        let mut groups = split.groups.into_iter();
        let first = groups.next().expect("there is at least one member");
        let mut parted = Vec::new();
        for group in groups {
            let plant = self.plant.clone();
            let controller = self.controller.part_with(plant.plan, group.members);
            let mut other = Self { plant, controller };
            let decision = group.decision;
            other
                .controller
                .apply(&mut other.plant, decision, &split.around);
            parted.push(other);
        }
        let Self { plant, controller } = self;
        controller.apply(plant, first.decision, &split.around);
        parted
    }
}
