//! Between which simulated effects the one with a given power lies.

use super::fit::Fit;
use super::strength::Strength;
use crate::study::interval::{Interval, clopper_pearson};

/// An interval is refined until what is left of it beside its ends is this part of its width: so much it
/// is wider than the chance of the rollouts makes it.
const PART: f64 = 16.0;
/// Effects closer than this part of their size are told apart by nobody.
const CLOSEST: f64 = 0.002;

/// The 95 % interval of the least effect that is acted upon with a power, as places among the effects.
///
/// Its ends are effects that were simulated: up to the lower one every effect has a rate whose exact
/// interval lies below the power, and from the upper one on every one has a rate above it. So it
/// misses the true effect only where the rate at a single simulated effect misses its own interval
/// (the test inversion behind order statistics: with the same luck at all effects each rollout has a
/// threshold of its own, and the ends are order statistics of the thresholds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bracket {
    /// The lower end; none where even the weakest effect may have the power.
    pub low: Option<usize>,
    /// The upper end; none where even the strongest one may lack it.
    pub high: Option<usize>,
}

impl Bracket {
    /// Finds the places for `power`. Effects beyond the one that is acted upon most often are left
    /// out: what grows too strong to be noticed has a second crossing, which nobody asks for.
    ///
    /// # Panics
    /// Without any strength.
    pub fn of(strengths: &[Strength], power: f64) -> Self {
        let rising: Vec<Interval> = rising(strengths).iter().map(interval).collect();
        let lacks = |it: &&Interval| it.high < power;
        let has = |it: &&Interval| it.low > power;
        let high = rising.len() - rising.iter().rev().take_while(has).count();
        let low = rising.iter().take_while(lacks).count();
        Self {
            low: low.checked_sub(1),
            high: (high < rising.len()).then_some(high),
        }
    }

    /// Returns the effects to be simulated next, so that the ends come closer to what chance makes
    /// them; none where they are close enough, or both on the same side of everything.
    pub fn next(self, effects: &[f64]) -> Vec<f64> {
        let last = effects.len() - 1;
        let [low, high] = [self.low.unwrap_or(0), self.high.unwrap_or(last)];
        let width = effects[high] - effects[low];
        let enough = (width / PART).max(effects[high] * CLOSEST);
        let mut cells = Vec::new();
        if self.low.is_some_and(|low| low < last) {
            cells.push((low, low + 1));
        }
        if self.high.is_some_and(|high| high > 0) {
            cells.push((high - 1, high));
        }
        cells.dedup();
        cells.retain(|&(from, to)| effects[to] - effects[from] > enough);
        let middle = |(from, to): (usize, usize)| f64::midpoint(effects[from], effects[to]);
        cells.into_iter().map(middle).collect()
    }
}

/// Up to the strength that is acted upon most often; all of them where none ever is.
fn rising(strengths: &[Strength]) -> &[Strength] {
    let most = strengths.iter().map(Strength::rate).fold(0.0, f64::max);
    if most == 0.0 {
        return strengths;
    }
    let peak = strengths.iter().position(|it| it.rate() >= most);
    &strengths[..=peak.expect("one of them is the most")]
}

/// Returns the effect at which a monotone fit of the rising part reaches `power`, interpolated between
/// the two effects around it; none where it does so nowhere.
pub fn crossing(effects: &[f64], strengths: &[Strength], power: f64) -> Option<f64> {
    let rising = rising(strengths);
    Fit::new(&effects[..rising.len()], rising).reaches(power)
}

/// The exact interval of a strength's rate.
pub fn interval(strength: &Strength) -> Interval {
    clopper_pearson(strength.events(), strength.runs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many of 100 rollouts were acted upon, at each effect.
    fn strengths(events: &[u64]) -> Vec<Strength> {
        let of = |&events: &u64| Strength {
            played: 100,
            told: 100,
            acted: events,
            ..Strength::default()
        };
        events.iter().map(of).collect()
    }

    #[track_caller]
    fn check(events: &[u64], low: Option<usize>, high: Option<usize>) {
        let found = Bracket::of(&strengths(events), 0.8);
        assert_eq!(found, Bracket { low, high }, "{events:?}");
    }

    /// The exact interval of 71 in 100 ends at 0.796, that of 72 at 0.805; that of 88 begins at 0.800
    /// and that of 89 at 0.812 (SciPy 1.17.1, `beta.ppf`).
    #[test]
    fn an_end_is_an_effect_whose_whole_interval_lies_on_its_side() {
        check(&[5, 71, 72, 80, 87, 89, 100], Some(1), Some(5));
        check(&[5, 100], Some(0), Some(1));
        check(&[75, 100], None, Some(1));
        check(&[5, 85], Some(0), None);
        check(&[5, 20], Some(1), None);
        check(&[99, 100], None, Some(0));
    }

    #[test]
    fn what_is_not_noticed_any_more_beyond_the_peak_makes_no_second_crossing() {
        check(&[5, 60, 100, 40, 3], Some(1), Some(2));
    }

    #[test]
    fn cells_beside_the_ends_are_halved_until_they_are_a_sixteenth_of_the_interval() {
        let bracket = Bracket {
            low: Some(0),
            high: Some(1),
        };
        assert_eq!(bracket.next(&[0.0, 0.375, 0.75]), [0.1875]);
        assert_eq!(
            bracket.next(&[1.0, 1.001]),
            [0.0; 0],
            "as close as anybody wants"
        );
        let wide = Bracket {
            low: Some(1),
            high: Some(4),
        };
        assert_eq!(wide.next(&[0.0, 1.0, 3.0, 16.0, 17.0]), [2.0]);
        let above = Bracket {
            low: Some(2),
            high: None,
        };
        assert_eq!(above.next(&[0.0, 1.0, 2.0]), [0.0; 0]);
    }
}
