//! Group V: the release is bad.

use sim_core::effect::{Anchor, Change, Course, DataChange, Only};
use sim_core::engine::{Share, SimDuration};
use sim_core::policy::gate::Population;
use sim_core::telemetry::{Signal, SignalKind};

use super::Size;
use super::lowering::{Lower, Lowering, Misfit, cycle};
use super::macros::params;

/// From the first exposure on, for ever.
pub(super) fn from_exposure() -> Course {
    Course {
        from: Anchor::FirstExposure,
        ..Course::default()
    }
}

params! {
    /// A step of a signal.
    Step {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse the new version is.
        by: Size = Size::Times(10.0),
    }
    /// A slow drift of a signal.
    Ramp {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse the new version is at last.
        by: Size = Size::Times(10.0),
        /// How long it takes to get there.
        over: SimDuration = SimDuration::from_hours(4),
    }
    /// Something that grows with the time that a host has been up.
    Leak {
        /// The signal; none means a gauge, or else the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How many times as much there is at the limit.
        #[schemars(range(min = 0.0, max = 1e6))]
        limit: f64 = 8.0,
        /// How long it takes to get there.
        over: SimDuration = SimDuration::from_hours(12),
    }
    /// A regression that waits.
    Latent {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse the new version is.
        by: Size = Size::Times(10.0),
        /// For how long nothing shows.
        after: SimDuration = SimDuration::from_hours(2),
    }
    /// A regression under load.
    LoadGated {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse the new version is.
        by: Size = Size::Times(10.0),
        /// Above how many requests a second it shows.
        #[schemars(range(min = 0.0, max = 1e12))]
        load_above: f64 = 100.0,
    }
    /// A regression on a part of the hosts.
    Subset {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse these hosts are.
        by: Size = Size::Times(50.0),
        /// Which share of the hosts.
        hosts: Share = Share::from_ppm(200_000).expect("a fifth"),
    }
    /// A regression that needs many hosts.
    CohortThreshold {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse the new version is.
        by: Size = Size::Times(10.0),
        /// Above which exposure it shows.
        above: Share = Share::from_ppm(200_000).expect("a fifth"),
    }
    /// An input that crashes the new code.
    Poison {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How many requests more fail, as a fraction of all.
        #[schemars(range(min = 0.0, max = 1.0))]
        rate: f64 = 0.001,
        /// For how long such inputs come.
        on: SimDuration = SimDuration::from_mins(2),
        /// How long there is none in between.
        off: SimDuration = SimDuration::from_mins(28),
    }
    /// A regression that comes and goes.
    Flapping {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse the new version is while it shows.
        by: Size = Size::Times(50.0),
        /// For how long it shows.
        on: SimDuration = SimDuration::from_mins(10),
        /// For how long it does not.
        off: SimDuration = SimDuration::from_mins(2),
    }
    /// Hosts that restart again and again.
    CrashLoop {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// The mean time between two crashes of a host.
        mtbf: SimDuration = SimDuration::from_mins(5),
        /// How long a restart takes.
        restart: SimDuration = SimDuration::from_secs(30),
    }
    /// Hosts whose configuration is not that of their version.
    ConfigSkew {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// Which share of the hosts.
        hosts: Share = Share::from_ppm(125_000).expect("an eighth"),
        /// How much worse they are.
        by: Size = Size::Times(100.0),
    }
    /// A quarrel of two versions that serve at the same time.
    MixedVersion {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse everybody is while both serve.
        by: Size = Size::Times(10.0),
        /// The exposure below which the new version is too rare to matter.
        above: Share = Share::ZERO,
    }
    /// State that the old version cannot read.
    Irreversible {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse the old version is from then on.
        by: Size = Size::Times(10.0),
        /// How much worse the new version is, which calls for a rollback in the first place.
        release: Size = Size::Times(10.0),
    }
    /// Worse results under green signals.
    Quality {
        /// The signal that shows it; none means the last level that the policy looks at.
        signal: Option<String> = None,
        /// How much worse the new version is.
        by: Size = Size::Times(3.0),
    }
    /// A change that does no harm.
    BenignShift {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// By how much the new version differs.
        by: Size = Size::Times(1.3),
        /// After how long it does no longer.
        decay: SimDuration = SimDuration::from_mins(20),
    }
    /// Events that must not happen at all.
    Security {
        /// The signal that counts them; none means the first one that counts events.
        signal: Option<String> = None,
        /// How many there are for each host and hour.
        #[schemars(range(min = 0.0, max = 1e9))]
        events: f64 = 1.0,
    }
}

const CANARY: Population = Population::Canary;

impl Lower for Step {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, CANARY));
        Ok(())
    }
}

impl Lower for Ramp {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, CANARY)).course.ramp = self.over;
        Ok(())
    }
}

impl Lower for Leak {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.gauge(self.signal.as_ref())?;
        on.plays(Size::Times(self.limit).of(signal, CANARY))
            .course
            .ramp = self.over;
        Ok(())
    }
}

impl Lower for Latent {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        let effect = on.plays(self.by.of(signal, CANARY));
        effect.course.after = effect.course.after.saturating_add(self.after);
        Ok(())
    }
}

impl Lower for LoadGated {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, CANARY)).only = Some(Only {
            load_above: Some(self.load_above),
            ..Only::default()
        });
        Ok(())
    }
}

impl Lower for Subset {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, CANARY)).hosts = Some(self.hosts);
        Ok(())
    }
}

impl Lower for CohortThreshold {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, CANARY)).only = Some(Only {
            exposure_above: Some(self.above),
            ..Only::default()
        });
        Ok(())
    }
}

impl Lower for Poison {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.summed(self.signal.as_ref())?;
        on.plays(Size::Plus(self.rate).of(signal, CANARY))
            .course
            .cycle = cycle(self.on, self.off);
        Ok(())
    }
}

impl Lower for Flapping {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, CANARY)).course.cycle = cycle(self.on, self.off);
        Ok(())
    }
}

impl Lower for CrashLoop {
    /// A host is down for restart / (mtbf + restart) of the time, and what it was asked then fails.
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.summed(self.signal.as_ref())?;
        let down = self.restart.as_secs_f64();
        let period = self.mtbf.as_secs_f64() + down;
        let part = if period > 0.0 { down / period } else { 0.0 };
        on.plays(Size::Plus(part).of(signal, CANARY));
        on.besides(Change::CounterReset(DataChange {
            signal: None,
            population: Some(CANARY),
        }));
        Ok(())
    }
}

impl Lower for ConfigSkew {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, CANARY)).hosts = Some(self.hosts);
        Ok(())
    }
}

impl Lower for MixedVersion {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, Population::Fleet)).only = Some(Only {
            exposure_above: Some(self.above),
            exposure_below: Some(Share::ONE),
            ..Only::default()
        });
        Ok(())
    }
}

impl Lower for Irreversible {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        let (release, by) = (self.release, self.by);
        on.plays(release.of(signal.clone(), CANARY));
        let old = on.besides(by.of(signal, Population::Control));
        old.course.from = Anchor::Rollback;
        old.course.after = SimDuration::ZERO;
        Ok(())
    }
}

impl Lower for Quality {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let level = |name: &String| {
            let mut signals = on.experiment.telemetry.signals.iter();
            signals
                .any(|known| known.id == *name && !matches!(known.kind, SignalKind::Count { .. }))
        };
        let looked_at = on.experiment.policy.gates.iter().map(|gate| &gate.signal);
        let last = looked_at.rev().find(|name| level(name));
        let signal = on.signal(self.signal.as_ref().or(last))?;
        on.plays(self.by.of(signal, CANARY));
        Ok(())
    }
}

impl Lower for BenignShift {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal, CANARY)).course.lasts = Some(self.decay);
        Ok(())
    }
}

impl Lower for Security {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let counts = |signal: &Signal| matches!(signal.kind, SignalKind::Count { .. });
        let signal = on.signal_where("count of events", self.signal.as_ref(), counts)?;
        on.plays(Size::Plus(self.events).of(signal, CANARY));
        Ok(())
    }
}
