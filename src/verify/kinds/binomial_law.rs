//! The binomial law, for answers that are sums over it.

/// Returns the probability of each count from 0 to `n`.
///
/// From the mode outwards by the ratios of neighbours, then scaled to a sum of 1: no factorial is
/// needed, and no digit is lost where the law is large.
pub fn binomial_law(n: u32, p: f64) -> Vec<f64> {
    let mode = ((f64::from(n) + 1.0) * p).min(f64::from(n)) as usize;
    let mut law = vec![0.0; n as usize + 1];
    law[mode] = 1.0;
    let ratio = |k: usize| (f64::from(n) - k as f64 + 1.0) / k as f64 * (p / (1.0 - p));
    for k in mode + 1..law.len() {
        law[k] = law[k - 1] * ratio(k);
    }
    for k in (0..mode).rev() {
        law[k] = law[k + 1] / ratio(k + 1);
    }
    let all: f64 = law.iter().sum();
    law.iter().map(|mass| mass / all).collect()
}

#[cfg(test)]
mod tests {
    use super::binomial_law;

    #[test]
    fn small_laws_are_those_of_the_coefficients() {
        let check = |n, p, expect: &[f64]| {
            let got = binomial_law(n, p);
            let off = got
                .iter()
                .zip(expect)
                .map(|(got, expect)| (got - expect).abs());
            assert!(
                got.len() == expect.len() && off.fold(0.0, f64::max) < 1e-15,
                "{got:?}"
            );
        };
        check(2, 0.25, &[0.5625, 0.375, 0.0625]);
        check(3, 0.5, &[0.125, 0.375, 0.375, 0.125]);
        check(2, 0.0, &[1.0, 0.0, 0.0]);
        check(2, 1.0, &[0.0, 0.0, 1.0]);
    }
}
