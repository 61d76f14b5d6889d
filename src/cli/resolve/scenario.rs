//! Which scenario is meant.

use std::path::Path;

use scenarios::import::lower::{ASSUMED, in_world};
use scenarios::library::{self, System};
use scenarios::{Document, Report, Scenario, World, WorldSource, files, load, reading};
use sim_core::engine::RunningHash;
use sim_core::{Experiment, Grid};

use super::merge::merged;
use super::policy::{ChosenPolicy, PolicySource};
use super::source::suggestion;
use crate::cli::failure::Failure;
use crate::study::Case;

/// What scenario files end with.
const SUFFIX: &str = ".scenario.yaml";

/// A scenario with its world, and where it came from.
#[derive(Clone, Debug)]
pub struct ChosenScenario {
    /// The scenario.
    pub document: Document<Scenario>,
    /// The world in which it plays.
    pub world: World,
    /// How it is named on the command line.
    pub named: String,
}

impl ChosenScenario {
    /// Whether it is one that is assumed for a file of another product.
    pub fn is_assumed(&self) -> bool {
        self.document.name.starts_with(ASSUMED)
    }

    /// Puts the scenario together with a policy.
    ///
    /// # Errors
    ///
    /// What does not fit together, with places in both files.
    pub fn case(&self, policy: &ChosenPolicy) -> Result<Case, Failure> {
        Ok(Case::new(&self.experiment(policy)?, &self.document.value))
    }

    /// Puts the scenario together with two policies that meet the very same samples.
    ///
    /// # Errors
    ///
    /// What does not fit together, with places in the files.
    pub fn cases(&self, policies: &[ChosenPolicy; 2]) -> Result<[Case; 2], Failure> {
        let [first, second] = policies.each_ref().map(|policy| self.experiment(policy));
        let experiments = [first?, second?];
        let grid = Grid::common(&experiments.each_ref());
        Ok(experiments.map(|experiment| Case::on(&experiment, &self.document.value, &grid)))
    }

    /// Puts the scenario together with a policy, without judging anything.
    ///
    /// # Errors
    ///
    /// What does not fit together, with places in both files.
    pub fn experiment(&self, policy: &ChosenPolicy) -> Result<Experiment, Failure> {
        let Some(foreign) = &policy.foreign else {
            let (document, world) = (&self.document, &self.world);
            let experiment = match policy.decider() {
                Some(guard) => load::guarded_by((&policy.document, guard), document, world),
                None => load::experiment_of(&policy.document, document, world),
            };
            return experiment.map_err(Failure::Reports);
        };
        let own = in_world(&policy.document.value, &self.world.telemetry);
        let decided = (&own, foreign.lowered.decider.clone());
        load::decided_by(decided, &self.document, &self.world).map_err(Failure::Reports)
    }

    /// Returns how to name this scenario, which was named as one of `policy`, beside another policy.
    pub fn named_elsewhere(&self, policy: &ChosenPolicy) -> String {
        match policy.library {
            Some((system, _)) if system.scenario(&self.named).is_some() => {
                format!("{}/{}", system.name, self.named)
            }
            _ => {
                let beside = policy.folder().join(format!("{}{SUFFIX}", self.named));
                if reading::is_file(&beside) && !reading::is_file(Path::new(&self.named)) {
                    beside.display().to_string()
                } else {
                    self.named.clone()
                }
            }
        }
    }

    /// Writes everything that was read into a hash.
    pub fn digest(&self, into: &mut RunningHash) {
        into.text(&self.document.source);
        let world = serde_json::to_string(&self.world).expect("a world has text keys");
        into.text(&world);
    }
}

/// Finds and loads the scenario that is meant: a name from the policy's own system, `SYSTEM/NAME`, a
/// path, or the name of a file beside the policy.
///
/// # Errors
///
/// When there is none such, and for everything that is wrong with the files.
pub fn choose_scenario(policy: &ChosenPolicy, named: &str) -> Result<ChosenScenario, Failure> {
    let mut assumed = assumed(policy, Some(named)).unwrap_or_default();
    assumed
        .pop()
        .map_or_else(|| find_scenario(&policy.source(), named), Ok)
}

/// The scenarios that are assumed for a policy of another product: the one of this name, or all; none where there is
/// none of this name, and for a policy of our own form.
pub fn assumed(policy: &ChosenPolicy, named: Option<&str>) -> Option<Vec<ChosenScenario>> {
    let setting = &policy.foreign.as_ref()?.setting;
    let wanted = |name: &str| named.is_none_or(|wanted| wanted == name);
    let mine = setting.scenarios.iter().filter(|(name, _)| wanted(name));
    let chosen = mine.filter_map(|(name, document)| {
        let WorldSource::Inline(world) = &document.value.world else {
            return None;
        };
        Some(ChosenScenario {
            document: document.clone(),
            world: (**world).clone(),
            named: (*name).to_owned(),
        })
    });
    let chosen: Vec<_> = chosen.collect();
    (!chosen.is_empty()).then_some(chosen)
}

/// Does the same where the policy itself may not have been read.
///
/// # Errors
///
/// As [`choose_scenario`].
pub fn find_scenario(policy: &PolicySource, named: &str) -> Result<ChosenScenario, Failure> {
    let own = policy.library.map(|(system, _)| (system, named));
    let other = named.split_once('/');
    let other = other.and_then(|(system, name)| Some((library::system(system)?, name)));
    for (system, name) in own.into_iter().chain(other) {
        if let Some(text) = system.scenario(name) {
            return from_library(system, name, text, named);
        }
    }
    let beside = policy.beside(&format!("{named}{SUFFIX}"));
    let path = [Path::new(named), beside.as_path()]
        .into_iter()
        .find(|path| reading::is_file(path));
    match path {
        Some(path) => from_file(path, named),
        None => Err(unknown(policy, named)),
    }
}

/// Returns every scenario of the policy's system, or every one beside its file.
///
/// # Errors
///
/// When there is none, and for everything that is wrong with them.
pub fn choose_suite(policy: &ChosenPolicy) -> Result<Vec<ChosenScenario>, Failure> {
    if let Some(assumed) = assumed(policy, None) {
        return Ok(assumed);
    }
    let (suite, wrong) = find_suite(&policy.source())?;
    if wrong.is_empty() {
        Ok(suite)
    } else {
        Err(Failure::Reports(merged(wrong)))
    }
}

/// Returns every scenario of the policy's system, or every one beside its file, that can be used, and
/// what is wrong with the others.
///
/// # Errors
///
/// When there is none.
pub fn find_suite(policy: &PolicySource) -> Result<(Vec<ChosenScenario>, Vec<Report>), Failure> {
    let names = names(policy);
    if names.is_empty() {
        let what = format!("there is no scenario for {}", policy.named);
        return Err(Failure::input(what).help(format!(
            "name one with --scenario, or put files *{SUFFIX} into {}",
            policy.folder().display()
        )));
    }
    let (mut suite, mut wrong) = (Vec::new(), Vec::new());
    for name in &names {
        match find_scenario(policy, name) {
            Ok(scenario) => suite.push(scenario),
            Err(Failure::Reports(reports)) => wrong.extend(reports),
            Err(other) => return Err(other),
        }
    }
    Ok((suite, wrong))
}

/// The names of the scenarios that belong to a policy.
pub fn names(policy: &PolicySource) -> Vec<String> {
    if let Some((system, _)) = policy.library {
        return system
            .scenarios
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
    }
    let names = reading::names_in(&policy.folder());
    let name = |name: &String| name.strip_suffix(SUFFIX).map(str::to_owned);
    let mut names: Vec<_> = names.iter().filter_map(name).collect();
    // `a` comes before `a-b`, although `a-b.scenario.yaml` comes before `a.scenario.yaml`.
    names.sort();
    names
}

fn from_library(
    system: &'static System,
    name: &str,
    text: &str,
    named: &str,
) -> Result<ChosenScenario, Failure> {
    let document = load::scenario(&format!("library:{}/{name}", system.name), text.as_bytes())?;
    finish(document, Path::new("."), named)
}

fn from_file(path: &Path, named: &str) -> Result<ChosenScenario, Failure> {
    finish(
        files::scenario(path)?,
        path.parent().unwrap_or(Path::new(".")),
        named,
    )
}

/// Fetches the world of a scenario that lies in `folder`.
fn finish(
    document: Document<Scenario>,
    folder: &Path,
    named: &str,
) -> Result<ChosenScenario, Failure> {
    let world = files::world_of(&document, folder).map_err(Failure::Reports)?;
    Ok(ChosenScenario {
        document,
        world,
        named: named.to_owned(),
    })
}

fn unknown(policy: &PolicySource, named: &str) -> Failure {
    let names = names(policy);
    let (place, list) = match policy.library {
        Some((system, _)) => (
            format!("{} has no scenario", system.name),
            format!("`coalmine list {}` shows its scenarios", system.name),
        ),
        None => (
            "there is no scenario".to_owned(),
            format!("scenarios beside the policy: {}", or_none(&names)),
        ),
    };
    let help = suggestion(named, names.iter().map(String::as_str), &list);
    Failure::input(format!("{place} and no file called `{named}`")).help(help)
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
