//! Multilevel splitting: the probability of what is too rare to wait for.
//!
//! A rare event is reached through levels, each of them not rare once the one before is reached.
//! Every level is tried the same number of times, each time from a state that was drawn from those
//! in which the level before was reached; the probability is the product of the shares that climbed.
//! The product is unbiased (fixed effort splitting: M. Garvels, "The splitting method in rare event
//! simulation", thesis, Twente 2000, section 2.3).

use sim_core::engine::Draws;

/// Returns one unbiased estimate of the probability that all of `levels` levels are reached.
///
/// `start` is the state below the first level. `climb` plays a state on until it reaches the level
/// that it is given, counted from 1, or can reach it no more. Each level is tried `tries` times.
///
/// Estimates from different draws are independent: their spread is the error of their mean.
///
/// # Panics
/// When `tries` is zero.
pub fn fixed_effort<S: Clone>(
    start: &S,
    levels: u32,
    tries: u32,
    draws: &mut Draws,
    mut climb: impl FnMut(&mut S, u32, &mut Draws) -> bool,
) -> f64 {
    assert!(tries > 0, "a level that is never tried is never reached");
    let mut reached = vec![start.clone()];
    let mut probability = 1.0;
    for level in 1..=levels {
        let mut above = Vec::new();
        for _ in 0..tries {
            let mut state = reached[draws.below(reached.len() as u64) as usize].clone();
            if climb(&mut state, level, draws) {
                above.push(state);
            }
        }
        if above.is_empty() {
            return 0.0;
        }
        probability *= above.len() as f64 / f64::from(tries);
        reached = above;
    }
    probability
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::engine::Key;

    /// Source: a walk that goes up with probability 1/3 reaches level 12 from 1 before 0 with
    /// probability (2 - 1) / (2^12 - 1) (gambler's ruin).
    #[test]
    fn the_gamblers_luck_is_as_rare_as_it_should_be() {
        let climb = |height: &mut u32, level: u32, draws: &mut Draws| {
            while *height > 0 && *height < level + 1 {
                *height = if draws.chance(1.0 / 3.0) {
                    *height + 1
                } else {
                    *height - 1
                };
            }
            *height > 0
        };
        let seed = 20_261_121;
        let estimate = |replication| {
            let draws = &mut Key::for_replication(seed, replication).draws(1, 0, 0);
            fixed_effort(&1, 11, 200, draws, climb)
        };
        let estimates: Vec<f64> = (0..400).map(estimate).collect();
        let mean = estimates.iter().sum::<f64>() / 400.0;
        let square: f64 = estimates
            .iter()
            .map(|one| (one - mean) * (one - mean))
            .sum();
        let error = (square / 399.0 / 400.0).sqrt();
        let exact = 1.0 / 4095.0;
        assert!(
            ((mean - exact) / error).abs() < 4.0,
            "seed {seed}: {mean} +- {error}"
        );
        assert!(error < 0.05 * exact, "splitting is worth its name: {error}");
    }

    #[test]
    fn what_is_certain_has_probability_one_and_what_cannot_be_has_zero() {
        let draws = &mut Key::for_replication(1, 0).draws(1, 0, 0);
        assert_eq!(fixed_effort(&(), 5, 3, draws, |(), _, _| true), 1.0);
        assert_eq!(
            fixed_effort(&(), 5, 3, draws, |(), level, _| level < 4),
            0.0
        );
    }
}
