//! Harm: what users suffer, whatever version serves them and whatever the controller sees.
//!
//! It is every user's errors above normal, integrated exactly: between two instants at which the exposure
//! or an effect changes, both are straight lines. It does not end with the rollout: a release that stays,
//! hosts that nobody takes back, and an old version that the release has spoilt go on failing users until
//! the horizon.

use super::Plant;
use super::hurt::visits;
use crate::engine::{SimDuration, SimTime};
use crate::environment::mean;
use crate::harms::{Harmed, How};
use crate::history::Outcome;
use crate::policy::gate::Population;
use crate::run::Harm;
use crate::telemetry::{Level, SignalKind, Spot, level, normal_level, slower_share};
use crate::traffic;

/// Into how many pieces an interval is cut at the most while hosts move and it matters which.
const FINEST: u64 = 256;
/// How long a piece is at the most where the load bends.
const BENT: SimDuration = SimDuration::from_mins(1);
/// Into how many pieces a growing effect is cut, so that a bound that it meets costs next to nothing.
const OF_GROWTH: u64 = 16;
/// The points of Gauss and Legendre: the mean of the values there is exact for cubics, such as the product
/// of effects that grow. Source: Abramowitz and Stegun, table 25.4.
const GAUSS: [f64; 2] = [0.211_324_865_405_187_1, 0.788_675_134_594_812_9];

impl Plant<'_> {
    /// Adds what users have suffered since somebody last looked. It is called before anything changes that
    /// the past depends on: the way that hosts are on, and cures.
    pub fn catch_up(&mut self) {
        self.suffer_until(self.now());
    }

    /// The rollout is over and the world is not.
    pub fn live_out(&mut self) {
        if self.ending.outcome() == Some(Outcome::Paused) {
            // Nobody commands the hosts any more on which nothing has begun.
            self.deployment.versions.break_off(self.now());
        }
        self.suffer_until(SimTime::after(self.plan.experiment.horizon));
    }

    fn suffer_until(&mut self, until: SimTime) {
        let from = self.recorder.suffered;
        self.recorder.suffered = until.max(from);
        if self.plan.harms.signals.is_empty() {
            return;
        }
        let mut at = from;
        while at < until {
            if let Some(quiet) = self.harmless_until(at, until) {
                at = quiet;
                continue;
            }
            let growing = self.growing(at);
            let next = self.next_piece(at, growing).min(until);
            self.suffer((at, next), growing.is_some());
            at = next;
        }
        self.conditions.environment.at_instant(None);
    }

    /// Returns until when no effect is at work that harms users, `until` at the latest; none where one may be. Who
    /// comes to the new version is counted all the same where users are.
    fn harmless_until(&self, at: SimTime, until: SimTime) -> Option<SimTime> {
        let harms = &self.plan.harms;
        if harms.conditional || self.plan.experiment.traffic.split.visitors().is_some() {
            return None;
        }
        let turn = |index: &usize| self.conditions.faults.next_turn(*index, at);
        let turn = harms.effects.iter().map(turn).min();
        let next = turn.map_or(until, |turn| turn.min(until));
        let middle = at.midpoint(next);
        let idle = |index: &usize| self.conditions.strength(*index, middle) <= 0.0;
        harms.effects.iter().all(idle).then_some(next)
    }

    /// Returns the shortest growth of an effect that is growing at `at`.
    fn growing(&self, at: SimTime) -> Option<SimDuration> {
        let effects = self.plan.harms.effects.iter();
        let grows = effects.filter(|index| self.conditions.faults.grows(**index, at));
        let growth = grows.map(|index| self.plan.effects[*index].effect.course.ramp);
        growth.min()
    }

    /// Returns until when everything that harm depends on is a straight line.
    fn next_piece(&self, at: SimTime, growing: Option<SimDuration>) -> SimTime {
        let harms = &self.plan.harms;
        let turns = harms.effects.iter();
        let turn = turns
            .map(|index| self.conditions.faults.next_turn(*index, at))
            .min();
        let mut next = turn.unwrap_or(SimTime::MAX);
        if harms.by_share || growing.is_some() {
            let moves = self
                .deployment
                .versions
                .next_change(at)
                .unwrap_or(SimTime::MAX);
            next = next.min(moves.max(at.saturating_add(self.finest())));
        }
        if let Some(growth) = growing {
            let part = SimDuration::from_nanos(growth.as_nanos() / OF_GROWTH);
            next = next.min(at.saturating_add(part.max(self.finest())));
        }
        if harms.by_load {
            next = next.min(at.saturating_add(BENT));
        }
        let experiment = &self.plan.experiment;
        next.min(traffic::next_jump(
            &experiment.traffic,
            experiment.starts(),
            at,
        ))
    }

    fn finest(&self) -> SimDuration {
        SimDuration::from_nanos((self.plan.interval.as_nanos() / FINEST).max(1))
    }

    /// Adds what users suffer in a piece.
    fn suffer(&mut self, (from, to): (SimTime, SimTime), growing: bool) {
        let share = self.failing_share(from, to);
        let Some(load) = self.load_at(from.midpoint(to), share) else {
            return;
        };
        let lasts = to.saturating_since(from);
        let at = |part: f64| from.saturating_add(lasts.mul_f64(part));
        let [new, old] = if growing {
            let [one, two] = GAUSS.map(|part| self.rates(at(part), share, load));
            [0, 1].map(|version| f64::midpoint(one[version], two[version]))
        } else {
            self.rates(from.midpoint(to), share, load)
        };
        if let Some((_, per_hour)) = self.plan.experiment.traffic.split.visitors() {
            let units = (share * f64::from(self.plan.units)).round() as u32;
            self.recorder.hurt.pass(units, visits(per_hour, lasts), new);
        }
        let seconds = lasts.as_secs_f64();
        let failing = new * share + old * (1.0 - share);
        self.exceed((from, to), failing * seconds / 60.0);
        self.recorder.harm.exposed_error_minutes += failing * seconds / 60.0;
        if self.ending.outcome().is_some() && new > 0.0 {
            self.recorder.harm.exposed_requests += load * share * seconds;
        }
    }

    /// What users suffered, up to now.
    pub(super) fn harm(&self) -> Harm {
        let visitors = self.plan.experiment.traffic.split.visitors();
        let units = self.plan.units;
        Harm {
            users: visitors.map(|(count, _)| self.recorder.hurt.users(count, units)),
            hurt: visitors.map(|_| self.recorder.hurt.profile(units)),
            ..self.recorder.harm
        }
    }

    /// Notes when the budget is exceeded by what users suffer in a piece, evenly over the piece.
    fn exceed(&mut self, (from, to): (SimTime, SimTime), more: f64) {
        let Some(budget) = self.plan.experiment.policy.harm_budget else {
            return;
        };
        let left = budget.error_minutes - self.recorder.harm.exposed_error_minutes;
        if self.recorder.harm.exceeded_at.is_none() && more > left {
            let part = (left / more).clamp(0.0, 1.0);
            let until = to.saturating_since(from).mul_f64(part);
            self.recorder.harm.exceeded_at = Some(from.saturating_add(until));
        }
    }

    /// Returns the mean share of requests that meet the release: on the new version, or on hosts that were
    /// taken back to the bad content.
    fn failing_share(&self, from: SimTime, to: SimTime) -> f64 {
        let lasts = to.saturating_since(from);
        let area = self.deployment.versions.area(from, to);
        let spoilt = u128::from(self.deployment.spoilt) * u128::from(lasts.as_nanos());
        let whole = u128::from(self.plan.units) * u128::from(lasts.as_nanos());
        mean((area + spoilt).min(whole), lasts, self.plan.units)
    }

    /// Returns the requests a second at `at`; none where nobody asks for anything, so that nobody is harmed.
    /// From now on questions about effects mean that instant.
    fn load_at(&mut self, at: SimTime, share: f64) -> Option<f64> {
        let experiment = &self.plan.experiment;
        let bare = traffic::load_at(&experiment.traffic, experiment.starts(), at);
        self.conditions.environment.at_instant(Some((bare, share)));
        let load = self.conditions.load(at, at);
        self.conditions.environment.at_instant(Some((load, share)));
        (load > 0.0).then_some(load)
    }

    /// Returns which share of the requests to the new and to the old version is failed above normal.
    fn rates(&mut self, at: SimTime, share: f64, load: f64) -> [f64; 2] {
        let versions = [
            (Population::Canary, share),
            (Population::Control, 1.0 - share),
        ];
        versions.map(|(population, part)| {
            if part <= 0.0 {
                return 0.0;
            }
            let plan = self.plan;
            let spot = Spot {
                population,
                share,
                span: (at, at),
                seen_in: None,
            };
            let signals = plan.harms.signals.iter();
            let sum: f64 = signals.map(|harmed| self.rate(harmed, spot, load)).sum();
            sum.min(1.0)
        })
    }

    fn rate(&mut self, harmed: &Harmed, spot: Spot<'_>, load: f64) -> f64 {
        let kind = &self.plan.experiment.telemetry.signals[harmed.signal].kind;
        let base = normal_level(kind);
        let signal = &self.plan.signals[harmed.signal];
        let worse = level(signal, &mut self.conditions, spot, base, 1.0);
        let normal = base
            * self
                .conditions
                .environment
                .host_factor(spot.population, spot.share);
        let more = match harmed.how {
            How::Failed => worse.mean.min(1.0) - normal,
            How::Event => {
                let hosts = f64::from(self.plan.experiment.fleet.hosts);
                (worse.mean - normal) * hosts / 3600.0 / load
            }
            How::Slow { above } => slower(kind, above, &worse, normal),
        };
        more.clamp(0.0, 1.0) * harmed.weight
    }
}

/// By how much larger the share of slow requests is than normally.
fn slower(kind: &SignalKind, above: f64, worse: &Level, normal: f64) -> f64 {
    let SignalKind::Latency { parts, cap, .. } = kind else {
        return 0.0;
    };
    let usual = Level {
        mean: normal,
        affected: 0.0,
        slower: 1.0,
        factor: normal,
    };
    slower_share(parts, *cap, above, worse) - slower_share(parts, *cap, above, &usual)
}
