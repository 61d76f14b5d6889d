//! Hosts that are not alike: those that show an effect, and the factors of each.

use std::sync::Arc;

use crate::address;
use crate::engine::{Key, sample};
use crate::fleet::Fleet;
use crate::policy::gate::Population;

/// Which hosts show an effect: an exact quota at random places of the update order.
#[derive(Clone)]
pub(super) struct Subset {
    /// How many of the first hosts are affected, for each length.
    first: Vec<u32>,
    hosts: u32,
}

impl Subset {
    pub fn new(hosts: u32) -> Self {
        Self {
            first: vec![0],
            hosts,
        }
    }

    /// Returns the affected share of the first `among` hosts, drawing as far as needed: host by
    /// host without replacement, which is exact for a quota.
    pub fn among(&mut self, key: Key, index: usize, share: f64, among: usize) -> f64 {
        let quota = (share * f64::from(self.hosts)).round() as u32;
        let among = among.clamp(1, self.hosts as usize);
        while self.first.len() <= among {
            let host = self.first.len() - 1;
            let before = self.first[host];
            let left = f64::from(quota - before) / f64::from(self.hosts - host as u32);
            let hit = key
                .draws(address::SUBSET, index as u32, host as u32)
                .uniform()
                < left;
            self.first.push(before + u32::from(hit));
        }
        f64::from(self.first[among]) / among as f64
    }
}

/// The hosts' own factors, as means over the first and the last hosts of the update order.
#[derive(Clone)]
pub(super) struct HostFactors {
    /// Sums over the first hosts; empty where all hosts are alike.
    sums: Arc<[f64]>,
}

impl HostFactors {
    /// The number of hosts that are looked at one by one; means over more are 1 within 0.4 % of the
    /// spread of one host (the square root of the number).
    const LOOKED_AT: u32 = 65_536;

    pub fn new(fleet: &Fleet, key: Key) -> Self {
        let spread = fleet.host_effect;
        let mut sums = Vec::new();
        if spread > 0.0 {
            let hosts = fleet.hosts.min(Self::LOOKED_AT);
            sums.push(0.0);
            for host in 0..hosts {
                let mut draws = key.draws(address::HOST_EFFECT, host, 0);
                // The mean of the factors is 1: a lognormal of this mu has mean 1.
                let factor = sample::lognormal(&mut draws, -spread * spread / 2.0, spread);
                sums.push(sums[host as usize] + factor);
            }
        }
        Self { sums: sums.into() }
    }

    pub fn mean(&self, population: Population, share: f64) -> f64 {
        let Some(total) = self.sums.last() else {
            return 1.0;
        };
        let hosts = self.sums.len() - 1;
        let canary = ((share * hosts as f64).ceil() as usize).min(hosts);
        let (sum, count) = match population {
            Population::Canary | Population::CanaryBaseline => (self.sums[canary], canary),
            Population::Control => (total - self.sums[canary], hosts - canary),
            Population::Fleet => (*total, hosts),
        };
        if count == 0 { 1.0 } else { sum / count as f64 }
    }
}
