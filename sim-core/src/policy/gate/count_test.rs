//! Tests that take every request once.

use super::test::{Arms, Bayes, ConditionalEProcess, GroupSequential, Msprt, Null, Sprt, Verdict};
use super::{
    BayesWindow, Flaw, Gate, GroupSequentialWindow, Judgement, Limit, Reading, Relation, Window,
};
use crate::engine::SimDuration;

/// The memory of a window that takes every request once: the test, and what it has taken.
#[derive(Clone, Debug)]
pub struct CountTest {
    test: Test,
    /// Whether the numerator of the signal counts what is good: a breach is a value below the limit.
    counts_good: bool,
    verdict: Verdict,
    numerator: u64,
    denominator: u64,
}

#[derive(Clone, Debug)]
enum Test {
    Sprt(Sprt),
    Msprt(Msprt),
    Conditional(ConditionalEProcess),
    Planned {
        test: GroupSequential,
        every: SimDuration,
        null: Null,
        arms: Arms,
    },
    Bayes(Bayes),
}

impl Test {
    fn planned(window: GroupSequentialWindow, null: Null) -> Self {
        let every = window.over.as_nanos() / u64::from(window.looks);
        Self::Planned {
            test: GroupSequential::new(window.looks, window.alpha, window.sides, window.boundary),
            every: SimDuration::from_nanos(every),
            null,
            arms: Arms::default(),
        }
    }

    fn bayes(window: BayesWindow, factor: f64) -> Self {
        let prior = [window.failures, window.successes];
        Self::Bayes(Bayes::new(window.level, factor, prior))
    }
}

/// What came of a ratio signal since the last look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountIncrement {
    /// Events of the numerator.
    pub numerator: u64,
    /// All events.
    pub denominator: u64,
}

impl CountTest {
    /// The test of a gate whose window takes every request once; none for other windows.
    ///
    /// # Panics
    ///
    /// If the numbers of the window make no sense, or the limit does not suit the test; files are
    /// checked for both before.
    pub fn new(gate: &Gate) -> Option<Self> {
        let counts_good = matches!(gate.breach.is, Relation::Below | Relation::AtMost);
        let bad = |rate: f64| if counts_good { 1.0 - rate } else { rate };
        let test = match gate.window {
            Window::Sprt(window) => Test::Sprt(Sprt::new(
                bad(gate.breach.limit.resolve(f64::NAN)),
                bad(window.alternative),
                window.alpha,
                window.beta,
            )),
            Window::Msprt(window) => Test::Msprt(Msprt::new(
                window.alpha,
                window.effect,
                null(&gate.breach.limit, counts_good),
            )),
            Window::ConditionalEProcess(window) => Test::Conditional(ConditionalEProcess::new(
                window.alpha,
                factor(&gate.breach.limit),
                &window.ratios(),
            )),
            Window::GroupSequential(window) => {
                Test::planned(window, null(&gate.breach.limit, counts_good))
            }
            Window::Bayes(window) => Test::bayes(window, factor(&gate.breach.limit)),
            _ => return None,
        };
        Some(Self::of(test, counts_good))
    }

    const fn of(test: Test, counts_good: bool) -> Self {
        Self {
            test,
            counts_good,
            verdict: Verdict::Undecided,
            numerator: 0,
            denominator: 0,
        }
    }

    /// Takes what came since the last look, `elapsed` after the test began; `reference` is what came of
    /// the population that a relative limit refers to.
    pub fn observe(
        &mut self,
        elapsed: SimDuration,
        own: CountIncrement,
        reference: CountIncrement,
    ) {
        self.numerator += own.numerator;
        self.denominator += own.denominator;
        let more = Arms {
            canary_failed: self.failed(own),
            canary: own.denominator,
            control_failed: self.failed(reference),
            control: reference.denominator,
        };
        self.verdict = match &mut self.test {
            Test::Sprt(test) => test.watch(more.canary_failed, more.canary),
            Test::Msprt(test) => test.observe(more),
            Test::Conditional(test) => test.observe(more),
            Test::Bayes(test) => test.observe(more),
            Test::Planned {
                test,
                every,
                null,
                arms,
            } => {
                arms.add(more);
                let due = (elapsed.as_nanos() / every.as_nanos().max(1)) as usize;
                // Without a failure there is nothing to reject by.
                test.observe_at(due, arms.z(*null).unwrap_or(0.0))
            }
        };
    }

    fn failed(&self, increment: CountIncrement) -> u64 {
        if self.counts_good {
            increment.denominator - increment.numerator
        } else {
            increment.numerator
        }
    }

    /// Returns the ratio of everything taken so far.
    pub fn reading(&self) -> Reading {
        if self.denominator == 0 {
            return Reading::flawed(Flaw::Missing);
        }
        Reading::ratio(self.numerator as f64, self.denominator as f64)
    }

    /// Returns what the test says: a breach where it rejects; a pass where it accepts, or where it had
    /// enough samples and did not reject; nothing while it is still to decide.
    pub fn judge(&self, gate: &Gate) -> Judgement {
        if let Some(flaw) = self.reading().flaw(gate.min_samples) {
            return gate.on.conclude(flaw);
        }
        match (self.verdict, &self.test) {
            (Verdict::Rejected, _) => Judgement::Breach,
            (Verdict::Undecided, Test::Sprt(_)) => Judgement::Hold,
            (Verdict::Undecided, Test::Planned { test, .. }) if !test.is_over() => Judgement::Hold,
            _ => Judgement::Pass,
        }
    }
}

/// The null of a limit relative to the control. The complement of a share that may lie `margin` lower
/// may lie as much higher.
fn null(limit: &Limit, counts_good: bool) -> Null {
    match *limit {
        Limit::Times { factor, .. } => Null::Times(factor),
        Limit::Plus { margin, .. } if counts_good => Null::Plus(-margin),
        Limit::Plus { margin, .. } => Null::Plus(margin),
        Limit::Absolute(_) => panic!("a test against the control needs a relative limit"),
    }
}

fn factor(limit: &Limit) -> f64 {
    match *limit {
        Limit::Times { factor, .. } => factor,
        _ => panic!("the test needs a limit of so many times the control"),
    }
}

#[cfg(test)]
#[path = "tests/count_test.rs"]
mod tests;
