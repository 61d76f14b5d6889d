//! What a window remembers between two looks, and how a look changes it.

use std::fmt;

use crate::policy::Judgement;
use crate::policy::gate::{CountRule, Counting};

/// Why a window has no exact law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotExact {
    /// It remembers values, not counts; its word.
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

/// Everything that a rule may remember; what it does not is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WindowMemory {
    /// Breaches in a row, looks since the first breach plus one, or breaches.
    breaches: u32,
    holds: u32,
    errors: u32,
    measured: u32,
    /// The last looks, the latest in the lowest bit: 1 for a breach.
    recent: u64,
}

/// What a look that says `judgement` makes of `memory`.
pub(super) fn next(
    rule: CountRule,
    memory: WindowMemory,
    judgement: Judgement,
) -> Next<WindowMemory> {
    match rule {
        CountRule::InARow(k) => in_a_row(k, memory, judgement),
        CountRule::Since(looks) => since(looks, memory, judgement),
        CountRule::Among { breaches, looks } => among(breaches, looks, memory, judgement),
        CountRule::Limits(limits) => counts(limits, memory, judgement),
    }
}

fn in_a_row(k: u32, memory: WindowMemory, judgement: Judgement) -> Next<WindowMemory> {
    let breaches = match judgement {
        Judgement::Breach if memory.breaches + 1 >= k => return Next::Ends(End::Fired),
        Judgement::Breach => memory.breaches + 1,
        Judgement::Pass => 0,
        Judgement::Hold | Judgement::Error => memory.breaches,
    };
    Next::Goes(WindowMemory { breaches, ..memory })
}

fn since(looks: u32, memory: WindowMemory, judgement: Judgement) -> Next<WindowMemory> {
    // Zero without a breach; at most what it takes, because older is not more.
    let age = memory.breaches;
    let breaches = match judgement {
        Judgement::Pass => 0,
        Judgement::Breach if age >= looks => return Next::Ends(End::Fired),
        Judgement::Breach => age + 1,
        Judgement::Hold | Judgement::Error if age == 0 => 0,
        Judgement::Hold | Judgement::Error => (age + 1).min(looks),
    };
    Next::Goes(WindowMemory { breaches, ..memory })
}

fn among(
    breaches: u32,
    looks: u32,
    memory: WindowMemory,
    judgement: Judgement,
) -> Next<WindowMemory> {
    let breach = judgement == Judgement::Breach;
    let recent = memory.recent << 1 | u64::from(breach);
    // The look that is now the window's length old is no longer inside.
    let inside = u64::MAX >> (u64::BITS - looks);
    if breach && (recent & inside).count_ones() >= breaches {
        return Next::Ends(End::Fired);
    }
    // The next look pushes one more out.
    let recent = recent & (inside >> 1);
    Next::Goes(WindowMemory { recent, ..memory })
}

/// The limit that is passed, the gravest first.
fn passed(counting: Counting, memory: WindowMemory) -> Option<End> {
    let beyond = |count: u32, limit: Option<u32>| limit.is_some_and(|limit| count > limit);
    if beyond(memory.breaches, counting.failures) {
        Some(End::Fired)
    } else if beyond(memory.errors, counting.errors_in_a_row) {
        Some(End::Errored)
    } else {
        beyond(memory.holds, counting.inconclusive).then_some(End::Inconclusive)
    }
}

fn counts(
    counting: Counting,
    mut memory: WindowMemory,
    judgement: Judgement,
) -> Next<WindowMemory> {
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
    if let Some(end) = passed(counting, memory) {
        return Next::Ends(end);
    }
    if counting.of.is_some_and(|of| memory.measured >= of) {
        return Next::Done;
    }
    // What has no limit is not remembered.
    let kept = |count: u32, limit: Option<u32>| if limit.is_some() { count } else { 0 };
    Next::Goes(WindowMemory {
        breaches: kept(memory.breaches, counting.failures),
        holds: kept(memory.holds, counting.inconclusive),
        errors: kept(memory.errors, counting.errors_in_a_row),
        measured: kept(memory.measured, counting.of),
        recent: 0,
    })
}
