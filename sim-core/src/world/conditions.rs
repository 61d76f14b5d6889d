//! Conditions: what the world was like in each interval, as far as signals depend on it.

use super::chosen::{HostFactors, Subset};
use super::interval::{Interval, Open, Piece};
use crate::effect::{Anchor, Change, Effect, Only};
use crate::engine::{Key, RunningHash, SimDuration, SimTime, sample};
use crate::plan::Plan;
use crate::policy::gate::Population;
use crate::{address, traffic};

/// The conditions of all intervals that have passed.
///
/// Interval `k` covers the time from scrape `k - 1` to scrape `k`, for `k` from 1. Those that nobody can
/// look back to any more are forgotten.
#[derive(Clone)]
pub(crate) struct Conditions<'p> {
    plan: &'p Plan,
    key: Key,
    /// The key that the rollout began under: moments are drawn from it, and stay as they are.
    first_key: Key,
    /// The interval before the first that is kept.
    base: u64,
    intervals: Vec<Interval>,
    /// The interval that is under way.
    open: Open,
    /// What the last interval left of a request to each version, where their number is not left to chance.
    rest: [f64; 2],
    /// The load and the share right now, where somebody asks about an instant and not about an interval.
    instant: Option<(f64, f64)>,
    /// The requests to the canary and to the control that were drawn last, and their interval.
    arrived: [(u64, u64); 2],
    pub first_exposure: Option<SimTime>,
    pub first_rollback: Option<SimTime>,
    /// When each effect was taken away by a rung or a switch.
    pub cured: Vec<Option<SimTime>>,
    subsets: Vec<Subset>,
    hosts: HostFactors,
    /// When each anchor was first, of those that have come.
    anchors: Vec<(Anchor, SimTime)>,
    /// Which effects have shown, and which of them nobody has written down yet.
    shown: Vec<bool>,
    unsaid: Vec<usize>,
    /// How many units on the new version each effect has taken away.
    away: Vec<u32>,
}

impl<'p> Conditions<'p> {
    pub fn new(plan: &'p Plan, key: Key) -> Self {
        let effects = plan.effects.len();
        let subsets = (0..effects).map(|_| Subset::new(plan)).collect();
        let hosts = HostFactors::new(plan, key);
        Self {
            plan,
            key,
            first_key: key,
            base: 0,
            intervals: Vec::new(),
            open: Open::default(),
            rest: [0.0; 2],
            instant: None,
            arrived: [(0, 0); 2],
            first_exposure: None,
            first_rollback: None,
            cured: vec![None; effects],
            subsets,
            hosts,
            anchors: Vec::new(),
            shown: vec![false; effects],
            unsaid: Vec::new(),
            away: vec![0; effects],
        }
    }

    /// Draws from another key what is not drawn yet.
    pub fn reseed(&mut self, key: Key) {
        self.key = key;
        self.arrived = [(0, 0); 2];
    }

    /// Returns how many intervals have passed.
    pub fn passed(&self) -> u64 {
        self.base + self.intervals.len() as u64
    }

    /// Returns the scrape that ends interval `k`.
    pub fn scrape(&self, k: u64) -> SimTime {
        SimTime::ZERO + self.plan.interval.saturating_mul(k)
    }

    /// Returns the middle of interval `k`, at which movements are read.
    pub fn middle(&self, k: u64) -> SimTime {
        let half = self.plan.interval.as_nanos() / 2;
        SimTime::from_nanos(self.scrape(k).as_nanos() - half)
    }

    /// Returns the time in interval `k` in which `population` could feel an effect.
    pub fn span(&self, population: Population, k: u64) -> (SimTime, SimTime) {
        let begin = self.scrape(k - 1);
        match population {
            Population::Canary | Population::CanaryBaseline => self.interval(k).exposed(begin),
            Population::Control | Population::Fleet => (begin, self.scrape(k)),
        }
    }

    /// Returns the requests a second from `from` to `to`, before the chance of arrivals.
    pub fn load(&self, from: SimTime, to: SimTime) -> f64 {
        let load = traffic::mean_load(&self.plan.experiment.traffic, from, to);
        load * self.load_factor(from, to)
    }

    /// Adds a piece to the interval that is under way; returns the requests to the new version in it.
    pub(super) fn pass(&mut self, piece: &Piece) -> f64 {
        self.open.add(piece, self.plan.units)
    }

    /// Ends the interval that is under way; `load` is that of its last piece.
    pub fn close(&mut self, load: f64) {
        let open = std::mem::take(&mut self.open);
        let begin = self.scrape(self.passed());
        let mut interval = open.close(begin, self.plan.interval, load, self.plan.units);
        if self.plan.experiment.traffic.arrivals == traffic::Arrivals::Exact {
            self.make_whole(&mut interval.requests);
        }
        self.intervals.push(interval);
        self.forget_old();
    }

    /// Requests come whole: what is left of one goes into the next interval, so that their number in any
    /// time is exact to a request.
    fn make_whole(&mut self, requests: &mut [f64; 2]) {
        for (requests, rest) in requests.iter_mut().zip(&mut self.rest) {
            let all = *requests + *rest;
            // A millionth is what adding up fractions of a request may cost.
            let whole = libm::floor(all + 0.5 + 1e-6).max(0.0);
            (*requests, *rest) = (whole, all - whole);
        }
    }

    fn forget_old(&mut self) {
        let kept = self.plan.kept;
        if self.intervals.len() > kept.saturating_mul(2).saturating_add(64) {
            let surplus = self.intervals.len() - kept;
            self.intervals.drain(..surplus);
            self.base += surplus as u64;
        }
    }

    pub fn interval(&self, k: u64) -> Interval {
        self.intervals[(k - 1 - self.base) as usize]
    }

    /// Returns the share of units that `population` had in interval `k`.
    pub fn part(&self, population: Population, k: u64) -> f64 {
        let share = self.interval(k).share;
        match population {
            Population::Canary | Population::CanaryBaseline => share,
            Population::Control => 1.0 - share,
            Population::Fleet => 1.0,
        }
    }

    /// Returns how many requests reached `population`, canary or control, in interval `k`: several signals
    /// count the same ones.
    pub fn requests(&mut self, population: Population, k: u64) -> u64 {
        let place = version(population);
        if self.arrived[place].0 != k {
            self.arrived[place] = (k, self.arrivals(population, k));
        }
        self.arrived[place].1
    }

    fn arrivals(&self, population: Population, k: u64) -> u64 {
        let mean = self.interval(k).requests[version(population)];
        let mut draws = self
            .key
            .draws(address::ARRIVALS, population as u32, k as u32);
        match self.plan.experiment.traffic.arrivals {
            traffic::Arrivals::Exact => mean as u64,
            traffic::Arrivals::Poisson => sample::poisson(&mut draws, mean),
            traffic::Arrivals::NegativeBinomial { size } => {
                sample::negative_binomial(&mut draws, mean, size)
            }
        }
    }

    /// Returns the strength of effect `index` at `at`, 0 when it has been cured.
    pub fn strength(&self, index: usize, at: SimTime) -> f64 {
        let plan = &self.plan.effects[index];
        if plan.inert || self.cured[index].is_some_and(|cured| at >= cured) {
            return 0.0;
        }
        let course = &plan.effect.course;
        let strength = course.strength_at(at, self.counted_from(&plan.effect));
        match plan.effect.only {
            Some(only) if strength > 0.0 && !self.meets(only, at) => 0.0,
            _ => strength,
        }
    }

    /// As [`Conditions::may_happen`], in interval `k`.
    pub fn may_happen_in(&self, index: usize, at: SimTime, k: u64) -> bool {
        let interval = self.interval(k);
        self.may_happen(index, at, (interval.load, interval.share))
    }

    /// Whether what happens at one instant may happen at `now`, at this load and this share on the new
    /// version: nothing has cured it or healed it, and the world is as it asks.
    pub fn may_happen(&self, index: usize, now: SimTime, (load, share): (f64, f64)) -> bool {
        let effect = &self.plan.effects[index].effect;
        let until = effect.course.until.map(SimTime::after);
        let over = [self.cured[index], until].into_iter().flatten();
        over.min().is_none_or(|over| now < over)
            && effect.only.is_none_or(|only| only.holds(load, share))
    }

    /// Returns the mean strength of effect `index` from `from` to `to`.
    pub fn strength_over(&self, index: usize, (from, to): (SimTime, SimTime)) -> f64 {
        if self.next_turn(index, from) >= to {
            return self.strength(index, from.midpoint(to));
        }
        let (mut sum, mut at) = (0.0, from);
        while at < to {
            let next = self.next_turn(index, at).min(to);
            let lasts = next.saturating_since(at).as_secs_f64();
            sum += self.strength(index, at.midpoint(next)) * lasts;
            at = next;
        }
        sum / to.saturating_since(from).as_secs_f64()
    }

    /// Returns when the course of effect `index` next turns after `now`: between two turns its strength is a
    /// straight line. The end of time where it never does.
    pub fn next_turn(&self, index: usize, now: SimTime) -> SimTime {
        let plan = &self.plan.effects[index];
        if plan.inert {
            return SimTime::MAX;
        }
        let turn = plan
            .effect
            .course
            .next_turn(now, self.counted_from(&plan.effect));
        match self.cured[index] {
            Some(cured) if cured > now => turn.min(cured),
            _ => turn,
        }
    }

    /// Whether effect `index` grows stronger at `now`.
    pub fn grows(&self, index: usize, now: SimTime) -> bool {
        let effect = &self.plan.effects[index].effect;
        let begin = self
            .counted_from(effect)
            .map(|from| from.saturating_add(effect.course.after));
        let running = begin.and_then(|begin| now.checked_since(begin));
        running.is_some_and(|running| running < effect.course.ramp)
    }

    /// Lets questions about effects mean an instant with this load and this share on the new version, or
    /// again the intervals that have passed.
    pub fn at_instant(&mut self, instant: Option<(f64, f64)>) {
        self.instant = instant;
    }

    /// Whether the interval around `at`, or the newest one before it, is as `only` says.
    fn meets(&self, only: Only, at: SimTime) -> bool {
        if let Some((load, share)) = self.instant {
            return only.holds(load, share);
        }
        let k = at.as_nanos().div_ceil(self.plan.interval.as_nanos());
        let k = k.clamp(self.base + 1, self.passed().max(self.base + 1));
        k <= self.passed() && only.holds(self.interval(k).load, self.interval(k).share)
    }

    /// By what factor effects change the load from `from` to `to`.
    fn load_factor(&self, from: SimTime, to: SimTime) -> f64 {
        let factor = |index: &usize| match self.plan.effects[*index].effect.change {
            Change::Load { factor } => {
                1.0 + (factor - 1.0) * self.strength_over(*index, (from, to))
            }
            _ => 1.0,
        };
        self.plan.layers.felt.iter().map(factor).product()
    }

    /// Returns since when effect `index` has been at work at `at`; none where it is not.
    pub fn spell_began(&self, index: usize, at: SimTime) -> Option<SimTime> {
        let effect = &self.plan.effects[index].effect;
        let strong = self.strength(index, at) > 0.0;
        strong
            .then(|| effect.course.spell_began(at, self.counted_from(effect)))
            .flatten()
    }

    /// Returns the instant from which the times of `effect` are counted: its anchor, and what was drawn to be
    /// added to it.
    pub fn counted_from(&self, effect: &Effect) -> Option<SimTime> {
        let anchor = self.anchor(effect.course.from)?;
        Some(anchor.saturating_add(self.drawn_delay(effect)))
    }

    /// Returns by how much later than it could `effect` begins.
    pub fn drawn_delay(&self, effect: &Effect) -> SimDuration {
        let Some(within) = effect.course.within else {
            return SimDuration::ZERO;
        };
        // By its id, so that an effect begins when it did whichever others are taken away; the parts of one
        // fault carry its id and a number in brackets, and begin together.
        let fault = effect
            .id
            .split(" (")
            .next()
            .expect("a text has a first part");
        let mut id = RunningHash::new();
        id.text(fault);
        let mut draws = self.first_key.draws(address::MOMENT, id.finish() as u32, 0);
        SimDuration::from_nanos(draws.below(within.as_nanos().saturating_add(1)))
    }

    /// Returns when the anchor was.
    pub fn anchor(&self, anchor: Anchor) -> Option<SimTime> {
        match anchor {
            Anchor::Start => Some(SimTime::ZERO),
            Anchor::FirstExposure => self.first_exposure,
            Anchor::Rollback => self.first_rollback,
            other => {
                let known = self.anchors.iter().find(|(anchor, _)| *anchor == other);
                known.map(|(_, at)| *at)
            }
        }
    }

    /// Notes that `anchor` comes at `at`; returns whether it is the first time.
    pub fn note_anchor(&mut self, anchor: Anchor, at: SimTime) -> bool {
        let first = self.anchor(anchor).is_none();
        if first {
            self.anchors.push((anchor, at));
        }
        first
    }

    /// Notes that effect `index` has changed something.
    pub fn show(&mut self, index: usize) {
        if !self.shown[index] && self.plan.effects[index].effect.confirm {
            self.shown[index] = true;
            self.unsaid.push(index);
        }
    }

    /// Notes that effect `index` has taken `units` units away.
    pub fn take_away(&mut self, index: usize, units: u32) {
        self.away[index] = units;
    }

    /// Returns how many units effect `index` has taken away, and forgets them.
    pub fn give_back(&mut self, index: usize) -> u32 {
        std::mem::take(&mut self.away[index])
    }

    /// Whether effect `index` is to be confirmed and has not shown yet.
    pub fn awaits(&self, index: usize) -> bool {
        !self.shown[index] && self.plan.effects[index].effect.confirm
    }

    /// Takes the effects that have shown since the last time.
    pub fn take_unsaid(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.unsaid)
    }

    /// Returns the share of the canary's hosts that show effect `index` while `share` of all serve the new
    /// version.
    pub fn affected(&mut self, index: usize, share: f64) -> f64 {
        let shown_by = self.plan.effects[index].hosts_of;
        let Some(part) = self.plan.effects[shown_by].effect.hosts else {
            return 1.0;
        };
        let hosts = share * f64::from(self.plan.experiment.fleet.hosts);
        self.subsets[shown_by].among(self.key, shown_by, part.as_f64(), hosts.ceil() as usize)
    }

    /// Returns the mean of the own factors of the hosts of `population` while `share` of all serve the new
    /// version.
    pub fn host_factor(&self, population: Population, share: f64) -> f64 {
        self.hosts.mean(population, share)
    }

    /// Returns what the first wanted effect that is at work at `at` says; none where none is.
    pub fn said_at<T>(&self, at: SimTime, wanted: impl Fn(&Change) -> Option<T>) -> Option<T> {
        let mut effects = self.plan.effects.iter().enumerate();
        effects.find_map(|(index, plan)| {
            let said = wanted(&plan.effect.change)?;
            (self.strength(index, at) > 0.0).then_some(said)
        })
    }

    /// As [`Conditions::said_at`], and notes that the effect has shown.
    pub fn struck<T>(&mut self, at: SimTime, wanted: impl Fn(&Change) -> Option<T>) -> Option<T> {
        self.struck_among(0..self.plan.effects.len(), at, wanted)
    }

    /// As [`Conditions::struck`], by what goes wrong with evaluations.
    pub fn evaluation_struck<T>(
        &mut self,
        at: SimTime,
        wanted: impl Fn(&Change) -> Option<T>,
    ) -> Option<T> {
        let plan = self.plan;
        self.struck_among(plan.layers.evaluation.iter().copied(), at, wanted)
    }

    fn struck_among<T>(
        &mut self,
        mut among: impl Iterator<Item = usize>,
        at: SimTime,
        wanted: impl Fn(&Change) -> Option<T>,
    ) -> Option<T> {
        let plan = self.plan;
        let (index, said) = among.find_map(|index| {
            let said = wanted(&plan.effects[index].effect.change)?;
            (self.strength(index, at) > 0.0).then_some((index, said))
        })?;
        self.show(index);
        Some(said)
    }

    /// Says whether a wanted effect is at work at `at`.
    pub fn at_work(&self, at: SimTime, wanted: impl Fn(&Change) -> bool) -> bool {
        self.said_at(at, |change| wanted(change).then_some(()))
            .is_some()
    }
}

/// The place of a population among the two versions.
fn version(population: Population) -> usize {
    usize::from(population == Population::Control)
}
