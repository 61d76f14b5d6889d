//! What was counted, against what theory says.

/// Fails when `hits` of `count` is more than four standard errors from `expect`.
#[track_caller]
pub fn check(root: u64, hits: u64, count: u64, expect: f64) {
    let sd = libm::sqrt(expect * (1.0 - expect) * count as f64);
    let z = (hits as f64 - expect * count as f64) / sd;
    assert!(
        z.abs() <= 4.0,
        "seed {root}: {hits} of {count}, expected {expect}: z = {z:.2}"
    );
}
