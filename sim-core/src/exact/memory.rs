//! What a window remembers between two looks, and how a look changes it.

use std::fmt;

use crate::engine::SimDuration;
use crate::policy::Judgement;
use crate::policy::gate::{Counting, SustainMode, Window};

/// Why a window has no exact law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotExact {
    /// It remembers values, not counts.
    Window(&'static str),
    /// It has more memories than are worth summing over: so many at least.
    TooManyMemories(usize),
    /// The probabilities of a look are not probabilities.
    Odds,
}

impl fmt::Display for NotExact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Window(word) => write!(f, "a `{word}` window remembers values, not counts"),
            Self::TooManyMemories(most) => write!(f, "the window has more than {most} states"),
            Self::Odds => write!(f, "the probabilities of a look do not add up to 1"),
        }
    }
}

impl std::error::Error for NotExact {}

/// How a gate can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Fired,
    Errored,
    Inconclusive,
}

/// What becomes of a memory with a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next<M> {
    Goes(M),
    /// It passes for good, until it begins afresh.
    Done,
    Ends(End),
}

/// A window that has finitely many memories.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rule {
    /// So many breaches in a row; holds and errors count for nothing.
    InARow(u32),
    /// A breach that comes so many looks after the first one since the last pass.
    Since(u32),
    /// So many breaches among the last so many looks.
    Among { breaches: u32, looks: u32 },
    /// Limits on counts since the beginning.
    Counts(Counting),
}

/// Everything that a rule may remember; what it does not is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Memory {
    /// Breaches in a row, looks since the first breach plus one, or breaches.
    breaches: u32,
    holds: u32,
    errors: u32,
    measured: u32,
    /// The last looks, the latest in the lowest bit: 1 for a breach.
    recent: u64,
}

impl Rule {
    /// The rule of `window`, looked at `every` so often.
    pub(super) fn of(window: Window, every: SimDuration) -> Result<Self, NotExact> {
        Ok(match window {
            Window::Instant => Self::InARow(1),
            Window::Consecutive(k) => Self::InARow(k.max(1)),
            Window::Count(counting) => Self::Counts(counting),
            Window::Sustained(sustain) => {
                // A window that is no multiple of the interval needs the look beyond its end.
                let looks = sustain.over.as_nanos().div_ceil(every.as_nanos().max(1));
                let looks = u32::try_from(looks).unwrap_or(u32::MAX);
                match sustain.mode {
                    SustainMode::Every => Self::Since(looks),
                    SustainMode::AtLeast(breaches) if looks <= u64::BITS => Self::Among {
                        breaches,
                        looks: looks.max(1),
                    },
                    SustainMode::AtLeast(_) => {
                        return Err(NotExact::TooManyMemories(u64::BITS as usize));
                    }
                    SustainMode::Mean => return Err(NotExact::Window("sustained mean")),
                }
            }
            window => return Err(NotExact::Window(window.word())),
        })
    }

    /// What a look that says `judgement` makes of `memory`.
    pub(super) fn next(self, memory: Memory, judgement: Judgement) -> Next<Memory> {
        match self {
            Self::InARow(k) => in_a_row(k, memory, judgement),
            Self::Since(looks) => since(looks, memory, judgement),
            Self::Among { breaches, looks } => among(breaches, looks, memory, judgement),
            Self::Counts(counting) => counts(counting, memory, judgement),
        }
    }
}

fn in_a_row(k: u32, memory: Memory, judgement: Judgement) -> Next<Memory> {
    let breaches = match judgement {
        Judgement::Breach if memory.breaches + 1 >= k => return Next::Ends(End::Fired),
        Judgement::Breach => memory.breaches + 1,
        Judgement::Pass => 0,
        Judgement::Hold | Judgement::Error => memory.breaches,
    };
    Next::Goes(Memory { breaches, ..memory })
}

fn since(looks: u32, memory: Memory, judgement: Judgement) -> Next<Memory> {
    // Zero without a breach; at most what it takes, because older is not more.
    let age = memory.breaches;
    let breaches = match judgement {
        Judgement::Pass => 0,
        Judgement::Breach if age >= looks => return Next::Ends(End::Fired),
        Judgement::Breach => age + 1,
        Judgement::Hold | Judgement::Error if age == 0 => 0,
        Judgement::Hold | Judgement::Error => (age + 1).min(looks),
    };
    Next::Goes(Memory { breaches, ..memory })
}

fn among(breaches: u32, looks: u32, memory: Memory, judgement: Judgement) -> Next<Memory> {
    let breach = judgement == Judgement::Breach;
    let recent = memory.recent << 1 | u64::from(breach);
    // The look that is now the window's length old is no longer inside.
    let inside = u64::MAX >> (u64::BITS - looks);
    if breach && (recent & inside).count_ones() >= breaches {
        return Next::Ends(End::Fired);
    }
    // The next look pushes one more out.
    let recent = recent & (inside >> 1);
    Next::Goes(Memory { recent, ..memory })
}

fn counts(counting: Counting, mut memory: Memory, judgement: Judgement) -> Next<Memory> {
    memory.errors = if judgement == Judgement::Error {
        memory.errors + 1
    } else {
        0
    };
    match judgement {
        Judgement::Breach => memory.breaches += 1,
        Judgement::Hold => memory.holds += 1,
        Judgement::Pass | Judgement::Error => {}
    }
    memory.measured += 1;
    let beyond = |count: u32, limit: Option<u32>| limit.is_some_and(|limit| count > limit);
    if beyond(memory.breaches, counting.failures) {
        return Next::Ends(End::Fired);
    }
    if beyond(memory.errors, counting.errors_in_a_row) {
        return Next::Ends(End::Errored);
    }
    if beyond(memory.holds, counting.inconclusive) {
        return Next::Ends(End::Inconclusive);
    }
    if counting.of.is_some_and(|of| memory.measured >= of) {
        return Next::Done;
    }
    // What has no limit is not remembered.
    let kept = |count: u32, limit: Option<u32>| if limit.is_some() { count } else { 0 };
    Next::Goes(Memory {
        breaches: kept(memory.breaches, counting.failures),
        holds: kept(memory.holds, counting.inconclusive),
        errors: kept(memory.errors, counting.errors_in_a_row),
        measured: kept(memory.measured, counting.of),
        recent: 0,
    })
}
