//! Members that part: each group goes on in a simulation of its own.

use super::Simulation;
use crate::controller::Control;

impl<C: Control> Simulation<'_, C> {
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
}
