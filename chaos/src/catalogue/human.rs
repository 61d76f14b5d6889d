//! Group H: people.

use sim_core::effect::{AnswerChange, AnswerTrouble, Change, Direction, Slip};
use sim_core::engine::{Distribution, Share, SimDuration};
use sim_core::policy::Waiver;

use super::lowering::{Lower, Lowering, Misfit};
use super::macros::params;

params! {
    /// An answer that comes late.
    AckLate {
        /// Who is late; none means everybody.
        role: Option<String> = None,
        /// How much longer an answer takes.
        delay: Distribution = Distribution::Lognormal {
            median: SimDuration::from_mins(10),
            sigma: 1.09,
        },
    }
    /// An answer that nobody has thought about.
    AckRash {
        /// Who is rash; none means everybody.
        role: Option<String> = None,
    }
    /// An answer that is given twice.
    AckTwice {
        /// Who says it twice; none means everybody.
        role: Option<String> = None,
        /// How long after the first time.
        again: SimDuration = SimDuration::from_secs(20),
    }
    /// A waiver that does not count, and is accepted.
    WaiverWrong {
        /// How many people approved it.
        #[schemars(range(min = 0, max = 9))]
        approvers: u32 = 1,
        /// How long ago it was approved.
        age: SimDuration = SimDuration::from_hours(24),
        /// For how long it was approved.
        valid_for: SimDuration = SimDuration::from_hours(24 * 30),
        /// The rule that it waives.
        rule: String = "CM204".to_owned(),
    }
    /// A pause that nobody ends.
    PauseForgotten {
        /// Who forgets it; none means everybody.
        role: Option<String> = None,
    }
    /// An approval with a time limit that nobody gives.
    NoApproval {}
    /// Two steps of a rollback in each other's place.
    FallbackMisordered {
        /// The number of one of them, from 0.
        #[schemars(range(min = 0, max = 1000))]
        first: u16 = 0,
        /// The number of the other one.
        #[schemars(range(min = 0, max = 1000))]
        second: u16 = 1,
    }
    /// A step of a rollback that is left out.
    StepSkipped {
        /// Its number, from 0.
        #[schemars(range(min = 0, max = 1000))]
        step: u16 = 0,
    }
    /// Somebody says that it is fine.
    OverrideAdvance {}
    /// A new version instead of a rollback.
    FixForward {
        /// How long it takes to make it.
        delay: SimDuration = SimDuration::from_mins(30),
        /// Whether it mends anything.
        works: bool = false,
    }
    /// A percentage that is applied to the wrong pool.
    WrongCohort {
        /// How many hosts get the new version besides, as a share of the fleet.
        hosts: Share = Share::from_ppm(100_000).expect("a tenth"),
        /// Within how long.
        within: SimDuration = SimDuration::from_mins(1),
    }
    /// A command that hits more than was meant.
    TypoScope {
        /// How many times as much as the first stage's target.
        #[schemars(range(min = 1.0, max = 1e6))]
        factor: f64 = 10.0,
        /// Within how long.
        within: SimDuration = SimDuration::from_mins(1),
    }
    /// A second rollback order, by somebody who did not know of the first.
    ShiftHandover {
        /// The number of the step that is taken twice, from 0.
        #[schemars(range(min = 0, max = 1000))]
        step: u16 = 0,
    }
    /// A deadline that shortens windows.
    Freeze {
        /// What is left of each window.
        #[schemars(range(min = 0.001, max = 1.0))]
        factor: f64 = 0.5,
    }
}

/// Something goes wrong with the answers of a role, or of everybody.
fn answers(
    on: &mut Lowering<'_>,
    role: Option<&String>,
    trouble: AnswerTrouble,
) -> Result<(), Misfit> {
    on.needs_people(role)?;
    let role = role.cloned();
    on.plays(Change::Answers(AnswerChange { role, trouble }));
    Ok(())
}

impl Lower for AckLate {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        answers(
            on,
            self.role.as_ref(),
            AnswerTrouble::Late(self.delay.clone()),
        )
    }
}

impl Lower for AckRash {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        answers(on, self.role.as_ref(), AnswerTrouble::Rash)
    }
}

impl Lower for AckTwice {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        answers(on, self.role.as_ref(), AnswerTrouble::Twice(self.again))
    }
}

impl Lower for WaiverWrong {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::AcceptWaivers);
        on.lowered.waivers.push(Waiver {
            rule: self.rule.clone(),
            approvers: (1..=self.approvers)
                .map(|n| format!("approver {n}"))
                .collect(),
            age: self.age,
            valid_for: self.valid_for,
            rationale: "there is no time".to_owned(),
        });
        Ok(())
    }
}

impl Lower for PauseForgotten {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        answers(on, self.role.as_ref(), AnswerTrouble::Unheard)
    }
}

impl Lower for NoApproval {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let mut stages = on.experiment.policy.stages.iter();
        let limited = stages.find(|stage| stage.approval_within.is_some());
        let role = limited.and_then(|stage| stage.approval.clone());
        let missing = || Misfit("no approval has a time limit".to_owned());
        let role = role.ok_or_else(missing)?;
        answers(on, Some(&role), AnswerTrouble::Unheard)
    }
}

/// A slip in a rollback that has the steps for it.
fn slips(on: &mut Lowering<'_>, slip: Slip, last: u16, least: usize) -> Result<(), Misfit> {
    let steps = on.experiment.policy.rollback.steps.len();
    if usize::from(last) >= steps || steps < least {
        return Err(Misfit(format!("the rollback has only {steps} steps")));
    }
    on.plays(Change::Runbook(slip));
    Ok(())
}

impl Lower for FallbackMisordered {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let (first, second) = (self.first, self.second);
        if first == second {
            return Err(Misfit("a step cannot change places with itself".to_owned()));
        }
        slips(on, Slip::Swaps { first, second }, first.max(second), 2)
    }
}

impl Lower for StepSkipped {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        slips(on, Slip::Skips(self.step), self.step, 2)
    }
}

impl Lower for OverrideAdvance {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::Promote);
        Ok(())
    }
}

impl Lower for FixForward {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::FixForward {
            after: self.delay,
            works: self.works,
        });
        Ok(())
    }
}

/// More hosts on the new version than anybody meant.
fn too_many(on: &mut Lowering<'_>, hosts: Share, within: SimDuration) {
    let toward = Direction::New;
    on.plays(Change::StrayUpdates {
        toward,
        hosts,
        within,
    });
}

impl Lower for WrongCohort {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        too_many(on, self.hosts, self.within);
        Ok(())
    }
}

impl Lower for TypoScope {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        let target = on.experiment.policy.stages[0].target.as_f64();
        let more = (target * (self.factor - 1.0)).clamp(0.0, 1.0);
        too_many(
            on,
            Share::from_fraction(more).unwrap_or(Share::ONE),
            self.within,
        );
        Ok(())
    }
}

impl Lower for ShiftHandover {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        slips(on, Slip::Repeats(self.step), self.step, 1)
    }
}

impl Lower for Freeze {
    fn lower(&self, on: &mut Lowering<'_>) -> Result<(), Misfit> {
        on.plays(Change::Clock {
            ahead: SimDuration::ZERO,
            behind: SimDuration::ZERO,
            rate: 1.0 / self.factor,
        });
        Ok(())
    }
}
