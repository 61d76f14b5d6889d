//! Controllers: who decides, and when.
//!
//! A controller says when it wakes, and acts on the [plant](crate::plant) when it does; what it orders there takes its
//! time, meets faults and is written to the history, whoever ordered it. The [native](native) controller plays a
//! policy. The [foreign](foreign) ones keep the state machines of other products and their timers behind the same interface: one that ticks, as
//! Flagger does, wakes at its interval, and one with several timers, as Argo's analysis runs have, at the first of them.

mod foreign;
mod native;

pub(crate) use foreign::{ArgoController, FlaggerController, ReadingTaken};
pub(crate) use native::NativeController;

use crate::engine::SimTime;
use crate::plant::{Plant, ScheduledEvent};

/// What a rollout is steered by.
///
/// It is cloned where rollouts are split, so that it holds all that it remembers.
pub(crate) trait Control: Clone {
    /// Several of the kind that have been one so far and go different ways from here: what each does next.
    /// [`std::convert::Infallible`] for controllers that are always one.
    type Parting;

    /// Starts the rollout.
    fn begin(&mut self, plant: &mut Plant<'_>);

    /// When it wakes next by itself.
    fn next_wake(&self) -> SimTime;

    /// It wakes at [`Control::next_wake`], looks and acts. Where several go different ways nothing is done yet.
    fn wake(&mut self, plant: &mut Plant<'_>) -> Option<Self::Parting>;

    /// Whether an event must wait because nobody is there to take it; it is planned anew if so.
    fn postpones(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> bool;

    /// What was planned for it comes to pass.
    fn hear(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> Option<Self::Parting>;

    /// Goes its own way, and hands back those that part, each on a plant of its own.
    fn part<'p>(&mut self, plant: &mut Plant<'p>, parting: Self::Parting)
    -> Vec<(Plant<'p>, Self)>;
}
