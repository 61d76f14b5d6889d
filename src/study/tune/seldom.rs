//! The interval of the mean of something that seldom happens and then varies, such as harm.
//!
//! Of 400 rollouts of which four did harm neither Student's interval nor the correction of its skewness can hold
//! what the mean is made of: how often there is harm, and how much there is then. Here the two have an interval
//! each, the share Wilson's and the mean of those that did harm Student's on the logarithmic scale, and their
//! product has that whose distances are the roots of the sums of their squares (the method of variance
//! estimates recovery: G. Y. Zou, W. Taleb, A. Zhang, Stat. Med. 28, 2009). The upper end is no lower than
//! without it: what a few values do not show of their tail is more than their own spread says.

use super::bounds::{Mean, Sums, quantile_t};
use crate::study::interval::wilson;

/// With so many values that are not 0 the mean is nearly normal, but for the skewness that is corrected.
const FEW: u64 = 30;

/// Returns the 95 % interval of the mean over scenarios of values that cannot be negative, each scenario
/// counting alike; none without a value, without an upper end where all values are alike.
pub fn interval(strata: &[Sums]) -> Option<(f64, f64)> {
    let strata: Vec<Sums> = strata.iter().filter(|sums| sums.n > 0).copied().collect();
    let mean = Mean::stratified(&strata)?;
    let (low, high) = mean.printed();
    if !strata.iter().any(is_seldom) {
        return Some((low.max(0.0), high));
    }
    let (mut below, mut above) = (0.0, 0.0);
    for sums in &strata {
        let (low, high) = ends(sums);
        below += (sums.mean() - low) * (sums.mean() - low);
        above += (high - sums.mean()) * (high - sums.mean());
    }
    let many = strata.len() as f64;
    let least = mean.value - libm::sqrt(below) / many;
    let most = mean.value + libm::sqrt(above) / many;
    Some((least.max(0.0), most.max(high)))
}

fn is_seldom(sums: &Sums) -> bool {
    (1..FEW.min(sums.n)).contains(&sums.hits())
}

/// The ends of one scenario; where all values are alike they are taken for what they always are.
fn ends(sums: &Sums) -> (f64, f64) {
    let alone = Mean::stratified(&[*sums]).filter(|mean| mean.error > 0.0);
    let Some((low, high)) = alone.map(|mean| mean.printed()) else {
        return (sums.mean(), sums.mean());
    };
    if !is_seldom(sums) {
        return (low.max(0.0), high);
    }
    // A single value says nothing about the size of others.
    let Some((size, error)) = sums.of_hits() else {
        return (0.0, high);
    };
    let share = wilson(sums.hits(), sums.n);
    let seen = sums.hits() as f64 / sums.n as f64;
    let reach = quantile_t(0.025, sums.hits() - 1) * error / size;
    let distance = |end: f64| {
        let share = libm::log(end / seen);
        libm::sqrt(share * share + reach * reach)
    };
    let low = sums.mean() * libm::exp(-distance(share.low));
    (
        low,
        (sums.mean() * libm::exp(distance(share.high))).max(high),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(values: &[(f64, usize)]) -> Sums {
        let each = values
            .iter()
            .flat_map(|(value, many)| std::iter::repeat_n(*value, *many));
        each.collect()
    }

    /// Two values of 1 and two of 3 among 400: mean 0.02; of the four the mean is 2 with a standard error of
    /// sqrt(4/3/4) = 0.57735, so that the logarithm reaches t(0.025, 3) = 3.18245 times 0.288675 = 0.918693.
    /// Wilson's interval of 4 in 400 is [0.003896, 0.025424]: distances of 0.942635 and 0.933107. By hand the
    /// product lies in 0.02 exp(-1.316256) = 0.005363 and 0.02 exp(1.309449) = 0.074083; what the correction of
    /// skewness allows above is more, and is kept.
    #[test]
    fn a_few_values_have_the_interval_of_their_share_and_of_their_size() {
        let four = sums(&[(0.0, 396), (1.0, 2), (3.0, 2)]);
        let (low, high) = interval(&[four]).expect("there are");
        assert!((low / 0.005_363 - 1.0).abs() < 2e-3, "{low}");
        let before = Mean::stratified(&[four]).expect("there are").printed().1;
        assert!(
            high > 0.074_083 && high == before,
            "{high}, before {before}"
        );
    }

    #[test]
    fn a_scenario_without_any_takes_half_of_the_mean_and_of_its_interval() {
        let one = sums(&[(0.0, 396), (1.0, 2), (3.0, 2)]);
        let alone = interval(&[one]).expect("there are");
        let half = interval(&[one, sums(&[(0.0, 400)])]).expect("there are");
        assert!((half.0 - alone.0 / 2.0).abs() < 1e-12 && (half.1 - alone.1 / 2.0).abs() < 1e-12);
    }

    #[test]
    fn many_values_and_values_that_are_all_alike_have_the_interval_that_they_had() {
        let many = sums(&[(0.0, 50), (1.0, 30), (2.0, 20)]);
        let mean = Mean::stratified(&[many]).expect("there are");
        assert_eq!(interval(&[many]), Some(mean.printed()));
        let (low, high) = interval(&[sums(&[(0.0, 300)])]).expect("there are");
        assert_eq!((low, high), (0.0, f64::INFINITY));
        assert_eq!(interval(&[]), None);
    }
}
