//! The Markov chain of a window: all its memories, and where each judgement leads.

use std::collections::BTreeMap;

use super::memory::{End, Next, NotExact, WindowMemory, next};
use super::odds::Odds;
use crate::policy::Judgement;
use crate::policy::gate::CountRule;

/// A window with more memories than this has no exact law: a day of looks would take seconds.
const MOST: usize = 1 << 18;

const JUDGEMENTS: [Judgement; 4] = [
    Judgement::Breach,
    Judgement::Pass,
    Judgement::Hold,
    Judgement::Error,
];

/// The memories that can be reached from the empty one, which is number 0.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    /// Where each of [`JUDGEMENTS`] leads from each memory.
    next: Vec<[Next<usize>; 4]>,
}

/// The probability of being at each memory, and of having ended.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    at: Vec<f64>,
    /// Zeros, for the look that comes.
    to: Vec<f64>,
    /// Passed for good.
    pub done: f64,
}

impl Chain {
    /// Finds the memories of `rule` that looks with some of these odds can reach.
    pub(super) fn of(rule: CountRule, odds: &[Odds]) -> Result<Self, NotExact> {
        // What a window of so many looks remembers is kept in one word.
        if let CountRule::Among { looks, .. } = rule
            && looks > u64::BITS
        {
            return Err(NotExact::TooManyMemories(MOST));
        }
        let come = |judgement| {
            let says = |odds: &Odds| odds.each().any(|(said, _)| said == judgement);
            odds.iter().any(says)
        };
        let come = JUDGEMENTS.map(come);
        let mut numbers = BTreeMap::from([(WindowMemory::default(), 0)]);
        let mut found = vec![WindowMemory::default()];
        let mut rows = Vec::new();
        while let Some(&memory) = found.get(rows.len()) {
            let mut row = [Next::Done; 4];
            for (place, judgement) in JUDGEMENTS.into_iter().enumerate().filter(|it| come[it.0]) {
                row[place] = match next(rule, memory, judgement) {
                    Next::Goes(to) => Next::Goes(*numbers.entry(to).or_insert_with(|| {
                        found.push(to);
                        found.len() - 1
                    })),
                    Next::Done => Next::Done,
                    Next::Ends(end) => Next::Ends(end),
                };
            }
            rows.push(row);
            if found.len() > MOST {
                return Err(NotExact::TooManyMemories(MOST));
            }
        }
        Ok(Self { next: rows })
    }

    /// At the empty memory, with what has survived so far.
    pub(super) fn start(&self, probability: f64) -> Spread {
        let mut at = vec![0.0; self.next.len()];
        let to = at.clone();
        at[0] = probability;
        Spread { at, to, done: 0.0 }
    }

    /// One look: what has ended by it, in the order fired, errored, inconclusive.
    pub(super) fn look(&self, spread: &mut Spread, odds: Odds) -> [f64; 3] {
        let mut ended = [0.0; 3];
        let chances = [odds.breach, odds.pass, odds.hold, odds.error];
        for (row, here) in self.next.iter().zip(&spread.at).filter(|it| *it.1 > 0.0) {
            for (next, chance) in row.iter().zip(chances).filter(|it| it.1 > 0.0) {
                match next {
                    Next::Goes(to) => spread.to[*to] += here * chance,
                    Next::Done => spread.done += here * chance,
                    Next::Ends(End::Fired) => ended[0] += here * chance,
                    Next::Ends(End::Errored) => ended[1] += here * chance,
                    Next::Ends(End::Inconclusive) => ended[2] += here * chance,
                }
            }
        }
        std::mem::swap(&mut spread.at, &mut spread.to);
        spread.to.fill(0.0);
        ended
    }
}

impl Spread {
    /// The probability of not having ended.
    pub(super) fn going(&self) -> f64 {
        self.at.iter().sum::<f64>() + self.done
    }
}
