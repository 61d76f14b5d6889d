//! Who was hurt: different users, and not requests, where the traffic declares its users.

use crate::engine::SimDuration;
use crate::run::PLACES;

/// Users in the order in which they join; who joins last leaves first, and comes back first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hurt {
    groups: Vec<HurtGroup>,
}

/// Users who have been on the new version for the same time.
#[derive(Clone, Copy, Debug)]
struct HurtGroup {
    units: u32,
    /// How often one of them has come to it, and how often that failed, on average.
    visits: f64,
    failures: f64,
}

impl Hurt {
    /// Lets the first `units` come `visits` times on average while a visit fails with probability `failing`.
    pub fn pass(&mut self, units: u32, visits: f64, failing: f64) {
        let mut left = units;
        let mut index = 0;
        while left > 0 {
            let Some(group) = self.groups.get_mut(index) else {
                let (visits, failures) = (visits, visits * failing);
                self.groups.push(HurtGroup {
                    units: left,
                    visits,
                    failures,
                });
                return;
            };
            if group.units > left {
                let rest = HurtGroup {
                    units: group.units - left,
                    ..*group
                };
                group.units = left;
                self.groups.insert(index + 1, rest);
            }
            let group = &mut self.groups[index];
            group.visits += visits;
            group.failures += visits * failing;
            left -= group.units;
            index += 1;
        }
    }

    /// How many different users of so many have come to the new version, and how many of them it has failed: visits come at
    /// random, so that a user who is expected to come v times has come at all with 1 - exp(-v).
    pub fn users(&self, count: u64, units: u32) -> [f64; 2] {
        let each = count as f64 / f64::from(units);
        let mut users = [0.0; 2];
        for group in &self.groups {
            let of = f64::from(group.units) * each;
            users[0] -= of * libm::expm1(-group.visits);
            users[1] -= of * libm::expm1(-group.failures);
        }
        users
    }

    /// The share of the users between two of the places whom it has failed, in units out of so many.
    pub fn profile(&self, units: u32) -> [f64; PLACES.len() - 1] {
        let mut hurt = [0.0; PLACES.len() - 1];
        let mut from = 0.0;
        for group in &self.groups {
            let to = from + f64::from(group.units) / f64::from(units);
            for (hurt, place) in hurt.iter_mut().zip(PLACES.windows(2)) {
                let inside = to.min(place[1]) - from.max(place[0]);
                let part = inside.max(0.0) / (place[1] - place[0]);
                *hurt -= part * libm::expm1(-group.failures);
            }
            from = to;
        }
        hurt
    }
}

/// How often a user comes in a time.
pub(crate) fn visits(per_hour: f64, time: SimDuration) -> f64 {
    per_hour * time.as_secs_f64() / 3600.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 100 of 1000 users come twice an hour for an hour, every second visit fails; then 50 of them leave, and come
    /// back with 100 more for another hour.
    #[test]
    fn a_user_who_comes_back_is_hurt_once() {
        let mut hurt = Hurt::default();
        hurt.pass(100, 2.0, 0.5);
        hurt.pass(50, 2.0, 0.5);
        hurt.pass(200, 2.0, 0.5);
        let [met, failed] = hurt.users(1000, 1000);
        let expected = |each: [f64; 3]| {
            let groups = [(50.0, each[0]), (50.0, each[1]), (100.0, each[2])];
            groups
                .iter()
                .map(|(users, times)| users * (1.0 - libm::exp(-times)))
                .sum::<f64>()
        };
        assert!((met - expected([6.0, 4.0, 2.0])).abs() < 1e-9, "{met}");
        assert!(
            (failed - expected([3.0, 2.0, 1.0])).abs() < 1e-9,
            "{failed}"
        );
    }
}
