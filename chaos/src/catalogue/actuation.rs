//! Group C, second part: what was decided is not what happens.

use sim_core::effect::{Anchor, Change, CommandChange, CommandTrouble, Course, Direction};
use sim_core::engine::{Distribution, Share, SimDuration};
use sim_core::policy::StepEffect;
use sim_core::telemetry::SignalKind;

use super::lowering::{Lower, Lowering, Misfit};
use super::macros::params;

/// Ten seconds after the last host was reverted.
pub(super) fn after_reverted() -> Course {
    Course {
        from: Anchor::Reverted,
        after: SimDuration::from_secs(10),
        ..Course::default()
    }
}

params! {
    /// Commands that are lost.
    CmdLoss {
        /// The probability that a try is lost.
        #[schemars(range(min = 0.0, max = 1.0))]
        p: f64 = 0.3,
        /// After how long a lost command is sent again; none means never.
        retry_after: Option<SimDuration> = Some(SimDuration::from_secs(20)),
        /// Which commands; none means all.
        toward: Option<Direction> = None,
    }
    /// Commands that are late.
    CmdLate {
        /// How much later they arrive.
        delay: Distribution = Distribution::Constant(SimDuration::from_mins(2)),
        /// Which commands; none means all.
        toward: Option<Direction> = None,
    }
    /// Commands that arrive twice, each taking another host.
    CmdDup {
        /// How many hosts more, as a share of the fleet.
        hosts: Share = Share::from_ppm(50_000).expect("a twentieth"),
    }
    /// A forward command that overtakes the rollback.
    CmdReorder {
        /// How many hosts it moves, as a share of the fleet.
        hosts: Share = Share::from_ppm(50_000).expect("a twentieth"),
        /// Within how long they have moved.
        within: SimDuration = SimDuration::from_secs(30),
    }
    /// Hosts that do not obey.
    StuckHosts {
        /// Which share of the hosts.
        fraction: Share = Share::from_ppm(100_000).expect("a tenth"),
        /// Which commands; none means all.
        toward: Option<Direction> = Some(Direction::Old),
    }
    /// Hosts that need longer.
    SlowApply {
        /// By what factor.
        #[schemars(range(min = 0.001, max = 1e4))]
        factor: f64 = 10.0,
    }
    /// A rollback to something that is bad as well.
    BadTarget {
        /// The step that puts it back; none means the first that puts anything back.
        step: Option<String> = None,
    }
    /// A rollback that does not reach everything.
    PartialRollback {
        /// The step; none means the first that takes anything back.
        step: Option<String> = None,
        /// What it reaches.
        scope: Share = Share::from_ppm(500_000).expect("a half"),
    }
    /// A command that hits the hosts of the old version.
    RollbackScalesWrong {
        /// By what factor hosts need longer for lack of capacity.
        #[schemars(range(min = 0.001, max = 1e4))]
        slower: f64 = 6.0,
    }
    /// A release that was taken back and comes again.
    RollbackFlap {
        /// How many hosts, as a share of the fleet.
        hosts: Share = Share::from_ppm(50_000).expect("a twentieth"),
        /// Within how long.
        within: SimDuration = SimDuration::from_mins(1),
    }
    /// Hosts that say they were reverted and were not.
    AckLies {
        /// Which share of them.
        p: Share = Share::from_ppm(100_000).expect("a tenth"),
    }
    /// So many commands a second and no more.
    Quota {
        /// Commands a second.
        #[schemars(range(min = 0.0001, max = 1e9))]
        per_second: f64 = 0.05,
        /// Which commands; none means all.
        toward: Option<Direction> = Some(Direction::Old),
    }
    /// Updates that fail, and are tried again.
    UpdatesFail {
        /// Which share of the first tries, besides those that fail anyway.
        share: Share = Share::from_ppm(300_000).expect("three in ten"),
    }
    /// A kill switch that takes its time.
    KillSwitchSlow {
        /// How much longer.
        by: Distribution = Distribution::Constant(SimDuration::from_mins(30)),
    }
}

fn commands(toward: Option<Direction>, trouble: CommandTrouble) -> Change {
    Change::Commands(CommandChange { toward, trouble })
}

impl Lower for CmdLoss {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let trouble = CommandTrouble::Lost {
            chance: self.p,
            retry_after: self.retry_after,
        };
        on.plays(commands(self.toward, trouble));
        Ok(())
    }
}

impl Lower for CmdLate {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let trouble = CommandTrouble::Late(self.delay.clone());
        on.plays(commands(self.toward, trouble));
        Ok(())
    }
}

/// Hosts that move to the new version although nobody in charge wants it.
fn stray(on: &mut Lowering<'_>, hosts: Share, within: SimDuration) {
    let toward = Direction::New;
    on.plays(Change::StrayUpdates {
        toward,
        hosts,
        within,
    });
}

impl Lower for CmdDup {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        stray(on, self.hosts, SimDuration::ZERO);
        Ok(())
    }
}

impl Lower for CmdReorder {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        stray(on, self.hosts, self.within);
        Ok(())
    }
}

impl Lower for StuckHosts {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let stuck = commands(self.toward, CommandTrouble::Stuck);
        on.plays(stuck).hosts = Some(self.fraction);
        Ok(())
    }
}

impl Lower for SlowApply {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let factor = self.factor;
        on.plays(Change::SlowHosts { factor });
        Ok(())
    }
}

impl Lower for BadTarget {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.puts_back_the_same(self.step.as_ref())
    }
}

impl Lower for PartialRollback {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let reverts = |effect: &StepEffect| {
            matches!(
                effect,
                StepEffect::RevertHosts(_) | StepEffect::ShiftTraffic
            )
        };
        let step = on.step(self.step.as_ref(), reverts)?.1.id.clone();
        let reaches = self.scope;
        on.plays(Change::StepPartial { step, reaches });
        Ok(())
    }
}

impl Lower for RollbackScalesWrong {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let factor = self.slower;
        on.plays(Change::SlowHosts { factor });
        on.besides(Change::StandbyAbsent);
        Ok(())
    }
}

impl Lower for RollbackFlap {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        stray(on, self.hosts, self.within);
        Ok(())
    }
}

impl Lower for AckLies {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let share = self.p;
        on.plays(Change::FalseAcks { share });
        Ok(())
    }
}

impl Lower for Quota {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let per_second = self.per_second;
        on.plays(commands(
            self.toward,
            CommandTrouble::Limited { per_second },
        ));
        Ok(())
    }
}

impl Lower for UpdatesFail {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.needs_signal("signal of how updates end", |kind| {
            matches!(kind, SignalKind::Updates)
        })?;
        let share = self.share;
        on.plays(Change::UpdatesFail { share });
        Ok(())
    }
}

impl Lower for KillSwitchSlow {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.needs_kill_switch()?;
        let by = self.by.clone();
        on.plays(Change::SwitchSlow { by });
        Ok(())
    }
}
