//! Directed rehearsals: for each cell, anchored pair and transition of the map one that leads right there.
//!
//! A swarm meets what is common again and again. An aimed rehearsal takes a way that is known to come by the
//! situation, and lets the fault begin at the very instant at which the rollout is in it: until then nothing
//! differs, so that the way still leads there.

use serde_json::json;
use sim_core::effect::{Anchor, Course};
use sim_core::engine::{Key, SimDuration, SimTime};

use super::driver::named;
use super::single_fault::healed;
use super::witness_paths::{Interval, WitnessPaths};
use super::{FaultSpace, Kind};
use crate::catalogue::{Fault, Injection};
use crate::coverage::{AnchoredPair, Cell, Coverage, Map};
use crate::rehearsal::Rehearsal;

/// What is aimed at, by its name on the map.
#[derive(Clone, Debug, PartialEq)]
enum Aim {
    Transition(String, usize),
    Cell(String, Cell),
    Pair(String, AnchoredPair),
}

/// Everything on a map that some way leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Directed {
    ways: WitnessPaths,
    aims: Vec<Aim>,
    tries: u64,
}

/// Keeps a generator's draws apart from those of the world it is drawn for.
const ROOT: u64 = 0x4149_4d45_4400_0000;
/// So often a pair is aimed at: it only has to begin, and need not show.
const PAIR_TRIES: u64 = 6;
/// From this try on parameters are drawn.
const USUAL_TRIES: u64 = 8;
/// The time from a moment to the first fault of a pair, and from there to the second.
const NEXT: SimDuration = SimDuration::from_millis(100);
const SECOND: SimDuration = SimDuration::from_secs(1);

impl Directed {
    /// Looks for ways in `space` and draws its map: each cell is aimed at `tries` times at most, pairs
    /// only where they are wanted.
    pub fn new(space: &FaultSpace, root: u64, tries: u64, pairs: bool) -> Self {
        let ways = WitnessPaths::scout(space, root ^ ROOT);
        let map = Map::of(&space.experiment);
        let transitions = map.transitions.into_iter().filter_map(|(name, edge)| {
            let way = *ways.transitions.get(&edge)?;
            Some(Aim::Transition(name, way))
        });
        let cells = map.cells.into_iter();
        let cells = cells.filter(|(_, (situation, _))| ways.intervals.contains_key(situation));
        let met = map.pairs.into_iter();
        let met = met.filter(|(_, (anchor, ..))| pairs && ways.moments.contains_key(anchor));
        let aims = transitions
            .chain(cells.map(|(name, cell)| Aim::Cell(name, cell)))
            .chain(met.map(|(name, pair)| Aim::Pair(name, pair)))
            .collect();
        Self { ways, aims, tries }
    }

    /// Returns how many rehearsals there are: all aims once, then all of them again.
    pub fn count(&self) -> u64 {
        self.aims.len() as u64 * self.tries
    }

    /// Whether rehearsal `number` aims at something that nothing has come by so far.
    pub fn is_wanted(&self, number: u64, covered: &Coverage) -> bool {
        let (attempt, aim) = self.aim(number);
        match aim {
            Aim::Transition(name, _) => attempt == 0 && !covered.has_transition(name),
            Aim::Cell(name, _) => !covered.has_cell(name),
            Aim::Pair(name, _) => attempt < PAIR_TRIES && !covered.has_pair(name),
        }
    }

    fn aim(&self, number: u64) -> (u64, &Aim) {
        let many = self.aims.len() as u64;
        (number / many, &self.aims[(number % many) as usize])
    }

    /// Returns rehearsal `number` of [`Directed::count`]. The world is that of its way.
    pub fn rehearsal(&self, space: &FaultSpace, number: u64) -> Rehearsal {
        let (attempt, aim) = self.aim(number);
        let (way, mut aimed) = match aim {
            Aim::Transition(_, way) => (*way, Vec::new()),
            Aim::Cell(_, cell) => self.in_cell(space, *cell, (number, attempt)),
            Aim::Pair(_, pair) => self.in_pair(space, *pair, (number, attempt)),
        };
        let (injections, seed) = &self.ways.paths[way];
        let mut injections = injections.clone();
        healed(space, &mut aimed);
        injections.append(&mut aimed);
        Rehearsal {
            experiment: space.experiment.clone(),
            injections,
            seed: *seed,
        }
    }

    fn in_cell(
        &self,
        space: &FaultSpace,
        (situation, fault): Cell,
        (number, attempt): (u64, u64),
    ) -> (usize, Vec<Injection>) {
        let intervals = &self.ways.intervals[&situation];
        let stay = intervals[((attempt / 5 + attempt) % intervals.len() as u64) as usize];
        let kind = kind(space, fault);
        let fault = if attempt < USUAL_TRIES {
            (kind.entry.default)()
        } else {
            let key = Key::for_replication(ROOT, number);
            kind.vary(&mut key.draws(1, 0, 0), &space.experiment)
        };
        let for_good = attempt % 3 == 2;
        let injection = begins(space, kind, fault, instant(stay, attempt), for_good);
        (stay.way, vec![injection])
    }

    fn in_pair(
        &self,
        space: &FaultSpace,
        (anchor, first, second): AnchoredPair,
        (number, attempt): (u64, u64),
    ) -> (usize, Vec<Injection>) {
        let moments = &self.ways.moments[&anchor];
        let (first, second) = (kind(space, first), kind(space, second));
        let late = [first, second].map(|kind| delay(space, kind, &(kind.entry.default)()));
        let late = late[0].max(late[1]);
        let fits: Vec<_> = moments
            .iter()
            .filter(|(_, at)| at.elapsed() > late)
            .collect();
        let fits = if fits.is_empty() {
            moments.iter().collect()
        } else {
            fits
        };
        let (way, at) = *fits[((number + attempt) % fits.len() as u64) as usize];
        let one = |kind: &Kind, at| begins(space, kind, (kind.entry.default)(), at, false);
        let begun = at.saturating_add(NEXT);
        let both = vec![one(first, begun), one(second, begun.saturating_add(NEXT))];
        (way, both)
    }
}

fn kind<'t>(space: &'t FaultSpace, name: &str) -> &'t Kind {
    let kind = space.kind(name);
    kind.expect("what is on the map can happen")
}

/// When the fault begins, attempt by attempt: right after the situation begins, right before it (what shows
/// at once shows at its first instant), in its middle, near its end, and right before it.
fn instant(stay: Interval, attempt: u64) -> SimTime {
    let length = stay.to.saturating_since(stay.from);
    let part = |part| stay.from.saturating_add(length.mul_f64(part));
    let before = |at: SimTime| SimTime::after(at.elapsed().saturating_sub(SECOND));
    match attempt % 5 {
        0 => part(0.25).min(stay.from.saturating_add(SECOND)),
        1 => before(stay.from),
        2 => part(0.5),
        3 => part(0.9),
        _ => before(stay.to).max(stay.from),
    }
}

/// How much later than its own course the effect of a fault begins.
fn delay(space: &FaultSpace, kind: &Kind, fault: &Fault) -> SimDuration {
    let injection = Injection {
        fault: fault.clone(),
        ..Injection::of(kind.entry)
    };
    let lowered = injection.lower(&space.experiment).ok();
    let own = lowered.as_ref().and_then(|lowered| lowered.effects.first());
    own.map_or(SimDuration::ZERO, |effect| {
        let course = injection.course();
        effect.course.after.saturating_sub(course.after)
    })
}

/// The fault so that its effect begins at `at`, as far as that is possible: what is latent for longer than
/// that is latent for half of the time.
fn begins(space: &FaultSpace, kind: &Kind, fault: Fault, at: SimTime, for_good: bool) -> Injection {
    let usual = (kind.entry.at)();
    let (elapsed, later) = (at.elapsed(), delay(space, kind, &fault));
    let half = json!(elapsed.mul_f64(0.5).to_string());
    let (fault, later) = match kind.with(&[("after", half)]) {
        Some(sooner) if later > elapsed => (sooner, elapsed.mul_f64(0.5)),
        _ => (fault, later),
    };
    let course = Course {
        from: Anchor::Start,
        after: elapsed.saturating_sub(later),
        lasts: usual.lasts.filter(|_| !for_good),
        ..usual
    };
    named(&format!("aimed {}", kind.entry.name), fault, Some(course))
}
