//! The slack of a formula: how much was left until it would have been broken.

use super::ast::{Comparison, Formula, Term};
use super::past::Past;
use super::quantity::Quantity;
use super::sets::Set;
use super::valuation::Valuation;

impl Past<'_> {
    /// Returns the least margin of the forms that have one: `always(x <= c)` and `final(x <= c)`, with or
    /// without a premise, and `always(premise -> eventually[a, b](goal))`, where it is the time left.
    pub(super) fn slack(&self, formula: &Formula) -> Option<(f64, &'static str)> {
        match formula {
            Formula::Final(inside) => match &**inside {
                Formula::Compare(comparison) => {
                    self.margin(comparison, &Set::of(vec![(self.end, self.end)], self.last))
                }
                _ => None,
            },
            Formula::Always(None, inside) => match &**inside {
                Formula::Compare(comparison) => {
                    self.margin(comparison, &Set::of(vec![(0, self.end)], self.last))
                }
                Formula::Implies(premise, goal) => self.slack_of(&self.both(premise).must, goal),
                _ => None,
            },
            _ => None,
        }
    }

    fn slack_of(&self, premise: &Set, goal: &Formula) -> Option<(f64, &'static str)> {
        match goal {
            Formula::Compare(comparison) => self.margin(comparison, premise),
            Formula::Eventually(Some(bounds), goal) => {
                let goal = self.both(goal).must;
                let left = |&(begin, _): &(u64, u64)| {
                    let from = begin.saturating_add(bounds.from.as_nanos());
                    let reached = goal.first_from(from)?;
                    let due = begin.saturating_add(bounds.to.as_nanos());
                    Some((due as f64 - reached as f64) / 1e9)
                };
                let begun = premise
                    .ranges()
                    .iter()
                    .filter(|(begin, _)| *begin <= self.end);
                let least = begun.filter_map(left).reduce(f64::min)?;
                Some((least, "s"))
            }
            _ => None,
        }
    }

    /// The least margin of a comparison over the instants of a set.
    fn margin(&self, comparison: &Comparison, during: &Set) -> Option<(f64, &'static str)> {
        let quantities = [&comparison.left, &comparison.right].into_iter();
        let quantity = quantities.filter_map(|term| match term {
            Term::Quantity(quantity) => Some(*quantity),
            _ => None,
        });
        let (factor, unit) = quantity.map(Quantity::margin).next()?;
        let begins = self.scenes.iter().skip(1);
        let ends = begins.map(|(at, _)| at - 1).chain([self.last]);
        let scenes = self.scenes.iter().zip(ends);
        let asked =
            scenes.filter(|((from, _), to)| during.first_from(*from).is_some_and(|at| at <= *to));
        let margin = |((_, scene), _): (&(u64, Valuation), u64)| {
            let (left, right) = (
                self.value(&comparison.left, scene),
                self.value(&comparison.right, scene),
            );
            comparison
                .is
                .margin(left, right)
                .filter(|margin| !margin.is_nan())
        };
        let least = asked.filter_map(margin).reduce(f64::min)?;
        Some((least * factor, unit))
    }
}
