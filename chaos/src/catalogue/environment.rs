//! Group E: the surroundings are bad.

use sim_core::effect::{Anchor, Change, Course, Direction, HostReturn};
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::gate::Population;

use super::Size;
use super::lowering::{Lower, Lowering, Misfit, cycle};
use super::macros::params;

/// Half an hour, from ten minutes after the first exposure on.
pub(super) fn for_half_an_hour() -> Course {
    Course {
        from: Anchor::FirstExposure,
        after: SimDuration::from_mins(10),
        lasts: Some(SimDuration::from_mins(30)),
        ..Course::default()
    }
}

/// From the beginning of the rollback on.
pub(super) fn from_rollback() -> Course {
    Course {
        from: Anchor::Rollback,
        ..Course::default()
    }
}

params! {
    /// A zone that is lost and comes back.
    ZoneLoss {
        /// The share of the fleet that is in the zone.
        zone: Share = Share::from_ppm(250_000).expect("a quarter"),
        /// With which version its hosts come back.
        returning: HostReturn = HostReturn::Same,
    }
    /// Hosts that crash and restart.
    HostCrash {
        /// The share of the fleet that is down at a time.
        share: Share = Share::from_ppm(50_000).expect("a twentieth"),
        /// How long a restart takes.
        down: SimDuration = SimDuration::from_mins(2),
        /// How long it is until the next ones crash.
        up: SimDuration = SimDuration::from_mins(20),
        /// With which version they come back.
        replacement: HostReturn = HostReturn::Same,
    }
    /// A dependency that is slow or fails for everybody.
    Brownout {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse everybody is.
        by: Size = Size::Times(5.0),
    }
    /// More traffic.
    Surge {
        /// How many times as much.
        #[schemars(range(min = 1.0, max = 1e4))]
        factor: f64 = 4.0,
        /// How long it takes to get there.
        ramp: SimDuration = SimDuration::ZERO,
    }
    /// Less traffic.
    Trough {
        /// Which part is left.
        #[schemars(range(min = 0.0, max = 1.0))]
        factor: f64 = 0.01,
    }
    /// Retries that keep a system down after what took it down is gone.
    RetryStorm {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How many times the load there is.
        #[schemars(range(min = 1.0, max = 1e4))]
        amplification: f64 = 3.0,
        /// How much worse everybody is.
        by: Size = Size::Times(10.0),
    }
    /// Hosts that start at the same time and hold each other up.
    RestartHerd {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse everybody is.
        by: Size = Size::Times(5.0),
        /// By what factor hosts need longer.
        #[schemars(range(min = 0.001, max = 1e4))]
        slower: f64 = 4.0,
    }
    /// A failure that the users see and the detector does not.
    Gray {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse the new version is.
        by: Size = Size::Times(10.0),
    }
    /// A few hosts that are slow.
    FailSlow {
        /// The signal; none means a latency, or else the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// Which share of the hosts.
        hosts: Share = Share::from_ppm(50_000).expect("a twentieth"),
        /// By what factor they are slower.
        #[schemars(range(min = 0.0, max = 1e6))]
        factor: f64 = 5.0,
    }
    /// Hosts that are added in the middle of a stage.
    Autoscale {
        /// How many hosts, as a share of the fleet.
        hosts: Share = Share::from_ppm(100_000).expect("a tenth"),
        /// With which version.
        version: Direction = Direction::New,
        /// Within how long they are there.
        within: SimDuration = SimDuration::from_mins(2),
    }
    /// Somebody else's change at the same time.
    ConcurrentChange {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse everybody is.
        by: Size = Size::Times(5.0),
    }
    /// Capacity of the old version that is gone when it is needed.
    CapacityLossInRollback {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// By what factor hosts need longer to warm up.
        #[schemars(range(min = 0.001, max = 1e4))]
        slower: f64 = 4.0,
        /// How much worse the old version is until then.
        by: Size = Size::Times(5.0),
    }
    /// A clock that is wrong.
    Clock {
        /// By how much the evaluator's clock is ahead.
        ahead: SimDuration = SimDuration::from_mins(20),
        /// By how much it is behind.
        behind: SimDuration = SimDuration::ZERO,
        /// How fast it runs.
        #[schemars(range(min = 0.001, max = 1000.0))]
        rate: f64 = 1.0,
    }
}

const FLEET: Population = Population::Fleet;

impl Lower for ZoneLoss {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::HostsLost {
            share: self.zone,
            returning: self.returning,
        });
        Ok(())
    }
}

impl Lower for HostCrash {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let lost = on.plays(Change::HostsLost {
            share: self.share,
            returning: self.replacement,
        });
        lost.course.cycle = cycle(self.down, self.up);
        Ok(())
    }
}

impl Lower for Brownout {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, FLEET));
        Ok(())
    }
}

impl Lower for Surge {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let factor = self.factor;
        on.plays(Change::Load { factor }).course.ramp = self.ramp;
        Ok(())
    }
}

impl Lower for Trough {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let factor = self.factor;
        on.plays(Change::Load { factor });
        Ok(())
    }
}

impl Lower for RetryStorm {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, FLEET));
        let factor = self.amplification;
        on.besides(Change::Load { factor });
        Ok(())
    }
}

impl Lower for RestartHerd {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        let factor = self.slower;
        on.plays(Change::SlowHosts { factor });
        on.besides(self.by.of(signal, FLEET));
        Ok(())
    }
}

impl Lower for Gray {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        let seen = on.data(Some(&signal), None)?;
        on.plays(Change::Freeze(seen));
        on.besides(self.by.of(signal, Population::Canary));
        Ok(())
    }
}

impl Lower for FailSlow {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.latency(self.signal.as_ref())?;
        on.plays(Size::Times(self.factor).of(signal, FLEET)).hosts = Some(self.hosts);
        Ok(())
    }
}

impl Lower for Autoscale {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::StrayUpdates {
            toward: self.version,
            hosts: self.hosts,
            within: self.within,
        });
        Ok(())
    }
}

impl Lower for ConcurrentChange {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, FLEET));
        Ok(())
    }
}

impl Lower for CapacityLossInRollback {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        let factor = self.slower;
        on.plays(Change::SlowHosts { factor });
        on.besides(self.by.of(signal, Population::Control));
        Ok(())
    }
}

impl Lower for Clock {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::Clock {
            ahead: self.ahead,
            behind: self.behind,
            rate: self.rate,
        });
        Ok(())
    }
}
