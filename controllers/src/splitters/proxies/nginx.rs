//! nginx 1.22.1: `split_clients`, `hash`, `hash ... consistent` (Pingora's ketama is the same ring), `random two`.

use super::super::hashes::{crc32, murmur2};
use super::ring::Ring;
use super::{Keys, Server};

/// `split_clients`: the canary has the first part of the range of MurmurHash2, in hundredths of a percent.
pub(super) struct SplitClients {
    end: u64,
}

impl SplitClients {
    /// `percent` of the keys are the canary's.
    pub fn new(percent: f64) -> Self {
        let hundredths = (percent * 100.0).round() as u64;
        Self {
            end: hundredths * u64::from(u32::MAX) / 10_000,
        }
    }
}

impl Keys for SplitClients {
    fn pick(&self, key: &str) -> Server {
        if u64::from(murmur2(key.as_bytes())) < self.end {
            Server::Canary
        } else {
            Server::Stable
        }
    }
}

/// `hash`: 15 bits of the CRC-32, modulo the sum of the weights.
pub(super) struct Hash {
    pub weights: [u32; 2],
}

impl Keys for Hash {
    fn pick(&self, key: &str) -> Server {
        let hash = crc32(key.as_bytes()) >> 16 & 0x7fff;
        if hash % self.weights.iter().sum::<u32>() < self.weights[0] {
            Server::Stable
        } else {
            Server::Canary
        }
    }
}

/// `hash ... consistent`: 160 points for each unit of weight; a point is the CRC-32 of host, port and the point before.
pub(super) struct Ketama(Ring<u32>);

impl Ketama {
    /// Servers are known by host and port.
    pub fn new(weights: [u32; 2], servers: [(&str, u16); 2]) -> Self {
        let points = Server::BOTH.into_iter().flat_map(|server| {
            let (host, port) = servers[server.index()];
            let mut before = 0_u32;
            (0..weights[server.index()] * 160).map(move |_| {
                let mut text = format!("{host}\0{port}").into_bytes();
                text.extend(before.to_le_bytes());
                before = crc32(&text);
                (before, server)
            })
        });
        Self(Ring::new(points))
    }
}

impl Keys for Ketama {
    fn pick(&self, key: &str) -> Server {
        self.0.after(crc32(key.as_bytes())).1
    }
}

/// `random two` between two idle servers. Servers are drawn by weight until a second one differs from the first, 21 draws
/// in all; idle servers are level, and the second one is taken. If all 21 were the same, smooth round robin decides.
pub(super) fn random_two(canary: f64) -> f64 {
    const DRAWS: u32 = 21;
    let all = |share: f64| (0..DRAWS).fold(1.0, |product, _| product * share);
    let stable = 1.0 - canary;
    let second = stable - all(stable);
    second + (all(stable) + all(canary)) * canary
}
