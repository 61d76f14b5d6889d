//! The one check of a policy and all that it is played in: `lint` prints what it finds, and what plays
//! rollouts refuses to.

use std::path::Path;

use scenarios::{Document, Report, Scenario, WorldSource, files, lint};
use sim_core::Experiment;

use super::merge::merged;
use super::policy::{ChosenPolicy, PolicySource};
use super::policy_args::PolicyArgs;
use super::scenario::{ChosenScenario, assumed, find_scenario, find_suite};
use crate::cli::failure::Failure;

/// A policy and the scenarios that it is to be played in: each sound, and fitting together.
#[derive(Debug)]
pub struct Suite {
    /// The policy.
    pub policy: ChosenPolicy,
    /// The scenarios, at least one.
    pub scenarios: Vec<ChosenScenario>,
    /// The experiment of each scenario.
    pub experiments: Vec<Experiment>,
}

/// What a study says nothing about although its words would be read otherwise, so that it is told of before
/// the answer: gates that can never fire, a rollout that completes on a part of the fleet, odd units.
const TOLD: [&str; 3] = ["CM216", "CM237", "CM238"];

impl Suite {
    /// Returns what lint doubts and what would make the words of a study lie, file by file.
    pub fn doubts(&self) -> Vec<Report> {
        let policy = &self.policy.document;
        let mut reports = Vec::new();
        if self.policy.foreign.is_some() {
            // `coalmine lint` knows the rules of its product; ours are about policies that decide themselves.
            return reports;
        }
        for scenario in &self.scenarios {
            let mut found = lint::lint(policy, Some(&scenario.world));
            found.retain(|found| TOLD.contains(&found.code));
            reports.push(Report::new(&policy.name, &policy.source, found));
            let document = &scenario.document;
            let found = lint::scenario(document, &scenario.world, Some(&policy.value));
            reports.push(Report::new(&document.name, &document.source, found));
            reports.extend(world_file(document));
        }
        let mut reports = merged(reports);
        reports.retain(|report| !report.diagnostics.is_empty());
        reports
    }

    /// Whether a rollout completes on a part of the fleet, and nobody says that this is meant.
    pub fn completes_in_part(&self) -> bool {
        let found = lint::lint(&self.policy.document, None);
        self.policy.foreign.is_none() && found.iter().any(|found| found.code == "CM237")
    }
}

/// What is doubted of the world of a scenario, where it has a file of its own.
fn world_file(scenario: &Document<Scenario>) -> Option<Report> {
    let WorldSource::File(file) = &scenario.value.world else {
        return None;
    };
    let world = files::world(&Path::new(&scenario.name).with_file_name(file)).ok()?;
    Some(Report::new(&world.name, &world.source, lint::world(&world)))
}

/// Puts another policy in the place of that of a suite, in the same scenarios, or in those that are assumed for it.
///
/// # Errors
///
/// What does not fit together.
#[cfg(feature = "serve")]
pub fn with_policy(
    policy: ChosenPolicy,
    suite: &Suite,
    scenario: Option<&str>,
) -> Result<Suite, Failure> {
    let scenarios = assumed(&policy, scenario);
    let scenarios = scenarios.unwrap_or_else(|| suite.scenarios.clone());
    let experiments = scenarios
        .iter()
        .map(|scenario| scenario.experiment(&policy));
    let experiments = experiments.collect::<Result<Vec<_>, _>>()?;
    Ok(Suite {
        policy,
        scenarios,
        experiments,
    })
}

/// Reads a policy, one scenario or all that belong to it, and their worlds; checks each by itself and
/// all of them together.
///
/// # Errors
///
/// Everything that is wrong anywhere, each file's findings in one report; that there is no such policy
/// or no scenario for it.
pub fn choose_checked(args: &PolicyArgs, scenario: Option<&str>) -> Result<Suite, Failure> {
    checked(&PolicySource::find(args)?, scenario)
}

/// Does the same for a policy that has been found.
///
/// # Errors
///
/// As [`choose_checked`].
pub fn checked(source: &PolicySource, scenario: Option<&str>) -> Result<Suite, Failure> {
    let (policy, mut wrong) = match source.choose() {
        Ok(policy) => {
            source.unasked(&policy)?;
            (Some(policy), Vec::new())
        }
        Err(reports) => (None, reports),
    };
    let scenarios = match found(source, policy.as_ref(), scenario) {
        Ok((scenarios, reports)) => {
            wrong.extend(reports);
            scenarios
        }
        // A broken policy is told of, whether or not there is anything to play it in.
        Err(_) if policy.is_none() => Vec::new(),
        Err(nothing) => return Err(nothing),
    };
    let experiments = experiments(policy.as_ref(), &scenarios, &mut wrong)?;
    match policy {
        Some(policy) if wrong.is_empty() => Ok(Suite {
            policy,
            scenarios,
            experiments,
        }),
        _ => Err(Failure::Reports(merged(wrong))),
    }
}

/// The experiments of the scenarios; what is wrong with one is kept and does not stop the others.
fn experiments(
    policy: Option<&ChosenPolicy>,
    scenarios: &[ChosenScenario],
    wrong: &mut Vec<Report>,
) -> Result<Vec<Experiment>, Failure> {
    let mut experiments = Vec::new();
    for scenario in scenarios {
        match policy.map(|policy| scenario.experiment(policy)) {
            Some(Ok(experiment)) => experiments.push(experiment),
            Some(Err(Failure::Reports(reports))) => wrong.extend(reports),
            Some(Err(other)) => return Err(other),
            None => {}
        }
    }
    Ok(experiments)
}

fn found(
    source: &PolicySource,
    policy: Option<&ChosenPolicy>,
    scenario: Option<&str>,
) -> Result<(Vec<ChosenScenario>, Vec<Report>), Failure> {
    if let Some(assumed) = policy.and_then(|policy| assumed(policy, scenario)) {
        return Ok((assumed, Vec::new()));
    }
    let Some(named) = scenario else {
        return find_suite(source);
    };
    match find_scenario(source, named) {
        Ok(scenario) => Ok((vec![scenario], Vec::new())),
        Err(Failure::Reports(reports)) => Ok((Vec::new(), reports)),
        Err(other) => Err(other),
    }
}
