//! HAProxy 2.6.12: `roundrobin`, `static-rr`, and hashes over a map or a ring.

use super::super::hashes::{avalanche, crc32, djb2, sdbm};
use super::ring::Ring;
use super::{Keys, Server, Turns};

/// The part of a unit of weight in which HAProxy counts.
const SCALE: u32 = 16;

/// The largest weight that is accepted.
pub(super) const LARGEST: u32 = 256;

/// `static-rr` and map-based hashes: a list of the sum of the weights, of which each entry is of the server that has fallen
/// behind by a whole turn; else of the first.
pub(super) struct Map(Vec<Server>);

impl Map {
    pub fn new(weights: [u32; 2]) -> Self {
        let divisor = gcd(weights[0], weights[1]).max(1);
        let weights = weights.map(|weight| i64::from(weight / divisor));
        let all: i64 = weights.iter().sum();
        let mut score = [0; 2];
        let entry = |_| {
            let mut best: Option<(i64, Server)> = None;
            for server in Server::BOTH
                .into_iter()
                .filter(|it| weights[it.index()] > 0)
            {
                score[server.index()] += weights[server.index()];
                let turns = (score[server.index()] + all) / all;
                if best.is_none_or(|(most, _)| turns > most) {
                    best = Some((turns, server));
                }
            }
            let (_, server) = best.expect("one of the weights is not zero");
            score[server.index()] -= all;
            server
        };
        Self((0..all).map(entry).collect())
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The map, walked.
pub(super) struct StaticRoundRobin {
    pub map: Map,
    pub next: usize,
}

impl Turns for StaticRoundRobin {
    fn turn(&mut self) -> Server {
        let picked = self.map.0[self.next % self.map.0.len()];
        self.next += 1;
        picked
    }
}

/// A hash of bytes to 32 bits.
type Hash = fn(&[u8]) -> u32;

/// How a key becomes a number.
#[derive(Clone, Copy)]
pub(super) struct KeyHash {
    pub function: Hash,
    pub avalanche: bool,
}

impl KeyHash {
    /// Reads `hash-type ... [FUNCTION] [avalanche]`; a ring without a function is avalanched, all else only if it says so.
    pub fn read(text: &str, consistent: bool) -> Self {
        let functions: [(&str, Hash); 3] = [("sdbm", sdbm), ("djb2", djb2), ("crc32", crc32)];
        let named = functions.into_iter().find(|(name, _)| text.contains(name));
        Self {
            function: named.map_or(sdbm, |(_, function)| function),
            avalanche: text.contains("avalanche") || (consistent && named.is_none()),
        }
    }

    fn of(self, key: &str) -> u32 {
        let hash = (self.function)(key.as_bytes());
        if self.avalanche {
            avalanche(hash)
        } else {
            hash
        }
    }
}

/// The map, entered at the hash of a key.
pub(super) struct Mapped {
    pub map: Map,
    pub hash: KeyHash,
}

impl Keys for Mapped {
    fn pick(&self, key: &str) -> Server {
        let entries = &self.map.0;
        entries[self.hash.of(key) as usize % entries.len()]
    }
}

/// A ring of 16 points for each unit of weight; a key goes to the nearer of its two neighbours.
pub(super) struct Consistent {
    ring: Ring<u32>,
    hash: KeyHash,
}

impl Consistent {
    /// Servers are known by their number in the file, from 1.
    pub fn new(weights: [u32; 2], hash: KeyHash) -> Self {
        let points = Server::BOTH.into_iter().flat_map(|server| {
            let first = (server.index() as u32 + 1) * (LARGEST * SCALE);
            let points = weights[server.index()] * SCALE;
            (0..points).map(move |point| (avalanche(first + point), server))
        });
        Self {
            ring: Ring::new(points),
            hash,
        }
    }

    fn nearest(&self, place: u32) -> Server {
        let (before, after) = (self.ring.before(place), self.ring.after(place));
        let back = place.wrapping_sub(before.0);
        if back <= after.0.wrapping_sub(place) {
            before.1
        } else {
            after.1
        }
    }

    /// The part of the ring that is the canary's: half of each gap between two points is its left neighbour's.
    pub fn canary_share(&self) -> f64 {
        let points = self.ring.points();
        let gap = |(index, (place, _)): (usize, &(u32, Server))| {
            let (next, server) = points[(index + 1) % points.len()];
            let half = f64::from(next.wrapping_sub(*place)) / 2.0;
            let both = [points[index].1, server];
            half * both.iter().filter(|it| **it == Server::Canary).count() as f64
        };
        points.iter().enumerate().map(gap).sum::<f64>() / 4_294_967_296.0
    }
}

impl Keys for Consistent {
    fn pick(&self, key: &str) -> Server {
        self.nearest(self.hash.of(key))
    }
}

/// `roundrobin`: each server has the position at which it is due next. A server that has not been picked in this turn
/// fills each hole, heaviest first, so that the canary of 99 to 1 is the last of 100.
pub(super) struct RoundRobin {
    weights: [u32; 2],
    all: u32,
    position: u32,
    due: [Due; 2],
}

/// Where a server stands.
#[derive(Clone, Copy)]
struct Due {
    list: DueList,
    position: u32,
    rest: u32,
}

/// The list that a server stands in: not picked in this turn, due in it, or due in the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DueList {
    Unused,
    Current,
    Next,
}

impl RoundRobin {
    pub fn new(weights: [u32; 2]) -> Self {
        let weights = weights.map(|weight| weight * SCALE);
        let due = Due {
            list: DueList::Unused,
            position: 0,
            rest: 0,
        };
        let all = weights.iter().sum();
        Self {
            weights,
            all,
            position: all,
            due: [due; 2],
        }
    }

    fn next(&self) -> Option<Server> {
        let current = self.first(DueList::Current, |it| {
            let due = self.due[it.index()];
            (
                due.position,
                (LARGEST * SCALE + due.rest - self.weights[it.index()]) / SCALE,
            )
        });
        let is_due = |it: &Server| self.due[it.index()].position <= self.position;
        let unused = || {
            self.first(DueList::Unused, |it| {
                (u32::MAX - self.weights[it.index()], 0)
            })
        };
        current.filter(is_due).or_else(unused).or(current)
    }

    fn first(&self, list: DueList, order: impl Fn(Server) -> (u32, u32)) -> Option<Server> {
        let stands =
            |it: &Server| self.due[it.index()].list == list && self.weights[it.index()] > 0;
        Server::BOTH
            .into_iter()
            .filter(stands)
            .min_by_key(|it| order(*it))
    }

    /// Those of the next turn are the unused ones of a new turn.
    fn begin_turn(&mut self) {
        for due in self.due.iter_mut().filter(|due| due.list == DueList::Next) {
            due.list = DueList::Unused;
        }
        self.position = self.all;
    }
}

impl Turns for RoundRobin {
    fn turn(&mut self) -> Server {
        let server = self.next().unwrap_or_else(|| {
            self.begin_turn();
            self.next().expect("one of the weights is not zero")
        });
        let (weight, all) = (self.weights[server.index()], self.all);
        let due = &mut self.due[server.index()];
        if due.list == DueList::Unused {
            (due.position, due.rest) = (self.position, 0);
        }
        due.position += all / weight;
        due.rest += all % weight;
        if due.rest >= weight {
            due.rest -= weight;
            due.position += 1;
        }
        self.position += 1;
        due.list = if due.position >= 2 * all {
            DueList::Next
        } else {
            DueList::Current
        };
        server
    }
}
