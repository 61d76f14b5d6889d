//! Proxies: which of two servers a request reaches. Stable is listed first, canary second.
//!
//! Three kinds. **Turns** go by the number of the request alone. **Keys** go by what the request carries. The rest is
//! drawn at random, and what is known of it is its **law**.

mod blocks;
mod envoy;
mod haproxy;
mod name;
mod nginx;
mod rendezvous;
mod ring;
mod smooth;
mod traefik;

pub use name::{DeclaredSplit, model};

/// A server: stable or canary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Server {
    /// The one that is listed first.
    Stable,
    /// The one that is listed second.
    Canary,
}

impl Server {
    /// Both, in the order of the file.
    pub const BOTH: [Self; 2] = [Self::Stable, Self::Canary];

    /// The place in the order of the file.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// Who picks by the number of the request.
pub trait Turns {
    /// Picks for the next request after the start.
    fn turn(&mut self) -> Server;
}

/// Who picks by a key, the same one always for the same key.
pub trait Keys {
    /// Picks for a key.
    fn pick(&self, key: &str) -> Server;
}

/// What is known of a product that draws: the canary's share, and how the counts of windows vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    /// The expected share of the canary.
    pub share: f64,
    /// How requests depend on each other.
    pub spread: Spread,
}

/// How the canary's counts vary from window to window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Each request is drawn for itself: binomial.
    Coin,
    /// So many copies of a smooth state that begins anywhere: every share is exact to one request a copy.
    Copies(u32),
}

/// How one product picks with one algorithm and one pair of weights.
pub enum Model {
    /// By the number of the request.
    Turns(Box<dyn Turns>),
    /// By a key.
    Keys(Box<dyn Keys>),
    /// At random.
    Law(Law),
}
