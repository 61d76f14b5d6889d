//! A monotone curve through the points, and where it crosses a power.

use super::strength::Strength;

/// A monotone fit through what was played.
#[derive(Clone, Debug)]
pub struct Fit<'a> {
    effects: &'a [f64],
    strengths: &'a [Strength],
}

impl<'a> Fit<'a> {
    /// Makes the fit.
    ///
    /// # Panics
    /// If there are not as many effects as strengths.
    pub fn new(effects: &'a [f64], strengths: &'a [Strength]) -> Self {
        assert_eq!(effects.len(), strengths.len(), "one effect a strength");
        Self { effects, strengths }
    }

    /// Returns the fitted probability at each effect.
    pub fn rates(&self) -> Vec<f64> {
        isotonic(
            &self
                .strengths
                .iter()
                .map(Strength::rate)
                .collect::<Vec<_>>(),
        )
    }

    /// Returns the least effect at which the fit reaches `power`, interpolated between the points.
    pub fn reaches(&self, power: f64) -> Option<f64> {
        crossing(self.effects, &self.rates(), power)
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
}
