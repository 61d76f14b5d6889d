//! The work queue: what a drain or a kill switch finds there.

use super::Plant;
use crate::address;
use crate::engine::{Draws, SimDuration, SimTime, sample};
use crate::fleet::capacity::Station;
use crate::history::Event;
use crate::traffic::Work;

impl Plant<'_> {
    /// Shuts the work queue: pending jobs are cancelled, running ones finish. Returns how long that takes.
    ///
    /// The queue has no influence on anything before somebody shuts it, so it is played only now: from
    /// empty, for long enough before this instant that its start is forgotten.
    pub fn drain_queue(&mut self, attempt: u16) -> SimDuration {
        let Some(work) = &self.plan.experiment.traffic.work else {
            return SimDuration::ZERO;
        };
        let mut draws = self.key.draws(address::QUEUE, u32::from(attempt), 0);
        let (mut station, now) = warmed_up(work, &mut draws);
        let drained = station.drain(now);
        let (cancelled, finished) = (drained.cancelled as u32, drained.finishing);
        self.record(Event::Drained {
            cancelled,
            finished,
        });
        drained.empty_after
    }

    /// So many units get the new version, and the workers among them are replaced: jobs that still run after the grace are
    /// killed. Nothing is lost where no grace is declared.
    pub(super) fn replace_workers(&mut self, units: u32) {
        let Some(work) = &self.plan.experiment.traffic.work else {
            return;
        };
        let Some(grace) = work.grace.filter(|_| units > 0) else {
            return;
        };
        let wave = address::REPLACED + self.deployment.waves;
        let mut draws = self.key.draws(address::QUEUE, wave, 0);
        let (mut station, now) = warmed_up(work, &mut draws);
        let running = u64::from(station.drain(now).finishing);
        let after = now.saturating_add(grace);
        while station.depart_by(after).is_some() {}
        let part = f64::from(units) / f64::from(self.plan.units);
        let replaced = (f64::from(work.workers) * part)
            .ceil()
            .min(f64::from(work.workers)) as u64;
        let late = u64::from(station.running());
        // Which of the workers are replaced is left to chance.
        let lost = sample::hypergeometric(&mut draws, u64::from(work.workers), late, replaced);
        let lost = lost as u32;
        let running = running as u32;
        self.recorder.harm.lost_jobs += u64::from(lost);
        self.record(Event::WorkLost { running, lost });
    }
}

/// The queue at the end of its warm-up, and that instant.
fn warmed_up(work: &Work, draws: &mut Draws) -> (Station, SimTime) {
    let mut station = Station::new(work.workers, None);
    let horizon = SimTime::after(work.warm_up);
    let mut at = SimTime::ZERO;
    loop {
        let gap = sample::exponential(draws, 3600.0 / work.jobs_per_hour);
        at = at.saturating_add(SimDuration::from_secs_f64(gap));
        if at > horizon {
            break;
        }
        while station.depart_by(at).is_some() {}
        station.arrive(at, work.takes.sample(draws));
    }
    while station.depart_by(horizon).is_some() {}
    (station, horizon)
}
