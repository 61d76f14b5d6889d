//! Group C, first part: the controller is gone, late, split or does not look.

use sim_core::effect::{Anchor, Change, Course, Direction, Memory, Misread, Misreading};
use sim_core::engine::{Share, SimDuration};

use super::lowering::{Lower, Lowering, Misfit};
use super::macros::params;

/// Ten minutes, from half an hour after the first exposure on.
pub(super) fn ten_minutes() -> Course {
    Course {
        from: Anchor::FirstExposure,
        after: SimDuration::from_mins(30),
        lasts: Some(SimDuration::from_mins(10)),
        ..Course::default()
    }
}

/// A minute and a half, from two seconds after the beginning of the rollback on.
pub(super) fn in_rollback() -> Course {
    Course {
        from: Anchor::Rollback,
        after: SimDuration::from_secs(2),
        lasts: Some(SimDuration::from_secs(90)),
        ..Course::default()
    }
}

params! {
    /// The controller dies and comes back.
    Crash {
        /// What it has forgotten then.
        forgets: Vec<Memory> = vec![Memory::Windows, Memory::Timer],
    }
    /// Another instance takes over, with everything that was written down.
    Failover {
        /// What was not written down.
        lost_writes: Vec<Memory> = Vec::new(),
    }
    /// A second leader that acts on what it knew.
    SplitBrain {
        /// How many hosts it sends to the new version, as a share of the fleet.
        hosts: Share = Share::from_ppm(100_000).expect("a tenth"),
        /// Within how long.
        overlap: SimDuration = SimDuration::from_secs(30),
    }
    /// Nobody evaluates; everything else goes on.
    EvaluatorStopped {}
    /// Evaluations come more rarely than the policy says.
    EvaluatorSlow {
        /// Every how many beats one takes place.
        #[schemars(range(min = 1, max = 1_000_000))]
        keep_every: u32 = 10,
    }
    /// Triggers are not looked at in some state.
    TriggerMasked {
        /// The stage, by its id; none means all of them.
        stage: Option<String> = None,
    }
    /// Success is reported before the analysis that fails has ended.
    VerdictRace {
        /// How much too early the window is taken to be over.
        early: SimDuration = SimDuration::from_mins(30),
    }
    /// A gate is left out.
    SkipGate {
        /// The gate, by its id; none means all of them.
        gate: Option<String> = None,
    }
    /// The policy is edited while it is carried out: limits are another by a factor.
    ConfigReload {
        /// The signal whose limits are edited; none means all.
        signal: Option<String> = None,
        /// By what factor.
        #[schemars(range(min = 0.001, max = 1e6))]
        factor: f64 = 10.0,
    }
    /// The controller runs on what it rolls out, and goes down with it.
    SharedFate {
        /// What it has forgotten when it is back.
        forgets: Vec<Memory> = Vec::new(),
    }
}

impl Lower for Crash {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let forgets = self.forgets.clone();
        on.plays(Change::ControllerDown { forgets });
        Ok(())
    }
}

impl Lower for Failover {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let forgets = self.lost_writes.clone();
        on.plays(Change::ControllerDown { forgets });
        Ok(())
    }
}

impl Lower for SplitBrain {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::StrayUpdates {
            toward: Direction::New,
            hosts: self.hosts,
            within: self.overlap,
        });
        Ok(())
    }
}

impl Lower for EvaluatorStopped {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::SkipBeats { keep_every: None });
        Ok(())
    }
}

impl Lower for EvaluatorSlow {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let keep_every = Some(self.keep_every);
        on.plays(Change::SkipBeats { keep_every });
        Ok(())
    }
}

impl Lower for TriggerMasked {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let stages = &on.experiment.policy.stages;
        let known = |id: &String| stages.iter().any(|stage| stage.id == *id);
        if let Some(id) = self.stage.as_ref().filter(|id| !known(id)) {
            return Err(Misfit(format!("no stage is called `{id}`")));
        }
        let stage = self.stage.clone();
        on.plays(Change::MaskTriggers { stage });
        Ok(())
    }
}

impl Lower for VerdictRace {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::Clock {
            ahead: self.early,
            behind: SimDuration::ZERO,
            rate: 1.0,
        });
        Ok(())
    }
}

impl Lower for SkipGate {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let gates = &on.experiment.policy.gates;
        let known = |id: &String| gates.iter().any(|gate| gate.id == *id);
        if let Some(id) = self.gate.as_ref().filter(|id| !known(id)) {
            return Err(Misfit(format!("no gate is called `{id}`")));
        }
        let gate = self.gate.clone();
        on.plays(Change::PassGates { gate });
        Ok(())
    }
}

impl Lower for ConfigReload {
    /// A limit that is so many times as large is a value that is as many times smaller.
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let of = on.data(self.signal.as_ref(), None)?;
        let reads = Misreading::Times(1.0 / self.factor);
        on.plays(Change::Misread(Misread {
            of,
            measure: None,
            reads,
        }));
        Ok(())
    }
}

impl Lower for SharedFate {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let forgets = self.forgets.clone();
        on.plays(Change::ControllerDown { forgets });
        Ok(())
    }
}
