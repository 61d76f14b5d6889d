//! Envoy 1.40.0: RING_HASH and MAGLEV, by the hash of a header.

use super::super::hashes::xxh64;
use super::ring::Ring;
use super::{Keys, Server};

/// The least number of points of a ring.
const RING: f64 = 1024.0;

/// The size of Maglev's table.
const TABLE: u64 = 65_537;

fn normalised(weights: [u32; 2]) -> [f64; 2] {
    let all = f64::from(weights.iter().sum::<u32>());
    weights.map(|weight| f64::from(weight) / all)
}

/// A ring of at least 1024 points, scaled so that the lighter server has a whole number of them: at least one.
pub(super) struct RingHash(Ring<u64>);

impl RingHash {
    /// Servers are known by address and port.
    pub fn new(weights: [u32; 2], servers: [&str; 2]) -> Self {
        let weights = normalised(weights);
        let least = weights[0].min(weights[1]);
        let scale = (least * RING).ceil() / least;
        let (mut points, mut wanted) = (Vec::new(), 0.0);
        for server in Server::BOTH {
            wanted += scale * weights[server.index()];
            let mut number = 0;
            while (points.len() as f64) < wanted {
                let name = format!("{}_{number}", servers[server.index()]);
                points.push((xxh64(name.as_bytes(), 0), server));
                number += 1;
            }
        }
        Self(Ring::new(points))
    }
}

impl Keys for RingHash {
    fn pick(&self, key: &str) -> Server {
        self.0.after(xxh64(key.as_bytes(), 0)).1
    }
}

/// Maglev's table: servers take turns, each as often as its weight says, and fill places of their own permutations.
pub(super) struct Maglev(Vec<Server>);

impl Maglev {
    /// Servers are known by address and port.
    pub fn new(weights: [u32; 2], servers: [&str; 2]) -> Self {
        let weights = normalised(weights);
        let most = weights[0].max(weights[1]);
        let begins = servers.map(|name| xxh64(name.as_bytes(), 0) % TABLE);
        let strides = servers.map(|name| xxh64(name.as_bytes(), 1) % (TABLE - 1) + 1);
        let mut table = vec![None; TABLE as usize];
        let (mut left, mut round) = (TABLE, 1.0);
        let (mut next, mut due) = ([0; 2], [0.0; 2]);
        while left > 0 {
            for it in Server::BOTH.map(Server::index) {
                if left == 0 || round * weights[it] < due[it] {
                    continue;
                }
                due[it] += most;
                let place = loop {
                    let place = ((begins[it] + strides[it] * next[it]) % TABLE) as usize;
                    next[it] += 1;
                    if table[place].is_none() {
                        break place;
                    }
                };
                table[place] = Some(Server::BOTH[it]);
                left -= 1;
            }
            round += 1.0;
        }
        Self(table.into_iter().flatten().collect())
    }
}

impl Keys for Maglev {
    fn pick(&self, key: &str) -> Server {
        self.0[(xxh64(key.as_bytes(), 0) % TABLE) as usize]
    }
}
