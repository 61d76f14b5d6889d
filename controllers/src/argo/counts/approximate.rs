//! The counts that come closest to a weight.
//!
//! Source: argo-rollouts v1.10.1 `utils/replicaset/canary.go`.

use super::Counts;

/// The counts that come closest to a weight: never nothing on either side for a weight between none and all while there
/// are two replicas; with a surge one replica more if that is closer.
///
/// # Example
/// Ten replicas at a weight of 1 % are one pod of the canary, and none of the old ones goes while one may be too many:
///
/// ```
/// let counts = controllers::argo::counts::approximate(10, 1, 100, 1);
/// assert_eq!((counts.canary, counts.stable), (1, 10));
/// ```
pub fn approximate(replicas: i32, weight: i32, max_weight: i32, surge: i32) -> Counts {
    if replicas == 0 {
        let (canary, stable) = (0, 0);
        return Counts { canary, stable };
    }
    let share = f64::from(replicas.wrapping_mul(weight)) / f64::from(max_weight);
    let (up, down) = (share.ceil() as i32, share.floor() as i32);
    let none_allowed = weight == max_weight || weight == 0 || replicas == 1 && surge == 0;
    let mut options = Vec::with_capacity(4);
    if up < replicas || none_allowed {
        options.push((up, replicas));
    }
    let most = if surge > 0 { replicas + 1 } else { replicas };
    for total in replicas..=most {
        if total > replicas {
            options.push((up, total));
        }
        if !tied(weight, max_weight, total) && (down != 0 || none_allowed) {
            options.push((down, total));
        }
    }
    let (canary, total) = closest(&options, weight, max_weight).unwrap_or((0, replicas));
    Counts {
        canary,
        stable: total - canary,
    }
}

/// The option whose share is nearest to the weight, the first of those that are equally near.
fn closest(options: &[(i32, i32)], weight: i32, max_weight: i32) -> Option<(i32, i32)> {
    let distance = |(canary, total): (i32, i32)| {
        (f64::from(canary.wrapping_mul(max_weight)) / f64::from(total) - f64::from(weight)).abs()
    };
    options.iter().copied().reduce(|best, next| {
        if distance(next) < distance(best) {
            next
        } else {
            best
        }
    })
}

/// Rounding up and rounding down are equally far.
fn tied(weight: i32, max_weight: i32, total: i32) -> bool {
    let exact = f64::from(total) * (f64::from(weight) / f64::from(max_weight));
    exact - exact.trunc() == 0.5
}
