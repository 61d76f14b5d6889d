//! The work queue: what a drain or a kill switch finds there.

use super::Plant;
use crate::address;
use crate::engine::{SimDuration, SimTime, sample};
use crate::fleet::capacity::Station;
use crate::history::Event;

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
        let mut station = Station::new(work.workers, None);
        let horizon = SimTime::after(work.warm_up);
        let mut at = SimTime::ZERO;
        loop {
            let gap = sample::exponential(&mut draws, 3600.0 / work.jobs_per_hour);
            at = at.saturating_add(SimDuration::from_secs_f64(gap));
            if at > horizon {
                break;
            }
            while station.depart_by(at).is_some() {}
            station.arrive(at, work.takes.sample(&mut draws));
        }
        while station.depart_by(horizon).is_some() {}
        let drained = station.drain(horizon);
        let (cancelled, finished) = (drained.cancelled as u32, drained.finishing);
        self.record(Event::Drained {
            cancelled,
            finished,
        });
        drained.empty_after
    }
}
