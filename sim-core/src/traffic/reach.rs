//! The share that a declared weight reaches.

use super::splitter::{AssignedBy, Draw, Requests, Resolution, Ring, Rounds, Salt};
use super::{Split, Users};
use crate::engine::{Draws, Key, Share, sample};

const MILLION: u32 = 1_000_000;

/// The root of the keys of rings, which stay the same from rollout to rollout.
const WORLD: u64 = 0x5011_7731;

/// The first entity of those whose draws are who always fails, one a signal.
const FAILING: u32 = 4;

/// What becomes of declared weights in one rollout.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    split: Split,
    key: Key,
    /// What draws are for, for addresses of their own.
    purpose: u32,
}

impl Reach {
    /// The splitter of a rollout whose draws come from `own` for `purpose`, and from `study` where all rollouts have the
    /// same users.
    pub fn new(split: Split, [own, study]: [Key; 2], purpose: u32) -> Self {
        let split = split.spelled();
        let fixed = matches!(split, Split::Users(users) if users.salt == Salt::Fixed);
        let key = if fixed { study } else { own };
        Self {
            split,
            key,
            purpose,
        }
    }

    /// Returns the share that is reached, and users as whole ones; nothing stays nothing and all stays all.
    pub fn of(&self, declared: Share) -> Share {
        match self.split {
            _ if declared == Share::ZERO || declared == Share::ONE => declared,
            Split::StickyUsers { users, .. } => part(declared.of_floor(users), users),
            Split::Users(users) => self.users(&users, declared),
            split => expected(split, declared),
        }
    }

    /// Returns which share of the users between two shares of them always fails, where each of all does with probability
    /// `base`; all alike where nobody is counted.
    pub fn failing(&self, signal: u32, base: f64, [from, to]: [f64; 2]) -> f64 {
        let Some(count) = self.split.count() else {
            return base;
        };
        let draw = |place| self.key.draws(self.purpose, FAILING + signal, place);
        let all = sample::binomial(&mut draw(0), count, base);
        let [before, upto] = [from, to].map(|share| (share * count as f64).round() as u64);
        let marked = |first| marked_first(first, (count, all), draw);
        match upto.saturating_sub(before) {
            0 => base,
            users => (marked(upto) - marked(before)) as f64 / users as f64,
        }
    }

    fn users(&self, users: &Users, declared: Share) -> Share {
        let meant = expected(Split::Users(*users), declared);
        match users.count {
            Some(count) if users.assigned_by == AssignedBy::List => {
                part(meant.of_floor(count), count)
            }
            Some(count) => part(hashed(count, meant, (self.key, self.purpose)), count),
            None => meant,
        }
    }
}

/// The range of users is halved until it ends at `first`: `marked` of `count` are marked, and each half gets its part.
fn marked_first(
    first: u64,
    (count, marked): (u64, u64),
    mut draw: impl FnMut(u32) -> Draws,
) -> u64 {
    let (mut from, mut to, mut place) = (0, count, 1_u32);
    let (mut below, mut inside) = (0, marked);
    while first > from && first < to && inside > 0 {
        let middle = from.midpoint(to);
        let left = sample::hypergeometric(&mut draw(place), to - from, inside, middle - from);
        place = place.wrapping_mul(2);
        if first < middle {
            (to, inside) = (middle, left);
        } else {
            (from, inside, place) = (middle, inside - left, place.wrapping_add(1));
            below += left;
        }
    }
    below + if first >= to { inside } else { 0 }
}

/// Returns the share that a weight reaches on average: what is left to the chance of users is left out.
pub fn expected(split: Split, declared: Share) -> Share {
    let one = |resolution: Option<Resolution>, ring: Option<Ring>| {
        let known = resolution.map_or(declared, |resolution| resolution.of(declared));
        ring.map_or(known, |ring| ring.of(known))
    };
    match split.spelled() {
        _ if declared == Share::ZERO || declared == Share::ONE => declared,
        Split::Requests(requests) => chosen(&requests, one(requests.resolution, requests.ring)),
        Split::Users(users) => one(users.resolution, users.ring),
        _ => declared,
    }
}

impl Resolution {
    /// Returns the weight that a declared one becomes.
    pub fn of(self, declared: Share) -> Share {
        let step = self.step.ppm().max(1);
        let steps = match self.rounds {
            Rounds::Down => declared.ppm() / step,
            Rounds::Up => declared.ppm().div_ceil(step),
            Rounds::Nearest => (declared.ppm() + step / 2) / step,
            Rounds::Beyond => declared.ppm() / step + 1,
        };
        let known = Share::from_ppm((steps * step).min(MILLION)).unwrap_or(Share::ONE);
        self.least.map_or(known, |least| known.max(least))
    }
}

impl Ring {
    /// Returns the weight's part of the ring.
    pub fn of(self, weight: Share) -> Share {
        let mut draws = Key::for_replication(WORLD, self.names).draws(0, 0, 0);
        let factor = sample::normal(&mut draws, 1.0, self.spread.as_f64());
        fraction(weight.as_f64() * factor.max(0.0))
    }
}

fn chosen(requests: &Requests, weight: Share) -> Share {
    let share = weight.as_f64();
    match (requests.draw, requests.choices) {
        _ if weight == Share::ZERO => weight,
        (Draw::None, _) => fraction(0.5),
        (_, 1) => weight,
        _ => fraction(second_of_two(share)),
    }
}

/// The share of a server of this weight among two idle ones, if servers are drawn by weight until a second one differs from
/// the first, 21 times at most, and the second one is taken; if all draws were the same, turns decide (nginx, `random two`).
fn second_of_two(share: f64) -> f64 {
    const DRAWS: u32 = 21;
    let all = |part: f64| (0..DRAWS).fold(1.0, |product, _| product * part);
    let other = 1.0 - share;
    other - all(other) + (all(other) + all(share)) * share
}

/// Returns how many of `count` users have their hash below `share`: binomial, and nested for every share under one key.
/// The range of hashes is halved until the share is met, and each half gets its users by a fair draw.
fn hashed(count: u64, share: Share, (key, purpose): (Key, u32)) -> u64 {
    let (mut from, mut to) = (0_u32, MILLION);
    let (mut below, mut inside, mut place) = (0, count, 1_u32);
    while to - from > 1 && inside > 0 && share.ppm() > from && share.ppm() < to {
        let middle = from.midpoint(to);
        let left = f64::from(middle - from) / f64::from(to - from);
        let mut draws = key.draws(purpose, 1, place);
        let first = sample::binomial(&mut draws, inside, left);
        if share.ppm() < middle {
            (to, inside, place) = (middle, first, place * 2);
        } else {
            (from, inside, place) = (middle, inside - first, place * 2 + 1);
            below += first;
        }
    }
    below + if share.ppm() >= to { inside } else { 0 }
}

/// Users as a share of all: at least a part per million for one, and never more than they are.
fn part(some: u64, all: u64) -> Share {
    let ppm = u128::from(some) * u128::from(MILLION) / u128::from(all.max(1));
    let least = u128::from(some > 0);
    Share::from_ppm(ppm.max(least) as u32).unwrap_or(Share::ONE)
}

/// The nearest part per million.
pub(super) fn fraction(share: f64) -> Share {
    Share::from_ppm((share.clamp(0.0, 1.0) * f64::from(MILLION)).round() as u32)
        .unwrap_or(Share::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(percent: f64) -> Share {
        Share::from_percent(percent).unwrap()
    }

    /// By hand: Unleash knows whole percents downward, ConfigCat upward, HAProxy nothing below 1/257 of a server.
    #[test]
    fn a_weight_that_a_splitter_does_not_know_becomes_one_that_it_knows() {
        let whole = |rounds, least| Resolution {
            step: percent(1.0),
            rounds,
            least,
        };
        let cases = [
            (whole(Rounds::Down, None), 0.5, 0.0),
            (whole(Rounds::Down, None), 1.5, 1.0),
            (whole(Rounds::Up, None), 0.1, 1.0),
            (whole(Rounds::Up, None), 1.5, 2.0),
            (whole(Rounds::Nearest, None), 1.5, 2.0),
            (whole(Rounds::Down, Some(percent(0.39))), 0.1, 0.39),
        ];
        for (resolution, declared, known) in cases {
            assert_eq!(
                resolution.of(percent(declared)),
                percent(known),
                "{resolution:?} {declared}"
            );
        }
    }

    /// nginx 1.22.1, 10 000 requests: 63.26 % of 5 %, 19.35 % of 1 %; four standard errors are 1.9 and 1.6 points.
    #[test]
    fn the_second_of_two_choices_is_what_nginx_picks() {
        for (declared, found, errors) in [(5.0, 0.6326, 0.019), (1.0, 0.1935, 0.016)] {
            let two = Requests {
                choices: 2,
                ..Requests::default()
            };
            let reached = expected(Split::Requests(two), percent(declared)).as_f64();
            assert!((reached - found).abs() < errors, "{declared} %: {reached}");
        }
    }

    /// 100 000 users at 1 %: 1000, with a standard deviation of 31.5 over the salts of flags; nested under each.
    #[test]
    fn a_hash_draws_its_users_once_and_keeps_them() {
        let mut squares = 0.0;
        for replication in 0..400 {
            let key = Key::for_replication(7, replication);
            let [one, five] = [1.0, 5.0].map(|it| hashed(100_000, percent(it), (key, 20)));
            assert!(one <= five, "replication {replication}: {one} of {five}");
            assert_eq!(hashed(100_000, percent(1.0), (key, 20)), one);
            squares += (one as f64 - 1000.0) * (one as f64 - 1000.0) / 990.0;
        }
        // The sum of 400 squares is chi-squared: 400 with a standard deviation of 28.3.
        assert!((squares - 400.0).abs() < 4.0 * 28.3, "{squares}");
    }

    #[test]
    fn the_same_users_come_first_in_every_rollout_where_the_salt_is_fixed() {
        let users = |salt| Users {
            count: Some(10_000),
            salt,
            ..Users::default()
        };
        let reached = |salt, replication| {
            let key = Key::for_replication(3, replication);
            {
                let study = Key::for_replication(9, 0);
                Reach::new(Split::Users(users(salt)), [key, study], 20)
            }
            .of(percent(1.0))
        };
        let fixed: Vec<_> = (0..20).map(|it| reached(Salt::Fixed, it)).collect();
        assert!(fixed.iter().all(|it| *it == fixed[0]));
        let own: Vec<_> = (0..20).map(|it| reached(Salt::Flag, it)).collect();
        assert!(own.iter().any(|it| *it != own[0]));
    }

    /// 0.5 % of 150 users is three quarters of a user, which is nobody; 1 % is one of them.
    #[test]
    fn a_part_of_a_user_is_nobody() {
        let split = Split::StickyUsers {
            users: 150,
            visits_per_hour: 1.0,
        };
        let reach = Reach::new(split, [Key::for_replication(1, 1); 2], 20);
        let found = [0.5, 1.0].map(|it| reach.of(percent(it)).ppm());
        assert_eq!(found, [0, 6666]);
    }
}
