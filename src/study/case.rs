//! One scenario of a study, ready to be played.

use reports::{BoundWord, ScenarioKind};
use scenarios::{Expect, Objectives, Scenario, Verdict};
use sim_core::engine::Share;
use sim_core::{Experiment, Grid, Outcome, Plan};

use super::facts::Rate;

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
    /// What is expected of this profile of the policy.
    pub expect: Option<Expect>,
    /// Whether the scenario says anything about what is wanted, rather than only what happens.
    pub wants: bool,
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
            wants: expect.is_some() || scenario.objectives != Objectives::default(),
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
            Rate::RollbackWithinDeadline | Rate::BlastWithin => true,
        }
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
            Rate::RollbackWithinDeadline => policy
                .rollback
                .deadline
                .and(self.limits.rollback_within_deadline)
                .map(at_least),
            Rate::BlastWithin => policy
                .blast_radius
                .and(self.limits.blast_within)
                .map(at_least),
            Rate::ExpectedOutcome => self.expect.as_ref().map(|expect| at_least(expect.at_least)),
        }
    }
}
