//! A monotone curve through the points, where it crosses a power, and how sure that is.

use sim_core::engine::Key;

use super::play::Strength;

/// How often the replications are drawn again for an interval: the 2.5 % quantile is then the 25th.
const RESAMPLES: u64 = 999;
/// The purpose of these draws.
const RESAMPLE: u32 = 1;

/// A monotone fit through what was played.
#[derive(Clone, Debug)]
pub struct Fit<'a> {
    effects: &'a [f64],
    strengths: &'a [Strength],
    seed: u64,
}

impl<'a> Fit<'a> {
    /// Makes the fit; `seed` is that of the draws behind its intervals.
    ///
    /// # Panics
    /// If there are not as many effects as strengths, or not as many rollouts of each.
    pub fn new(effects: &'a [f64], strengths: &'a [Strength], seed: u64) -> Self {
        assert_eq!(effects.len(), strengths.len(), "one effect a strength");
        let runs = strengths[0].acted.len();
        assert!(
            strengths.iter().all(|it| it.acted.len() == runs),
            "each strength is played as often"
        );
        Self {
            effects,
            strengths,
            seed,
        }
    }

    /// Returns the fitted probability at each effect.
    pub fn rates(&self) -> Vec<f64> {
        let runs = self.runs() as f64;
        let rates = self.strengths.iter().map(|it| it.events() as f64 / runs);
        isotonic(&rates.collect::<Vec<_>>())
    }

    /// Returns the least effect at which the fit reaches `power`, interpolated between the points.
    pub fn reaches(&self, power: f64) -> Option<f64> {
        crossing(self.effects, &self.rates(), power)
    }

    /// Returns the 95 % interval of the least effect, by drawing whole replications again: the same
    /// ones for all strengths, because they met the same luck (percentile bootstrap; B. Efron, Ann.
    /// Stat. 7, 1979). An end that lies beyond the strengths played is none.
    pub fn interval(&self, power: f64) -> [Option<f64>; 2] {
        let mut found: Vec<f64> = (0..RESAMPLES)
            .map(|resample| {
                let rates = isotonic(&self.resampled(resample));
                crossing(self.effects, &rates, power).unwrap_or(f64::INFINITY)
            })
            .collect();
        found.sort_by(f64::total_cmp);
        [24, 974].map(|rank: usize| Some(found[rank]).filter(|effect| effect.is_finite()))
    }

    fn resampled(&self, resample: u64) -> Vec<f64> {
        let runs = self.runs();
        let mut draws = Key::for_replication(self.seed, resample).draws(RESAMPLE, 0, 0);
        let mut weights = vec![0_u32; runs];
        for _ in 0..runs {
            weights[draws.below(runs as u64) as usize] += 1;
        }
        let rate = |strength: &Strength| {
            let pairs = strength.acted.iter().zip(&weights);
            let events: u64 = pairs
                .map(|(&acted, &weight)| u64::from(weight) * u64::from(acted))
                .sum();
            events as f64 / runs as f64
        };
        self.strengths.iter().map(rate).collect()
    }

    fn runs(&self) -> usize {
        self.strengths[0].acted.len()
    }
}

/// Returns the closest sequence that never falls, in least squares: neighbours that fall are pooled
/// into their mean (M. Ayer et al., Ann. Math. Stat. 26, 1955).
pub fn isotonic(values: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for &value in values {
        pools.push((value, 1));
        while let [.., (low, n), (high, m)] = pools[..]
            && low > high
        {
            let mean = (low * n as f64 + high * m as f64) / (n + m) as f64;
            pools.truncate(pools.len() - 2);
            pools.push((mean, n + m));
        }
    }
    let spread = |(value, n): &(f64, usize)| std::iter::repeat_n(*value, *n);
    pools.iter().flat_map(spread).collect()
}

/// Where a curve that never falls first reaches `power`.
fn crossing(effects: &[f64], rates: &[f64], power: f64) -> Option<f64> {
    let at = rates.iter().position(|rate| *rate >= power)?;
    let Some(before) = at.checked_sub(1) else {
        return Some(effects[0]);
    };
    let part = (power - rates[before]) / (rates[at] - rates[before]);
    Some(effects[before] + part * (effects[at] - effects[before]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand.
    #[test]
    fn what_falls_is_pooled() {
        let half = f64::midpoint(0.4, 0.2);
        assert_eq!(isotonic(&[0.1, 0.4, 0.2, 0.9]), [0.1, half, half, 0.9]);
        assert_eq!(isotonic(&[5.0, 3.0, 1.0]), [3.0; 3]);
        assert_eq!(isotonic(&[1.0, 2.0, 2.0]), [1.0, 2.0, 2.0]);
    }

    #[test]
    fn the_least_effect_lies_on_the_line_between_two_points() {
        let effects = [0.0, 1.0, 2.0];
        assert_eq!(crossing(&effects, &[0.0, 0.6, 1.0], 0.8), Some(1.5));
        assert_eq!(crossing(&effects, &[0.9, 0.9, 1.0], 0.8), Some(0.0));
        assert_eq!(crossing(&effects, &[0.0, 0.1, 0.7], 0.8), None);
    }

    /// With p = 0.5 of 400 rollouts at effect 1 and certainty at 2, the line crosses 0.75 at 1.5.
    #[test]
    fn the_interval_is_as_wide_as_the_error_of_the_points() {
        let strength = |every: u32| Strength {
            acted: (0..400).map(|run| run % every == 0).collect(),
            ..Strength::default()
        };
        let strengths = [strength(2), strength(1)];
        assert_eq!(strengths[0].events(), 200);
        let fit = Fit::new(&[1.0, 2.0], &strengths, 7);
        assert_eq!(fit.reaches(0.75), Some(1.5));
        // 1 + (0.75 - p) / (1 - p) has the derivative -0.25 / (1 - p)^2 = -1; the error of p is 0.025.
        let [low, high] = fit.interval(0.75).map(|end| end.expect("it is reached"));
        let half = 1.96 * 0.025;
        assert!((low - (1.5 - half)).abs() < 0.2 * half, "{low}");
        assert!((high - (1.5 + half)).abs() < 0.2 * half, "{high}");
    }
}
