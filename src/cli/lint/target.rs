//! What a target of lint is, and what is found in it.

use std::fs;
use std::path::{Path, PathBuf};

use scenarios::library::{self, System};
use scenarios::{Diagnostic, Document, Report, Scenario, World, files, lint, load, wedge};
use sim_core::policy::Policy;

use crate::cli::choose::{ProfileArg, suggestion};
use crate::cli::failure::Failure;
use crate::study::profile_word;

/// Returns a report for each file behind `target`, empty where nothing is found.
///
/// # Errors
///
/// When there is no such file, folder or system.
pub fn look(target: &str, profile: Option<ProfileArg>) -> Result<Vec<Report>, Failure> {
    let path = Path::new(target);
    if let Some(system) = library::system(target) {
        Ok(vec![of_system(
            system,
            profile.unwrap_or(ProfileArg::AsWritten),
        )])
    } else if path.is_dir() {
        folder(path)
    } else if path.exists() {
        Ok(file(path))
    } else {
        let systems = library::systems().iter().map(|system| system.name);
        let help = suggestion(
            target,
            systems,
            "`coalmine list` shows the systems of the library",
        );
        Err(Failure::input(format!("there is no file and no system called `{target}`")).help(help))
    }
}

fn of_system(system: &System, profile: ProfileArg) -> Report {
    let text = system
        .policy(profile.into())
        .expect("a system has both profiles");
    let name = format!("library:{}/{}", system.name, profile_word(profile.into()));
    let world = load::world("library", system.world.as_bytes()).ok();
    let policy = load::policy(&name, text.as_bytes());
    settle(policy, |policy| {
        of_policy(policy, world.map(|world| world.value).as_ref())
    })
}

/// Every document of a folder, in the order of their names.
fn folder(path: &Path) -> Result<Vec<Report>, Failure> {
    let entries = fs::read_dir(path)
        .map_err(|error| Failure::input(format!("cannot read {}: {error}", path.display())))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.is_file() && kind_by_name(path).is_some());
    paths.sort();
    if paths.is_empty() {
        return Err(
            Failure::input(format!("{} holds no document", path.display()))
                .help("documents are called policy.yaml, world.yaml, NAME.scenario.yaml"),
        );
    }
    Ok(paths.iter().flat_map(|path| file(path)).collect())
}

/// What a file can be.
#[derive(Clone, Copy)]
enum Kind {
    Policy,
    Scenario,
    World,
    Noise,
    Case,
}

fn kind_by_name(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_str()?;
    let stem = [".yaml", ".yml", ".json"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))?;
    match stem.rsplit('.').next()? {
        "policy" => Some(Kind::Policy),
        "scenario" => Some(Kind::Scenario),
        "world" => Some(Kind::World),
        "noise" => Some(Kind::Noise),
        "case" => Some(Kind::Case),
        _ => None,
    }
}

/// The kind that the keys of the file speak of; a policy where nothing does.
fn kind_by_keys(text: &str) -> Kind {
    let has = |key: &str| {
        let json = format!("\"{key}\"");
        text.lines().any(|line| {
            line.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(':'))
        }) || text.trim_start().starts_with('{') && text.contains(&json)
    };
    if has("broken") && has("policy") {
        Kind::Case
    } else if has("release") {
        Kind::Scenario
    } else if has("kind") && has("noise") && !has("stages") {
        Kind::Noise
    } else if has("fleet") && !has("stages") {
        Kind::World
    } else {
        Kind::Policy
    }
}

/// The report of a file and of the files that it names.
fn file(path: &Path) -> Vec<Report> {
    let bytes = match files::open(path) {
        Ok(bytes) => bytes,
        Err(report) => return vec![report],
    };
    let text = String::from_utf8_lossy(&bytes);
    if let Some(report) = of_wedge(path, &text) {
        return vec![report];
    }
    let name = path.display().to_string();
    let report = match kind_by_name(path).unwrap_or_else(|| kind_by_keys(&text)) {
        Kind::Policy => settle(load::policy(&name, &bytes), |policy| {
            of_policy(policy, world_beside(path).as_ref())
        }),
        Kind::Scenario => return of_scenario(path, load::scenario(&name, &bytes)),
        Kind::World => settle(load::world(&name, &bytes), |_| Vec::new()),
        Kind::Noise => settle(load::noise(&name, &bytes), |_| Vec::new()),
        Kind::Case => settle(load::case(&name, &bytes).map(|(case, _)| case), |_| {
            Vec::new()
        }),
    };
    vec![report]
}

fn of_scenario(path: &Path, read: Result<Document<Scenario>, Report>) -> Vec<Report> {
    let scenario = match read {
        Ok(scenario) => scenario,
        Err(report) => return vec![report],
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    match files::world_of(&scenario, folder) {
        Ok(_) => vec![settle(Ok(scenario), |_| Vec::new())],
        Err(reports) => reports,
    }
}

/// The findings of a document that was read, or why it could not be.
fn settle<T>(
    read: Result<Document<T>, Report>,
    find: impl FnOnce(&Document<T>) -> Vec<Diagnostic>,
) -> Report {
    match read {
        Ok(document) => Report::new(&document.name, &document.source, find(&document)),
        Err(report) => report,
    }
}

fn of_policy(policy: &Document<Policy>, world: Option<&World>) -> Vec<Diagnostic> {
    lint::lint(policy, world)
}

/// The world beside a policy file: `world.yaml`, or that of the first scenario.
fn world_beside(policy: &Path) -> Option<World> {
    let folder = policy.parent().unwrap_or(Path::new("."));
    if let Ok(world) = files::world(&folder.join("world.yaml")) {
        return Some(world.value);
    }
    let mut scenarios: Vec<_> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|it| it.path())
        .collect();
    scenarios.retain(|path| matches!(kind_by_name(path), Some(Kind::Scenario)));
    scenarios.sort();
    scenarios
        .iter()
        .find_map(|path| files::world_of(&files::scenario(path).ok()?, folder).ok())
}

/// A change summary with a rollout wedge: what its readers disagree about. Nothing for other files.
fn of_wedge(path: &Path, text: &str) -> Option<Report> {
    if !text.contains("\"rollout_wedge\"") && !text.contains("\"wedge_stages\"") {
        return None;
    }
    wedge::findings(&path.display().to_string(), text).ok()
}
