//! Exposure: waves of updates and reverts, and the largest share that they reach.

use super::{EventPriority, Plant, ScheduledEvent};
use crate::address;
use crate::effect::{Anchor, Change};
use crate::engine::{Share, SimTime};
use crate::fleet::{Start, Toward, Update, WaveDraws};
use crate::history::Event;
use crate::traffic::Split;

impl Plant<'_> {
    /// Begins to move `units` units with the delays of `update`; the end of the wave is planned as
    /// `done`.
    pub fn begin_wave(
        &mut self,
        toward: Toward,
        units: u32,
        update: &Update,
        done: ScheduledEvent,
    ) {
        let draws = WaveDraws {
            key: self.key,
            purpose: address::WAVE,
            wave: self.deployment.waves,
        };
        self.deployment.waves += 1;
        let failing = self.failing(toward, units, update);
        let update = failing.as_ref().unwrap_or(update);
        let place = (self.now(), self.slowness(units));
        // A router gets one command, whatever share of the requests it moves.
        let by_host = self.plan.experiment.traffic.split == Split::ByHost;
        let commands = if by_host { units } else { units.min(1) };
        let delays = self.command_delays(toward, commands);
        let wave = Start {
            update,
            place,
            delays: &delays,
        };
        let last = self.deployment.versions.begin(toward, units, &wave, draws);
        if self.plan.tells_updates {
            let tries = self.deployment.versions.tries(update, draws);
            self.deployment.tries.extend(tries);
        }
        if toward == Toward::New {
            self.replace_workers(units);
        }
        if toward == Toward::New && units > 0 {
            self.expose(self.deployment.versions.changes().first().copied());
        }
        self.schedule(
            last.saturating_since(self.now()),
            EventPriority::World,
            done,
        );
    }

    /// The units that a declared share means: whole hosts as the policy rounds them, or what the splitter makes of it.
    pub fn reached_units(&self, share: Share) -> u32 {
        let experiment = &self.plan.experiment;
        if experiment.traffic.split == Split::ByHost {
            let hosts = u64::from(self.plan.units);
            return experiment.policy.rounding.apply(share, hosts) as u32;
        }
        self.deployment.reach.of(share).ppm()
    }

    /// The units that serve the new version, or have been told to.
    pub fn committed(&self) -> u32 {
        self.deployment.versions.committed(self.now())
    }

    /// The units that serve the new version.
    pub fn serving(&self) -> u32 {
        self.deployment.versions.units_at(self.now())
    }

    /// Whether units are on their way.
    pub fn is_moving(&self) -> bool {
        self.deployment.versions.is_moving(self.now())
    }

    /// Commands no more of the units on which nothing has begun.
    pub fn break_off(&mut self) {
        let now = self.now();
        self.deployment.versions.break_off(now);
        self.deployment.drop_tries(now);
    }

    /// Leaves so many units on the new version, at once.
    pub fn cut(&mut self, left: u32) {
        self.deployment.versions.cut(left);
    }

    /// By what factor hosts are slower than normal.
    pub(super) fn slowness(&mut self, units: u32) -> f64 {
        let mut slowness = 1.0;
        for (index, plan) in self.plan.effects.iter().enumerate() {
            let Change::SlowHosts { factor } = plan.effect.change else {
                continue;
            };
            let slower = |strength| {
                let factor: f64 = 1.0 + (factor - 1.0) * strength;
                (factor, factor != 1.0 && units > 0)
            };
            slowness *= self
                .conditions
                .acting(index, self.now(), slower)
                .unwrap_or(1.0);
        }
        slowness
    }

    /// The update as it goes where more of them fail than usual; none where nothing makes them fail.
    fn failing(&mut self, toward: Toward, units: u32, update: &Update) -> Option<Update> {
        let mut fine = 1.0 - update.fails;
        for (index, plan) in self.plan.effects.iter().enumerate() {
            let Change::UpdatesFail { share } = plan.effect.change else {
                continue;
            };
            let part = |strength| (share.as_f64() * strength, units > 0);
            if toward == Toward::New {
                let part = self.conditions.acting(index, self.now(), part);
                fine *= 1.0 - part.unwrap_or(0.0);
            }
        }
        let fails = 1.0 - fine;
        (fine < 1.0 - update.fails).then(|| Update {
            fails,
            ..update.clone()
        })
    }

    /// Notes when the first unit serves the new version; hosts that obey nobody never do.
    pub(super) fn expose(&mut self, first: Option<SimTime>) {
        let Some(first) = first.filter(|first| *first < SimTime::MAX) else {
            return;
        };
        if self
            .conditions
            .faults
            .note_anchor(Anchor::FirstExposure, first)
        {
            self.anchor_comes(Anchor::FirstExposure, first);
        }
    }

    /// Returns the share of units on the new version now, rounded up: any host counts.
    pub fn reached(&self) -> Share {
        let units = u64::from(self.deployment.versions.units_at(self.now()));
        let ppm = (units * 1_000_000).div_ceil(u64::from(self.plan.units));
        Share::from_ppm(ppm as u32).expect("units are a part of the whole")
    }

    /// Writes the exposure down where it has changed since the last time.
    ///
    /// It is called at every turning point (the end of a wave, a wave broken off, the end of the
    /// rollout), so no extreme is missed: between turning points exposure only rises or only falls.
    pub fn note_exposure(&mut self) {
        let reached = self.reached();
        if self.deployment.exposure_noted != reached {
            self.deployment.exposure_noted = reached;
            self.record(Event::Exposure { reached });
        }
        self.deployment.exposure.reached_max = self.deployment.exposure.reached_max.max(reached);
        self.note_joined();
    }

    /// Users are the same ones: those who join last leave first.
    pub(super) fn note_joined(&mut self) {
        if self.plan.experiment.traffic.split.visitors().is_none() {
            return;
        }
        let (now, units) = (self.now(), self.serving());
        let mut inside = 0;
        self.deployment.joined.retain_mut(|(_, of)| {
            *of = (*of).min(units - inside);
            inside += *of;
            *of > 0
        });
        if units > inside {
            self.deployment.joined.push((now, units - inside));
        }
    }
}
