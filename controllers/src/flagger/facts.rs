//! What follows from a policy before it is run: the weights that it reaches, whether it ever ends, how long it takes,
//! how often it rolls back a good release.

use super::policy::{Policy, Strategy, TOTAL};

/// The weights that a canary reaches when every check passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// In their order. The last may be above `maxWeight`: 20 by 20 to 50 reaches 60.
    pub weights: Vec<i64>,
    /// Whether promotion follows. If not the canary stays at the last weight for good: no failure, no message.
    pub ends: bool,
}

/// The weights of a canary that moves step by step. A mirror that the router does not have holds it at 0 for good.
#[must_use]
pub fn ladder(policy: &Policy) -> Ladder {
    let (mut weights, mut weight) = (Vec::new(), 0);
    let held = policy.analysis().mirror && !policy.mirrors() && policy.max_weight() > 0;
    let ends = !held
        && loop {
            let step = policy.next_step(weight);
            if step <= 0 {
                break false;
            }
            if weight >= policy.max_weight() {
                break true;
            }
            let next = (weight + step).min(TOTAL);
            if next == weight {
                break false;
            }
            weight = next;
            weights.push(weight);
        };
    Ladder { weights, ends }
}

/// Whether a policy can promote at all when every check passes and every gate opens.
#[must_use]
pub fn promotes(policy: &Policy) -> bool {
    policy.strategy() != Strategy::Canary || ladder(policy).ends
}

/// Checks with metrics that stand between a release and its promotion when all pass: one for each weight (and one for
/// the mirrored tick), the iterations of an A/B test, and **one more** than the iterations of blue/green.
#[must_use]
pub fn gating_checks(policy: &Policy) -> i64 {
    match policy.strategy() {
        Strategy::AbTesting => policy.iterations(),
        Strategy::BlueGreen => policy.iterations() + 1,
        Strategy::Canary => {
            let steps = ladder(policy).weights.len() + usize::from(policy.analysis().mirror);
            i64::try_from(steps).unwrap_or(i64::MAX)
        }
    }
}

/// Ticks from the one that notices a revision to the one that ends in Succeeded, all checks passing, both counted but
/// the first. `None` if it never ends. Flagger's documentation says three less.
#[must_use]
pub fn ticks_to_succeed(policy: &Policy) -> Option<i64> {
    if !promotes(policy) {
        return None;
    }
    Some(gating_checks(policy) + 2 + promotion_ticks(policy)?)
}

/// Ticks of the phase Promoting. `None`: with `stepWeightPromotion` and no weight on the canary it never ends.
fn promotion_ticks(policy: &Policy) -> Option<i64> {
    let step = policy.analysis().step_weight_promotion;
    if step == 0 || policy.is_kubernetes() {
        return Some(1);
    }
    let weight = match policy.strategy() {
        Strategy::Canary => ladder(policy).weights.last().copied().unwrap_or(0),
        Strategy::AbTesting | Strategy::BlueGreen => TOTAL,
    };
    if weight == 0 || step < 0 {
        return None;
    }
    // Both sides move by the step; it is over when the primary has everything.
    let missing = weight;
    Some((missing + step - 1) / step)
}

/// Probability that a release whose checks fail independently with probability `p` is rolled back: the chance of
/// `threshold` failures before as many passes as there are gating checks (negative binomial).
///
/// The threshold is cumulative: no pass takes a failure back. `P = sum over s < n of C(T-1+s, s) p^T (1-p)^s`.
#[must_use]
pub fn false_rollback(checks: i64, threshold: i64, p: f64) -> f64 {
    let (mut term, mut sum) = (power(p, threshold.max(1)), 0.0);
    for passes in 0..checks {
        sum += term;
        term *= ratio(threshold.max(1) + passes, passes + 1) * (1.0 - p);
    }
    sum
}

fn power(base: f64, exponent: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a threshold is far below 2^53")]
    libm::pow(base, exponent as f64)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of checks are far below 2^53"
)]
fn ratio(above: i64, below: i64) -> f64 {
    above as f64 / below as f64
}
