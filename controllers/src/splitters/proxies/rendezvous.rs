//! Rendezvous hashing: Traefik 3.7.13, `hrw`, by the client's address.
//!
//! Each server has a score for a key, its weight over the negative logarithm of a hash in [0, 1); the highest wins
//! (weighted rendezvous hashing, J. Resch, 2015). The hash is FNV-1a of the key with the server's name behind it.

use super::super::hashes::fnv1a_64;
use super::{Keys, Server};

/// Two servers by name.
pub(super) struct Rendezvous {
    pub weights: [u32; 2],
    pub names: [&'static str; 2],
}

impl Rendezvous {
    fn score(&self, server: Server, key: &str) -> f64 {
        let name = self.names[server.index()];
        let hash = fnv1a_64(format!("{key}{name}").as_bytes());
        let place = hash as f64 / 18_446_744_073_709_551_616.0;
        f64::from(self.weights[server.index()]) / -libm::log(place)
    }
}

impl Keys for Rendezvous {
    fn pick(&self, key: &str) -> Server {
        if self.score(Server::Canary, key) > self.score(Server::Stable, key) {
            Server::Canary
        } else {
            Server::Stable
        }
    }
}
