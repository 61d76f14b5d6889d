//! The law of a gate: how likely it ends in which way at which look.

use super::chain::Chain;
use super::memory::NotExact;
use super::odds::Odds;
use crate::engine::SimDuration;
use crate::policy::gate::Window;

/// So many looks with the same odds: a stage, or a part of it until the release breaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LookStage {
    /// How many looks there are.
    pub looks: u32,
    /// What each of them says.
    pub odds: Odds,
}

/// What a gate, or several of them, make of a number of looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// What ends by each look: fired, errored, inconclusive.
    ended: Vec<[f64; 3]>,
    /// What has not ended before each look, and at the end.
    going: Vec<f64>,
}

/// Returns the law of `window`, looked at `every` so often, over stages without a gap between them.
///
/// A window that begins with the stage ([`Window::begins_with_the_stage`]) begins afresh with each of them; the
/// others go on. What ends is taken to have ended: an inconclusive gate does not fire later.
///
/// # Errors
/// [`NotExact`] where the window remembers values or too much, or the odds of a stage do not add up to 1.
pub fn law(window: Window, every: SimDuration, stages: &[LookStage]) -> Result<Law, NotExact> {
    let odds: Vec<Odds> = stages.iter().map(|stage| stage.odds).collect();
    if !odds.iter().all(|odds| odds.are_sound()) {
        return Err(NotExact::Odds);
    }
    let rule = window.count_rule(every);
    let chain = Chain::of(rule.ok_or(NotExact::Window(window.word()))?, &odds)?;
    let mut law = Law {
        ended: Vec::new(),
        going: vec![1.0],
    };
    let mut spread = chain.start(1.0);
    for stage in stages {
        if window.begins_with_the_stage() {
            spread = chain.start(spread.going());
        }
        for _ in 0..stage.looks {
            law.ended.push(chain.look(&mut spread, stage.odds));
            law.going.push(spread.going());
        }
    }
    Ok(law)
}

impl Law {
    /// The probability that the gate fires at all.
    pub fn fired(&self) -> f64 {
        self.total(0)
    }

    /// The probability that it ends because measurements failed in a row.
    pub fn errored(&self) -> f64 {
        self.total(1)
    }

    /// The probability that it ends inconclusive.
    pub fn inconclusive(&self) -> f64 {
        self.total(2)
    }

    /// The probability that it has not ended after all looks.
    pub fn quiet(&self) -> f64 {
        self.going[self.looks()]
    }

    /// How many looks there are.
    pub fn looks(&self) -> usize {
        self.ended.len()
    }

    /// The probability that it fires at look number `look`, the first one being 0.
    ///
    /// # Panics
    /// When there is no such look.
    pub fn fired_at(&self, look: usize) -> f64 {
        self.ended[look][0]
    }

    /// The mean number of looks up to the one at which it fires, where it does; none when it never can.
    pub fn mean_looks(&self) -> Option<f64> {
        let fired = self.fired();
        let weighted = (1_u32..).zip(&self.ended);
        let sum: f64 = weighted
            .map(|(look, ended)| f64::from(look) * ended[0])
            .sum();
        (fired > 0.0).then(|| sum / fired)
    }

    /// The mean number of looks until it has ended, or all have been had.
    pub fn mean_looks_had(&self) -> f64 {
        self.going[..self.looks()].iter().sum()
    }

    /// The law of the first end of several gates that look at the same instants and do not depend
    /// on one another. Where several end by one look, the first of them in the list counts.
    ///
    /// # Panics
    /// Without gates, or when they have different numbers of looks.
    pub fn first_of(gates: &[Self]) -> Self {
        let looks = gates[0].looks();
        assert!(
            gates.iter().all(|gate| gate.looks() == looks),
            "all gates have the same looks"
        );
        let ended = |look: usize| {
            let mut ended = [0.0; 3];
            for (number, gate) in gates.iter().enumerate() {
                // Those before it have survived this look, those after it the one before.
                let before = gates[..number].iter().map(|other| other.going[look + 1]);
                let after = gates[number + 1..].iter().map(|other| other.going[look]);
                let others: f64 = before.chain(after).product();
                for (sum, part) in ended.iter_mut().zip(gate.ended[look]) {
                    *sum += part * others;
                }
            }
            ended
        };
        let going = |look: usize| gates.iter().map(|gate| gate.going[look]).product();
        Self {
            ended: (0..looks).map(ended).collect(),
            going: (0..=looks).map(going).collect(),
        }
    }

    fn total(&self, end: usize) -> f64 {
        self.ended.iter().map(|ended| ended[end]).sum()
    }
}
