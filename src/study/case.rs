//! One scenario of a study, ready to be played.

use reports::{BoundWord, ScenarioKind};
use scenarios::{Expect, Objectives, Scenario, Verdict};
use sim_core::engine::Share;
use sim_core::{Experiment, Grid, Outcome, Plan};

use super::rate::Rate;

/// An experiment with what its scenario wants of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The name of the scenario.
    pub name: String,
    /// The experiment, resolved.
    pub plan: Plan,
    /// Whether the release deserves to be rolled out.
    pub release: Verdict,
    /// The limits that hold for such a release.
    pub limits: Objectives,
    /// Which of the limits on a rollback's deadline the scenario itself says.
    pub deadline_said: bool,
    /// What is expected of this profile of the policy; none means that a good release is completed, and
    /// that a bad one is not let through.
    pub expect: Option<Expect>,
}

impl Case {
    /// Prepares an experiment that was made from `scenario`.
    pub fn new(experiment: &Experiment, scenario: &Scenario) -> Self {
        Self::on(experiment, scenario, &Grid::of(experiment))
    }

    /// Prepares an experiment that was made from `scenario`, to be played on `grid`.
    pub fn on(experiment: &Experiment, scenario: &Scenario, grid: &Grid) -> Self {
        let expect = scenario.expect.get(&experiment.policy.profile).cloned();
        let release = scenario.release.is;
        Self {
            name: scenario.name.clone(),
            plan: Plan::on(experiment, grid),
            release,
            limits: scenario.objectives.or_defaults(release),
            deadline_said: scenario.objectives.rollback_within_deadline.is_some(),
            expect,
        }
    }

    /// Returns the experiment.
    pub const fn experiment(&self) -> &Experiment {
        &self.plan.experiment
    }

    /// Returns the kind of the release as reports name it.
    pub const fn kind(&self) -> ScenarioKind {
        match self.release {
            Verdict::Good => ScenarioKind::Good,
            Verdict::Bad => ScenarioKind::Bad,
        }
    }

    /// Says whether `rate` belongs into a rate over many scenarios.
    ///
    /// Where a scenario is made to end a good release badly, or to let a bad one through (a fleet too
    /// small for the blast radius, an operator who never answers), what it expects of this profile is
    /// held against it by [`Rate::ExpectedOutcome`]; in a rate over all scenarios it would only say
    /// that such scenarios are in the suite.
    pub fn counts_for(&self, rate: Rate) -> bool {
        let Some(expect) = &self.expect else {
            return true;
        };
        match rate {
            Rate::FalseRollback | Rate::StalledRelease => expect.outcome == Outcome::Completed,
            Rate::MissedRegression => expect.outcome != Outcome::Completed,
            // What each scenario expects is its own affair: an average would mean nothing.
            Rate::ExpectedOutcome => false,
            _ => true,
        }
    }

    /// Returns the limit on an invariant: in at most which share of the rollouts it may be broken. None
    /// where a rate about the same event has a limit, and where the scenario expects it to be broken.
    pub fn invariant_limit(&self, id: &str) -> Option<Share> {
        let expected = self.expect.iter().flat_map(|expect| &expect.breaks);
        let same = |rate: &Rate| reports::invariant_of(rate.word()) == Some(id);
        let rate = Rate::ALL.into_iter().find(same);
        let judged = rate.is_some_and(|rate| self.limit(rate).is_some());
        if judged || expected.clone().any(|broken| broken == id) {
            return None;
        }
        let said = self.limits.invariants.get(id).copied();
        Some(said.unwrap_or(Objectives::INVARIANT_DEFAULT))
    }

    /// Returns the limit on a rate over many scenarios. Rollbacks of good releases count there, although
    /// a study of a good release alone has too few of them to say anything about their deadline.
    pub fn suite_limit(&self, rate: Rate) -> Option<(BoundWord, Share)> {
        match rate {
            Rate::RollbackWithinDeadline => self.deadline(),
            _ => self.limit(rate),
        }
    }

    fn deadline(&self) -> Option<(BoundWord, Share)> {
        let limit = self.limits.rollback_within_deadline;
        let limit = self.experiment().policy.rollback.deadline.and(limit);
        limit.map(|share| (BoundWord::AtLeast, share))
    }

    /// Returns the limit on a rate and its side, where this case has one.
    pub fn limit(&self, rate: Rate) -> Option<(BoundWord, Share)> {
        let policy = &self.experiment().policy;
        let at_most = |share| (BoundWord::AtMost, share);
        let at_least = |share| (BoundWord::AtLeast, share);
        match rate {
            Rate::FalseRollback => self.limits.false_rollback.map(at_most),
            Rate::StalledRelease => self.limits.stalled_release.map(at_most),
            Rate::MissedRegression => self.limits.missed_regression.map(at_most),
            Rate::RollbackWithinDeadline => {
                let enough = self.release == Verdict::Bad || self.deadline_said;
                self.deadline().filter(|_| enough)
            }
            // A radius of the whole fleet cannot be exceeded.
            Rate::BlastWithin => policy
                .blast_radius
                .filter(|radius| radius.max < Share::ONE)
                .and(self.limits.blast_within)
                .map(at_least),
            Rate::EndedBeforeRegression | Rate::StoppedByChance | Rate::StillExposed => None,
            Rate::ExpectedOutcome => self.expect.as_ref().map(|expect| at_least(expect.at_least)),
        }
    }
}
