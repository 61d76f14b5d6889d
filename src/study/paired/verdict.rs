//! Verdicts: which differences are more than chance, when many are looked at together.

use sim_core::policy::gate::test::incomplete_beta;

/// What counts as chance: one wrong word in twenty whole tables.
pub const ALPHA: f64 = 0.05;

/// Fewer pairs than this that differ, even all in one direction, have a sign test above 5 %
/// (2 x 2^-5 = 0.0625): they show nothing, whatever the mean of their differences is.
pub const DIFFERING_MIN: u64 = 6;

/// Returns the two-sided p-value of `more` against `less` when either is as likely: the exact form
/// of McNemar's test (Q. McNemar, Psychometrika 12, 1947), twice the smaller binomial tail.
pub fn sign_test(more: u64, less: u64) -> f64 {
    let (many, all) = (more.max(less), more + less);
    if many == 0 {
        return 1.0;
    }
    // P(X >= k) = I_p(k, n - k + 1) for a binomial X.
    let tail = incomplete_beta(many as f64, (all - many) as f64 + 1.0, 0.5);
    (2.0 * tail).min(1.0)
}

/// Returns p-values that hold for all of them together: the step-down procedure of S. Holm (Scand.
/// J. Stat. 6, 1979), each the largest of those before it.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&one, &other| p_values[one].total_cmp(&p_values[other]));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, &at) in order.iter().enumerate() {
        let left = (p_values.len() - rank) as f64;
        largest = largest.max((p_values[at] * left).min(1.0));
        adjusted[at] = largest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values: SciPy 1.17.1, `binomtest(k, n, 0.5).pvalue`.
    #[test]
    fn the_sign_test_is_exact() {
        for (more, less, expect) in [
            (0, 0, 1.0),
            (1, 0, 1.0),
            (5, 0, 0.0625),
            (0, 6, 0.031_25),
            (3, 3, 1.0),
            (12, 2, 0.012_939_453_125),
        ] {
            let got = sign_test(more, less);
            assert!((got - expect).abs() < 1e-9, "{more} {less}: {got}");
        }
    }

    /// Expected values: statsmodels 0.15, `multipletests(p, method="holm")`.
    #[test]
    fn holm_steps_down_from_the_smallest() {
        let got = holm(&[0.01, 0.04, 0.03, 0.005]);
        let expect = [0.03, 0.06, 0.06, 0.02];
        let close = |(one, other): (&f64, f64)| (one - other).abs() < 1e-12;
        assert!(got.iter().zip(expect).all(close), "{got:?}");
        assert!(holm(&[]).is_empty());
    }
}
