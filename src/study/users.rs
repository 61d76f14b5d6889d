//! Whom a policy hurts: different users, over the rollouts that they live through.

use reports::UsersFigures;
use sim_core::PLACES;

use super::case::Case;
use super::tally::Tally;

/// So many rollouts are looked at together.
const ROLLOUTS: i32 = 10;

/// Returns the share of the users who are hurt in at least 1, 2, ... of ten rollouts; none where no users are declared.
pub fn users(case: &Case, tally: &Tally) -> Option<UsersFigures> {
    if tally.hurt_ppb.is_empty() || tally.runs == 0 {
        return None;
    }
    let mean = |sum: &u64| *sum as f64 / 1e9 / tally.runs as f64;
    let hurt: Vec<f64> = tally.hurt_ppb.iter().map(mean).collect();
    let same = case.experiment().traffic.split.has_same_users();
    Some(UsersFigures {
        hurt_percent: 100.0 * whole(&hurt),
        in_ten_percent: (1..=ROLLOUTS)
            .map(|least| 100.0 * at_least(least, &hurt, same))
            .collect(),
    })
}

/// The mean over all users.
fn whole(hurt: &[f64]) -> f64 {
    let places = PLACES.windows(2).map(|place| place[1] - place[0]);
    places.zip(hurt).map(|(part, hurt)| part * hurt).sum()
}

/// Rollouts are independent of one another. Users who are first in one are first in all, or any one in ten times a number of their own.
fn at_least(least: i32, hurt: &[f64], same: bool) -> f64 {
    if same {
        let each: Vec<f64> = hurt.iter().map(|hurt| tail(least, *hurt)).collect();
        whole(&each)
    } else {
        tail(least, whole(hurt))
    }
}

/// The chance of at least so many of ten at this chance each.
fn tail(least: i32, chance: f64) -> f64 {
    let ways = |k: i32| {
        (0..k).fold(1.0, |ways, it| {
            ways * f64::from(ROLLOUTS - it) / f64::from(it + 1)
        })
    };
    let exactly = |k: i32| {
        let others = libm::pow(1.0 - chance, f64::from(ROLLOUTS - k));
        ways(k) * libm::pow(chance, f64::from(k)) * others
    };
    (least..=ROLLOUTS).map(exactly).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: a tenth of the users is on the new version, and each of them is hurt with 1 - exp(-1/2) = 39.35 %.
    /// The same ones: 10 % x (1 - 0.6065^10) = 9.933 % in at least one of ten, 8.220 % in at least three. Others each time: 1 -
    /// (1 - 3.935 %)^10 = 33.06 % and 0.593 %.
    #[test]
    fn the_same_users_are_hurt_again_and_again_where_the_salt_is_fixed() {
        let each = -libm::expm1(-0.5);
        let first = PLACES[1..]
            .iter()
            .map(|to| if *to <= 0.1 { each } else { 0.0 });
        let hurt: Vec<f64> = first.collect();
        let found = [true, false].map(|same| [1, 3].map(|least| at_least(least, &hurt, same)));
        let expect = [[0.099_326, 0.082_195], [0.330_631, 0.005_935]];
        for (found, expect) in found.iter().flatten().zip(expect.iter().flatten()) {
            assert!((found - expect).abs() < 1e-6, "{found}, expected {expect}");
        }
    }
}
