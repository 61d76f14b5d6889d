//! Ranks: which of the requests of several intervals has so many that are faster.

use super::law::LatencyLaw;
use super::tree::{Cursor, Tree};

/// So many requests are turned into latencies to be compared; more are cut once more before.
const TO_INVERT: u64 = 3;

/// An interval whose requests are searched, each of which counts so many times.
pub(super) struct Walker<'t> {
    tree: &'t mut Tree,
    weight: f64,
    at: Cursor,
}

impl<'t> Walker<'t> {
    /// Begins with all requests of an interval.
    pub fn new(tree: &'t mut Tree, weight: f64) -> Self {
        let at = tree.top();
        Self { tree, weight, at }
    }
}

/// Returns the latency of the request of rank `q` times all, rounded up, in milliseconds; none where there
/// are no requests. `total` is the number of all, each as often as it counts.
///
/// All intervals are cut at the same places, and of each cut the side is taken that holds the rank, until
/// the few requests that are left can be put in order.
pub(super) fn ranked(
    law: &LatencyLaw,
    walkers: Vec<Walker<'_>>,
    (q, total): (f64, f64),
) -> Option<f64> {
    let (mut walkers, mut rank) = (walkers, rank(q, total));
    if walkers.is_empty() {
        return None;
    }
    let mut place = TreePlace::top();
    while place.can_be_cut(law) && !can_be_ordered(&walkers) {
        let (cut, mut faster) = (place.cut(law), 0.0);
        for Walker { tree, weight, at } in &mut walkers {
            faster += *weight * tree.cut(law, at, place.branch, cut) as f64;
        }
        let side = faster >= rank;
        if !side {
            rank -= faster;
        }
        walkers.retain_mut(|walker| {
            walker.tree.go(&mut walker.at, side);
            walker.at.count > 0
        });
        place = place.side(cut, side);
    }
    let log = in_order(law, &mut walkers, (place, rank)).unwrap_or(place.high);
    Some(law.latency(log))
}

/// Returns how many of `total` requests are as fast as the quantile `q` or faster: at least so many.
///
/// A product such as 0.07 x 100 is a hair above the whole number that it means.
pub(super) fn rank(q: f64, total: f64) -> f64 {
    q * total - 1e-9 * total
}

/// How many requests are at most as long as a limit: at least and at most so many. They differ by what is
/// left open, and by the requests that rounding could put on either side.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Upto {
    pub least: u64,
    pub most: u64,
}

/// Counts the requests of an interval whose latency has a logarithm of at most `log`.
///
/// It goes down the cuts that a search goes down, to where so many requests around `log` are left as `open`
/// says.
pub(super) fn upto(law: &LatencyLaw, tree: &mut Tree, log: f64, open: u64) -> Upto {
    let total = tree.total();
    if log > law.last() + NEAR {
        return Upto {
            least: total,
            most: total,
        };
    }
    // What lies beyond the time-out is found at it.
    let at_last = log >= law.last() - NEAR;
    let all = |least: u64, more: u64| Upto {
        least,
        most: if at_last { total } else { least + more },
    };
    let (mut at, mut place, mut faster) = (tree.top(), TreePlace::top(), 0);
    while at.count > 0 && log > f64::NEG_INFINITY {
        let cut = place.cut(law);
        if at.count <= open || !place.can_be_cut(law) || (log - cut).abs() <= NEAR {
            return all(faster, at.count);
        }
        if tree.is_few(&at) {
            let share = law.upto(log, tree.shape());
            let unsure = law.steepest() * NEARER + CRUMB;
            let requests = tree.each(&at, place.branch);
            return requests.fold(all(faster, 0), |upto, u| Upto {
                least: upto.least + u64::from(u <= share - unsure),
                most: (upto.most + u64::from(u <= share + unsure)).min(total),
            });
        }
        let (upto, side) = (tree.cut(law, &mut at, place.branch, cut), log < cut);
        faster += if side { 0 } else { upto };
        tree.go(&mut at, side);
        place = place.side(cut, side);
    }
    all(faster, 0)
}

/// A search finds the logarithm of a latency to 1e-10, or its share of all requests to 1e-15: far better than
/// these.
const NEAR: f64 = 1e-6;
const NEARER: f64 = 1e-9;
const CRUMB: f64 = 1e-14;

/// Whether the requests that are left are few enough to be compared one by one. Under one law they need not
/// even be turned into latencies for that.
fn can_be_ordered(walkers: &[Walker<'_>]) -> bool {
    let few = walkers.iter().all(|walker| walker.tree.is_few(&walker.at));
    let count = || walkers.iter().map(|walker| walker.at.count).sum::<u64>();
    few && (alike(walkers) || count() <= TO_INVERT)
}

fn alike(walkers: &[Walker<'_>]) -> bool {
    let mut shapes = walkers.iter().map(|walker| walker.tree.shape());
    let first = shapes.next();
    shapes.all(|shape| Some(shape) == first)
}

/// Returns the logarithm of the latency of this rank among those of `walkers`, which lie at `place`; none
/// where they are too many, which are the same latency then.
fn in_order(
    law: &LatencyLaw,
    walkers: &mut [Walker<'_>],
    (place, rank): (TreePlace, f64),
) -> Option<f64> {
    if place.low >= law.last() || !can_be_ordered(walkers) {
        return None;
    }
    let alike = alike(walkers);
    // What lies beyond the time-out is found at it.
    let ends = (place.low, place.high.min(law.last()));
    let mut requests = Vec::with_capacity(16 * walkers.len());
    for Walker { tree, weight, at } in walkers {
        let (shape, weight) = (tree.shape(), *weight);
        let latency = |u| {
            if alike {
                u
            } else {
                law.inverse(u, shape, ends)
            }
        };
        let each = tree.each(at, place.branch);
        requests.extend(each.map(|u| (latency(u), weight, (u, shape))));
    }
    requests.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut faster = 0.0;
    let found = requests.iter().find(|(_, weight, _)| {
        faster += weight;
        faster >= rank
    });
    let (latency, _, (u, shape)) = *found.or(requests.last())?;
    Some(if alike {
        law.inverse(u, shape, ends)
    } else {
        latency
    })
}

/// A part of the axis of the logarithms of latencies, as the cuts so far have left it.
#[derive(Clone, Copy, Debug)]
struct TreePlace {
    /// Which sides were taken: the address of the next cut.
    branch: u32,
    low: f64,
    high: f64,
    /// How far the next cut is from the only end, where there is but one.
    reach: f64,
}

impl TreePlace {
    /// The most cuts: an address has room for so many sides. Latencies are known to a few parts in a
    /// million then, or there are more than a billion requests.
    const LAST: u32 = 1 << 27;

    fn top() -> Self {
        Self {
            branch: 1,
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            reach: 1.0,
        }
    }

    /// Whether latencies here can be told apart: those beyond the time-out cannot.
    fn can_be_cut(&self, law: &LatencyLaw) -> bool {
        self.branch < Self::LAST && self.low < law.last()
    }

    /// Returns where the next cut is: the law's middle at first, then ever further from it, and halfway
    /// between two others.
    fn cut(&self, law: &LatencyLaw) -> f64 {
        match (self.low.is_finite(), self.high.is_finite()) {
            (false, false) => law.middle(),
            (true, false) => (self.low + self.reach).min(law.last()),
            (false, true) => self.high - self.reach,
            (true, true) => f64::midpoint(self.low, self.high),
        }
    }

    fn side(self, cut: f64, faster: bool) -> Self {
        let outside = self.low.is_finite() != self.high.is_finite();
        let reach = if outside {
            self.reach * 2.0
        } else {
            self.reach
        };
        let branch = self.branch << 1 | u32::from(faster);
        if faster {
            Self {
                branch,
                high: cut,
                reach,
                ..self
            }
        } else {
            Self {
                branch,
                low: cut,
                reach,
                ..self
            }
        }
    }
}

#[cfg(test)]
#[path = "tests/rank.rs"]
mod tests;
