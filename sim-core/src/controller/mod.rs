//! Controllers: who decides, and when.
//!
//! A controller says when it wakes, and acts on the [plant](crate::plant) when it does; what it orders there takes its
//! time, meets faults and is written to the history, whoever ordered it. The [native](native) controller plays a
//! policy. Another one keeps its own state machine and its own timers behind the same interface.

mod native;

pub(crate) use native::{NativeController, Split};

use crate::engine::SimTime;
use crate::plant::{Plant, ScheduledEvent};

/// What a rollout is steered by.
///
/// It is cloned where rollouts are split, so that it holds all that it remembers.
pub(crate) trait Control: Clone {
    /// Starts the rollout.
    fn begin(&mut self, plant: &mut Plant<'_>);

    /// When it wakes next by itself.
    fn next_wake(&self) -> SimTime;

    /// It wakes at [`Control::next_wake`], looks and acts. Members of a cohort that decide differently are handed
    /// back before anything is done.
    fn wake(&mut self, plant: &mut Plant<'_>) -> Option<Split>;

    /// Whether an event must wait because nobody is there to take it; it is planned anew if so.
    fn postpones(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> bool;

    /// What was planned for it comes to pass.
    fn hear(&mut self, plant: &mut Plant<'_>, event: ScheduledEvent) -> Option<Split>;
}
