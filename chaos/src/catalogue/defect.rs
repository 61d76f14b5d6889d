//! Group D: defects of real systems, and evidence that is not what it seems.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::effect::{Change, Mislabel};
use sim_core::engine::{Distribution, Share, SimDuration};
use sim_core::operator::EvidenceChange;
use sim_core::policy::gate::Population;
use sim_core::policy::{EvidenceState, StepEffect};

use super::Size;
use super::lowering::{Lower, Lowering, Misfit};
use super::macros::params;

/// What is wrong with a piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// It is not there.
    Absent,
    /// It cannot be read.
    Unreadable,
    /// It says that what it checked failed.
    Red,
}

params! {
    /// A kill switch that does nothing.
    KillSwitchNoop {}
    /// Clients that go on with what they have loaded.
    StaleClients {
        /// For how much longer than the policy thinks.
        by: Distribution = Distribution::Constant(SimDuration::from_hours(2)),
    }
    /// A packet whose fields are missing.
    EvidenceIncomplete {
        /// The piece of evidence, by its id; none means the first.
        evidence: Option<String> = None,
        /// What is wrong with it.
        is: Missing = Missing::Absent,
    }
    /// Evidence that is green and says nothing.
    VacuousEvidence {
        /// The piece of evidence, by its id; none means the first.
        evidence: Option<String> = None,
    }
    /// Evidence that is green and old.
    StaleGreen {
        /// The piece of evidence, by its id; none means the first.
        evidence: Option<String> = None,
        /// How old it is.
        age: SimDuration = SimDuration::from_hours(24 * 60),
    }
    /// A calibration that was fed with what it should detect.
    CalibrationPoisoning {
        /// The signal; none means the one that the policy's triggers look at first.
        signal: Option<String> = None,
        /// How much worse both versions are while the baseline is learnt.
        by: Size = Size::Times(5.0),
        /// How much of the canary the control holds.
        share: Share = Share::ONE,
    }
    /// A new attempt that nobody has agreed to.
    RepromotionWithoutAck {
        /// How long after the rollback was called for.
        after: SimDuration = SimDuration::from_mins(5),
    }
    /// A rollback bundle with the same bad content.
    SameContentBundle {
        /// The step that restores it; none means the first that puts anything back.
        step: Option<String> = None,
    }
    /// A step of a rollback that fails.
    StepFails {
        /// The step; none means the first.
        step: Option<String> = None,
        /// How many attempts fail.
        #[schemars(range(min = 1, max = 1000))]
        times: u32 = 1000,
    }
    /// An old version that is no longer there.
    StandbyAbsent {}
}

impl Lower for KillSwitchNoop {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.needs_kill_switch()?;
        on.plays(Change::KillSwitchNoop);
        Ok(())
    }
}

impl Lower for StaleClients {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.needs_kill_switch()?;
        let by = self.by.clone();
        on.plays(Change::SwitchSlow { by });
        Ok(())
    }
}

/// Puts a piece of evidence into a state from the fault's beginning on.
fn evidence(
    on: &mut Lowering<'_>,
    named: Option<&String>,
    state: EvidenceState,
) -> Result<(), Misfit> {
    let mut declared = on.experiment.policy.evidence.iter();
    let found = declared.find(|known| named.is_none_or(|name| known.id == *name));
    let missing = || Misfit("the policy asks for no such evidence".to_owned());
    let evidence = found.ok_or_else(missing)?.id.clone();
    let from = on.at.after;
    on.plays(Change::FlawedEvidence {
        evidence: evidence.clone(),
    });
    on.lowered.evidence.push(EvidenceChange {
        evidence,
        from,
        state,
    });
    Ok(())
}

impl Lower for EvidenceIncomplete {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let good = EvidenceState::GOOD;
        let state = match self.is {
            Missing::Absent => EvidenceState {
                exists: false,
                ..good
            },
            Missing::Unreadable => EvidenceState {
                parses: false,
                ..good
            },
            Missing::Red => EvidenceState {
                passes: false,
                ..good
            },
        };
        evidence(on, self.evidence.as_ref(), state)
    }
}

impl Lower for VacuousEvidence {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let state = EvidenceState {
            says_something: false,
            ..EvidenceState::GOOD
        };
        evidence(on, self.evidence.as_ref(), state)
    }
}

impl Lower for StaleGreen {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let state = EvidenceState {
            age: self.age,
            ..EvidenceState::GOOD
        };
        evidence(on, self.evidence.as_ref(), state)
    }
}

impl Lower for CalibrationPoisoning {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let signal = on.signal(self.signal.as_ref())?;
        on.plays(self.by.of(signal.clone(), Population::Fleet));
        on.besides(Change::Mislabel(Mislabel {
            signal: Some(signal),
            from: Population::Canary,
            to: Population::Control,
            share: self.share,
            copied: true,
        }));
        Ok(())
    }
}

impl Lower for RepromotionWithoutAck {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::FixForward {
            after: self.after,
            works: false,
        });
        Ok(())
    }
}

impl Lower for SameContentBundle {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.puts_back_the_same(self.step.as_ref())
    }
}

impl Lower for StepFails {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let step = on.step(self.step.as_ref(), |_| true)?.1.id.clone();
        let times = self.times;
        on.plays(Change::StepFails { step, times });
        Ok(())
    }
}

impl Lower for StandbyAbsent {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let shifts = |effect: &StepEffect| matches!(effect, StepEffect::ShiftTraffic);
        on.step(None, shifts)?;
        on.plays(Change::StandbyAbsent);
        Ok(())
    }
}
