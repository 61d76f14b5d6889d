//! Pods and routes: hosts that serve nobody until a router or a service sends them something.

use super::{Plant, ScheduledEvent};
use crate::address;
use crate::engine::{Share, SimDuration, SimTime};
use crate::fleet::{Toward, Update, Wave, WaveDraws};
use crate::traffic::Split;

impl Plant<'_> {
    /// Starts `pods` pods of one version beside what there is, and returns when each of them is ready: as the fleet's
    /// updates take their time, and later by what goes wrong with commands.
    pub fn start_pods(&mut self, toward: Toward, pods: u32) -> Vec<SimTime> {
        let draws = WaveDraws {
            key: self.key,
            purpose: address::WAVE,
            wave: self.deployment.waves,
        };
        self.deployment.waves += 1;
        let place = (self.now(), self.slowness(pods));
        let delays = self.command_delays(toward, pods);
        let update = &self.plan.experiment.fleet.update;
        let wave = Wave::delayed(0..pods, update, place, draws, &delays);
        wave.finishes().to_vec()
    }

    /// Lets a router send so many units to the new version: at once, or when the command arrives that is late. `done`
    /// comes then.
    pub fn route(&mut self, units: u32, done: ScheduledEvent) {
        let now = self.now();
        self.deployment.versions.break_off(now);
        let there = self.committed();
        let toward = if units > there {
            Toward::New
        } else {
            Toward::Old
        };
        self.begin_wave(toward, units.abs_diff(there), &Update::AT_ONCE, done);
        self.note_exposure();
    }

    /// Returns how many other releases have come within `elapsed` of this one's taking over; no more than are ever kept.
    pub fn releases_by(&self, elapsed: SimDuration) -> u32 {
        const MOST: u32 = 1000;
        let Some(gap) = &self.plan.experiment.fleet.next_releases else {
            return 0;
        };
        let mut at = SimDuration::ZERO;
        let comes = |number: &u32| {
            let mut draws = self.key.draws(address::RELEASES, 0, *number);
            at = at.saturating_add(gap.sample(&mut draws));
            at <= elapsed
        };
        (0..MOST).take_while(comes).count() as u32
    }

    /// How many units a share of the requests is, as the splitter of the world makes it.
    pub fn units_of(&self, share: f64) -> u32 {
        let part = |of: f64| (of * share.clamp(0.0, 1.0)).round() as u32;
        if self.plan.experiment.traffic.split == Split::ByHost {
            return part(f64::from(self.plan.units));
        }
        self.reached_units(Share::from_ppm(part(1e6)).unwrap_or(Share::ONE))
    }

    /// Lets so many units be served by the new version from now on, as pods come and go.
    pub fn serve(&mut self, units: u32) {
        self.note_exposure();
        self.deployment.versions.cut(units);
        if units > 0 {
            self.expose(Some(self.now()));
        }
        self.note_exposure();
    }
}
