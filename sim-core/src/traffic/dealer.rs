//! How many of the requests of an interval a splitter gives to the new version.

use super::Split;
use super::reach::fraction;
use super::splitter::{Connections, Draw, Phase, Requests};
use crate::engine::{Draws, SimDuration, sample};

/// What adding up fractions of a request may cost.
const SLACK: f64 = 1e-9;

/// The state of a splitter of requests.
#[derive(Clone, Debug)]
pub struct Dealer(DealerKind);

#[derive(Clone, Debug)]
enum DealerKind {
    Coin,
    /// What each worker owes the new version, in requests; nothing before the first one.
    Smooth(Phase, Vec<Option<f64>>),
    /// How many requests each worker has had.
    Block(Phase, Vec<Option<u64>>),
    /// How many connections are on the new version, and what it is owed of a request.
    Held(Connections, Option<u64>, f64),
}

impl Dealer {
    /// The splitter before its first request; nothing where requests to either version are counted apart.
    pub fn new(split: Split) -> Option<Self> {
        let workers = |requests: &Requests| requests.workers.max(1) as usize;
        Some(Self(match split.spelled() {
            Split::Requests(requests) => match requests.draw {
                Draw::Coin | Draw::None => DealerKind::Coin,
                Draw::Smooth { phase } => DealerKind::Smooth(phase, vec![None; workers(&requests)]),
                Draw::Block { phase } => DealerKind::Block(phase, vec![None; workers(&requests)]),
            },
            Split::Connections(connections) => DealerKind::Held(connections, None, 0.5),
            // Which of the users come is left to chance.
            Split::Users(_) => DealerKind::Coin,
            _ => return None,
        }))
    }

    /// Returns how many of the next `requests`, which come in `elapsed`, reach the new version at this share.
    pub fn deal(
        &mut self,
        requests: u64,
        share: f64,
        elapsed: SimDuration,
        draws: &mut Draws,
    ) -> u64 {
        match &mut self.0 {
            DealerKind::Coin => sample::binomial(draws, requests, share),
            DealerKind::Smooth(phase, owed) => {
                each_worker(owed, requests, draws, |owed, requests, draws| {
                    let before = owed.unwrap_or_else(|| begin(*phase, share, draws));
                    let all = before + requests as f64 * share;
                    let given = libm::floor(all + SLACK).min(requests as f64).max(0.0);
                    *owed = Some(all - given);
                    given as u64
                })
            }
            DealerKind::Block(phase, passed) => {
                each_worker(passed, requests, draws, |passed, requests, draws| {
                    let turn = Turn::of(share, *phase);
                    let before = passed.unwrap_or_else(|| turn.begin(draws));
                    *passed = Some(before + requests);
                    turn.upto(before + requests) - turn.upto(before)
                })
            }
            DealerKind::Held(connections, held, owed) => {
                let on = connections.renewed(*held, share, elapsed, draws);
                *held = Some(on);
                let all = *owed + requests as f64 * on as f64 / connections.count as f64;
                let given = libm::floor(all + SLACK).min(requests as f64);
                *owed = all - given;
                given as u64
            }
        }
    }
}

/// Requests come to any of the workers.
fn each_worker<S>(
    states: &mut [S],
    requests: u64,
    draws: &mut Draws,
    mut deal: impl FnMut(&mut S, u64, &mut Draws) -> u64,
) -> u64 {
    let (mut left, mut given) = (requests, 0);
    let workers = states.len();
    for (index, state) in states.iter_mut().enumerate() {
        let own = match workers - index {
            1 => left,
            others => sample::binomial(draws, left, 1.0 / others as f64),
        };
        left -= own;
        given += deal(state, own, draws);
    }
    given
}

/// What the new version is owed before the first request.
fn begin(phase: Phase, share: f64, draws: &mut Draws) -> f64 {
    match phase {
        Phase::First => 1.0 - share,
        // Of two servers that are level the old one, which is listed first, is taken.
        Phase::Middle => 0.5 - 3.0 * SLACK,
        Phase::Last => 0.0,
        Phase::Random => draws.uniform(),
    }
}

/// One turn of a list in which the new version's requests follow one another.
struct Turn {
    all: u64,
    new: u64,
    /// The requests of a turn before the block.
    before: u64,
    phase: Phase,
}

impl Turn {
    fn of(share: f64, phase: Phase) -> Self {
        const MILLION: u64 = 1_000_000;
        let ppm = u64::from(fraction(share).ppm());
        // Weights are written as parts of 100, or as finer ones where the share needs them.
        let whole = |all: &u64| (ppm * all).is_multiple_of(MILLION);
        let all = [100, 1000, 10_000, 100_000]
            .into_iter()
            .find(whole)
            .unwrap_or(MILLION);
        let new = ppm * all / MILLION;
        let before = match phase {
            Phase::First => 0,
            Phase::Middle => (all - new) / 2,
            Phase::Last | Phase::Random => all - new,
        };
        Self {
            all,
            new,
            before,
            phase,
        }
    }

    fn begin(&self, draws: &mut Draws) -> u64 {
        match self.phase {
            Phase::Random => (draws.uniform() * self.all as f64) as u64,
            _ => 0,
        }
    }

    /// How many of the first requests are the new version's.
    fn upto(&self, requests: u64) -> u64 {
        let inside = (requests % self.all).saturating_sub(self.before);
        requests / self.all * self.new + inside.min(self.new)
    }
}

impl Connections {
    /// How many are on the new version after some have ended and as many have begun; none where nobody is sent there.
    fn renewed(
        &self,
        held: Option<u64>,
        share: f64,
        elapsed: SimDuration,
        draws: &mut Draws,
    ) -> u64 {
        let Some(held) = held else {
            return sample::binomial(draws, self.count, share);
        };
        if share <= 0.0 {
            return 0;
        }
        let lives = elapsed.as_secs_f64() / self.lifetime.as_secs_f64();
        let ended = -libm::expm1(-lives);
        let left = sample::binomial(draws, held, ended);
        let others = sample::binomial(draws, self.count - held, ended);
        held - left + sample::binomial(draws, left + others, share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Key;

    /// The numbers of the first requests, one after the other, that reach the new version.
    fn places(draw: Draw, share: f64, upto: u64) -> Vec<u64> {
        let requests = Requests {
            draw,
            ..Requests::default()
        };
        let mut dealer = Dealer::new(Split::Requests(requests)).unwrap();
        let mut draws = Key::for_replication(1, 1).draws(1, 1, 1);
        let second = SimDuration::from_secs(1);
        (1..=upto)
            .filter(|_| dealer.deal(1, share, second, &mut draws) == 1)
            .collect()
    }

    /// As recorded: nginx 51, 151, 251; HAProxy 100, 200, 300; Caddy and Pingora in blocks at the end of each turn.
    #[test]
    fn the_first_request_to_the_new_version_is_where_the_product_has_it() {
        let smooth = |phase| Draw::Smooth { phase };
        let block = |phase| Draw::Block { phase };
        let cases = [
            (smooth(Phase::Middle), 0.01, vec![51, 151, 251]),
            (smooth(Phase::Middle), 0.05, vec![11, 31, 51]),
            (smooth(Phase::Middle), 0.5, vec![2, 4, 6]),
            (smooth(Phase::Middle), 0.001, vec![501, 1501, 2501]),
            (smooth(Phase::Last), 0.01, vec![100, 200, 300]),
            (smooth(Phase::Last), 0.05, vec![20, 40, 60]),
            (smooth(Phase::First), 0.01, vec![1, 101, 201]),
            (block(Phase::Last), 0.03, vec![98, 99, 100]),
            (block(Phase::First), 0.03, vec![1, 2, 3]),
        ];
        for (draw, share, first) in cases {
            let found = places(draw, share, 2600);
            assert_eq!(found[..3], first, "{draw:?} {share}");
        }
    }

    /// Whatever the size of the intervals, a smooth splitter gives each version its share to one request.
    #[test]
    fn turns_are_exact_however_requests_are_cut_into_intervals() {
        let phase = Phase::Middle;
        let requests = Requests {
            draw: Draw::Smooth { phase },
            ..Requests::default()
        };
        for size in [1, 3, 20, 997] {
            let mut dealer = Dealer::new(Split::Requests(requests)).unwrap();
            let mut draws = Key::for_replication(1, 1).draws(1, 1, 1);
            let (mut all, mut new) = (0, 0);
            for _ in 0..500 {
                all += size;
                new += dealer.deal(size, 0.076, SimDuration::from_secs(60), &mut draws);
                assert!(
                    (new as f64 - all as f64 * 0.076).abs() <= 1.0,
                    "{size}: {new} of {all}"
                );
            }
        }
    }

    /// 20 connections at 5 % have none on the new version with 0.95^20 = 35.8 %.
    #[test]
    fn few_connections_may_all_miss_the_new_version() {
        let connections = Connections {
            count: 20,
            lifetime: SimDuration::from_secs(1),
        };
        let minute = SimDuration::from_secs(60);
        let none = (0..4000).filter(|replication| {
            let mut dealer = Dealer::new(Split::Connections(connections)).unwrap();
            let mut draws = Key::for_replication(5, *replication).draws(1, 1, 1);
            dealer.deal(1000, 0.05, minute, &mut draws) == 0
        });
        // Four standard errors of 4000 draws are three points.
        let share = none.count() as f64 / 4000.0;
        assert!((share - 0.358_5).abs() < 0.03, "{share}");
    }
}
