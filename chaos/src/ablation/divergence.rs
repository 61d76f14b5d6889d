//! Where two ways of the same rollout part.

use sim_core::engine::SimTime;
use sim_core::{Event, History};

/// The first thing that happened otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divergence {
    /// The place of what happened in the first history, if anything did.
    pub one: Option<usize>,
    /// The place of what happened in the other, if anything did.
    pub other: Option<usize>,
    /// When it did.
    pub at: SimTime,
}

impl Divergence {
    /// Compares two histories. That an effect began or showed is no difference: the rollout cannot know.
    pub fn of(one: &History, other: &History) -> Option<Self> {
        let mut ones = lines(one);
        let mut others = lines(other);
        loop {
            let (left, right) = (ones.next(), others.next());
            let same = match (left, right) {
                (None, None) => return None,
                (Some((_, left)), Some((_, right))) => alike(left, right),
                _ => false,
            };
            if !same {
                let times = [left, right].into_iter().flatten().map(|(_, line)| line.0);
                return Some(Self {
                    one: left.map(|(place, _)| place),
                    other: right.map(|(place, _)| place),
                    at: times.min().expect("one of them goes on"),
                });
            }
        }
    }
}

type PlacedEvent<'h> = (usize, &'h (SimTime, Event));

/// Returns what the rollout itself could notice.
fn lines(history: &History) -> impl Iterator<Item = PlacedEvent<'_>> {
    let heard = |event: &Event| {
        !matches!(
            event,
            Event::EffectBegan { .. } | Event::EffectShowed { .. }
        )
    };
    history
        .iter()
        .enumerate()
        .filter(move |(_, (_, event))| heard(event))
}

/// A value that is not a number is like any other such value.
fn alike(one: &(SimTime, Event), other: &(SimTime, Event)) -> bool {
    one == other || (one.0 == other.0 && format!("{:?}", one.1) == format!("{:?}", other.1))
}
