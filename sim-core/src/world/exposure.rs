//! Exposure: waves of updates and reverts, and the largest share that they reach.

use super::{Happening, Then, World};
use crate::address;
use crate::effect::{Anchor, Change};
use crate::engine::{Share, SimTime};
use crate::fleet::{Start, Toward, Update, WaveDraws};
use crate::history::Event;
use crate::traffic::Split;

impl World<'_> {
    /// Begins to move `units` units with the delays of `update`; the end of the wave is planned as
    /// `done`.
    pub fn begin_wave(&mut self, toward: Toward, units: u32, update: &Update, done: Happening) {
        let draws = WaveDraws {
            key: self.key,
            purpose: address::WAVE,
            wave: self.waves,
        };
        self.waves += 1;
        let place = (self.now, self.slowness(units));
        // A router gets one command, whatever share of the requests it moves.
        let by_host = self.plan.experiment.traffic.split == Split::ByHost;
        let commands = if by_host { units } else { units.min(1) };
        let delays = self.command_delays(toward, commands);
        let wave = Start {
            update,
            place,
            delays: &delays,
        };
        let last = self.spread.begin(toward, units, &wave, draws);
        if toward == Toward::New && units > 0 {
            self.expose(self.spread.changes().first().copied());
        }
        self.plan_in(last.saturating_since(self.now), Then::World, done);
    }

    /// By what factor hosts are slower than normal.
    fn slowness(&mut self, units: u32) -> f64 {
        let mut slowness = 1.0;
        for (index, plan) in self.plan.effects.iter().enumerate() {
            let Change::SlowHosts { factor } = plan.effect.change else {
                continue;
            };
            let factor = 1.0 + (factor - 1.0) * self.conditions.strength(index, self.now);
            slowness *= factor;
            if factor != 1.0 && units > 0 {
                self.conditions.show(index);
            }
        }
        slowness
    }

    /// Notes when the first unit serves the new version; hosts that obey nobody never do.
    fn expose(&mut self, first: Option<SimTime>) {
        let Some(first) = first.filter(|first| *first < SimTime::MAX) else {
            return;
        };
        if self.conditions.first_exposure.is_none() {
            self.conditions.first_exposure = Some(first);
            self.anchor_comes(Anchor::FirstExposure, first);
        }
    }

    /// Returns the share of units on the new version now, rounded up: any host counts.
    pub fn reached(&self) -> Share {
        let units = u64::from(self.spread.units_at(self.now));
        let ppm = (units * 1_000_000).div_ceil(u64::from(self.plan.units));
        Share::from_ppm(ppm as u32).expect("units are a part of the whole")
    }

    /// Writes the exposure down where it has changed since the last time.
    ///
    /// It is called at every turning point (the end of a wave, a wave broken off, the end of the
    /// rollout), so no extreme is missed: between turning points exposure only rises or only falls.
    pub fn note_exposure(&mut self) {
        let reached = self.reached();
        if self.exposure_noted != reached {
            self.exposure_noted = reached;
            self.record(Event::Exposure { reached });
        }
        self.exposure.reached_max = self.exposure.reached_max.max(reached);
        self.note_cohorts();
    }

    /// Users are the same ones: those who join last leave first.
    pub fn note_cohorts(&mut self) {
        if !matches!(
            self.plan.experiment.traffic.split,
            Split::StickyUsers { .. }
        ) {
            return;
        }
        let units = self.spread.units_at(self.now);
        let mut inside = 0;
        self.cohorts.retain_mut(|(_, of)| {
            *of = (*of).min(units - inside);
            inside += *of;
            *of > 0
        });
        if units > inside {
            self.cohorts.push((self.now, units - inside));
        }
    }
}
